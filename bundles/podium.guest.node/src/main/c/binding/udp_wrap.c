/* udp_wrap: datagram sockets. */
#include <stdlib.h>
#include <string.h>

#include "../options.h"
#include "../stream.h"

typedef struct UdpWrap {
  HandleWrap handle;
  uv_udp_t udp;
  bool queues; /* --test-udp-no-try-send: nothing is sent at once */
} UdpWrap;

typedef struct SendWrap {
  ReqWrap req;
  uv_udp_send_t send;
  size_t size;
  bool has_callback;
} SendWrap;

static const BaseType udp_type = {"UDP", &handle_wrap_type, async_wrap_finalize, async_wrap_mark};
static const BaseType send_type = {"SendWrap", &req_wrap_type, async_wrap_finalize, async_wrap_mark};

static JSValue construct_udp(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  UdpWrap *wrap;
  JSValue object = base_object_new(ctx, self, &udp_type, sizeof(*wrap), &wrap);
  if (JS_IsException(object))
    return object;
  int error = uv_udp_init(env->loop, &wrap->udp);
  if (error) {
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, error, "uv_udp_init", NULL, NULL, NULL);
  }
  wrap->queues = option_value(env->options, "--test-udp-no-try-send")->boolean;
  handle_wrap_init(env, &wrap->handle, (uv_handle_t *)&wrap->udp, PROVIDER_UDPWRAP);
  return object;
}

static JSValue construct_send(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  SendWrap *send;
  return base_object_new(ctx, self, &send_type, sizeof(*send), &send);
}

static UdpWrap *open_udp(JSValueConst self)
{
  UdpWrap *wrap = base_object_peek(self, &udp_type);
  return wrap && handle_wrap_alive(&wrap->handle) ? wrap : NULL;
}

static JSValue result(JSContext *ctx, int error) { return JS_NewInt32(ctx, error); }

/* --- binding and connecting ------------------------------------------------------------------------------------------ */

static JSValue bind_family(JSContext *ctx, JSValueConst self, JSValueConst *argv, int family)
{
  UdpWrap *wrap = open_udp(self);
  struct sockaddr_storage address;
  int error = wrap ? address_from_js(ctx, family, argv[0], argv[1], &address) : UV_EBADF;
  return result(ctx, error ? error : uv_udp_bind(&wrap->udp, (struct sockaddr *)&address, arg_uint32(ctx, argv[2])));
}

static JSValue udp_bind(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return bind_family(ctx, self, argv, AF_INET);
}

static JSValue udp_bind6(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return bind_family(ctx, self, argv, AF_INET6);
}

static JSValue connect_family(JSContext *ctx, JSValueConst self, JSValueConst *argv, int family)
{
  UdpWrap *wrap = open_udp(self);
  struct sockaddr_storage address;
  int error = wrap ? address_from_js(ctx, family, argv[0], argv[1], &address) : UV_EBADF;
  return result(ctx, error ? error : uv_udp_connect(&wrap->udp, (struct sockaddr *)&address));
}

static JSValue udp_connect(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return connect_family(ctx, self, argv, AF_INET);
}

static JSValue udp_connect6(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return connect_family(ctx, self, argv, AF_INET6);
}

static JSValue udp_disconnect(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_connect(&wrap->udp, NULL) : UV_EBADF);
}

static JSValue udp_open(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_open(&wrap->udp, arg_int32(ctx, argv[0])) : UV_EBADF);
}

static JSValue name_of(JSContext *ctx, JSValueConst self, JSValueConst info,
                       int (*get)(const uv_udp_t *, struct sockaddr *, int *))
{
  UdpWrap *wrap = open_udp(self);
  struct sockaddr_storage address;
  int length = sizeof(address), error = wrap ? get(&wrap->udp, (struct sockaddr *)&address, &length) : UV_EBADF;
  if (!error)
    JS_FreeValue(ctx, address_to_js(ctx, (struct sockaddr *)&address, info));
  return result(ctx, error);
}

