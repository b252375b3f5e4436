/* zlib: the brotli format. */
#include "node_zlib.h"

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <stdio.h>
#include <zlib.h>

enum { NOT_SET = -1 };

typedef struct BrotliStream {
  CompressionStream stream; /* first */
  BrotliEncoderState *encoder;
  BrotliEncoderPreparedDictionary *prepared;
  BrotliDecoderState *decoder;
  bool failed; /* the encoder's only error */
  BrotliDecoderResult result;
  BrotliDecoderErrorCode error;
  char code[96];
} BrotliStream;

static const CodecError no_error = {0};
static const CodecError init_error = {"Could not initialize Brotli instance", "ERR_ZLIB_INITIALIZATION_FAILED", -1};
static const CodecError param_error = {"Setting parameter failed", "ERR_BROTLI_PARAM_SET_FAILED", -1};

/* --- encoder ----------------------------------------------------------------------------------------------------- */

static void encoder_close(CompressionStream *stream)
{
  BrotliStream *s = (BrotliStream *)stream;
  if (s->encoder)
    BrotliEncoderDestroyInstance(s->encoder);
  if (s->prepared)
    BrotliEncoderDestroyPreparedDictionary(s->prepared);
  s->encoder = NULL;
  s->prepared = NULL;
}

static CodecError encoder_start(BrotliStream *s)
{
  encoder_close(&s->stream);
  s->encoder = BrotliEncoderCreateInstance(NULL, NULL, NULL);
  if (!s->encoder)
    return init_error;
  if (!s->stream.dictionary)
    return no_error;
  s->prepared = BrotliEncoderPrepareDictionary(BROTLI_SHARED_DICTIONARY_RAW, s->stream.dictionary_length,
                                               s->stream.dictionary, BROTLI_MAX_QUALITY, NULL, NULL, NULL);
  if (!s->prepared)
    return (CodecError){"Failed to prepare brotli dictionary", "ERR_ZLIB_DICTIONARY_LOAD_FAILED", -1};
  if (!BrotliEncoderAttachPreparedDictionary(s->encoder, s->prepared))
    return (CodecError){"Failed to attach brotli dictionary", "ERR_ZLIB_DICTIONARY_LOAD_FAILED", -1};
  return no_error;
}

/* A reset stream has neither dictionary nor parameters, as in Node. */
static CodecError encoder_reset(CompressionStream *stream)
{
  stream->dictionary_length = 0;
  encoder_close(stream);
  ((BrotliStream *)stream)->encoder = BrotliEncoderCreateInstance(NULL, NULL, NULL);
  return ((BrotliStream *)stream)->encoder ? no_error : init_error;
}

static void encoder_run(CompressionStream *stream)
{
  BrotliStream *s = (BrotliStream *)stream;
  s->failed = !s->encoder ||
              !BrotliEncoderCompressStream(s->encoder, (BrotliEncoderOperation)stream->flush, &stream->in_left,
                                           &stream->in, &stream->out_left, &stream->out, NULL);
}

static CodecError encoder_error(CompressionStream *stream)
{
  if (((BrotliStream *)stream)->failed)
    return (CodecError){"Compression failed", "ERR_BROTLI_COMPRESSION_FAILED", -1};
  return no_error;
}

static const Codec encoder_codec = {encoder_run, encoder_error, encoder_reset, encoder_close};

/* --- decoder ----------------------------------------------------------------------------------------------------- */

static void decoder_close(CompressionStream *stream)
{
  BrotliStream *s = (BrotliStream *)stream;
  if (s->decoder)
    BrotliDecoderDestroyInstance(s->decoder);
  s->decoder = NULL;
}

static CodecError decoder_reset(CompressionStream *stream)
{
  BrotliStream *s = (BrotliStream *)stream;
  decoder_close(stream);
  s->decoder = BrotliDecoderCreateInstance(NULL, NULL, NULL);
  return s->decoder ? no_error : init_error;
}

