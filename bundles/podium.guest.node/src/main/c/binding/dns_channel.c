/*
 * cares_wrap: resolvers that ask DNS servers themselves. A query goes to one server after the other, over UDP, and over
 * TCP when the answer does not fit; each attempt has handles of its own, which outlive it until they are closed.
 */
#include "../dns_message.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../wrap.h"
#include "cares_wrap.h"

enum { DEFAULT_TIMEOUT = 2000, DEFAULT_TRIES = 4 };
enum { MESSAGE_MAX = 65535, LENGTH_BYTES = 2 };

typedef struct Attempt Attempt;
typedef struct Query Query;

typedef struct Channel {
  AsyncWrap async;
  JSValue servers; /* [[address, port], ...]; UNDEFINED: those of resolv.conf */
  int timeout, tries, max_timeout;
  bool has_local[2]; /* of IPv4 and of IPv6 */
  struct sockaddr_storage local[2];
  Query *queries; /* under way */
} Channel;

struct Query {
  ReqWrap req;
  uv_req_t placeholder; /* what is under way are handles */
  Channel *channel;     /* NULL when it is not under way */
  JSValue channel_object;
  Query *previous, *next;
  DnsType type;
  int attempts;
  const char *error; /* of the last attempt */
  JSValue known;     /* the result, if nobody has to be asked */
  Attempt *attempt;
  uint8_t question[DNS_QUESTION_MAX];
  size_t question_length;
};

struct Attempt {
  Query *query; /* NULL when it is over */
  int open;     /* handles */
  const char *failed; /* it could not even ask */
  uv_timer_t timer;
  uv_udp_t udp;
  uv_tcp_t tcp;
  uv_connect_t connect;
  uv_write_t write;
  struct sockaddr_storage server;
  uint8_t length_prefix[LENGTH_BYTES];
  uint8_t received[LENGTH_BYTES + MESSAGE_MAX];
  size_t received_length;
};

/* --- attempts --------------------------------------------------------------------------------------------------------- */

static void start_attempt(Query *query);

static void on_closed(uv_handle_t *handle)
{
  Attempt *attempt = handle->data;
  if (--attempt->open == 0)
    free(attempt);
}

static void close_handle(uv_handle_t *handle)
{
  if (!uv_is_closing(handle))
    uv_close(handle, on_closed);
}

static void end_attempt(Query *query)
{
  Attempt *attempt = query->attempt;
  query->attempt = NULL;
  if (!attempt)
    return;
  attempt->query = NULL;
  close_handle((uv_handle_t *)&attempt->timer);
  if (attempt->udp.data)
    close_handle((uv_handle_t *)&attempt->udp);
  if (attempt->tcp.data)
    close_handle((uv_handle_t *)&attempt->tcp);
}

/* The library's callback: (0, result, ttls), or (code). Takes the values. */
static void finish(Query *query, const char *error, JSValue result, JSValue ttls)
{
  JSContext *ctx = the_env->ctx;
  end_attempt(query);
  if (query->previous)
    query->previous->next = query->next;
  else
    query->channel->queries = query->next;
  if (query->next)
    query->next->previous = query->previous;
  query->channel = NULL;
  JSValue channel = query->channel_object;
  query->channel_object = JS_UNDEFINED;
  JSValue status = error ? JS_NewString(ctx, error) : JS_NewInt32(ctx, 0);
  JSValueConst arguments[] = {status, result, ttls};
  req_wrap_complete(&query->req, error ? 1 : 3, arguments);
  JS_FreeValues(ctx, channel, status, result, ttls);
  req_wrap_release(&query->req);
}

/* This server does not answer: the next one may. */
static void fail_attempt(Query *query, const char *error)
{
  query->error = error;
  end_attempt(query);
  start_attempt(query);
}

static void take_message(Query *query, const uint8_t *message, size_t length)
{
  JSValue result = JS_UNDEFINED, ttls = JS_UNDEFINED;
  const char *error = dns_result(the_env->ctx, message, length, query->type, &result, &ttls);
  if (error && dns_is_refusal(message))
    fail_attempt(query, error);
  else
    finish(query, error, result, ttls);
}

static void finish_as_known(Query *query)
{
  JSValue known = query->known;
  query->known = JS_UNDEFINED;
  finish(query, query->error, known, JS_UNDEFINED);
}

