/* pipe_wrap: Unix domain sockets and pipes. */
#include <string.h>

#include "../stream.h"

enum { SOCKET, SERVER, IPC };

static JSValue pipe_constructor;

static JSValue construct_pipe(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  LibuvStream *pipe;
  int type = arg_int32(ctx, argv[0]);
  JSValue object = base_object_new(ctx, self, &libuv_stream_type, sizeof(*pipe), &pipe);
  if (JS_IsException(object))
    return object;
  int error = uv_pipe_init(env->loop, &pipe->uv.pipe, type == IPC);
  if (error) {
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, error, "uv_pipe_init", NULL, NULL, NULL);
  }
  libuv_stream_init(env, pipe, type == SERVER ? PROVIDER_PIPESERVERWRAP : PROVIDER_PIPEWRAP);
  return object;
}

static JSValue result(JSContext *ctx, int error) { return JS_NewInt32(ctx, error); }

static JSValue pipe_bind(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *pipe = libuv_stream_open(self);
  size_t length;
  if (!pipe)
    return result(ctx, UV_EBADF);
  char *name = arg_utf8(ctx, argv[0], &length);
  if (!name)
    return JS_EXCEPTION;
  int error = uv_pipe_bind2(&pipe->uv.pipe, name, length, UV_PIPE_NO_TRUNCATE);
  arg_free(name);
  return result(ctx, error);
}

static void on_connection(uv_stream_t *server, int status)
{
  connection_accept(server->data, status, pipe_constructor, SOCKET);
}

static JSValue pipe_listen(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *pipe = libuv_stream_open(self);
  return result(ctx, pipe ? uv_listen(&pipe->uv.stream, arg_int32(ctx, argv[0]), on_connection) : UV_EBADF);
}

static JSValue pipe_connect(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *pipe = libuv_stream_open(self);
  size_t length;
  if (!pipe)
    return result(ctx, UV_EBADF);
  WriteWrap *request = stream_request(ctx, argv[0]);
  char *name = request ? arg_utf8(ctx, argv[1], &length) : NULL;
  if (!name)
    return JS_EXCEPTION;
  stream_request_start(env_of(ctx), request, PROVIDER_PIPECONNECTWRAP, &pipe->handle.async);
  int error = uv_pipe_connect2(&request->uv.connect, &pipe->uv.pipe, name, length, UV_PIPE_NO_TRUNCATE, connection_done);
  arg_free(name);
  if (!error)
    req_wrap_dispatched(&request->req, (uv_req_t *)&request->uv.connect);
  return result(ctx, error);
}

static JSValue pipe_open(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *pipe = libuv_stream_open(self);
  if (!pipe)
    return result(ctx, UV_EBADF);
  int fd = arg_int32(ctx, argv[0]), error = uv_pipe_open(&pipe->uv.pipe, fd);
  if (!error)
    pipe->fd = fd;
  return result(ctx, error);
}

static JSValue pipe_fchmod(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *pipe = libuv_stream_open(self);
  return result(ctx, pipe ? uv_pipe_chmod(&pipe->uv.pipe, arg_int32(ctx, argv[0])) : UV_EBADF);
}

void init_pipe_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"bind", pipe_bind, 1},
      {"listen", pipe_listen, 1},
      {"connect", pipe_connect, 2},
      {"open", pipe_open, 1},
      {"fchmod", pipe_fchmod, 1},
  };
  static const BindingConstant constants[] = {
      {"SOCKET", SOCKET}, {"SERVER", SERVER}, {"IPC", IPC}, {"UV_READABLE", UV_READABLE}, {"UV_WRITABLE", UV_WRITABLE}};
  pipe_constructor = JS_DupValue(
      ctx, define_class(ctx, target, "Pipe", construct_pipe, libuv_stream_constructor(env), methods, COUNT_OF(methods)));
  stream_define_request(env, target, "PipeConnectWrap");
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, constants);
  define_value(ctx, target, "constants", values);
}
