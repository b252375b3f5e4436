/* zlib: the zstd format. */
#include "node_zlib.h"

#include <stdio.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

typedef struct ZstdStream {
  CompressionStream stream; /* first */
  ZSTD_CCtx *encoder;
  ZSTD_DCtx *decoder;
  uint64_t pledged; /* how much there will be to compress; ZSTD_CONTENTSIZE_UNKNOWN if nobody said */
  uint64_t consumed;
  bool counts; /* whether what was consumed has to be what was pledged */
  bool frame_complete, wants_more;
  ZSTD_ErrorCode error;
} ZstdStream;

static const CodecError no_error = {0};
static const CodecError init_error = {"Could not initialize zstd instance", "ERR_ZLIB_INITIALIZATION_FAILED", -1};
static const CodecError dictionary_error = {"Failed to load zstd dictionary", "ERR_ZLIB_DICTIONARY_LOAD_FAILED", -1};
static const CodecError pledge_error = {"Could not set pledged src size", "ERR_ZLIB_INITIALIZATION_FAILED", -1};
static const CodecError param_error = {"Setting parameter failed", "ERR_ZSTD_PARAM_SET_FAILED", -1};

static const struct { ZSTD_ErrorCode code; const char *name; } error_names[] = {
#define NAMED(name) {name, #name}
    NAMED(ZSTD_error_GENERIC), NAMED(ZSTD_error_prefix_unknown), NAMED(ZSTD_error_version_unsupported),
    NAMED(ZSTD_error_frameParameter_unsupported), NAMED(ZSTD_error_frameParameter_windowTooLarge),
    NAMED(ZSTD_error_corruption_detected), NAMED(ZSTD_error_checksum_wrong), NAMED(ZSTD_error_literals_headerWrong),
    NAMED(ZSTD_error_dictionary_corrupted), NAMED(ZSTD_error_dictionary_wrong),
    NAMED(ZSTD_error_dictionaryCreation_failed), NAMED(ZSTD_error_parameter_unsupported),
    NAMED(ZSTD_error_parameter_combination_unsupported), NAMED(ZSTD_error_parameter_outOfBound),
    NAMED(ZSTD_error_tableLog_tooLarge), NAMED(ZSTD_error_maxSymbolValue_tooLarge),
    NAMED(ZSTD_error_maxSymbolValue_tooSmall), NAMED(ZSTD_error_stabilityCondition_notRespected),
    NAMED(ZSTD_error_stage_wrong), NAMED(ZSTD_error_init_missing), NAMED(ZSTD_error_memory_allocation),
    NAMED(ZSTD_error_workSpace_tooSmall), NAMED(ZSTD_error_dstSize_tooSmall), NAMED(ZSTD_error_srcSize_wrong),
    NAMED(ZSTD_error_dstBuffer_null), NAMED(ZSTD_error_noForwardProgress_destFull),
    NAMED(ZSTD_error_noForwardProgress_inputEmpty),
#undef NAMED
};

static CodecError last_error(const ZstdStream *s)
{
  if (s->error == ZSTD_error_no_error)
    return no_error;
  const char *name = "ZSTD_error_GENERIC";
  for (int i = 0; i < COUNT_OF(error_names); i++)
    if (error_names[i].code == s->error)
      name = error_names[i].name;
  return (CodecError){ZSTD_getErrorString(s->error), name, (int)s->error};
}

/* --- encoder ----------------------------------------------------------------------------------------------------- */

static void encoder_close(CompressionStream *stream)
{
  ZstdStream *s = (ZstdStream *)stream;
  ZSTD_freeCCtx(s->encoder);
  s->encoder = NULL;
}

static CodecError encoder_start(ZstdStream *s, bool with_dictionary)
{
  encoder_close(&s->stream);
  s->counts = s->pledged != ZSTD_CONTENTSIZE_UNKNOWN;
  s->consumed = 0;
  s->error = ZSTD_error_no_error;
  s->encoder = ZSTD_createCCtx();
  if (!s->encoder)
    return init_error;
  if (with_dictionary && s->stream.dictionary &&
      ZSTD_isError(ZSTD_CCtx_loadDictionary(s->encoder, s->stream.dictionary, s->stream.dictionary_length)))
    return dictionary_error;
  return ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(s->encoder, s->pledged)) ? pledge_error : no_error;
}

/* A reset stream has neither dictionary nor parameters, as in Node. */
static CodecError encoder_reset(CompressionStream *stream) { return encoder_start((ZstdStream *)stream, false); }

static void encoder_run(CompressionStream *stream)
{
  ZstdStream *s = (ZstdStream *)stream;
  if (!s->encoder)
    return;
  ZSTD_inBuffer in = {stream->in, stream->in_left, 0};
  ZSTD_outBuffer out = {stream->out, stream->out_left, 0};
  size_t left = ZSTD_compressStream2(s->encoder, &out, &in, (ZSTD_EndDirective)stream->flush);
  stream->in += in.pos;
  stream->in_left -= in.pos;
  stream->out += out.pos;
  stream->out_left -= out.pos;
  s->consumed += in.pos;
  if (ZSTD_isError(left)) {
    s->error = ZSTD_getErrorCode(left);
  } else if (left == 0 && stream->flush == ZSTD_e_end && s->counts) {
    /* With all of it in one call the format's library takes no notice of what was pledged. */
    s->counts = false;
    if (s->consumed != s->pledged)
      s->error = ZSTD_error_srcSize_wrong;
  }
}

static CodecError encoder_error(CompressionStream *stream) { return last_error((ZstdStream *)stream); }

static const Codec encoder_codec = {encoder_run, encoder_error, encoder_reset, encoder_close};

