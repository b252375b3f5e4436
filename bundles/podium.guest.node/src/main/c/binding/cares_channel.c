/* ChannelWrap: a resolver of c-ares. Its sockets are watched by polls, and a timer has it look at its time-outs while there
   are any; both outlive it until they are closed. It is made by a script, so never before the freeze. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "../wrap.h"
#include "cares_wrap.h"

typedef struct Socket {
  uv_poll_t poll;
  Channel *channel;
  ares_socket_t fd;
  struct Socket *next;
} Socket;

struct Channel {
  AsyncWrap async;
  ares_channel_t *ares;
  Socket *sockets;
  uv_timer_t *timer; /* NULL without sockets */
  int timeout, tries, max_timeout;
  int queries;          /* under way */
  bool last_refused;    /* the last query found no server */
  bool servers_chosen;  /* by a script, or there are some */
};

enum { TICK_MAX = 1000 }; /* ms */

/* --- sockets --------------------------------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle) { free(handle); }

static void on_tick(uv_timer_t *timer)
{
  ares_process_fd(((Channel *)timer->data)->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static void start_timer(Channel *channel)
{
  if (channel->timer)
    return;
  channel->timer = calloc(1, sizeof(*channel->timer));
  if (!channel->timer)
    return; /* an answer ends the query; nothing else does */
  uv_timer_init(the_env->loop, channel->timer);
  channel->timer->data = channel;
  uint64_t tick = channel->timeout > 0 && channel->timeout < TICK_MAX ? (uint64_t)channel->timeout : TICK_MAX;
  uv_timer_start(channel->timer, on_tick, tick, tick);
}

static void close_timer(Channel *channel)
{
  if (channel->timer)
    uv_close((uv_handle_t *)channel->timer, on_closed);
  channel->timer = NULL;
}

static void on_event(uv_poll_t *poll, int status, int events)
{
  Socket *socket = (Socket *)poll;
  Channel *channel = socket->channel;
  if (channel->timer)
    uv_timer_again(channel->timer);
  if (status < 0)
    events = UV_READABLE | UV_WRITABLE; /* whatever it tries tells the error */
  ares_process_fd(channel->ares, events & UV_READABLE ? socket->fd : ARES_SOCKET_BAD,
                  events & UV_WRITABLE ? socket->fd : ARES_SOCKET_BAD);
}

/* NULL when it cannot be watched: the query times out. */
static Socket *open_socket(Channel *channel, ares_socket_t fd)
{
  Socket *socket = calloc(1, sizeof(*socket));
  start_timer(channel);
  if (!socket || uv_poll_init_socket(the_env->loop, &socket->poll, fd)) {
    free(socket);
    return NULL;
  }
  socket->channel = channel;
  socket->fd = fd;
  socket->next = channel->sockets;
  channel->sockets = socket;
  return socket;
}

static void close_socket(Channel *channel, Socket *socket)
{
  Socket **link = &channel->sockets;
  while (*link != socket)
    link = &(*link)->next;
  *link = socket->next;
  uv_close((uv_handle_t *)&socket->poll, on_closed);
}

/* What c-ares waits for at one of its sockets; nothing any more when it is about to close it. */
static void on_socket_state(void *data, ares_socket_t fd, int readable, int writable)
{
  Channel *channel = data;
  Socket *socket = channel->sockets;
  while (socket && socket->fd != fd)
    socket = socket->next;
  if (!readable && !writable) {
    if (socket)
      close_socket(channel, socket);
    if (!channel->sockets)
      close_timer(channel);
    return;
  }
  if (!socket)
    socket = open_socket(channel, fd);
  if (socket)
    uv_poll_start(&socket->poll, (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0), on_event);
}

/* --- the resolver ---------------------------------------------------------------------------------------------------- */

