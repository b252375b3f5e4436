/* StreamBase: reading and ending a stream from JavaScript; stream_write.c is about writing. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"

/* --- listeners --------------------------------------------------------------------------------------------------- */

void stream_push_listener(StreamBase *stream, StreamListener *listener)
{
  listener->stream = stream;
  listener->previous = stream->listener;
  stream->listener = listener;
}

void stream_remove_listener(StreamListener *listener)
{
  StreamListener **at = listener->stream ? &listener->stream->listener : NULL;
  while (at && *at && *at != listener)
    at = &(*at)->previous;
  if (at && *at)
    *at = listener->previous;
  listener->stream = NULL;
  listener->previous = NULL;
}

void stream_pass_error(StreamListener *listener, ssize_t error)
{
  uv_buf_t none = uv_buf_init(NULL, 0);
  if (listener->previous)
    listener->previous->read(listener->previous, error, &none);
}

uv_buf_t stream_alloc(StreamBase *stream, size_t suggested) { return stream->listener->alloc(stream->listener, suggested); }

void stream_read(StreamBase *stream, ssize_t length, const uv_buf_t *buffer)
{
  if (length > 0)
    stream->bytes_read += (double)length;
  stream->listener->read(stream->listener, length, buffer);
}

/* --- the listener that calls onread ------------------------------------------------------------------------------- */

static JSValue call_onread(StreamBase *stream, ssize_t length, JSValueConst bytes)
{
  Env *env = the_env;
  env->stream_base_state[READ_BYTES_OR_ERROR] = (int32_t)length;
  env->stream_base_state[ARRAY_BUFFER_OFFSET] = 0;
  if (!JS_IsFunction(env->ctx, stream->onread))
    return JS_UNDEFINED;
  JSValue onread = JS_DupValue(env->ctx, stream->onread);
  JSValue result = async_wrap_make_callback(stream->wrap, onread, 1, &bytes);
  JS_FreeValue(env->ctx, onread);
  return result;
}

static uv_buf_t script_alloc(StreamListener *listener, size_t suggested)
{
  (void)listener;
  char *base = malloc(suggested);
  return uv_buf_init(base, base ? (unsigned)suggested : 0);
}

static void *resize_bytes(JSRuntime *rt, void *opaque, void *bytes, size_t size)
{
  (void)rt;
  (void)opaque;
  if (size)
    return realloc(bytes, size);
  free(bytes);
  return NULL;
}

static void script_read(StreamListener *listener, ssize_t length, const uv_buf_t *buffer)
{
  JSContext *ctx = the_env->ctx;
  if (length <= 0) {
    free(buffer->base);
    if (length < 0)
      JS_FreeValue(ctx, call_onread(listener->stream, length, JS_UNDEFINED));
    return;
  }
  /* A short read must not pin a whole 64 KiB buffer. */
  char *exact = realloc(buffer->base, (size_t)length);
  JSValue bytes = JS_NewArrayBuffer(ctx, (uint8_t *)(exact ? exact : buffer->base), (size_t)length, 0,
                                   resize_bytes, NULL, false);
  if (JS_IsException(bytes)) {
    report_pending_exception(the_env);
    return;
  }
  JS_FreeValue(ctx, call_onread(listener->stream, length, bytes));
  JS_FreeValue(ctx, bytes);
}

/* --- the listener that reads into a buffer of the user's ----------------------------------------------------------- */

typedef struct UserBuffer {
  StreamListener listener;
  JSValue view;
} UserBuffer;

static uv_buf_t user_alloc(StreamListener *listener, size_t suggested)
{
  EngineView view;
  (void)suggested;
  if (!engine_view(((UserBuffer *)listener)->view, &view))
    return uv_buf_init(NULL, 0);
  return uv_buf_init((char *)view.data, (unsigned)(view.length > INT_MAX ? INT_MAX : view.length));
}

static void user_read(StreamListener *listener, ssize_t length, const uv_buf_t *buffer)
{
  UserBuffer *user = (UserBuffer *)listener;
  JSContext *ctx = the_env->ctx;
  (void)buffer;
  if (length == 0)
    return;
  /* onread gives the buffer for the next read, or nothing to go on with this one. */
  JSValue next = call_onread(listener->stream, length, JS_UNDEFINED);
  EngineView view;
  if (length > 0 && engine_view(next, &view)) {
    JS_FreeValue(ctx, user->view);
    user->view = next;
    return;
  }
  JS_FreeValue(ctx, next);
}

static JSValue use_user_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_of(self);
  EngineView view;
  if (!stream || stream->user_buffer || !engine_view(argv[0], &view))
    return JS_NewInt32(ctx, UV_EINVAL);
  UserBuffer *user = calloc(1, sizeof(*user));
  if (!user)
    return JS_ThrowOutOfMemory(ctx);
  user->listener.alloc = user_alloc;
  user->listener.read = user_read;
  user->view = JS_DupValue(ctx, argv[0]);
  stream->user_buffer = &user->listener;
  stream_push_listener(stream, &user->listener);
  return JS_NewInt32(ctx, 0);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

