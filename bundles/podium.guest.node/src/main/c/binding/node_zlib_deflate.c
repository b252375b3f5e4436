/* zlib: the deflate, gzip and raw formats. */
#include "node_zlib.h"

#include <zlib.h>

enum { GZIP_ID1 = 0x1f, GZIP_ID2 = 0x8b, GZIP_WINDOW = 16, UNZIP_WINDOW = 32 };

typedef struct ZlibStream {
  CompressionStream stream; /* first */
  z_stream z;
  bool started; /* the codec's state is made by the first use */
  bool reject_garbage;
  int level, window_bits, mem_level, strategy;
  int status;
  int id_bytes; /* how much of a gzip header was seen */
} ZlibStream;

static const char *status_name(int status)
{
  switch (status) {
  case Z_OK: return "Z_OK";
  case Z_STREAM_END: return "Z_STREAM_END";
  case Z_NEED_DICT: return "Z_NEED_DICT";
  case Z_ERRNO: return "Z_ERRNO";
  case Z_STREAM_ERROR: return "Z_STREAM_ERROR";
  case Z_DATA_ERROR: return "Z_DATA_ERROR";
  case Z_MEM_ERROR: return "Z_MEM_ERROR";
  case Z_BUF_ERROR: return "Z_BUF_ERROR";
  case Z_VERSION_ERROR: return "Z_VERSION_ERROR";
  default: return "Z_UNKNOWN_ERROR";
  }
}

static CodecError error_of(const ZlibStream *s, const char *message)
{
  return (CodecError){s->z.msg ? s->z.msg : message, status_name(s->status), s->status};
}

static bool compresses(const ZlibStream *s)
{
  return s->stream.mode == MODE_DEFLATE || s->stream.mode == MODE_GZIP || s->stream.mode == MODE_DEFLATERAW;
}

static void set_dictionary(ZlibStream *s)
{
  const Bytef *bytes = s->stream.dictionary;
  uInt length = (uInt)s->stream.dictionary_length;
  if (!bytes)
    return;
  /* The other formats ask for it when they need it. */
  if (s->stream.mode == MODE_DEFLATE || s->stream.mode == MODE_DEFLATERAW)
    s->status = deflateSetDictionary(&s->z, bytes, length);
  else if (s->stream.mode == MODE_INFLATERAW)
    s->status = inflateSetDictionary(&s->z, bytes, length);
}

/* False if it failed, with the status telling why. */
static bool start(ZlibStream *s)
{
  if (s->started)
    return true;
  if (s->stream.mode == MODE_NONE) {
    s->status = Z_STREAM_ERROR;
    return false;
  }
  s->status = compresses(s) ? deflateInit2(&s->z, s->level, Z_DEFLATED, s->window_bits, s->mem_level, s->strategy)
                            : inflateInit2(&s->z, s->window_bits);
  s->started = s->status == Z_OK;
  if (s->started)
    set_dictionary(s);
  return s->started;
}

static CodecError zlib_reset(CompressionStream *stream)
{
  ZlibStream *s = (ZlibStream *)stream;
  if (!start(s))
    return error_of(s, "Failed to init stream before reset");
  s->status = compresses(s) ? deflateReset(&s->z) : stream->mode == MODE_UNZIP ? Z_OK : inflateReset(&s->z);
  if (s->status != Z_OK)
    return error_of(s, "Failed to reset stream");
  set_dictionary(s);
  return s->status == Z_OK ? (CodecError){0} : error_of(s, "Failed to set dictionary");
}

/* unzip takes either format: the first two bytes tell which. */
static void detect_format(ZlibStream *s)
{
  const Bytef *p = s->z.next_in;
  uInt left = s->z.avail_in;
  if (left && s->id_bytes == 0) {
    if (*p != GZIP_ID1) {
      s->stream.mode = MODE_INFLATE;
      return;
    }
    s->id_bytes = 1;
    p++;
    left--;
  }
  if (left && s->id_bytes == 1) {
    s->id_bytes = 2;
    s->stream.mode = *p == GZIP_ID2 ? MODE_GUNZIP : MODE_INFLATE;
  }
}

static void inflate_with_dictionary(ZlibStream *s)
{
  s->status = inflate(&s->z, (int)s->stream.flush);
  if (s->stream.mode == MODE_INFLATERAW || s->status != Z_NEED_DICT || !s->stream.dictionary)
    return;
  s->status = inflateSetDictionary(&s->z, s->stream.dictionary, (uInt)s->stream.dictionary_length);
  if (s->status == Z_OK)
    s->status = inflate(&s->z, (int)s->stream.flush);
  else if (s->status == Z_DATA_ERROR)
    s->status = Z_NEED_DICT; /* a bad dictionary, not bad data */
}