static CodecError decoder_start(BrotliStream *s)
{
  CodecError error = decoder_reset(&s->stream);
  if (error.message || !s->stream.dictionary)
    return error;
  if (!BrotliDecoderAttachDictionary(s->decoder, BROTLI_SHARED_DICTIONARY_RAW, s->stream.dictionary_length,
                                     s->stream.dictionary))
    return (CodecError){"Failed to attach brotli dictionary", "ERR_ZLIB_DICTIONARY_LOAD_FAILED", -1};
  return no_error;
}

static void decoder_run(CompressionStream *stream)
{
  BrotliStream *s = (BrotliStream *)stream;
  if (!s->decoder)
    return;
  s->result = BrotliDecoderDecompressStream(s->decoder, &stream->in_left, &stream->in, &stream->out_left, &stream->out,
                                            NULL);
  if (s->result == BROTLI_DECODER_RESULT_ERROR) {
    s->error = BrotliDecoderGetErrorCode(s->decoder);
    snprintf(s->code, sizeof(s->code), "ERR_%s", BrotliDecoderErrorString(s->error));
  }
}

static CodecError decoder_error(CompressionStream *stream)
{
  BrotliStream *s = (BrotliStream *)stream;
  if (s->error != BROTLI_DECODER_NO_ERROR)
    return (CodecError){"Decompression failed", s->code, (int)s->error};
  if (stream->flush == BROTLI_OPERATION_FINISH && s->result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
    return (CodecError){"unexpected end of file", "Z_BUF_ERROR", Z_BUF_ERROR};
  return no_error;
}

static const Codec decoder_codec = {decoder_run, decoder_error, decoder_reset, decoder_close};

/* --- classes ----------------------------------------------------------------------------------------------------- */

static JSValue construct_encoder(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  return compression_stream_new(ctx, new_target, sizeof(BrotliStream), &encoder_codec, MODE_BROTLI_ENCODE);
}

static JSValue construct_decoder(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  return compression_stream_new(ctx, new_target, sizeof(BrotliStream), &decoder_codec, MODE_BROTLI_DECODE);
}

static bool set_parameter(BrotliStream *s, int key, uint32_t value)
{
  if (s->stream.mode == MODE_BROTLI_ENCODE)
    return BrotliEncoderSetParameter(s->encoder, (BrotliEncoderParameter)key, value);
  return BrotliDecoderSetParameter(s->decoder, (BrotliDecoderParameter)key, value);
}

static JSValue fail(JSContext *ctx, CompressionStream *stream, CodecError error)
{
  compression_stream_fail(stream, error);
  return throw_code_error(ctx, ERROR, "ERR_ZLIB_INITIALIZATION_FAILED", "Initialization failed");
}

/* init(params, writeResult, callback, dictionary); params[key] is a value or -1 */
static JSValue init(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  CompressionStream *stream = compression_stream_get(ctx, self);
  if (!stream)
    return JS_EXCEPTION;
  if (!JS_IsUndefined(argv[3]) && !engine_view(argv[3], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "dictionary must be an ArrayBufferView if provided");
  if (!compression_stream_init(ctx, stream, argv[1], argv[2], argv[3]))
    return JS_EXCEPTION;
  BrotliStream *s = (BrotliStream *)stream;
  CodecError error = stream->mode == MODE_BROTLI_ENCODE ? encoder_start(s) : decoder_start(s);
  if (error.message)
    return fail(ctx, stream, error);
  if (!engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "params must be a Uint32Array");
  const uint32_t *values = (const uint32_t *)view.data;
  for (size_t key = 0; key < view.length / sizeof(*values); key++) {
    if (values[key] != (uint32_t)NOT_SET && !set_parameter(s, (int)key, values[key]))
      return fail(ctx, stream, param_error);
  }
  return JS_UNDEFINED;
}

/* params(): brotli has nothing to change under way, and the library does not ask */
static JSValue params(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

void zlib_init_brotli(Env *env, JSContext *ctx, JSValueConst target)
{
  define_compression_class(env, ctx, target, "BrotliEncoder", construct_encoder, init, params);
  define_compression_class(env, ctx, target, "BrotliDecoder", construct_decoder, init, params);
}
