/* StreamBase: reading, writing and ending a stream from JavaScript. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "string_bytes.h"

enum { READ_BYTES_OR_ERROR, ARRAY_BUFFER_OFFSET, BYTES_WRITTEN, LAST_WRITE_WAS_ASYNC };

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

static StreamBase *living_stream(JSValueConst self)
{
  StreamBase *stream = stream_of(self);
  return stream && stream->methods->alive(stream) ? stream : NULL;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static JSValue write_result(JSContext *ctx, size_t bytes, bool async, int error)
{
  Env *env = env_of(ctx);
  env->stream_base_state[BYTES_WRITTEN] = (int32_t)bytes;
  env->stream_base_state[LAST_WRITE_WAS_ASYNC] = async;
  return JS_NewInt32(ctx, error);
}

/* Writes now what goes and leaves the rest to the request, which keeps `storage` (or frees it). */
static JSValue stream_write(JSContext *ctx, StreamBase *stream, JSValueConst object, uv_buf_t *buffers, size_t count,
                            char *storage, uv_stream_t *send)
{
  size_t total = 0;
  int error = 0;
  for (size_t i = 0; i < count; i++)
    total += buffers[i].len;
  stream->bytes_written += (double)total;
  if (!send && stream->methods->try_write)
    error = stream->methods->try_write(stream, &buffers, &count);
  if (error || count == 0) {
    free(storage);
    return write_result(ctx, total, false, error);
  }
  WriteWrap *request = stream_request(ctx, object);
  if (!request) {
    free(storage);
    return JS_EXCEPTION;
  }
  stream_request_start(env_of(ctx), request, PROVIDER_WRITEWRAP, stream->wrap);
  request->stream = stream;
  request->storage = storage;
  error = stream->methods->write(stream, request, buffers, count, send);
  if (error)
    stream_request_cancel(request);
  return write_result(ctx, total, !error, error);
}

static uv_stream_t *handle_to_send(JSContext *ctx, StreamBase *stream, JSValueConst request, JSValueConst object)
{
  HandleWrap *wrap = JS_IsObject(object) ? base_object_peek(object, &handle_wrap_type) : NULL;
  if (!wrap || !stream->methods->takes_handles || !stream->methods->takes_handles(stream))
    return NULL;
  define_value(ctx, request, "handle", JS_DupValue(ctx, object)); /* it lives until it is sent */
  return (uv_stream_t *)wrap->handle;
}

static JSValue write_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = living_stream(self);
  EngineView view;
  if (!stream)
    return write_result(ctx, 0, false, UV_EBADF);
  if (!engine_view(argv[1], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "Second argument must be a buffer");
  uv_buf_t buffer = uv_buf_init((char *)view.data, (unsigned)view.length);
  uv_stream_t *send = argc > 2 ? handle_to_send(ctx, stream, argv[0], argv[2]) : NULL;
  return stream_write(ctx, stream, argv[0], &buffer, 1, NULL, send);
}

static JSValue write_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, Encoding encoding)
{
  StreamBase *stream = living_stream(self);
  uint8_t *bytes;
  size_t length;
  if (!stream)
    return write_result(ctx, 0, false, UV_EBADF);
  if (!string_bytes_get(ctx, argv[1], encoding, &bytes, &length))
    return JS_EXCEPTION;
  if (length > INT_MAX) {
    free(bytes);
    return write_result(ctx, 0, false, UV_ENOBUFS);
  }
  uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)length);
  uv_stream_t *send = argc > 2 ? handle_to_send(ctx, stream, argv[0], argv[2]) : NULL;
  return stream_write(ctx, stream, argv[0], &buffer, 1, (char *)bytes, send);
}

static JSValue write_utf8_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return write_string(ctx, self, argc, argv, UTF8);
}

static JSValue write_latin1_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return write_string(ctx, self, argc, argv, LATIN1);
}

static JSValue write_ucs2_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return write_string(ctx, self, argc, argv, UCS2);
}

/* --- writev: buffers, or buffers and strings with their encodings --------------------------------------------------- */

typedef struct Gather {
  uv_buf_t *buffers;
  size_t *offsets; /* of a string's bytes in storage, which moves while it grows; SIZE_MAX for a buffer */
  char *storage;
  size_t used, capacity;
  uint32_t count;
} Gather;

static void gather_free(Gather *gather)
{
  free(gather->buffers);
  free(gather->offsets);
}

static bool gather_bytes(JSContext *ctx, Gather *gather, const uint8_t *bytes, size_t length)
{
  if (gather->used + length > gather->capacity) {
    size_t capacity = (gather->used + length) * 2;
    char *storage = realloc(gather->storage, capacity);
    if (!storage) {
      JS_ThrowOutOfMemory(ctx);
      return false;
    }
    gather->storage = storage;
    gather->capacity = capacity;
  }
  if (length)
    memcpy(gather->storage + gather->used, bytes, length);
  gather->used += length;
  return true;
}

