/* zlib: compression streams, whatever the codec, and crc32. */
#include "node_zlib.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void finalize(BaseObject *base)
{
  CompressionStream *stream = (CompressionStream *)base;
  stream->codec->close(stream);
  free(stream->dictionary);
  JS_FreeValueRT(the_env->rt, stream->result);
  JS_FreeValueRT(the_env->rt, stream->callback);
  async_wrap_finalize(base);
}

static void mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark_func)
{
  CompressionStream *stream = (CompressionStream *)base;
  JS_MarkValue(rt, stream->result, mark_func);
  JS_MarkValue(rt, stream->callback, mark_func);
  async_wrap_mark(base, rt, mark_func);
}

static const BaseType stream_type = {"CompressionStream", &async_wrap_type, finalize, mark};

CompressionStream *compression_stream_get(JSContext *ctx, JSValueConst self)
{
  return base_object_get(ctx, self, &stream_type);
}

JSValue compression_stream_new(JSContext *ctx, JSValueConst new_target, size_t size, const Codec *codec, ZlibMode mode)
{
  CompressionStream *stream;
  JSValue object = base_object_new(ctx, new_target, &stream_type, size, &stream);
  if (JS_IsException(object))
    return object;
  stream->codec = codec;
  stream->mode = mode;
  stream->result = stream->callback = stream->in_held = stream->out_held = JS_UNDEFINED;
  async_wrap_init(env_of(ctx), &stream->wrap, PROVIDER_ZLIB);
  return object;
}

bool compression_stream_init(JSContext *ctx, CompressionStream *stream, JSValueConst result, JSValueConst callback,
                             JSValueConst dictionary)
{
  EngineView view;
  if (!engine_view(result, &view) || view.length < 2 * sizeof(uint32_t) || !JS_IsFunction(ctx, callback) ||
      stream->writing || stream->closed) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "a stream is initialized with an array and a function");
    return false;
  }
  free(stream->dictionary);
  stream->dictionary = NULL;
  stream->dictionary_length = 0;
  if (engine_view(dictionary, &view) && view.length) {
    if (!(stream->dictionary = malloc(view.length))) {
      JS_ThrowOutOfMemory(ctx);
      return false;
    }
    memcpy(stream->dictionary, view.data, view.length);
    stream->dictionary_length = view.length;
  }
  JS_FreeValue(ctx, stream->result);
  JS_FreeValue(ctx, stream->callback);
  stream->result = JS_DupValue(ctx, result);
  stream->callback = JS_DupValue(ctx, callback);
  stream->ready = true;
  return true;
}

/* --- the end of a write ------------------------------------------------------------------------------------------ */

static void close_stream(CompressionStream *stream)
{
  if (stream->writing) {
    stream->close_pending = true;
    return;
  }
  stream->close_pending = false;
  stream->closed = true;
  stream->codec->close(stream);
}

void compression_stream_fail(CompressionStream *stream, CodecError error)
{
  JSContext *ctx = the_env->ctx;
  JSValue message = JS_NewString(ctx, error.message), code = JS_NewString(ctx, error.code);
  JSValueConst arguments[] = {message, JS_NewInt32(ctx, error.number), code};
  async_wrap_call(&stream->wrap, "onerror", 3, arguments);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, code);
  stream->writing = false;
  if (stream->close_pending)
    close_stream(stream);
}

static void let_go(JSContext *ctx, CompressionStream *stream)
{
  JS_FreeValue(ctx, stream->in_held);
  JS_FreeValue(ctx, stream->out_held);
  stream->in_held = stream->out_held = JS_UNDEFINED;
}

/* Tells how far the write came; false if it failed, which has been told. */
static bool conclude(CompressionStream *stream)
{
  EngineView view;
  CodecError error = stream->codec->error(stream);
  if (error.message) {
    compression_stream_fail(stream, error);
    return false;
  }
  const uint32_t left[] = {(uint32_t)stream->out_left, (uint32_t)stream->in_left};
  if (engine_view(stream->result, &view) && view.length >= sizeof(left))
    memcpy(view.data, left, sizeof(left));
  return true;
}

static void work_run(uv_work_t *work)
{
  CompressionStream *stream = work->data;
  stream->codec->run(stream);
}

static void work_done(uv_work_t *work, int status)
{
  CompressionStream *stream = work->data;
  JSContext *ctx = the_env->ctx;
  JSValue object = JS_MKPTR(JS_TAG_OBJECT, JS_VALUE_GET_PTR(stream->wrap.base.object)); /* held since the write */
  stream->writing = false;
  let_go(ctx, stream);
  if (status == 0 && conclude(stream)) {
    JS_FreeValue(ctx, async_wrap_make_callback(&stream->wrap, stream->callback, 0, NULL));
    if (stream->close_pending)
      close_stream(stream);
  }
  JS_FreeValue(ctx, object);
}