/* Takes the configuration as it is now; after an error all stays as it was. */
static ares_status_t set_up(Channel *channel)
{
  static bool ready;
  struct ares_options options = {.flags = ARES_FLAG_NOCHECKRESP,
                                 .timeout = channel->timeout,
                                 .tries = channel->tries,
                                 .maxtimeout = channel->max_timeout,
                                 .sock_state_cb = on_socket_state,
                                 .sock_state_cb_data = channel};
  int chosen = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_QUERY_CACHE;
  ares_status_t status = ready ? ARES_SUCCESS : (ares_status_t)ares_library_init(ARES_LIB_INIT_ALL);
  ready = status == ARES_SUCCESS;
  if (channel->max_timeout > 0)
    chosen |= ARES_OPT_MAXTIMEOUTMS;
  ares_channel_t *fresh = NULL;
  if (!status)
    status = (ares_status_t)ares_init_options(&fresh, &options, chosen);
  if (!status) {
    ares_destroy(channel->ares); /* which ends its queries */
    channel->ares = fresh;
  }
  return status;
}

static bool is_loopback(const struct ares_addr_port_node *server)
{
  return server->family == AF_INET ? server->addr.addr4.s_addr == htonl(INADDR_LOOPBACK)
                                   : !memcmp(&server->addr.addr6, &in6addr_loopback, sizeof(in6addr_loopback));
}

/* Nobody answered at the one server that c-ares takes when it knows none: perhaps there are some by now. */
static void ensure_servers(Channel *channel)
{
  struct ares_addr_port_node *servers = NULL;
  if (!channel->last_refused || channel->servers_chosen)
    return;
  if (ares_get_servers_ports(channel->ares, &servers) || !servers)
    return;
  channel->servers_chosen = servers->next || !is_loopback(servers);
  ares_free_data(servers);
  if (!channel->servers_chosen)
    set_up(channel);
}

ares_channel_t *channel_ask(Channel *channel)
{
  ensure_servers(channel);
  channel->queries++;
  return channel->ares;
}

void channel_answered(Channel *channel, ares_status_t status)
{
  channel->last_refused = status == ARES_ECONNREFUSED;
  channel->queries--;
}

static void channel_finalize(BaseObject *base)
{
  ares_destroy(((Channel *)base)->ares);
  close_timer((Channel *)base);
  async_wrap_finalize(base);
}

static const BaseType channel_type = {"ChannelWrap", &async_wrap_type, channel_finalize, async_wrap_mark};

Channel *channel_of(JSContext *ctx, JSValueConst value) { return base_object_get(ctx, value, &channel_type); }

/* (timeout, tries, maxTimeout): -1 and 0 for what nobody said */
static JSValue construct_channel(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel;
  JSValue object = base_object_new(ctx, self, &channel_type, sizeof(*channel), &channel);
  if (JS_IsException(object))
    return object;
  channel->timeout = arg_int32(ctx, argv[0]);
  channel->tries = arg_int32(ctx, argv[1]);
  channel->max_timeout = arg_int32(ctx, argv[2]);
  async_wrap_init(env_of(ctx), &channel->async, PROVIDER_DNSCHANNEL);
  ares_status_t status = set_up(channel);
  if (status) {
    JS_FreeValue(ctx, object);
    return JS_ThrowPlainError(ctx, "%s", dns_error_name(status));
  }
  return object;
}

/* --- servers --------------------------------------------------------------------------------------------------------- */

/* [[address, port], ...] */
static JSValue get_servers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = channel_of(ctx, self);
  struct ares_addr_port_node *servers = NULL;
  if (!channel)
    return JS_EXCEPTION;
  if (ares_get_servers_ports(channel->ares, &servers))
    return JS_ThrowOutOfMemory(ctx);
  JSValue list = JS_NewArray(ctx);
  uint32_t count = 0;
  for (const struct ares_addr_port_node *server = servers; server; server = server->next) {
    char address[INET6_ADDRSTRLEN] = "";
    uv_inet_ntop(server->family, &server->addr, address, sizeof(address));
    JSValue pair = JS_NewArray(ctx);
    JS_SetPropertyUint32(ctx, pair, 0, JS_NewString(ctx, address));
    JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, server->udp_port));
    JS_SetPropertyUint32(ctx, list, count++, pair);
  }
  ares_free_data(servers);
  return list;
}