static JSValue udp_getsockname(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return name_of(ctx, self, argv[0], uv_udp_getsockname);
}

static JSValue udp_getpeername(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return name_of(ctx, self, argv[0], uv_udp_getpeername);
}

/* --- receiving -------------------------------------------------------------------------------------------------------- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  char *base = malloc(suggested);
  (void)handle;
  *buffer = uv_buf_init(base, base ? (unsigned)suggested : 0);
}

static void on_received(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *address, unsigned flags)
{
  UdpWrap *wrap = udp->data;
  Env *env = the_env;
  JSContext *ctx = env->ctx;
  (void)flags;
  if (length == 0 && !address) { /* nothing more for now */
    free(buffer->base);
    return;
  }
  JSValue bytes = JS_UNDEFINED, from = JS_UNDEFINED;
  if (length >= 0) {
    bytes = new_buffer(env, (uint8_t *)buffer->base, (size_t)length);
    from = address_to_js(ctx, address, JS_UNDEFINED);
    define_number(ctx, from, "size", (double)length);
  }
  free(buffer->base);
  if (JS_IsException(bytes)) {
    report_pending_exception(env);
  } else {
    JSValueConst arguments[] = {JS_NewInt32(ctx, (int32_t)length), wrap->handle.async.base.object, bytes, from};
    async_wrap_call(&wrap->handle.async, "onmessage", 4, arguments);
  }
  JS_FreeValue(ctx, bytes);
  JS_FreeValue(ctx, from);
}

static JSValue recv_start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  int error = wrap ? uv_udp_recv_start(&wrap->udp, on_alloc, on_received) : UV_EBADF;
  return result(ctx, error == UV_EALREADY ? 0 : error);
}

static JSValue recv_stop(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_recv_stop(&wrap->udp) : UV_EBADF);
}

/* --- sending ------------------------------------------------------------------------------------------------------------ */

static void on_sent(uv_udp_send_t *req, int status)
{
  SendWrap *send = req->data;
  JSContext *ctx = the_env->ctx;
  if (send->has_callback) {
    JSValueConst arguments[] = {JS_NewInt32(ctx, status), JS_NewNumber(ctx, (double)send->size)};
    req_wrap_complete(&send->req, 2, arguments);
  }
  req_wrap_release(&send->req);
}

/* The buffers of a JavaScript array, which keeps them. NULL with an exception. */
static uv_buf_t *gather(JSContext *ctx, JSValueConst chunks, uint32_t count, size_t *size)
{
  uv_buf_t *buffers = calloc(count + 1, sizeof(*buffers));
  if (!buffers)
    JS_ThrowOutOfMemory(ctx);
  *size = 0;
  for (uint32_t i = 0; buffers && i < count; i++) {
    EngineView view;
    JSValue chunk = JS_GetPropertyUint32(ctx, chunks, i);
    if (!engine_view(chunk, &view)) {
      free(buffers);
      buffers = NULL;
      JS_ThrowTypeError(ctx, "Invalid buffer");
    } else {
      buffers[i] = uv_buf_init((char *)view.data, (unsigned)view.length);
      *size += view.length;
    }
    JS_FreeValue(ctx, chunk);
  }
  return buffers;
}

/* send(request, list, list.length[, port, address], hasCallback): the size plus one when it was sent at once, 0 when
   the request will complete, or an error. */