static void on_timeout(uv_timer_t *timer)
{
  Query *query = ((Attempt *)timer->data)->query;
  /* Without a server, or cancelled, the timer is all there is. */
  if (query && query->attempts < 0)
    finish_as_known(query);
  else if (query)
    fail_attempt(query, query->attempt->failed ? query->attempt->failed : "ETIMEOUT");
}

static const char *network_error(int error)
{
  return error == UV_ECONNREFUSED ? "ECONNREFUSED" : error == UV_ENOMEM ? "ENOMEM" : "ECONNREFUSED";
}

/* --- over TCP --------------------------------------------------------------------------------------------------------- */

static void on_tcp_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  Attempt *attempt = handle->data;
  *buffer = uv_buf_init((char *)attempt->received + attempt->received_length,
                        (unsigned)(sizeof(attempt->received) - attempt->received_length));
}

static void on_tcp_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
  Attempt *attempt = stream->data;
  Query *query = attempt->query;
  if (!query || count == 0)
    return;
  if (count < 0) {
    fail_attempt(query, "ECONNREFUSED");
    return;
  }
  attempt->received_length += (size_t)count;
  size_t length = (size_t)(attempt->received[0] << 8 | attempt->received[1]);
  if (attempt->received_length < LENGTH_BYTES || attempt->received_length < LENGTH_BYTES + length)
    return;
  if (dns_answers(attempt->received + LENGTH_BYTES, length, query->question, query->question_length))
    take_message(query, attempt->received + LENGTH_BYTES, length);
  else
    fail_attempt(query, "EBADRESP");
}

static void on_written(uv_write_t *write, int status)
{
  Attempt *attempt = write->handle->data;
  if (status && attempt->query)
    fail_attempt(attempt->query, network_error(status));
}

static void on_connected(uv_connect_t *connect, int status)
{
  Attempt *attempt = connect->handle->data;
  Query *query = attempt->query;
  if (!query)
    return;
  attempt->length_prefix[0] = (uint8_t)(query->question_length >> 8);
  attempt->length_prefix[1] = (uint8_t)query->question_length;
  uv_buf_t buffers[] = {uv_buf_init((char *)attempt->length_prefix, LENGTH_BYTES),
                        uv_buf_init((char *)query->question, (unsigned)query->question_length)};
  if (!status)
    status = uv_write(&attempt->write, connect->handle, buffers, COUNT_OF(buffers), on_written);
  if (!status)
    status = uv_read_start(connect->handle, on_tcp_alloc, on_tcp_read);
  if (status)
    fail_attempt(query, network_error(status));
}

/* The question is the query's, which lives while the attempt is its own; a write in flight is cancelled by closing. */
static void go_on_over_tcp(Attempt *attempt)
{
  uv_tcp_init(the_env->loop, &attempt->tcp);
  attempt->tcp.data = attempt;
  attempt->open++;
  attempt->received_length = 0;
  int error = uv_tcp_connect(&attempt->connect, &attempt->tcp, (struct sockaddr *)&attempt->server, on_connected);
  if (error)
    fail_attempt(attempt->query, network_error(error));
}

/* --- over UDP --------------------------------------------------------------------------------------------------------- */

static void on_udp_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  *buffer = uv_buf_init((char *)((Attempt *)handle->data)->received, MESSAGE_MAX);
}

static void on_udp_received(uv_udp_t *udp, ssize_t count, const uv_buf_t *buffer, const struct sockaddr *from, unsigned flags)
{
  Query *query = ((Attempt *)udp->data)->query;
  const uint8_t *message = (const uint8_t *)buffer->base;
  if (!query || query->attempts < 0 || (count == 0 && !from))
    return;
  if (count < 0) {
    fail_attempt(query, network_error((int)count));
    return;
  }
  /* What answers another question is not for us. */
  if (!dns_answers(message, (size_t)count, query->question, query->question_length))
    return;
  if (dns_is_truncated(message) || (flags & UV_UDP_PARTIAL))
    go_on_over_tcp(query->attempt);
  else
    take_message(query, message, (size_t)count);
}

