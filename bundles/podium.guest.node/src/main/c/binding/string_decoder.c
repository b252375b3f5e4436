/* string_decoder: decoding a stream, keeping incomplete characters back. */
#include "../string_bytes.h"

#include <string.h>

/* The state is a buffer of the library's: up to four kept bytes, how many are missing, how many are kept, encoding. */
enum { KEPT = 0, KEPT_END = 4, MISSING = 4, BUFFERED = 5, ENCODING = 6, FIELDS = 7 };

static bool get_state(JSContext *ctx, JSValueConst value, uint8_t **state)
{
  EngineView view;
  if (!engine_view(value, &view) || view.length < FIELDS || view.data[MISSING] > 4 || view.data[BUFFERED] > 4) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "argument must be a decoder's state");
    return false;
  }
  *state = view.data;
  return true;
}

/* How many bytes at the end of UTF-8 text belong to a character that is not complete; *missing gets the rest. */
static uint8_t utf8_tail(const uint8_t *p, size_t length, uint8_t *missing)
{
  *missing = 0;
  for (uint8_t back = 1; back <= 3 && back <= length; back++) {
    uint8_t b = p[length - back];
    if ((b & 0xc0) == 0x80)
      continue;
    uint8_t size = (b & 0xe0) == 0xc0 ? 2 : (b & 0xf0) == 0xe0 ? 3 : (b & 0xf8) == 0xf0 ? 4 : 0;
    if (size <= back)
      return 0;
    *missing = (uint8_t)(size - back);
    return back;
  }
  return 0;
}

static uint8_t incomplete_tail(Encoding encoding, const uint8_t *p, size_t length, uint8_t *missing)
{
  *missing = 0;
  if (encoding == UTF8)
    return p[length - 1] & 0x80 ? utf8_tail(p, length, missing) : 0;
  if (encoding == UCS2) {
    if (length % 2 == 1) {
      *missing = 1;
      return 1;
    }
    *missing = (p[length - 1] & 0xfc) == 0xd8 ? 2 : 0;
    return *missing;
  }
  uint8_t rest = (uint8_t)(length % 3); /* base64 */
  *missing = rest ? (uint8_t)(3 - rest) : 0;
  return rest;
}

/* Moves bytes that complete a kept character from the input to the state. */
static void take_missing(uint8_t *state, const uint8_t **p, size_t *length)
{
  size_t take = *length < state[MISSING] ? *length : state[MISSING];
  if (state[ENCODING] == UTF8) {
    for (size_t i = 0; i < take; i++) {
      if (((*p)[i] & 0xc0) != 0x80) { /* it never will be complete: what is kept counts as it is */
        state[MISSING] = (uint8_t)i;
        take = i;
        break;
      }
    }
  }
  if (take > (size_t)(KEPT_END - state[BUFFERED]))
    take = KEPT_END - state[BUFFERED];
  memcpy(state + KEPT + state[BUFFERED], *p, take);
  state[BUFFERED] = (uint8_t)(state[BUFFERED] + take);
  state[MISSING] = (uint8_t)(state[MISSING] - take);
  *p += take;
  *length -= take;
}

static JSValue concat(JSContext *ctx, JSValue a, JSValue b)
{
  if (JS_IsException(a) || JS_IsException(b)) {
    JS_FreeValues(ctx, a, b);
    return JS_EXCEPTION;
  }
  JSAtom name = JS_NewAtom(ctx, "concat");
  JSValue result = JS_Invoke(ctx, a, name, 1, (JSValueConst *)&b);
  JS_FreeAtom(ctx, name);
  JS_FreeValues(ctx, a, b);
  return result;
}

static JSValue decode(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint8_t *state;
  EngineView view;
  if (!get_state(ctx, argv[0], &state))
    return JS_EXCEPTION;
  if (!engine_view(argv[1], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                            "The \"buf\" argument must be an instance of Buffer, TypedArray, or DataView.");
  Encoding encoding = (Encoding)state[ENCODING];
  const uint8_t *p = view.data;
  size_t length = view.length;
  if (encoding != UTF8 && encoding != UCS2 && encoding != BASE64 && encoding != BASE64URL)
    return string_bytes_encode(ctx, p, length, encoding);
  JSValue before = JS_UNDEFINED;
  if (state[MISSING] > 0) {
    take_missing(state, &p, &length);
    if (state[MISSING] > 0)
      return JS_NewString(ctx, "");
    before = string_bytes_encode(ctx, state + KEPT, state[BUFFERED], encoding);
    state[BUFFERED] = 0;
  }
  if (length == 0)
    return JS_IsUndefined(before) ? JS_NewString(ctx, "") : before;
  uint8_t missing, kept = incomplete_tail(encoding, p, length, &missing);
  state[MISSING] = missing;
  state[BUFFERED] = kept;
  memcpy(state + KEPT, p + length - kept, kept);
  JSValue body = string_bytes_encode(ctx, p, length - kept, encoding);
  return JS_IsUndefined(before) ? body : concat(ctx, before, body);
}

static JSValue flush(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint8_t *state;
  if (!get_state(ctx, argv[0], &state))
    return JS_EXCEPTION;
  size_t length = state[BUFFERED];
  if (state[ENCODING] == UCS2)
    length &= ~(size_t)1;
  JSValue rest = string_bytes_encode(ctx, state + KEPT, length, (Encoding)state[ENCODING]);
  state[MISSING] = state[BUFFERED] = 0;
  return rest;
}

void init_string_decoder(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"decode", decode, 2}, {"flush", flush, 1}};
  static const BindingConstant constants[] = {
      {"kIncompleteCharactersStart", KEPT}, {"kIncompleteCharactersEnd", KEPT_END}, {"kMissingBytes", MISSING},
      {"kBufferedBytes", BUFFERED},         {"kEncodingField", ENCODING},           {"kNumFields", FIELDS},
      {"kSize", FIELDS},
  };
  static const struct { Encoding encoding; const char *name; } names[] = {
      {ASCII, "ascii"},   {UTF8, "utf8"}, {BASE64, "base64"}, {UCS2, "utf16le"},
      {LATIN1, "latin1"}, {HEX, "hex"},   {BUFFER, "buffer"}, {BASE64URL, "base64url"},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  DEFINE_CONSTANTS(ctx, target, constants);
  JSValue encodings = JS_NewArray(ctx);
  for (int i = 0; i < COUNT_OF(names); i++)
    JS_SetPropertyUint32(ctx, encodings, (uint32_t)names[i].encoding, JS_NewString(ctx, names[i].name));
  define_value(ctx, target, "encodings", encodings);
}
