/* What sockets and pipes share: accepting, connecting, addresses. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "stream.h"

void connection_accept(LibuvStream *server, int status, JSValueConst constructor, int type)
{
  Env *env = the_env;
  JSContext *ctx = env->ctx;
  JSValue client = JS_UNDEFINED;
  if (status == 0) {
    double outer = env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID];
    JSValueConst argument = JS_NewInt32(ctx, type);
    env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID] = server->handle.async.async_id;
    client = JS_CallConstructor(ctx, constructor, 1, &argument);
    env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID] = outer;
    if (JS_IsException(client)) {
      report_pending_exception(env);
      return;
    }
    LibuvStream *accepted = libuv_stream_open(client);
    /* Somebody else took it (a shared socket), or it is gone: nothing to report. */
    if (uv_accept(&server->uv.stream, &accepted->uv.stream)) {
      handle_wrap_close(&accepted->handle, JS_UNDEFINED);
      JS_FreeValue(ctx, client);
      return;
    }
  }
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), client};
  async_wrap_call(&server->handle.async, "onconnection", 2, arguments);
  JS_FreeValue(ctx, client);
}

void connection_done(uv_connect_t *connect, int status)
{
  WriteWrap *request = connect->data;
  LibuvStream *stream = connect->handle->data;
  JSContext *ctx = the_env->ctx;
  bool readable = status == 0, writable = status == 0;
  if (status == 0 && connect->handle->type == UV_NAMED_PIPE) {
    readable = uv_is_readable(connect->handle);
    writable = uv_is_writable(connect->handle);
  }
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), stream->handle.async.base.object,
                              request->req.async.base.object, JS_NewBool(ctx, readable), JS_NewBool(ctx, writable)};
  req_wrap_complete(&request->req, 5, arguments);
  req_wrap_release(&request->req);
}

int address_from_js(JSContext *ctx, int family, JSValueConst text, JSValueConst port, struct sockaddr_storage *address)
{
  const char *ip = JS_ToCString(ctx, text);
  if (!ip) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return UV_EINVAL;
  }
  int error = family == AF_INET ? uv_ip4_addr(ip, arg_int32(ctx, port), (struct sockaddr_in *)address)
                                : uv_ip6_addr(ip, arg_int32(ctx, port), (struct sockaddr_in6 *)address);
  JS_FreeCString(ctx, ip);
  return error;
}

JSValue address_to_js(JSContext *ctx, const struct sockaddr *address, JSValueConst info)
{
  char text[INET6_ADDRSTRLEN + UV_IF_NAMESIZE + 1] = "";
  int port = 0;
  JSValue object = JS_IsObject(info) ? JS_DupValue(ctx, info) : JS_NewObject(ctx);
  if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    uv_inet_ntop(AF_INET6, &v6->sin6_addr, text, INET6_ADDRSTRLEN);
    port = ntohs(v6->sin6_port);
    if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) && v6->sin6_scope_id > 0) {
      size_t length = strlen(text), room = sizeof(text) - length - 1;
      text[length] = '%';
      if (uv_if_indextoiid(v6->sin6_scope_id, text + length + 1, &room))
        text[length] = 0;
    }
  } else if (address->sa_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
    uv_inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
    port = ntohs(v4->sin_port);
  }
  define_string(ctx, object, "address", text);
  if (address->sa_family == AF_INET6 || address->sa_family == AF_INET) {
    define_string(ctx, object, "family", address->sa_family == AF_INET6 ? "IPv6" : "IPv4");
    define_value(ctx, object, "port", JS_NewInt32(ctx, port));
  }
  return object;
}