/* --- methods ----------------------------------------------------------------------------------------------------- */

/* The part of a buffer that (buffer, offset, length) tells; null is nothing. False with an exception. */
static bool part_of(JSContext *ctx, JSValueConst *arguments, const char *which, uint8_t **data, size_t *length)
{
  EngineView view;
  uint32_t offset = arg_uint32(ctx, arguments[1]), size = arg_uint32(ctx, arguments[2]);
  *data = NULL;
  *length = 0;
  if (JS_IsNull(arguments[0]))
    return true;
  if (!engine_view(arguments[0], &view)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "%s must be a buffer", which);
    return false;
  }
  if (offset > view.length || size > view.length - offset) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "%s buffer is out of bounds", which);
    return false;
  }
  *data = view.data + offset;
  *length = size;
  return true;
}

/* Readies a write(flush, in, in_off, in_len, out, out_off, out_len); NULL with an exception. */
static CompressionStream *prepare(JSContext *ctx, JSValueConst self, JSValueConst *argv)
{
  CompressionStream *stream = compression_stream_get(ctx, self);
  uint8_t *in, *out;
  size_t in_length, out_length;
  if (!stream)
    return NULL;
  if (!stream->ready || stream->closed || stream->writing || stream->close_pending) {
    throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "a write to a stream that is not ready");
    return NULL;
  }
  if (!part_of(ctx, argv + 1, "input", &in, &in_length) || !part_of(ctx, argv + 4, "output", &out, &out_length))
    return NULL;
  stream->flush = arg_uint32(ctx, argv[0]);
  stream->in = in;
  stream->in_left = in_length;
  stream->out = out;
  stream->out_left = out_length;
  stream->writing = true;
  return stream;
}

static JSValue stream_write(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CompressionStream *stream = prepare(ctx, self, argv);
  if (!stream)
    return JS_EXCEPTION;
  stream->work.data = stream;
  int status = uv_queue_work(env_of(ctx)->loop, &stream->work, work_run, work_done);
  if (status < 0) {
    stream->writing = false;
    return throw_uv_exception(ctx, status, "uv_queue_work", NULL, NULL, NULL);
  }
  JS_DupValue(ctx, self);
  stream->in_held = JS_DupValue(ctx, argv[1]);
  stream->out_held = JS_DupValue(ctx, argv[4]);
  return JS_UNDEFINED;
}

static JSValue stream_write_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CompressionStream *stream = prepare(ctx, self, argv);
  if (!stream)
    return JS_EXCEPTION;
  stream->codec->run(stream);
  if (conclude(stream))
    stream->writing = false;
  return JS_UNDEFINED;
}

static JSValue stream_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CompressionStream *stream = compression_stream_get(ctx, self);
  if (!stream)
    return JS_EXCEPTION;
  close_stream(stream);
  return JS_UNDEFINED;
}

static JSValue stream_reset(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CompressionStream *stream = compression_stream_get(ctx, self);
  if (!stream)
    return JS_EXCEPTION;
  if (stream->writing)
    return JS_ThrowPlainError(ctx, "Cannot reset zlib stream while a write is in progress");
  if (stream->closed || !stream->ready)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "a reset of a stream that is not ready");
  CodecError error = stream->codec->reset(stream);
  if (error.message)
    compression_stream_fail(stream, error);
  return JS_UNDEFINED;
}

void define_compression_class(Env *env, JSContext *ctx, JSValueConst target, const char *name, NativeFunction *construct,
                              NativeFunction *init, NativeFunction *params)
{
  const BindingFunction methods[] = {{"write", stream_write, 7}, {"writeSync", stream_write_sync, 7},
                                     {"close", stream_close, 0}, {"init", init, 8},
                                     {"params", params, 2},      {"reset", stream_reset, 0}};
  define_class(ctx, target, name, construct, async_wrap_constructor(env), methods, COUNT_OF(methods));
}

/* crc32(data, value) */
static JSValue zlib_crc32(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  uLong value = arg_uint32(ctx, argv[1]);
  if (engine_view(argv[0], &view))
    return JS_NewUint32(ctx, (uint32_t)crc32_z(value, view.data ? view.data : (const Bytef *)"", view.length));
  size_t length;
  char *text = arg_utf8(ctx, argv[0], &length);
  if (!text)
    return JS_EXCEPTION;
  uint32_t sum = (uint32_t)crc32_z(value, (const Bytef *)text, length);
  arg_free(text);
  return JS_NewUint32(ctx, sum);
}

void init_zlib(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"crc32", zlib_crc32, 2}};
  DEFINE_FUNCTIONS(ctx, target, functions);
  zlib_init_deflate(env, ctx, target);
  zlib_init_brotli(env, ctx, target);
  zlib_init_zstd(env, ctx, target);
  define_string(ctx, target, "ZLIB_VERSION", ZLIB_VERSION);
}