/* --- decoder ----------------------------------------------------------------------------------------------------- */

static void decoder_close(CompressionStream *stream)
{
  ZstdStream *s = (ZstdStream *)stream;
  ZSTD_freeDCtx(s->decoder);
  s->decoder = NULL;
}

static CodecError decoder_start(ZstdStream *s, bool with_dictionary)
{
  decoder_close(&s->stream);
  s->frame_complete = s->wants_more = false;
  s->error = ZSTD_error_no_error;
  s->decoder = ZSTD_createDCtx();
  if (!s->decoder)
    return init_error;
  if (with_dictionary && s->stream.dictionary &&
      ZSTD_isError(ZSTD_DCtx_loadDictionary(s->decoder, s->stream.dictionary, s->stream.dictionary_length)))
    return dictionary_error;
  return no_error;
}

static CodecError decoder_reset(CompressionStream *stream) { return decoder_start((ZstdStream *)stream, false); }

static void decoder_run(CompressionStream *stream)
{
  ZstdStream *s = (ZstdStream *)stream;
  /* The library asks again, without input, when the output was full: that begins no new frame. */
  if (!s->decoder || (s->frame_complete && stream->in_left == 0)) {
    s->wants_more = false;
    return;
  }
  ZSTD_inBuffer in = {stream->in, stream->in_left, 0};
  ZSTD_outBuffer out = {stream->out, stream->out_left, 0};
  size_t left = ZSTD_decompressStream(s->decoder, &out, &in);
  stream->in += in.pos;
  stream->in_left -= in.pos;
  stream->out += out.pos;
  stream->out_left -= out.pos;
  s->frame_complete = left == 0;
  s->wants_more = !s->frame_complete && in.pos == in.size && out.pos < out.size;
  if (ZSTD_isError(left))
    s->error = ZSTD_getErrorCode(left);
}

static CodecError decoder_error(CompressionStream *stream)
{
  ZstdStream *s = (ZstdStream *)stream;
  if (s->error == ZSTD_error_no_error && stream->flush == ZSTD_e_end && s->wants_more)
    return (CodecError){"unexpected end of file", "Z_BUF_ERROR", Z_BUF_ERROR};
  return last_error(s);
}

static const Codec decoder_codec = {decoder_run, decoder_error, decoder_reset, decoder_close};

/* --- classes ----------------------------------------------------------------------------------------------------- */

static JSValue construct_encoder(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  return compression_stream_new(ctx, new_target, sizeof(ZstdStream), &encoder_codec, MODE_ZSTD_COMPRESS);
}

static JSValue construct_decoder(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  return compression_stream_new(ctx, new_target, sizeof(ZstdStream), &decoder_codec, MODE_ZSTD_DECOMPRESS);
}

static bool set_parameter(ZstdStream *s, int key, uint32_t value)
{
  size_t result = s->encoder ? ZSTD_CCtx_setParameter(s->encoder, (ZSTD_cParameter)key, (int)value)
                             : ZSTD_DCtx_setParameter(s->decoder, (ZSTD_dParameter)key, (int)value);
  return !ZSTD_isError(result);
}

static JSValue fail(JSContext *ctx, CompressionStream *stream, CodecError error)
{
  compression_stream_fail(stream, error);
  return throw_code_error(ctx, ERROR, "ERR_ZLIB_INITIALIZATION_FAILED", "%s", error.message);
}

/* False with an exception. */
static bool read_pledge(JSContext *ctx, JSValueConst value, uint64_t *pledged)
{
  *pledged = ZSTD_CONTENTSIZE_UNKNOWN;
  if (JS_IsUndefined(value))
    return true;
  double size = JS_IsNumber(value) ? arg_double(ctx, value) : -1;
  if (!JS_IsNumber(value))
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "pledgedSrcSize must be a number");
  else if (!(size >= -9007199254740991.0 && size <= 9007199254740991.0 && size == (double)(int64_t)size))
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "pledgedSrcSize must be a safe integer");
  else if (size < 0)
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "pledgedSrcSize must be non-negative");
  else {
    *pledged = (uint64_t)size;
    return true;
  }
  return false;
}

/* init(params, pledgedSrcSize, writeResult, callback, dictionary); params[key] is a value or -1 */
static JSValue init(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  uint64_t pledged;
  CompressionStream *stream = compression_stream_get(ctx, self);
  if (!stream || !read_pledge(ctx, argv[1], &pledged))
    return JS_EXCEPTION;
  if (!JS_IsUndefined(argv[4]) && !engine_view(argv[4], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "dictionary must be an ArrayBufferView if provided");
  if (!compression_stream_init(ctx, stream, argv[2], argv[3], argv[4]))
    return JS_EXCEPTION;
  ZstdStream *s = (ZstdStream *)stream;
  s->pledged = pledged;
  CodecError error = stream->mode == MODE_ZSTD_COMPRESS ? encoder_start(s, true) : decoder_start(s, true);
  if (error.message)
    return fail(ctx, stream, error);
  if (!engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "params must be a Uint32Array");
  const uint32_t *values = (const uint32_t *)view.data;
  for (size_t key = 0; key < view.length / sizeof(*values); key++) {
    if (values[key] != UINT32_MAX && !set_parameter(s, (int)key, values[key]))
      return fail(ctx, stream, param_error);
  }
  return JS_UNDEFINED;
}

/* params(): nothing is changed under way, and the library does not ask */
static JSValue params(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

void zlib_init_zstd(Env *env, JSContext *ctx, JSValueConst target)
{
  define_compression_class(env, ctx, target, "ZstdCompress", construct_encoder, init, params);
  define_compression_class(env, ctx, target, "ZstdDecompress", construct_decoder, init, params);
}