static bool gather_string(JSContext *ctx, Gather *gather, JSValueConst text, JSValueConst encoding, uint32_t at)
{
  uint8_t *bytes;
  size_t length;
  JSValue string = JS_ToString(ctx, text);
  bool ok = !JS_IsException(string) && string_bytes_get(ctx, string, parse_encoding(ctx, encoding, UTF8), &bytes, &length);
  JS_FreeValue(ctx, string);
  if (!ok)
    return false;
  gather->offsets[at] = gather->used;
  gather->buffers[at] = uv_buf_init(NULL, (unsigned)length);
  ok = gather_bytes(ctx, gather, bytes, length);
  free(bytes);
  return ok;
}

static bool gather_chunk(JSContext *ctx, Gather *gather, JSValueConst chunks, uint32_t at, bool all_buffers)
{
  JSValue chunk = JS_GetPropertyUint32(ctx, chunks, all_buffers ? at : at * 2);
  EngineView view;
  bool ok = !JS_IsException(chunk);
  if (ok && engine_view(chunk, &view)) {
    gather->buffers[at] = uv_buf_init((char *)view.data, (unsigned)view.length);
    gather->offsets[at] = SIZE_MAX;
  } else if (ok) {
    JSValue encoding = all_buffers ? JS_UNDEFINED : JS_GetPropertyUint32(ctx, chunks, at * 2 + 1);
    ok = !JS_IsException(encoding) && gather_string(ctx, gather, chunk, encoding, at);
    JS_FreeValue(ctx, encoding);
  }
  JS_FreeValue(ctx, chunk); /* the caller's array holds it */
  return ok;
}

static JSValue write_vector(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = living_stream(self);
  int64_t length;
  if (!stream)
    return write_result(ctx, 0, false, UV_EBADF);
  if (JS_GetLength(ctx, argv[1], &length))
    return JS_EXCEPTION;
  bool all_buffers = arg_bool(ctx, argv[2]);
  Gather gather = {.count = (uint32_t)(all_buffers ? length : length / 2)};
  gather.buffers = calloc(gather.count + 1, sizeof(*gather.buffers));
  gather.offsets = calloc(gather.count + 1, sizeof(*gather.offsets));
  bool ok = gather.buffers && gather.offsets;
  if (!ok)
    JS_ThrowOutOfMemory(ctx);
  for (uint32_t i = 0; ok && i < gather.count; i++)
    ok = gather_chunk(ctx, &gather, argv[1], i, all_buffers);
  if (!ok) {
    free(gather.storage);
    gather_free(&gather);
    return JS_EXCEPTION;
  }
  for (uint32_t i = 0; i < gather.count; i++) {
    if (gather.offsets[i] != SIZE_MAX)
      gather.buffers[i].base = gather.storage + gather.offsets[i];
  }
  JSValue result = stream_write(ctx, stream, argv[0], gather.buffers, gather.count, gather.storage, NULL);
  gather_free(&gather);
  return result;
}

/* --- the other methods ---------------------------------------------------------------------------------------------- */

static JSValue read_start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = living_stream(self);
  return JS_NewInt32(ctx, stream ? stream->methods->read_start(stream) : UV_EBADF);
}

static JSValue read_stop(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = living_stream(self);
  return JS_NewInt32(ctx, stream ? stream->methods->read_stop(stream) : UV_EBADF);
}

static JSValue shutdown_stream(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StreamBase *stream = living_stream(self);
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
  StreamBase *stream = living_stream(self);
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

void stream_base_define(JSContext *ctx, JSValueConst constructor)
{
  static const BindingFunction methods[] = {
      {"readStart", read_start, 0},
      {"readStop", read_stop, 0},
      {"shutdown", shutdown_stream, 1},
      {"useUserBuffer", use_user_buffer, 1},
      {"writev", write_vector, 3},
      {"writeBuffer", write_buffer, 2},
      {"writeAsciiString", write_latin1_string, 2},
      {"writeUtf8String", write_utf8_string, 2},
      {"writeUcs2String", write_ucs2_string, 2},
      {"writeLatin1String", write_latin1_string, 2},
  };
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  DEFINE_FUNCTIONS(ctx, proto, methods);
  define_getter(ctx, proto, "fd", get_fd, NULL);
  define_getter(ctx, proto, "bytesRead", get_bytes_read, NULL);
  define_getter(ctx, proto, "bytesWritten", get_bytes_written, NULL);
  define_getter(ctx, proto, "onread", get_onread, set_onread);
  define_bool(ctx, proto, "isStreamBase", true);
  JS_FreeValue(ctx, proto);
}