/* libuv's error. The socket is connected: it hears of no others, and of a port that nobody listens on. */
static int ask_over_udp(Query *query, Attempt *attempt)
{
  Channel *channel = query->channel;
  int six = attempt->server.ss_family == AF_INET6;
  int error = uv_udp_init(the_env->loop, &attempt->udp);
  if (error)
    return error;
  attempt->udp.data = attempt;
  attempt->open++;
  if (channel->has_local[six])
    error = uv_udp_bind(&attempt->udp, (struct sockaddr *)&channel->local[six], 0);
  if (!error)
    error = uv_udp_connect(&attempt->udp, (struct sockaddr *)&attempt->server);
  if (!error)
    error = uv_udp_recv_start(&attempt->udp, on_udp_alloc, on_udp_received);
  uv_buf_t buffer = uv_buf_init((char *)query->question, (unsigned)query->question_length);
  if (!error)
    error = uv_udp_try_send(&attempt->udp, &buffer, 1, NULL);
  return error < 0 ? error : 0;
}

/* --- queries ---------------------------------------------------------------------------------------------------------- */

/* Ends the query soon: its callback is not called from the call that starts or cancels it. */
static void finish_later(Query *query, const char *error)
{
  query->error = error;
  query->attempts = -1;
  if (!query->attempt)
    start_attempt(query);
  else
    uv_timer_start(&query->attempt->timer, on_timeout, 0, 0);
}

static JSValue servers_of(JSContext *ctx, Channel *channel);

/* Which server the n-th attempt asks; the number of servers. */
static int64_t server_at(JSContext *ctx, Channel *channel, int n, struct sockaddr_storage *address)
{
  int64_t count = 0;
  JSValue servers = servers_of(ctx, channel);
  if (!JS_GetLength(ctx, servers, &count) && count > 0) {
    JSValue pair = JS_GetPropertyInt64(ctx, servers, n % count);
    JSValue text = JS_GetPropertyUint32(ctx, pair, 0), number = JS_GetPropertyUint32(ctx, pair, 1);
    const char *host = JS_ToCString(ctx, text);
    int port = arg_int32(ctx, number);
    port = port ? port : DNS_PORT;
    if (host && uv_ip4_addr(host, port, (struct sockaddr_in *)address))
      uv_ip6_addr(host, port, (struct sockaddr_in6 *)address);
    JS_FreeCString(ctx, host);
    JS_FreeValues(ctx, number, text, pair);
  }
  JS_FreeValue(ctx, servers);
  return count;
}

/* Longer in each round over all servers, up to the resolver's limit. */
static uint64_t patience(const Channel *channel, int round)
{
  uint64_t wait = (uint64_t)channel->timeout << (round < 16 ? round : 16);
  return channel->max_timeout > 0 && wait > (uint64_t)channel->max_timeout ? (uint64_t)channel->max_timeout : wait;
}

static void start_attempt(Query *query)
{
  Channel *channel = query->channel;
  Attempt *attempt = calloc(1, sizeof(*attempt));
  if (!attempt) {
    finish(query, "ENOMEM", JS_UNDEFINED, JS_UNDEFINED);
    return;
  }
  uv_timer_init(the_env->loop, &attempt->timer);
  attempt->timer.data = attempt;
  attempt->open = 1;
  attempt->query = query;
  query->attempt = attempt;
  int64_t servers = query->attempts < 0 ? 0 : server_at(the_env->ctx, channel, query->attempts, &attempt->server);
  if (servers == 0 || query->attempts >= servers * channel->tries) {
    query->attempts = -1;
    uv_timer_start(&attempt->timer, on_timeout, 0, 0);
    return;
  }
  uv_timer_start(&attempt->timer, on_timeout, patience(channel, (int)(query->attempts / servers)), 0);
  query->attempts++;
  int error = ask_over_udp(query, attempt);
  if (error) { /* to the next server, when this call has returned */
    attempt->failed = network_error(error);
    uv_timer_start(&attempt->timer, on_timeout, 0, 0);
  }
}

static void query_finalize(BaseObject *base)
{
  JS_FreeValueRT(the_env->rt, ((Query *)base)->channel_object);
  JS_FreeValueRT(the_env->rt, ((Query *)base)->known);
  async_wrap_finalize(base);
}

