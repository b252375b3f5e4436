/*
 * Compression streams: what all codecs share (node_zlib.c), and what a codec does (the other node_zlib_*.c). One write
 * is one call of the codec, on the thread pool or at once; the library drives the loop.
 */
#ifndef PODIUM_NODE_ZLIB_H
#define PODIUM_NODE_ZLIB_H

#include "../wrap.h"

/* As internalBinding('constants').zlib has them. */
typedef enum ZlibMode {
  MODE_NONE, MODE_DEFLATE, MODE_INFLATE, MODE_GZIP, MODE_GUNZIP, MODE_DEFLATERAW, MODE_INFLATERAW, MODE_UNZIP,
  MODE_BROTLI_DECODE, MODE_BROTLI_ENCODE, MODE_ZSTD_COMPRESS, MODE_ZSTD_DECOMPRESS
} ZlibMode;

typedef struct CodecError {
  const char *message; /* NULL: no error */
  const char *code;
  int number;
} CodecError;

typedef struct CompressionStream CompressionStream;

typedef struct Codec {
  void (*run)(CompressionStream *stream);        /* consumes `in`, fills `out`; on any thread */
  CodecError (*error)(CompressionStream *stream); /* how the last run went */
  CodecError (*reset)(CompressionStream *stream);
  void (*close)(CompressionStream *stream); /* frees what the codec has; may be called twice */
} Codec;

struct CompressionStream {
  AsyncWrap wrap; /* first */
  const Codec *codec;
  ZlibMode mode;
  uint32_t flush;
  const uint8_t *in;
  uint8_t *out;
  size_t in_left, out_left;
  uint8_t *dictionary; /* owned */
  size_t dictionary_length;

  bool ready, writing, close_pending, closed;
  uv_work_t work;
  JSValue result;           /* Uint32Array: what is left of the output's room, and of the input */
  JSValue callback;         /* told when an asynchronous write is over */
  JSValue in_held, out_held; /* while writing */
};

/* The stream `self` is; NULL with an exception. */
CompressionStream *compression_stream_get(JSContext *ctx, JSValueConst self);
/* Makes the state of a class: `size` bytes starting with a CompressionStream. */
JSValue compression_stream_new(JSContext *ctx, JSValueConst new_target, size_t size, const Codec *codec, ZlibMode mode);
/* What every init() is given. False with an exception. */
bool compression_stream_init(JSContext *ctx, CompressionStream *stream, JSValueConst result, JSValueConst callback,
                             JSValueConst dictionary);
/* Tells the library's onerror. */
void compression_stream_fail(CompressionStream *stream, CodecError error);
void define_compression_class(Env *env, JSContext *ctx, JSValueConst target, const char *name, NativeFunction *construct,
                              NativeFunction *init, NativeFunction *params);

void zlib_init_deflate(Env *env, JSContext *ctx, JSValueConst target);
void zlib_init_brotli(Env *env, JSContext *ctx, JSValueConst target);
void zlib_init_zstd(Env *env, JSContext *ctx, JSValueConst target);

#endif
