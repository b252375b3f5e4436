/* tcp_wrap: TCP sockets and servers. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>

#include "../stream.h"

enum { SOCKET, SERVER };

static JSValue tcp_constructor;

static JSValue construct_tcp(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  LibuvStream *tcp;
  int type = arg_int32(ctx, argv[0]);
  JSValue object = base_object_new(ctx, self, &libuv_stream_type, sizeof(*tcp), &tcp);
  if (JS_IsException(object))
    return object;
  int error = uv_tcp_init(env->loop, &tcp->uv.tcp);
  if (error) {
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, error, "uv_tcp_init", NULL, NULL, NULL);
  }
  libuv_stream_init(env, tcp, type == SERVER ? PROVIDER_TCPSERVERWRAP : PROVIDER_TCPWRAP);
  return object;
}

static JSValue result(JSContext *ctx, int error) { return JS_NewInt32(ctx, error); }

static JSValue tcp_open(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  if (!tcp)
    return result(ctx, UV_EBADF);
  int fd = arg_int32(ctx, argv[0]), error = uv_tcp_open(&tcp->uv.tcp, fd);
  if (!error)
    tcp->fd = fd;
  return result(ctx, error);
}

static JSValue bind_family(JSContext *ctx, JSValueConst self, JSValueConst *argv, int family)
{
  LibuvStream *tcp = libuv_stream_open(self);
  struct sockaddr_storage address;
  if (!tcp)
    return result(ctx, UV_EBADF);
  unsigned flags = arg_uint32(ctx, argv[2]);
  if (family == AF_INET)
    flags &= ~(unsigned)UV_TCP_IPV6ONLY;
  int error = address_from_js(ctx, family, argv[0], argv[1], &address);
  return result(ctx, error ? error : uv_tcp_bind(&tcp->uv.tcp, (struct sockaddr *)&address, flags));
}

static JSValue tcp_bind(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return bind_family(ctx, self, argv, AF_INET);
}

static JSValue tcp_bind6(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return bind_family(ctx, self, argv, AF_INET6);
}

static void on_connection(uv_stream_t *server, int status)
{
  connection_accept(server->data, status, tcp_constructor, SOCKET);
}

static JSValue tcp_listen(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  return result(ctx, tcp ? uv_listen(&tcp->uv.stream, arg_int32(ctx, argv[0]), on_connection) : UV_EBADF);
}

static JSValue connect_family(JSContext *ctx, JSValueConst self, JSValueConst *argv, int family)
{
  LibuvStream *tcp = libuv_stream_open(self);
  struct sockaddr_storage address;
  if (!tcp)
    return result(ctx, UV_EBADF);
  WriteWrap *request = stream_request(ctx, argv[0]);
  if (!request)
    return JS_EXCEPTION;
  int error = address_from_js(ctx, family, argv[1], argv[2], &address);
  if (!error) {
    stream_request_start(env_of(ctx), request, PROVIDER_TCPCONNECTWRAP, &tcp->handle.async);
    error = uv_tcp_connect(&request->uv.connect, &tcp->uv.tcp, (struct sockaddr *)&address, connection_done);
  }
  if (!error)
    req_wrap_dispatched(&request->req, (uv_req_t *)&request->uv.connect);
  return result(ctx, error);
}

static JSValue tcp_connect(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return connect_family(ctx, self, argv, AF_INET);
}

static JSValue tcp_connect6(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return connect_family(ctx, self, argv, AF_INET6);
}

static JSValue name_of(JSContext *ctx, JSValueConst self, JSValueConst info,
                       int (*get)(const uv_tcp_t *, struct sockaddr *, int *))
{
  LibuvStream *tcp = libuv_stream_open(self);
  struct sockaddr_storage address;
  int length = sizeof(address);
  if (!tcp)
    return result(ctx, UV_EBADF);
  int error = get(&tcp->uv.tcp, (struct sockaddr *)&address, &length);
  if (!error)
    JS_FreeValue(ctx, address_to_js(ctx, (struct sockaddr *)&address, info));
  return result(ctx, error);
}

static JSValue tcp_getsockname(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return name_of(ctx, self, argv[0], uv_tcp_getsockname);
}

static JSValue tcp_getpeername(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return name_of(ctx, self, argv[0], uv_tcp_getpeername);
}

static JSValue set_no_delay(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  return result(ctx, tcp ? uv_tcp_nodelay(&tcp->uv.tcp, arg_bool(ctx, argv[0])) : UV_EBADF);
}

static JSValue set_keep_alive(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  return result(ctx, tcp ? uv_tcp_keepalive(&tcp->uv.tcp, arg_bool(ctx, argv[0]), arg_uint32(ctx, argv[1])) : UV_EBADF);
}

/* Level and option of a socket's type of service, by its family. */
static int service_option(LibuvStream *tcp, uv_os_fd_t *fd, int *level, int *option)
{
  struct sockaddr_storage address;
  int length = sizeof(address), error = uv_fileno((uv_handle_t *)&tcp->uv.tcp, fd);
  if (error)
    return error;
  error = uv_tcp_getsockname(&tcp->uv.tcp, (struct sockaddr *)&address, &length);
  if (error)
    return error;
  bool v6 = address.ss_family == AF_INET6;
  *level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  *option = v6 ? IPV6_TCLASS : IP_TOS;
  return 0;
}

static JSValue set_type_of_service(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  int level, option, value = arg_int32(ctx, argv[0]);
  uv_os_fd_t fd;
  int error = tcp ? service_option(tcp, &fd, &level, &option) : UV_EBADF;
  if (!error && setsockopt(fd, level, option, &value, sizeof(value)))
    error = uv_translate_sys_error(errno);
  return result(ctx, error);
}

static JSValue get_type_of_service(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  int level, option, value = 0;
  socklen_t size = sizeof(value);
  uv_os_fd_t fd;
  int error = tcp ? service_option(tcp, &fd, &level, &option) : UV_EBADF;
  if (!error && getsockopt(fd, level, option, &value, &size))
    error = uv_translate_sys_error(errno);
  return result(ctx, error ? error : value);
}

static JSValue tcp_reset(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tcp = libuv_stream_open(self);
  return result(ctx, tcp ? handle_wrap_reset(&tcp->handle, argv[0]) : 0);
}

void init_tcp_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"open", tcp_open, 1},
      {"bind", tcp_bind, 3},
      {"listen", tcp_listen, 1},
      {"connect", tcp_connect, 3},
      {"bind6", tcp_bind6, 3},
      {"connect6", tcp_connect6, 3},
      {"getsockname", tcp_getsockname, 1},
      {"getpeername", tcp_getpeername, 1},
      {"setNoDelay", set_no_delay, 1},
      {"setKeepAlive", set_keep_alive, 2},
      {"setTypeOfService", set_type_of_service, 1},
      {"getTypeOfService", get_type_of_service, 0},
      {"reset", tcp_reset, 1},
  };
  static const BindingConstant constants[] = {
      {"SOCKET", SOCKET}, {"SERVER", SERVER}, {"UV_TCP_IPV6ONLY", UV_TCP_IPV6ONLY}, {"UV_TCP_REUSEPORT", UV_TCP_REUSEPORT}};
  tcp_constructor = JS_DupValue(
      ctx, define_class(ctx, target, "TCP", construct_tcp, libuv_stream_constructor(env), methods, COUNT_OF(methods)));
  stream_define_request(env, target, "TCPConnectWrap");
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, constants);
  define_value(ctx, target, "constants", values);
}
