/* The two halves of cares_wrap: the C library's resolver (cares_wrap.c), and our own (dns_channel.c). */
#ifndef PODIUM_NODE_CARES_WRAP_H
#define PODIUM_NODE_CARES_WRAP_H

#include "../env.h"

/* An error of setServers. */
enum { DNS_PENDING_QUERIES = -1000 };

/* Classes ChannelWrap and QueryReqWrap. */
void define_channel(Env *env, JSContext *ctx, JSValueConst target);

#endif
