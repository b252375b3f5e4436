/* QueryReqWrap: a question of a script to a resolver. c-ares may answer within the call that asks or cancels; scripts
   hear of it later, from the loop. */
#include <netdb.h>
#include <netinet/in.h>

#include "../wrap.h"
#include "cares_wrap.h"

/* The library knows errors by these names alone. */
#define ERRORS(V)                                                                                                      \
  V(EADDRGETNETWORKPARAMS) V(EBADFAMILY) V(EBADFLAGS) V(EBADHINTS) V(EBADNAME) V(EBADQUERY) V(EBADRESP) V(EBADSTR)     \
  V(ECANCELLED) V(ECONNREFUSED) V(EDESTRUCTION) V(EFILE) V(EFORMERR) V(ELOADIPHLPAPI) V(ENODATA) V(ENOMEM) V(ENONAME)  \
  V(ENOTFOUND) V(ENOTIMP) V(ENOTINITIALIZED) V(EOF) V(EREFUSED) V(ESERVFAIL) V(ETIMEOUT)

const char *dns_error_name(ares_status_t status)
{
  switch (status) {
#define V(name)                                                                                                        \
  case ARES_##name: return #name;
    ERRORS(V)
#undef V
  default: return "UNKNOWN_ARES_ERROR";
  }
}

typedef struct Query {
  AsyncWrap async;
  Channel *channel;       /* NULL when it is not under way */
  JSValue channel_object; /* keeps it */
  ares_dns_rec_type_t type;
  ares_status_t status;
  JSValue result, ttls; /* if that is ARES_SUCCESS */
  struct Query *next;   /* to be told, too */
} Query;

static void query_finalize(BaseObject *base)
{
  Query *query = (Query *)base;
  JS_FreeValueRT(the_env->rt, query->channel_object);
  JS_FreeValueRT(the_env->rt, query->result);
  JS_FreeValueRT(the_env->rt, query->ttls);
  async_wrap_finalize(base);
}

static void query_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  Query *query = (Query *)base;
  JS_MarkValue(rt, query->channel_object, mark);
  JS_MarkValue(rt, query->result, mark);
  JS_MarkValue(rt, query->ttls, mark);
  async_wrap_mark(base, rt, mark);
}

static const BaseType query_type = {"QueryReqWrap", &async_wrap_type, query_finalize, query_mark};

static JSValue construct_query(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Query *query;
  JSValue object = base_object_new(ctx, self, &query_type, sizeof(*query), &query);
  if (!JS_IsException(object))
    query->channel_object = query->result = query->ttls = JS_UNDEFINED;
  return object;
}

/* --- beginning and end ----------------------------------------------------------------------------------------------- */

/* From here on the object lives until `end`. */
static void begin(JSContext *ctx, Query *query, JSValueConst channel_object, Channel *channel, ares_dns_rec_type_t type)
{
  JS_DupValue(ctx, query->async.base.object);
  query->channel = channel;
  query->channel_object = JS_DupValue(ctx, channel_object);
  query->type = type;
  async_wrap_init(env_of(ctx), &query->async, PROVIDER_QUERYWRAP);
}

static void end(JSContext *ctx, Query *query)
{
  JS_FreeValues(ctx, query->channel_object, query->result, query->ttls);
  query->channel_object = query->result = query->ttls = JS_UNDEFINED;
  query->channel = NULL;
  async_wrap_end(the_env, &query->async);
  JS_FreeValue(ctx, query->async.base.object);
}

/* The library's callback: (0, result[, ttls]), or (code). */
static void tell(Query *query)
{
  JSContext *ctx = the_env->ctx;
  JSValue status = query->status ? JS_NewString(ctx, dns_error_name(query->status)) : JS_NewInt32(ctx, 0);
  JSValueConst arguments[] = {status, query->result, query->ttls};
  async_wrap_call(&query->async, "oncomplete", query->status ? 1 : JS_IsUndefined(query->ttls) ? 2 : 3, arguments);
  JS_FreeValue(ctx, status);
  end(ctx, query);
}

static struct {
  Query *first, **last;
  uv_idle_t idle; /* runs while there are any */
} answered;

static void on_idle(uv_idle_t *idle)
{
  Query *query = answered.first, *next;
  answered.first = NULL;
  answered.last = NULL;
  uv_idle_stop(idle);
  for (; query; query = next) {
    next = query->next;
    tell(query);
  }
}