static void query_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, ((Query *)base)->channel_object, mark);
  JS_MarkValue(rt, ((Query *)base)->known, mark);
  async_wrap_mark(base, rt, mark);
}

static const BaseType query_type = {"QueryReqWrap", &req_wrap_type, query_finalize, query_mark};

static JSValue construct_query(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Query *query;
  JSValue object = base_object_new(ctx, self, &query_type, sizeof(*query), &query);
  if (!JS_IsException(object))
    query->channel_object = query->known = JS_UNDEFINED;
  return object;
}

static const BaseType channel_type;

/* Names of Tor's are no business of DNS (RFC 7686). */
static bool is_onion(const char *name)
{
  static const char suffix[] = ".onion";
  size_t length = strlen(name);
  length -= length && name[length - 1] == '.';
  return length >= sizeof(suffix) - 1 && !strncasecmp(name + length - (sizeof(suffix) - 1), suffix, sizeof(suffix) - 1);
}

static void begin(JSContext *ctx, Channel *channel, Query *query, const char *name, DnsType type)
{
  uint16_t id = 0;
  uv_random(NULL, NULL, &id, sizeof(id), 0, NULL);
  query->channel = channel;
  query->channel_object = JS_DupValue(ctx, channel->async.base.object);
  query->type = type;
  query->attempts = 0;
  query->error = "ENOSERVER";
  query->previous = NULL;
  query->next = channel->queries;
  if (channel->queries)
    channel->queries->previous = query;
  channel->queries = query;
  async_wrap_init(env_of(ctx), &query->req.async, PROVIDER_QUERYWRAP);
  req_wrap_dispatched(&query->req, &query->placeholder);
  query->question_length = dns_question(query->question, id, name, type);
  if (!query->question_length)
    finish_later(query, "EBADNAME");
  else if (is_onion(name))
    finish_later(query, "ENOTFOUND");
  else
    start_attempt(query);
}

/* (request, name): libuv's error, or 0. */
static JSValue start_query(JSContext *ctx, JSValueConst self, JSValueConst *argv, DnsType type)
{
  Channel *channel = base_object_get(ctx, self, &channel_type);
  Query *query = channel ? base_object_get(ctx, argv[0], &query_type) : NULL;
  const char *name = query ? JS_ToCString(ctx, argv[1]) : NULL;
  if (!name)
    return JS_EXCEPTION;
  if (!query->channel)
    begin(ctx, channel, query, name, type);
  JS_FreeCString(ctx, name);
  return JS_NewInt32(ctx, 0);
}

#define QUERY(name, type)                                                                                              \
  static JSValue query_##name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                        \
  {                                                                                                                    \
    return start_query(ctx, self, argv, type);                                                                         \
  }
QUERY(a, DNS_A)
QUERY(aaaa, DNS_AAAA)
QUERY(any, DNS_ANY)
QUERY(caa, DNS_CAA)
QUERY(cname, DNS_CNAME)
QUERY(mx, DNS_MX)
QUERY(naptr, DNS_NAPTR)
QUERY(ns, DNS_NS)
QUERY(ptr, DNS_PTR)
QUERY(soa, DNS_SOA)
QUERY(srv, DNS_SRV)
QUERY(tlsa, DNS_TLSA)
QUERY(txt, DNS_TXT)

