/* Writing to a stream from JavaScript: buffers, strings in an encoding, lists of both. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "string_bytes.h"

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
  StreamBase *stream = stream_living(self);
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
  StreamBase *stream = stream_living(self);
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
  StreamBase *stream = stream_living(self);
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

void stream_define_writing(JSContext *ctx, JSValueConst proto)
{
  static const BindingFunction methods[] = {
      {"writev", write_vector, 3},
      {"writeBuffer", write_buffer, 2},
      {"writeAsciiString", write_latin1_string, 2},
      {"writeUtf8String", write_utf8_string, 2},
      {"writeUcs2String", write_ucs2_string, 2},
      {"writeLatin1String", write_latin1_string, 2},
  };
  DEFINE_FUNCTIONS(ctx, proto, methods);
}
