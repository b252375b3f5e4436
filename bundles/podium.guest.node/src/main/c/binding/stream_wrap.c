/* stream_wrap: libuv's streams as StreamBase, and the requests to write to and to end them. */
#include "../stream.h"

#include <stdlib.h>

/* --- requests ---------------------------------------------------------------------------------------------------- */

static void write_wrap_finalize(BaseObject *base)
{
  free(((WriteWrap *)base)->storage);
  async_wrap_finalize(base);
}

static const BaseType write_wrap_type = {"WriteWrap", &req_wrap_type, write_wrap_finalize, async_wrap_mark};

static JSValue construct_request(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  WriteWrap *request;
  return base_object_new(ctx, self, &write_wrap_type, sizeof(*request), &request);
}

JSValueConst stream_define_request(Env *env, JSValueConst target, const char *name)
{
  return define_class(env->ctx, target, name, construct_request, req_wrap_constructor(env), NULL, 0);
}

WriteWrap *stream_request(JSContext *ctx, JSValueConst object) { return base_object_get(ctx, object, &write_wrap_type); }

void stream_request_start(Env *env, WriteWrap *request, AsyncProvider provider, AsyncWrap *parent)
{
  async_wrap_init_by(env, &request->req.async, provider, parent);
}

void stream_request_cancel(WriteWrap *request)
{
  free(request->storage);
  request->storage = NULL;
}

void stream_request_done(WriteWrap *request, int status)
{
  JSContext *ctx = the_env->ctx;
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), request->stream->wrap->base.object, JS_UNDEFINED};
  stream_request_cancel(request);
  req_wrap_complete(&request->req, 3, arguments);
  req_wrap_release(&request->req);
}

/* --- libuv streams ------------------------------------------------------------------------------------------------ */

#define CONTAINER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static LibuvStream *libuv_stream(StreamBase *stream) { return CONTAINER(stream, LibuvStream, stream); }

static void libuv_stream_finalize(BaseObject *base)
{
  stream_base_finalize(&((LibuvStream *)base)->stream);
  async_wrap_finalize(base);
}

static void libuv_stream_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  stream_base_mark(&((LibuvStream *)base)->stream, rt, mark);
  async_wrap_mark(base, rt, mark);
}

const BaseType libuv_stream_type = {"LibuvStreamWrap", &handle_wrap_type, libuv_stream_finalize, libuv_stream_mark};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  *buffer = stream_alloc(&((LibuvStream *)handle->data)->stream, suggested);
}

static void accept_passed_handle(LibuvStream *stream);

static void on_read(uv_stream_t *handle, ssize_t length, const uv_buf_t *buffer)
{
  LibuvStream *stream = handle->data;
  if (handle->type == UV_NAMED_PIPE && ((uv_pipe_t *)handle)->ipc)
    accept_passed_handle(stream);
  stream_read(&stream->stream, length, buffer);
}

static int libuv_read_start(StreamBase *stream) { return uv_read_start(&libuv_stream(stream)->uv.stream, on_alloc, on_read); }

static int libuv_read_stop(StreamBase *stream) { return uv_read_stop(&libuv_stream(stream)->uv.stream); }

static int libuv_try_write(StreamBase *stream, uv_buf_t **buffers, size_t *count)
{
  int written = uv_try_write(&libuv_stream(stream)->uv.stream, *buffers, (unsigned)*count);
  if (written == UV_ENOSYS || written == UV_EAGAIN)
    return 0;
  if (written < 0)
    return written;
  size_t left = (size_t)written;
  while (*count > 0 && left >= (*buffers)->len) {
    left -= (*buffers)->len;
    (*buffers)++;
    (*count)--;
  }
  if (*count > 0) {
    (*buffers)->base += left;
    (*buffers)->len -= left;
  }
  return 0;
}

static void on_written(uv_write_t *req, int status) { stream_request_done(req->data, status); }

static int libuv_write(StreamBase *stream, WriteWrap *request, uv_buf_t *buffers, size_t count, uv_stream_t *send)
{
  uv_stream_t *handle = &libuv_stream(stream)->uv.stream;
  uv_write_t *req = &request->uv.write;
  int error = send ? uv_write2(req, handle, buffers, (unsigned)count, send, on_written)
                   : uv_write(req, handle, buffers, (unsigned)count, on_written);
  if (!error)
    req_wrap_dispatched(&request->req, (uv_req_t *)req);
  return error;
}

static void on_shutdown(uv_shutdown_t *req, int status) { stream_request_done(req->data, status); }

static int libuv_shutdown(StreamBase *stream, ReqWrap *request)
{
  uv_shutdown_t *req = &((WriteWrap *)request)->uv.shutdown;
  int error = uv_shutdown(req, &libuv_stream(stream)->uv.stream, on_shutdown);
  if (!error)
    req_wrap_dispatched(request, (uv_req_t *)req);
  return error;
}

static int libuv_descriptor(StreamBase *stream)
{
  uv_os_fd_t fd;
  int error = uv_fileno(libuv_stream(stream)->handle.handle, &fd);
  return error ? -1 : fd;
}