/* Behind a gzip member another may follow, or garbage; zeros are padding. */
static bool member_follows(const ZlibStream *s)
{
  return s->stream.mode == MODE_GUNZIP && s->status == Z_STREAM_END && s->z.avail_in > 0 && !s->reject_garbage &&
         s->z.next_in[0] != 0;
}

static void zlib_run(CompressionStream *stream)
{
  ZlibStream *s = (ZlibStream *)stream;
  if (!start(s))
    return;
  s->z.next_in = (Bytef *)stream->in;
  s->z.avail_in = (uInt)stream->in_left;
  s->z.next_out = stream->out;
  s->z.avail_out = (uInt)stream->out_left;
  if (compresses(s)) {
    s->status = deflate(&s->z, (int)stream->flush);
  } else {
    if (stream->mode == MODE_UNZIP)
      detect_format(s);
    inflate_with_dictionary(s);
    while (member_follows(s)) {
      zlib_reset(stream);
      s->status = inflate(&s->z, (int)stream->flush);
    }
  }
  stream->in_left = s->z.avail_in;
  stream->out_left = s->z.avail_out;
}

static CodecError zlib_error(CompressionStream *stream)
{
  ZlibStream *s = (ZlibStream *)stream;
  switch (s->status) {
  case Z_OK:
  case Z_BUF_ERROR:
    if (s->z.avail_out != 0 && stream->flush == Z_FINISH)
      return error_of(s, "unexpected end of file");
    return (CodecError){0};
  case Z_STREAM_END:
    return (CodecError){0};
  case Z_NEED_DICT:
    return error_of(s, stream->dictionary ? "Bad dictionary" : "Missing dictionary");
  default:
    return error_of(s, "Zlib error");
  }
}

static void zlib_close(CompressionStream *stream)
{
  ZlibStream *s = (ZlibStream *)stream;
  if (s->started && compresses(s))
    deflateEnd(&s->z);
  else if (s->started)
    inflateEnd(&s->z);
  s->started = false;
  stream->mode = MODE_NONE;
}

static const Codec zlib_codec = {zlib_run, zlib_error, zlib_reset, zlib_close};

/* new Zlib(mode) */
static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  int32_t mode = argc > 0 ? arg_int32(ctx, argv[0]) : 0;
  if (mode < MODE_DEFLATE || mode > MODE_UNZIP)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "no such zlib mode: %d", mode);
  return compression_stream_new(ctx, new_target, sizeof(ZlibStream), &zlib_codec, (ZlibMode)mode);
}

/* init(windowBits, level, memLevel, strategy, writeResult, callback, dictionary, rejectGarbageAfterEnd) */
static JSValue init(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CompressionStream *stream = compression_stream_get(ctx, self);
  if (!stream || !compression_stream_init(ctx, stream, argv[4], argv[5], argv[6]))
    return JS_EXCEPTION;
  ZlibStream *s = (ZlibStream *)stream;
  s->window_bits = arg_int32(ctx, argv[0]);
  s->level = arg_int32(ctx, argv[1]);
  s->mem_level = arg_int32(ctx, argv[2]);
  s->strategy = arg_int32(ctx, argv[3]);
  s->reject_garbage = arg_bool(ctx, argv[7]);
  if (stream->mode == MODE_GZIP || stream->mode == MODE_GUNZIP)
    s->window_bits += GZIP_WINDOW;
  else if (stream->mode == MODE_UNZIP)
    s->window_bits += UNZIP_WINDOW;
  else if (stream->mode == MODE_DEFLATERAW || stream->mode == MODE_INFLATERAW)
    s->window_bits = -s->window_bits;
  return JS_UNDEFINED;
}

/* params(level, strategy) */
static JSValue params(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CompressionStream *stream = compression_stream_get(ctx, self);
  if (!stream)
    return JS_EXCEPTION;
  ZlibStream *s = (ZlibStream *)stream;
  if (stream->writing || stream->closed)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "the parameters of a stream that is not ready");
  if (!start(s)) {
    compression_stream_fail(stream, error_of(s, "Failed to init stream before set parameters"));
    return JS_UNDEFINED;
  }
  s->status = Z_OK;
  if (stream->mode == MODE_DEFLATE || stream->mode == MODE_DEFLATERAW)
    s->status = deflateParams(&s->z, arg_int32(ctx, argv[0]), arg_int32(ctx, argv[1]));
  if (s->status != Z_OK && s->status != Z_BUF_ERROR)
    compression_stream_fail(stream, error_of(s, "Failed to set parameters"));
  return JS_UNDEFINED;
}

void zlib_init_deflate(Env *env, JSContext *ctx, JSValueConst target)
{
  define_compression_class(env, ctx, target, "Zlib", construct, init, params);
}