void stream_base_init(StreamBase *stream, const StreamMethods *methods, AsyncWrap *wrap)
{
  stream->methods = methods;
  stream->wrap = wrap;
  stream->onread = JS_UNDEFINED;
  stream->script.alloc = script_alloc;
  stream->script.read = script_read;
  stream_push_listener(stream, &stream->script);
}

void stream_base_finalize(StreamBase *stream)
{
  JSRuntime *rt = the_env->rt;
  if (!stream->methods)
    return;
  while (stream->listener) {
    StreamListener *listener = stream->listener;
    stream_remove_listener(listener);
    if (listener->destroyed)
      listener->destroyed(listener);
  }
  if (stream->user_buffer) {
    JS_FreeValueRT(rt, ((UserBuffer *)stream->user_buffer)->view);
    free(stream->user_buffer);
  }
  JS_FreeValueRT(rt, stream->onread);
}

void stream_base_mark(StreamBase *stream, JSRuntime *rt, JS_MarkFunc *mark)
{
  if (!stream->methods)
    return;
  JS_MarkValue(rt, stream->onread, mark);
  if (stream->user_buffer)
    JS_MarkValue(rt, ((UserBuffer *)stream->user_buffer)->view, mark);
}

static struct {
  const BaseType *type;
  StreamBase *(*of)(BaseObject *base);
} stream_types[8];

void stream_register_type(const BaseType *type, StreamBase *(*of)(BaseObject *base))
{
  int i = 0;
  while (i < COUNT_OF(stream_types) - 1 && stream_types[i].type && stream_types[i].type != type)
    i++;
  stream_types[i].type = type;
  stream_types[i].of = of;
}

StreamBase *stream_of(JSValueConst object)
{
  for (int i = 0; i < COUNT_OF(stream_types) && stream_types[i].type; i++) {
    BaseObject *base = base_object_peek(object, stream_types[i].type);
    if (base)
      return stream_types[i].of(base);
  }
  return NULL;
}

StreamBase *stream_living(JSValueConst self)
{
  StreamBase *stream = stream_of(self);
  return stream && stream->methods->alive(stream) ? stream : NULL;
}

/* --- the other methods ---------------------------------------------------------------------------------------------- */

static JSValue read_start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_living(self);
  return JS_NewInt32(ctx, stream ? stream->methods->read_start(stream) : UV_EBADF);
}

static JSValue read_stop(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_living(self);
  return JS_NewInt32(ctx, stream ? stream->methods->read_stop(stream) : UV_EBADF);
}

static JSValue shutdown_stream(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_living(self);
  if (!stream)
    return JS_NewInt32(ctx, UV_EBADF);
  WriteWrap *request = stream_request(ctx, argv[0]);
  if (!request)
    return JS_EXCEPTION;
  stream_request_start(env_of(ctx), request, PROVIDER_SHUTDOWNWRAP, stream->wrap);
  request->stream = stream;
  int error = stream->methods->shutdown(stream, &request->req);
  if (error)
    stream_request_cancel(request);
  return JS_NewInt32(ctx, error);
}

static JSValue get_fd(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_living(self);
  return JS_NewInt32(ctx, stream ? stream->methods->descriptor(stream) : UV_EINVAL);
}

static JSValue get_bytes_read(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_of(self);
  return JS_NewNumber(ctx, stream ? stream->bytes_read : 0);
}

static JSValue get_bytes_written(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_of(self);
  return JS_NewNumber(ctx, stream ? stream->bytes_written : 0);
}

static JSValue get_onread(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_of(self);
  return stream ? JS_DupValue(ctx, stream->onread) : JS_UNDEFINED;
}

static JSValue set_onread(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_of(self);
  if (!stream)
    return JS_UNDEFINED;
  JSValue old = stream->onread;
  stream->onread = JS_DupValue(ctx, argv[0]);
  JS_FreeValue(ctx, old);
  return JS_UNDEFINED;
}

static JSValue get_external_stream(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = stream_of(self);
  return stream ? new_external(ctx, stream) : JS_UNDEFINED;
}

void stream_base_define(JSContext *ctx, JSValueConst constructor)
{
  static const BindingFunction methods[] = {
      {"readStart", read_start, 0},
      {"readStop", read_stop, 0},
      {"shutdown", shutdown_stream, 1},
      {"useUserBuffer", use_user_buffer, 1},
  };
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  DEFINE_FUNCTIONS(ctx, proto, methods);
  stream_define_writing(ctx, proto);
  define_getter(ctx, proto, "fd", get_fd, NULL);
  define_getter(ctx, proto, "_externalStream", get_external_stream, NULL);
  define_getter(ctx, proto, "bytesRead", get_bytes_read, NULL);
  define_getter(ctx, proto, "bytesWritten", get_bytes_written, NULL);
  define_getter(ctx, proto, "onread", get_onread, set_onread);
  define_bool(ctx, proto, "isStreamBase", true);
  JS_FreeValue(ctx, proto);
}