static bool libuv_alive(StreamBase *stream) { return handle_wrap_alive(&libuv_stream(stream)->handle); }

static bool libuv_takes_handles(StreamBase *stream)
{
  uv_handle_t *handle = libuv_stream(stream)->handle.handle;
  return handle->type == UV_NAMED_PIPE && ((uv_pipe_t *)handle)->ipc;
}

static const StreamMethods libuv_methods = {
    libuv_read_start, libuv_read_stop, libuv_try_write, libuv_write, libuv_shutdown, libuv_descriptor, libuv_alive,
    libuv_takes_handles,
};

static StreamBase *stream_of_libuv(BaseObject *base) { return &((LibuvStream *)base)->stream; }

void libuv_stream_init(Env *env, LibuvStream *stream, AsyncProvider provider)
{
  stream_register_type(&libuv_stream_type, stream_of_libuv);
  handle_wrap_init(env, &stream->handle, (uv_handle_t *)&stream->uv.stream, provider);
  stream_base_init(&stream->stream, &libuv_methods, &stream->handle.async);
  stream->fd = -1;
}

LibuvStream *libuv_stream_open(JSValueConst self)
{
  LibuvStream *stream = base_object_peek(self, &libuv_stream_type);
  return stream && handle_wrap_alive(&stream->handle) ? stream : NULL;
}

static JSValue get_write_queue_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *stream = libuv_stream_open(self);
  return JS_NewNumber(ctx, stream ? (double)stream->uv.stream.write_queue_size : 0);
}

static JSValue set_blocking(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *stream = libuv_stream_open(self);
  return JS_NewInt32(ctx, stream ? uv_stream_set_blocking(&stream->uv.stream, arg_bool(ctx, argv[0])) : UV_EBADF);
}

JSValueConst libuv_stream_constructor(Env *env)
{
  static JSValue constructor;
  static const BindingFunction methods[] = {{"setBlocking", set_blocking, 1}};
  JSContext *ctx = env->ctx;
  if (JS_IsObject(constructor))
    return constructor;
  define_hidden_class(ctx, &constructor, "LibuvStreamWrap", handle_wrap_constructor(env), methods, COUNT_OF(methods));
  stream_base_define(ctx, constructor);
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  define_getter(ctx, proto, "writeQueueSize", get_write_queue_size, NULL);
  JS_FreeValue(ctx, proto);
  return constructor;
}

/* --- handles that come through an IPC pipe -------------------------------------------------------------------------- */

/* The class that wraps a kind of handle, as its own binding made it. */
static JSValue class_for(JSContext *ctx, uv_handle_type type)
{
  const char *binding = type == UV_TCP ? "tcp_wrap" : type == UV_UDP ? "udp_wrap" : "pipe_wrap";
  const char *name = type == UV_TCP ? "TCP" : type == UV_UDP ? "UDP" : "Pipe";
  JSValue id = JS_NewString(ctx, binding);
  JSValue object = JS_Call(ctx, env_of(ctx)->internal_binding, JS_UNDEFINED, 1, (JSValueConst *)&id);
  JSValue constructor = JS_IsException(object) ? JS_EXCEPTION : JS_GetPropertyStr(ctx, object, name);
  JS_FreeValue(ctx, object);
  JS_FreeValue(ctx, id);
  return constructor;
}

static void accept_passed_handle(LibuvStream *stream)
{
  Env *env = the_env;
  JSContext *ctx = env->ctx;
  uv_pipe_t *pipe = &stream->uv.pipe;
  if (!uv_pipe_pending_count(pipe))
    return;
  JSValue constructor = class_for(ctx, uv_pipe_pending_type(pipe));
  JSValueConst type = JS_NewInt32(ctx, 0);
  JSValue object = JS_IsException(constructor) ? JS_EXCEPTION : JS_CallConstructor(ctx, constructor, 1, &type);
  JS_FreeValue(ctx, constructor);
  HandleWrap *received = JS_IsException(object) ? NULL : base_object_peek(object, &handle_wrap_type);
  if (!received || uv_accept(&stream->uv.stream, (uv_stream_t *)received->handle)) {
    if (JS_IsException(object))
      report_pending_exception(env);
    JS_FreeValue(ctx, object);
    return;
  }
  define_value(ctx, stream->handle.async.base.object, "pendingHandle", object);
}

void init_stream_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingConstant constants[] = {
      {"kReadBytesOrError", READ_BYTES_OR_ERROR}, {"kArrayBufferOffset", ARRAY_BUFFER_OFFSET},
      {"kBytesWritten", BYTES_WRITTEN}, {"kLastWriteWasAsync", LAST_WRITE_WAS_ASYNC}};
  stream_define_request(env, target, "ShutdownWrap");
  stream_define_request(env, target, "WriteWrap");
  DEFINE_CONSTANTS(ctx, target, constants);
  define_array(ctx, target, "streamBaseState", env->stream_base_state, 4 * sizeof(int32_t), JS_TYPED_ARRAY_INT32);
}
