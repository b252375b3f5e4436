/* encoding_binding: TextEncoder and TextDecoder for UTF-8. */
#include "../string_bytes.h"

#include <stdlib.h>
#include <string.h>

static uint32_t into_results[2]; /* units read, bytes written */

static JSValue encode_into(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineString string;
  EngineView view;
  if (!engine_view(argv[1], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "argument must be a buffer");
  if (!engine_string_open(ctx, argv[0], &string))
    return JS_EXCEPTION;
  size_t units;
  into_results[1] = (uint32_t)string_bytes_write(&string, UTF8, view.data, view.length, &units);
  into_results[0] = (uint32_t)units;
  engine_string_close(&string);
  return JS_UNDEFINED;
}

static JSValue encode_utf8_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint8_t *bytes;
  size_t length;
  JSValue text = JS_ToString(ctx, argv[0]);
  if (JS_IsException(text) || !string_bytes_get(ctx, text, UTF8, &bytes, &length))
    return JS_EXCEPTION;
  JS_FreeValue(ctx, text);
  JSValue array = JS_NewUint8ArrayCopy(ctx, bytes, length);
  free(bytes);
  return array;
}

/* (bytes, ignoreBOM, fatal) */
static JSValue decode_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  if (!engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                            "The \"list\" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.");
  if (arg_bool(ctx, argv[2]) && !is_valid_utf8(view.data, view.length))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_ENCODING_INVALID_ENCODED_DATA",
                            "The encoded data was not valid for encoding utf-8");
  if (!arg_bool(ctx, argv[1]) && view.length >= 3 && !memcmp(view.data, "\xef\xbb\xbf", 3)) {
    view.data += 3;
    view.length -= 3;
  }
  return string_bytes_encode(ctx, view.data, view.length, UTF8);
}

JSValue domain_to_ascii(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);
JSValue domain_to_unicode(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);

void init_encoding_binding(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"encodeInto", encode_into, 2},
      {"encodeUtf8String", encode_utf8_string, 1},
      {"decodeUTF8", decode_utf8, 3},
      {"toASCII", domain_to_ascii, 1},
      {"toUnicode", domain_to_unicode, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_array(ctx, target, "encodeIntoResults", into_results, sizeof(into_results), JS_TYPED_ARRAY_UINT32);
}