static JSValue send_family(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int family)
{
  UdpWrap *wrap = open_udp(self);
  struct sockaddr_storage storage;
  struct sockaddr *address = NULL;
  bool to = argc >= 6;
  size_t size;
  uint32_t count = arg_uint32(ctx, argv[2]);
  if (!wrap)
    return result(ctx, UV_EBADF);
  SendWrap *send = base_object_get(ctx, argv[0], &send_type);
  uv_buf_t *buffers = send ? gather(ctx, argv[1], count, &size) : NULL;
  if (!buffers)
    return JS_EXCEPTION;
  int error = to ? address_from_js(ctx, family, argv[4], argv[3], &storage) : 0;
  if (!error && to)
    address = (struct sockaddr *)&storage;
  if (!error)
    error = wrap->queues ? UV_EAGAIN : uv_udp_try_send(&wrap->udp, buffers, count, address);
  if (error >= 0) {
    free(buffers);
    return JS_NewNumber(ctx, (double)size + 1);
  }
  if (error == UV_ENOSYS || error == UV_EAGAIN) {
    async_wrap_init_by(env_of(ctx), &send->req.async, PROVIDER_UDPSENDWRAP, &wrap->handle.async);
    send->size = size;
    send->has_callback = arg_bool(ctx, argv[to ? 5 : 3]);
    error = uv_udp_send(&send->send, &wrap->udp, buffers, count, address, on_sent);
    if (!error)
      req_wrap_dispatched(&send->req, (uv_req_t *)&send->send);
  }
  free(buffers);
  return result(ctx, error);
}

static JSValue udp_send(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return send_family(ctx, self, argc, argv, AF_INET);
}

static JSValue udp_send6(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return send_family(ctx, self, argc, argv, AF_INET6);
}

static JSValue send_queue_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return wrap ? JS_NewNumber(ctx, (double)uv_udp_get_send_queue_size(&wrap->udp)) : result(ctx, UV_EBADF);
}

static JSValue send_queue_count(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return wrap ? JS_NewNumber(ctx, (double)uv_udp_get_send_queue_count(&wrap->udp)) : result(ctx, UV_EBADF);
}

/* --- groups and options ----------------------------------------------------------------------------------------------- */

static JSValue set_membership(JSContext *ctx, JSValueConst self, JSValueConst *argv, uv_membership membership)
{
  UdpWrap *wrap = open_udp(self);
  if (!wrap)
    return result(ctx, UV_EBADF);
  char *group = arg_utf8(ctx, argv[0], NULL);
  char *interface = group && JS_IsString(argv[1]) ? arg_utf8(ctx, argv[1], NULL) : NULL;
  int error = group ? uv_udp_set_membership(&wrap->udp, group, interface, membership) : 0;
  JSValue value = group ? result(ctx, error) : JS_EXCEPTION;
  arg_free(interface);
  arg_free(group);
  return value;
}

static JSValue add_membership(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return set_membership(ctx, self, argv, UV_JOIN_GROUP);
}

static JSValue drop_membership(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return set_membership(ctx, self, argv, UV_LEAVE_GROUP);
}

/* (sourceAddress, groupAddress, interface) */
static JSValue set_source_membership(JSContext *ctx, JSValueConst self, JSValueConst *argv, uv_membership membership)
{
  UdpWrap *wrap = open_udp(self);
  if (!wrap)
    return result(ctx, UV_EBADF);
  char *source = arg_utf8(ctx, argv[0], NULL), *group = source ? arg_utf8(ctx, argv[1], NULL) : NULL;
  char *interface = group && JS_IsString(argv[2]) ? arg_utf8(ctx, argv[2], NULL) : NULL;
  int error = group ? uv_udp_set_source_membership(&wrap->udp, group, interface, source, membership) : 0;
  JSValue value = group ? result(ctx, error) : JS_EXCEPTION;
  arg_free(interface);
  arg_free(group);
  arg_free(source);
  return value;
}

static JSValue add_source(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return set_source_membership(ctx, self, argv, UV_JOIN_GROUP);
}

static JSValue drop_source(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return set_source_membership(ctx, self, argv, UV_LEAVE_GROUP);
}

static JSValue set_multicast_interface(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  char *interface = wrap ? arg_utf8(ctx, argv[0], NULL) : NULL;
  if (!interface)
    return wrap ? JS_EXCEPTION : result(ctx, UV_EBADF);
  int error = uv_udp_set_multicast_interface(&wrap->udp, interface);
  arg_free(interface);
  return result(ctx, error);
}

