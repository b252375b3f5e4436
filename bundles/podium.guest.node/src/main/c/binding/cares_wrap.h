/* cares_wrap in parts: the C library's resolver (cares_wrap.c), and c-ares: resolvers (cares_channel.c), their queries
   (cares_query.c) and what the answers say (cares_answer.c). */
#ifndef PODIUM_NODE_CARES_WRAP_H
#define PODIUM_NODE_CARES_WRAP_H

#define CARES_NO_DEPRECATED
#include <ares.h>

#include "../env.h"

/* An error of setServers, beside those of c-ares. */
enum { DNS_PENDING_QUERIES = -1000 };

/* A name as DNS has it, in ASCII: empty if it has no such form. NULL with an exception. Free with arg_free. */
char *arg_domain(JSContext *ctx, JSValueConst value);

typedef struct Channel Channel;

/* Class ChannelWrap; the rest of its methods come from define_queries. */
void define_channel(Env *env, JSContext *ctx, JSValueConst target);
/* The state of a ChannelWrap, else NULL with an exception. */
Channel *channel_of(JSContext *ctx, JSValueConst value);
/* The resolver to ask, which has a query more from now on, until channel_answered. */
ares_channel_t *channel_ask(Channel *channel);
void channel_answered(Channel *channel, ares_status_t status);

/* An error as the library knows it: ENOTFOUND and the like. */
const char *dns_error_name(ares_status_t status);
/* Class QueryReqWrap, and the methods of ChannelWrap that start one. */
void define_queries(Env *env, JSContext *ctx, JSValueConst target);

/* What `resolve` of the type gives, and the times to live of addresses (else undefined). An error and nothing else if the
   answer has no such records. */
ares_status_t answer_values(JSContext *ctx, const ares_dns_record_t *answer, ares_dns_rec_type_t type, JSValue *result,
                            JSValue *ttls);

#endif