/* The name under which an address is found backwards; false if it is none. */
static bool reverse_name(const char *address, char *name, size_t size)
{
  static const char hex[] = "0123456789abcdef";
  uint8_t bytes[16];
  if (!uv_inet_pton(AF_INET, address, bytes)) {
    snprintf(name, size, "%d.%d.%d.%d.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
    return true;
  }
  if (uv_inet_pton(AF_INET6, address, bytes))
    return false;
  for (int i = 15; i >= 0; i--, name += 4, size -= 4)
    snprintf(name, size, "%c.%c.", hex[bytes[i] & 15], hex[bytes[i] >> 4]);
  snprintf(name, size, "ip6.arpa");
  return true;
}

/* The names that /etc/hosts has for an address; an array, empty if there are none. */
static JSValue names_of_hosts(JSContext *ctx, const char *address)
{
  FILE *file = fopen("/etc/hosts", "re");
  char line[1024];
  JSValue names = JS_NewArray(ctx);
  uint32_t count = 0;
  while (file && fgets(line, sizeof(line), file)) {
    char *rest = NULL;
    line[strcspn(line, "#")] = 0;
    char *word = strtok_r(line, " \t\r\n", &rest);
    if (!word || strcmp(word, address))
      continue;
    while ((word = strtok_r(NULL, " \t\r\n", &rest)))
      JS_SetPropertyUint32(ctx, names, count++, JS_NewString(ctx, word));
  }
  if (file)
    fclose(file);
  return names;
}

static JSValue get_host_by_address(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char name[96];
  const char *address = JS_ToCString(ctx, argv[1]);
  if (!address)
    return JS_EXCEPTION;
  bool valid = reverse_name(address, name, sizeof(name));
  JSValue known = names_of_hosts(ctx, address);
  int64_t count = 0;
  JS_GetLength(ctx, known, &count);
  JS_FreeCString(ctx, address);
  if (!valid) {
    JS_FreeValue(ctx, known);
    return JS_NewInt32(ctx, UV_EINVAL);
  }
  JSValue text = JS_NewString(ctx, name);
  JSValueConst arguments[] = {argv[0], text};
  JSValue result = start_query(ctx, self, arguments, DNS_PTR);
  Query *query = base_object_peek(argv[0], &query_type);
  if (query && query->channel && count > 0) {
    query->known = known;
    finish_later(query, NULL);
  } else {
    JS_FreeValue(ctx, known);
  }
  JS_FreeValue(ctx, text);
  return result;
}

/* --- channels --------------------------------------------------------------------------------------------------------- */

static void channel_finalize(BaseObject *base)
{
  JS_FreeValueRT(the_env->rt, ((Channel *)base)->servers);
  async_wrap_finalize(base);
}

static void channel_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, ((Channel *)base)->servers, mark);
  async_wrap_mark(base, rt, mark);
}

static const BaseType channel_type = {"ChannelWrap", &async_wrap_type, channel_finalize, channel_mark};

/* (timeout, tries, maxTimeout): -1 and 0 for what nobody said */
static JSValue construct_channel(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel;
  JSValue object = base_object_new(ctx, self, &channel_type, sizeof(*channel), &channel);
  if (JS_IsException(object))
    return object;
  int timeout = arg_int32(ctx, argv[0]), tries = arg_int32(ctx, argv[1]);
  channel->timeout = timeout > 0 ? timeout : timeout < 0 ? DEFAULT_TIMEOUT : 1;
  channel->tries = tries > 0 ? tries : DEFAULT_TRIES;
  channel->max_timeout = arg_int32(ctx, argv[2]);
  channel->servers = JS_UNDEFINED;
  async_wrap_init(env_of(ctx), &channel->async, PROVIDER_DNSCHANNEL);
  return object;
}

static void add_server(JSContext *ctx, JSValueConst list, uint32_t *n, JSValue address, int port)
{
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, address);
  JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, port));
  JS_SetPropertyUint32(ctx, list, (*n)++, pair);
}

static void add_configured_servers(JSContext *ctx, JSValueConst list)
{
  FILE *file = fopen("/etc/resolv.conf", "re");
  char line[512], address[64];
  uint32_t n = 0;
  while (file && fgets(line, sizeof(line), file)) {
    if (sscanf(line, "nameserver %63s", address) == 1)
      add_server(ctx, list, &n, JS_NewString(ctx, address), DNS_PORT);
  }
  if (file)
    fclose(file);
  if (n == 0)
    add_server(ctx, list, &n, JS_NewString(ctx, "127.0.0.1"), DNS_PORT);
}

/* Fresh pairs: the library changes them. */
static JSValue servers_of(JSContext *ctx, Channel *channel)
{
  JSValue list = JS_NewArray(ctx);
  int64_t count = 0;
  if (!JS_IsObject(channel->servers))
    add_configured_servers(ctx, list);
  else if (JS_GetLength(ctx, channel->servers, &count))
    count = 0;
  for (uint32_t i = 0, n = 0; i < count; i++) {
    JSValue pair = JS_GetPropertyUint32(ctx, channel->servers, i), port = JS_GetPropertyUint32(ctx, pair, 1);
    add_server(ctx, list, &n, JS_GetPropertyUint32(ctx, pair, 0), arg_int32(ctx, port));
    JS_FreeValue(ctx, port);
    JS_FreeValue(ctx, pair);
  }
  return list;
}