static JSValue set_multicast_ttl(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_set_multicast_ttl(&wrap->udp, arg_int32(ctx, argv[0])) : UV_EBADF);
}

static JSValue set_multicast_loopback(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_set_multicast_loop(&wrap->udp, arg_int32(ctx, argv[0])) : UV_EBADF);
}

static JSValue set_broadcast(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_set_broadcast(&wrap->udp, arg_int32(ctx, argv[0])) : UV_EBADF);
}

static JSValue set_ttl(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  return result(ctx, wrap ? uv_udp_set_ttl(&wrap->udp, arg_int32(ctx, argv[0])) : UV_EBADF);
}

/* bufferSize(size, receive, context): the size, or undefined with the error described in context. */
static JSValue buffer_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  bool receive = arg_bool(ctx, argv[1]);
  int size = arg_int32(ctx, argv[0]);
  if (!wrap)
    return result(ctx, UV_EBADF);
  uv_handle_t *handle = (uv_handle_t *)&wrap->udp;
  int error = size < 0 ? UV_EINVAL : receive ? uv_recv_buffer_size(handle, &size) : uv_send_buffer_size(handle, &size);
  if (!error)
    return JS_NewInt32(ctx, size);
  char text[128];
  define_number(ctx, argv[2], "errno", error);
  define_string(ctx, argv[2], "code", uv_err_name_r(error, text, sizeof(text)));
  define_string(ctx, argv[2], "message", uv_strerror_r(error, text, sizeof(text)));
  define_string(ctx, argv[2], "syscall", receive ? "uv_recv_buffer_size" : "uv_send_buffer_size");
  return JS_UNDEFINED;
}

static JSValue get_fd(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  UdpWrap *wrap = open_udp(self);
  uv_os_fd_t fd;
  int error = wrap ? uv_fileno((uv_handle_t *)&wrap->udp, &fd) : UV_EBADF;
  return JS_NewInt32(ctx, error ? error : fd);
}

void init_udp_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"recvStart", recv_start, 0},
      {"recvStop", recv_stop, 0},
      {"open", udp_open, 1},
      {"bind", udp_bind, 3},
      {"connect", udp_connect, 2},
      {"send", udp_send, 6},
      {"bind6", udp_bind6, 3},
      {"connect6", udp_connect6, 2},
      {"send6", udp_send6, 6},
      {"disconnect", udp_disconnect, 0},
      {"getpeername", udp_getpeername, 1},
      {"getsockname", udp_getsockname, 1},
      {"addMembership", add_membership, 2},
      {"dropMembership", drop_membership, 2},
      {"addSourceSpecificMembership", add_source, 3},
      {"dropSourceSpecificMembership", drop_source, 3},
      {"setMulticastInterface", set_multicast_interface, 1},
      {"setMulticastTTL", set_multicast_ttl, 1},
      {"setMulticastLoopback", set_multicast_loopback, 1},
      {"setBroadcast", set_broadcast, 1},
      {"setTTL", set_ttl, 1},
      {"bufferSize", buffer_size, 3},
      {"getSendQueueSize", send_queue_size, 0},
      {"getSendQueueCount", send_queue_count, 0},
  };
  static const BindingConstant constants[] = {
      {"UV_UDP_IPV6ONLY", UV_UDP_IPV6ONLY}, {"UV_UDP_REUSEADDR", UV_UDP_REUSEADDR}, {"UV_UDP_REUSEPORT", UV_UDP_REUSEPORT}};
  JSValueConst constructor =
      define_class(ctx, target, "UDP", construct_udp, handle_wrap_constructor(env), methods, COUNT_OF(methods));
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  define_getter(ctx, proto, "fd", get_fd, NULL);
  JS_FreeValue(ctx, proto);
  define_class(ctx, target, "SendWrap", construct_send, req_wrap_constructor(env), NULL, 0);
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, constants);
  define_value(ctx, target, "constants", values);
}