/* [family, address, port] */
static ares_status_t read_server(JSContext *ctx, JSValueConst triple, struct ares_addr_port_node *server)
{
  JSValue family = JS_GetPropertyUint32(ctx, triple, 0), address = JS_GetPropertyUint32(ctx, triple, 1),
          port = JS_GetPropertyUint32(ctx, triple, 2);
  const char *text = JS_ToCString(ctx, address);
  server->family = arg_int32(ctx, family) == 4 ? AF_INET : AF_INET6;
  server->udp_port = server->tcp_port = arg_int32(ctx, port);
  bool valid = text && !uv_inet_pton(server->family, text, &server->addr);
  JS_FreeCString(ctx, text);
  JS_FreeValues(ctx, port, address, family);
  return valid ? ARES_SUCCESS : ARES_EBADSTR;
}

static ares_status_t choose_servers(JSContext *ctx, Channel *channel, JSValueConst list, int64_t count)
{
  struct ares_addr_port_node *servers = count ? calloc((size_t)count, sizeof(*servers)) : NULL;
  ares_status_t status = count && !servers ? ARES_ENOMEM : ARES_SUCCESS;
  for (int64_t i = 0; i < count && !status; i++) {
    JSValue triple = JS_GetPropertyInt64(ctx, list, i);
    status = read_server(ctx, triple, &servers[i]);
    servers[i].next = i + 1 < count ? &servers[i + 1] : NULL;
    JS_FreeValue(ctx, triple);
  }
  if (!status)
    status = (ares_status_t)ares_set_servers_ports(channel->ares, servers);
  channel->servers_chosen |= count && !status;
  free(servers);
  return status;
}

/* setServers([[family, address, port], ...]): an error's number */
static JSValue set_servers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = channel_of(ctx, self);
  int64_t count;
  if (!channel || JS_GetLength(ctx, argv[0], &count))
    return JS_EXCEPTION;
  return JS_NewInt32(ctx, channel->queries ? DNS_PENDING_QUERIES : (int)choose_servers(ctx, channel, argv[0], count));
}

/* (address[, address of the other family]) */
static JSValue set_local_address(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = channel_of(ctx, self);
  struct in_addr four = {0};
  struct in6_addr six = {0};
  int fours = 0, sixes = 0, count = JS_IsUndefined(argv[1]) ? 1 : 2;
  if (!channel)
    return JS_EXCEPTION;
  for (int i = 0; i < count; i++) {
    const char *text = JS_ToCString(ctx, argv[i]);
    if (!text)
      return JS_EXCEPTION;
    bool is_four = !uv_inet_pton(AF_INET, text, &four), is_six = !is_four && !uv_inet_pton(AF_INET6, text, &six);
    JS_FreeCString(ctx, text);
    if (!is_four && !is_six)
      return throw_code_error(ctx, ERROR, "ERR_INVALID_ARG_VALUE", "Invalid IP address.");
    fours += is_four;
    sixes += is_six;
  }
  if (fours == 2 || sixes == 2)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_ARG_VALUE", "Cannot specify two IPv%d addresses.", fours ? 4 : 6);
  ares_set_local_ip4(channel->ares, ntohl(four.s_addr));
  ares_set_local_ip6(channel->ares, six.s6_addr);
  return JS_UNDEFINED;
}

static JSValue cancel_queries(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Channel *channel = channel_of(ctx, self);
  if (!channel)
    return JS_EXCEPTION;
  ares_cancel(channel->ares);
  return JS_UNDEFINED;
}

void define_channel(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"getServers", get_servers, 0},
      {"setServers", set_servers, 1},
      {"setLocalAddress", set_local_address, 2},
      {"cancel", cancel_queries, 0},
  };
  define_class(ctx, target, "ChannelWrap", construct_channel, async_wrap_constructor(env), methods, COUNT_OF(methods));
}