static JSValue get_servers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = base_object_get(ctx, self, &channel_type);
  return channel ? servers_of(ctx, channel) : JS_EXCEPTION;
}

/* setServers([[family, address, port], ...]) */
static JSValue set_servers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = base_object_get(ctx, self, &channel_type);
  int64_t count;
  if (!channel || JS_GetLength(ctx, argv[0], &count))
    return JS_EXCEPTION;
  if (channel->queries)
    return JS_NewInt32(ctx, DNS_PENDING_QUERIES);
  JSValue list = JS_NewArray(ctx), old = channel->servers;
  for (uint32_t i = 0, n = 0; i < count; i++) {
    JSValue triple = JS_GetPropertyUint32(ctx, argv[0], i), port = JS_GetPropertyUint32(ctx, triple, 2);
    add_server(ctx, list, &n, JS_GetPropertyUint32(ctx, triple, 1), arg_int32(ctx, port));
    JS_FreeValue(ctx, port);
    JS_FreeValue(ctx, triple);
  }
  channel->servers = list;
  JS_FreeValue(ctx, old);
  return JS_NewInt32(ctx, 0);
}

/* 0 for IPv4, 1 for IPv6; -1 if the text is no address. */
static int parse_local(const char *text, struct sockaddr_storage *address)
{
  if (!uv_ip4_addr(text, 0, (struct sockaddr_in *)address))
    return 0;
  return uv_ip6_addr(text, 0, (struct sockaddr_in6 *)address) ? -1 : 1;
}

/* (address[, address of the other family]) */
static JSValue set_local_address(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = base_object_get(ctx, self, &channel_type);
  struct sockaddr_storage local[2];
  int families[2] = {-1, -1}, count = JS_IsUndefined(argv[1]) ? 1 : 2;
  if (!channel)
    return JS_EXCEPTION;
  for (int i = 0; i < count; i++) {
    const char *text = JS_ToCString(ctx, argv[i]);
    families[i] = text ? parse_local(text, &local[i]) : -1;
    JS_FreeCString(ctx, text);
    if (families[i] < 0)
      return throw_code_error(ctx, ERROR, "ERR_INVALID_ARG_VALUE", "Invalid IP address.");
  }
  if (families[0] == families[1])
    return throw_code_error(ctx, ERROR, "ERR_INVALID_ARG_VALUE", "Cannot specify two IPv%d addresses.", families[0] ? 6 : 4);
  channel->has_local[0] = channel->has_local[1] = false;
  for (int i = 0; i < count; i++) {
    channel->local[families[i]] = local[i];
    channel->has_local[families[i]] = true;
  }
  return JS_UNDEFINED;
}

static JSValue cancel_queries(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = base_object_get(ctx, self, &channel_type);
  if (!channel)
    return JS_EXCEPTION;
  Query *query = channel->queries; /* the newest first, and they end in the order in which they began */
  while (query && query->next)
    query = query->next;
  for (; query; query = query->previous)
    finish_later(query, "ECANCELLED");
  return JS_UNDEFINED;
}

void define_channel(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"getServers", get_servers, 0},   {"setServers", set_servers, 1}, {"setLocalAddress", set_local_address, 2},
      {"cancel", cancel_queries, 0},    {"queryA", query_a, 2},         {"queryAaaa", query_aaaa, 2},
      {"queryAny", query_any, 2},       {"queryCaa", query_caa, 2},     {"queryCname", query_cname, 2},
      {"queryMx", query_mx, 2},         {"queryNaptr", query_naptr, 2}, {"queryNs", query_ns, 2},
      {"queryPtr", query_ptr, 2},       {"querySoa", query_soa, 2},     {"querySrv", query_srv, 2},
      {"queryTlsa", query_tlsa, 2},     {"queryTxt", query_txt, 2},     {"getHostByAddr", get_host_by_address, 2},
  };
  define_class(ctx, target, "ChannelWrap", construct_channel, async_wrap_constructor(env), methods, COUNT_OF(methods));
  define_class(ctx, target, "QueryReqWrap", construct_query, req_wrap_constructor(env), NULL, 0);
}