static void settle(Query *query, ares_status_t status)
{
  channel_answered(query->channel, status);
  query->status = status;
  query->next = NULL;
  if (!answered.last) {
    if (!answered.idle.loop)
      uv_idle_init(the_env->loop, &answered.idle);
    uv_idle_start(&answered.idle, on_idle);
    answered.last = &answered.first;
  }
  *answered.last = query;
  answered.last = &query->next;
}

static void on_answer(void *data, ares_status_t status, size_t timeouts, const ares_dns_record_t *record)
{
  Query *query = data;
  if (!status)
    status = answer_values(the_env->ctx, record, query->type, &query->result, &query->ttls);
  settle(query, status);
}

static void on_host(void *data, int status, int timeouts, struct hostent *host)
{
  Query *query = data;
  JSContext *ctx = the_env->ctx;
  if (!status) {
    query->result = JS_NewArray(ctx);
    for (uint32_t i = 0; host->h_aliases[i]; i++)
      JS_SetPropertyUint32(ctx, query->result, i, JS_NewString(ctx, host->h_aliases[i]));
  }
  settle(query, (ares_status_t)status);
}

/* --- asking ---------------------------------------------------------------------------------------------------------- */

/* 0, or libuv's error, and then there will be no answer. */
typedef int Ask(Query *query, const char *name);

static int ask_for_records(Query *query, const char *name)
{
  ares_query_dnsrec(channel_ask(query->channel), name, ARES_CLASS_IN, query->type, on_answer, query, NULL);
  return 0;
}

static int ask_for_host(Query *query, const char *text)
{
  struct in6_addr address; /* or an in_addr */
  int family = !uv_inet_pton(AF_INET, text, &address) ? AF_INET : !uv_inet_pton(AF_INET6, text, &address) ? AF_INET6 : 0;
  if (!family)
    return UV_EINVAL;
  int length = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
  ares_gethostbyaddr(channel_ask(query->channel), &address, length, family, on_host, query);
  return 0;
}

/* (request, name): 0 or libuv's error */
static JSValue start_query(JSContext *ctx, JSValueConst self, JSValueConst *argv, Ask *ask, ares_dns_rec_type_t type)
{
  Channel *channel = channel_of(ctx, self);
  Query *query = channel ? base_object_get(ctx, argv[0], &query_type) : NULL;
  char *name = query ? arg_domain(ctx, argv[1]) : NULL;
  int error = 0;
  if (!name)
    return JS_EXCEPTION;
  if (!query->channel) {
    begin(ctx, query, self, channel, type);
    error = ask(query, name);
    if (error)
      end(ctx, query);
  }
  arg_free(name);
  return JS_NewInt32(ctx, error);
}

#define RECORD_TYPES(V)                                                                                                \
  V(queryA, A) V(queryAaaa, AAAA) V(queryAny, ANY) V(queryCaa, CAA) V(queryCname, CNAME) V(queryMx, MX)                \
  V(queryNaptr, NAPTR) V(queryNs, NS) V(queryPtr, PTR) V(querySoa, SOA) V(querySrv, SRV) V(queryTlsa, TLSA)            \
  V(queryTxt, TXT)

#define V(method, type)                                                                                                \
  static JSValue method(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                               \
  {                                                                                                                    \
    return start_query(ctx, self, argv, ask_for_records, ARES_REC_TYPE_##type);                                        \
  }
RECORD_TYPES(V)
#undef V

static JSValue get_host_by_address(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return start_query(ctx, self, argv, ask_for_host, ARES_REC_TYPE_PTR);
}

void define_queries(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
#define V(method, type) {#method, method, 2},
      RECORD_TYPES(V)
#undef V
      {"getHostByAddr", get_host_by_address, 2},
  };
  define_class(ctx, target, "QueryReqWrap", construct_query, async_wrap_constructor(env), NULL, 0);
  JSValue channel = JS_GetPropertyStr(ctx, target, "ChannelWrap");
  JSValue prototype = JS_GetPropertyStr(ctx, channel, "prototype");
  DEFINE_FUNCTIONS(ctx, prototype, methods);
  JS_FreeValues(ctx, prototype, channel);
}
