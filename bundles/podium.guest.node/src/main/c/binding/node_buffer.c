/* buffer: bytes and strings. Arguments that the library has checked already are read as they are, but nothing a
 * caller passes can make these touch memory outside the buffers. */
#include "../string_bytes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* V8's, so that programs see Node's limit. */

static bool get_view(JSContext *ctx, JSValueConst value, EngineView *view)
{
  if (engine_view(value, view))
    return true;
  throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "argument must be a buffer");
  return false;
}

static bool get_string(JSContext *ctx, JSValueConst value, EngineString *string)
{
  if (JS_IsString(value))
    return engine_string_open(ctx, value, string);
  throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "argument must be a string");
  return false;
}

/* An index argument: undefined is `otherwise`; a negative one is an error. */
static bool get_index(JSContext *ctx, JSValueConst value, size_t otherwise, size_t *index)
{
  int64_t number;
  if (JS_IsUndefined(value)) {
    *index = otherwise;
    return true;
  }
  if (JS_ToInt64(ctx, &number, value))
    return false;
  if (number < 0) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "Index out of range");
    return false;
  }
  *index = (size_t)number;
  return (int64_t)*index == number || (*index = SIZE_MAX, true);
}

/* --- slices and writes ------------------------------------------------------------------------------------------- */

static JSValue slice(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int encoding)
{
  EngineView view;
  size_t start, end;
  if (!get_view(ctx, argv[0], &view))
    return JS_EXCEPTION;
  if (view.length == 0)
    return JS_NewString(ctx, "");
  if (!get_index(ctx, argv[1], 0, &start) || !get_index(ctx, argv[2], view.length, &end))
    return JS_EXCEPTION;
  if (end <= start)
    return JS_NewString(ctx, "");
  if (end > view.length)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "Index out of range");
  size_t limit = STRING_MAX_LENGTH;
  size_t factor = encoding == HEX ? 2 : 1;
  if ((end - start) > limit / factor)
    return throw_code_error(ctx, ERROR, "ERR_STRING_TOO_LONG",
                            "Cannot create a string longer than 0x1fffffe8 characters");
  return string_bytes_encode(ctx, view.data + start, end - start, (Encoding)encoding);
}

static JSValue write_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int encoding)
{
  EngineView view;
  EngineString string;
  size_t offset, room;
  if (!get_view(ctx, argv[0], &view) || !JS_IsString(argv[1]))
    return JS_HasException(ctx) ? JS_EXCEPTION
                                : throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "argument must be a string");
  if (!get_index(ctx, argv[2], 0, &offset))
    return JS_EXCEPTION;
  if (offset > view.length)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_BUFFER_OUT_OF_BOUNDS", "\"offset\" is outside of buffer bounds");
  if (!get_index(ctx, argv[3], view.length - offset, &room))
    return JS_EXCEPTION;
  if (room > view.length - offset)
    room = view.length - offset;
  if (room == 0)
    return JS_NewInt32(ctx, 0);
  if (!engine_string_open(ctx, argv[1], &string))
    return JS_EXCEPTION;
  size_t written = string_bytes_write(&string, (Encoding)encoding, view.data + offset, room, NULL);
  engine_string_close(&string);
  return JS_NewInt64(ctx, (int64_t)written);
}

static JSValue byte_length_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineString string;
  if (!get_string(ctx, argv[0], &string))
    return JS_EXCEPTION;
  size_t length = utf8_length(&string);
  engine_string_close(&string);
  return JS_NewInt64(ctx, (int64_t)length);
}

/* --- copying, comparing, filling ----------------------------------------------------------------------------------- */

static JSValue copy(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView source, target;
  if (!get_view(ctx, argv[0], &source) || !get_view(ctx, argv[1], &target))
    return JS_EXCEPTION;
  size_t target_start = arg_uint32(ctx, argv[2]), source_start = arg_uint32(ctx, argv[3]), count = arg_uint32(ctx, argv[4]);
  if (target_start > target.length || count > target.length - target_start || source_start > source.length ||
      count > source.length - source_start)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "Index out of range");
  if (count > 0)
    memmove(target.data + target_start, source.data + source_start, count);
  return JS_NewInt64(ctx, (int64_t)count);
}

/* (destination, destinationOffset, source, sourceOffset, bytesToCopy) */
static JSValue copy_array_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValueConst arguments[] = {argv[2], argv[0], argv[1], argv[3], argv[4]};
  JSValue count = copy(ctx, self, 5, arguments);
  return JS_IsException(count) ? count : JS_UNDEFINED;
}

static int compare_bytes(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
  size_t n = a_length < b_length ? a_length : b_length;
  int result = n > 0 ? memcmp(a, b, n) : 0;
  if (result == 0)
    return a_length == b_length ? 0 : a_length < b_length ? -1 : 1;
  return result < 0 ? -1 : 1;
}

static JSValue compare(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView a, b;
  if (!get_view(ctx, argv[0], &a) || !get_view(ctx, argv[1], &b))
    return JS_EXCEPTION;
  return JS_NewInt32(ctx, compare_bytes(a.data, a.length, b.data, b.length));
}

static JSValue compare_offset(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView source, target;
  size_t target_start, source_start, target_end, source_end;
  if (!get_view(ctx, argv[0], &source) || !get_view(ctx, argv[1], &target) ||
      !get_index(ctx, argv[2], 0, &target_start) || !get_index(ctx, argv[3], 0, &source_start) ||
      !get_index(ctx, argv[4], target.length, &target_end) || !get_index(ctx, argv[5], source.length, &source_end))
    return JS_EXCEPTION;
  if (source_start > source.length)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "The value of \"sourceStart\" is out of range.");
  if (target_start > target.length)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "The value of \"targetStart\" is out of range.");
  if (source_end > source.length)
    source_end = source.length;
  if (target_end > target.length)
    target_end = target.length;
  size_t a = source_end > source_start ? source_end - source_start : 0;
  size_t b = target_end > target_start ? target_end - target_start : 0;
  return JS_NewInt32(ctx, compare_bytes(source.data + source_start, a, target.data + target_start, b));
}

/* Repeats the first `have` bytes until `total`. */
static void repeat(uint8_t *at, size_t have, size_t total)
{
  while (have < total) {
    size_t n = have < total - have ? have : total - have;
    memcpy(at + have, at, n);
    have += n;
  }
}

/* (buffer, value, start, end, encoding): -2 out of bounds, -1 a value of no bytes. */
static JSValue fill(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view, other;
  size_t start, end, have;
  if (!get_view(ctx, argv[0], &view) || !get_index(ctx, argv[2], 0, &start) || !get_index(ctx, argv[3], 0, &end))
    return JS_EXCEPTION;
  if (start > end || end > view.length)
    return JS_NewInt32(ctx, -2);
  size_t length = end - start;
  uint8_t *at = view.data + start;
  if (engine_view(argv[1], &other)) {
    have = other.length < length ? other.length : length;
    if (have > 0)
      memmove(at, other.data, have);
  } else if (JS_IsString(argv[1])) {
    uint8_t *bytes;
    size_t size;
    if (!string_bytes_get(ctx, argv[1], parse_encoding(ctx, argv[4], UTF8), &bytes, &size))
      return JS_EXCEPTION;
    have = size < length ? size : length;
    if (have > 0)
      memcpy(at, bytes, have);
    free(bytes);
  } else {
    uint32_t value;
    if (JS_ToUint32(ctx, &value, argv[1]))
      return JS_EXCEPTION;
    if (length > 0)
      memset(at, (int)(value & 255), length);
    return JS_UNDEFINED;
  }
  if (have >= length)
    return JS_UNDEFINED;
  if (have == 0)
    return JS_NewInt32(ctx, -1);
  repeat(at, have, length);
  return JS_UNDEFINED;
}

/* --- searching ----------------------------------------------------------------------------------------------------- */

/* Where a search starts; -1 if nowhere. Offsets count from the end when negative. */
static int64_t start_offset(int64_t length, int64_t offset, int64_t needle_length, bool forward)
{
  if (offset < 0) {
    if (offset + length >= 0)
      return length + offset;
    return forward || needle_length == 0 ? 0 : -1;
  }
  if (offset + needle_length <= length)
    return offset;
  if (needle_length == 0)
    return length;
  return forward ? -1 : length - 1;
}

/* The index of the needle in steps of `step` bytes, or -1. */
static int64_t find(const uint8_t *hay, size_t length, const uint8_t *needle, size_t needle_length, size_t from,
                    bool forward, size_t step)
{
  if (needle_length > length)
    return -1;
  size_t last = length - needle_length;
  if (forward) {
    for (size_t i = from; i <= last; i += step) {
      if (step == 1) {
        const uint8_t *p = memchr(hay + i, needle[0], last - i + 1);
        if (!p)
          return -1;
        i = (size_t)(p - hay);
      }
      if (!memcmp(hay + i, needle, needle_length))
        return (int64_t)i;
    }
    return -1;
  }
  for (size_t i = from < last ? from : last;; i -= step) {
    if (!memcmp(hay + i, needle, needle_length))
      return (int64_t)i;
    if (i < step)
      return -1;
  }
}

static JSValue index_of_bytes(JSContext *ctx, EngineView hay, const uint8_t *needle, size_t needle_length,
                              Encoding encoding, double offset_number, bool forward, double end_number)
{
  size_t step = encoding == UCS2 ? 2 : 1;
  size_t length = hay.length / step * step;
  int64_t offset = isnan(offset_number) ? (forward ? 0 : (int64_t)length)
                   : offset_number > 9e15 ? (int64_t)9e15 : offset_number < -9e15 ? (int64_t)-9e15 : (int64_t)offset_number;
  size_t end = end_number >= (double)length ? length : end_number > 0 ? (size_t)end_number / step * step : 0;
  int64_t from = start_offset((int64_t)length, offset, (int64_t)needle_length, forward);
  if (needle_length == 0)
    return JS_NewInt64(ctx, from < (int64_t)end ? from : (int64_t)end);
  if (length == 0 || from < 0 || end == 0)
    return JS_NewInt32(ctx, -1);
  if ((size_t)from >= end) {
    if (forward)
      return JS_NewInt32(ctx, -1);
    from = (int64_t)end - 1;
  }
  if (needle_length > end || (forward && needle_length + (size_t)from > end) || (step == 2 && needle_length < 2))
    return JS_NewInt32(ctx, -1);
  return JS_NewInt64(ctx, find(hay.data, end, needle, needle_length, (size_t)from / step * step, forward, step));
}

static double end_argument(JSContext *ctx, int argc, JSValueConst *argv, int at)
{
  return argc > at && JS_IsNumber(argv[at]) ? arg_double(ctx, argv[at]) : INFINITY;
}

/* (buffer, string, offset, encoding, forward, end) */
static JSValue index_of_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  uint8_t *needle;
  size_t length;
  Encoding encoding = parse_encoding(ctx, argv[3], UTF8);
  if (!get_view(ctx, argv[0], &view) || !string_bytes_get(ctx, argv[1], encoding, &needle, &length))
    return JS_EXCEPTION;
  JSValue result = index_of_bytes(ctx, view, needle, length, encoding, arg_double(ctx, argv[2]), arg_bool(ctx, argv[4]),
                                  end_argument(ctx, argc, argv, 5));
  free(needle);
  return result;
}

static JSValue index_of_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view, needle;
  if (!get_view(ctx, argv[0], &view) || !get_view(ctx, argv[1], &needle))
    return JS_EXCEPTION;
  return index_of_bytes(ctx, view, needle.data, needle.length, parse_encoding(ctx, argv[3], UTF8),
                        arg_double(ctx, argv[2]), arg_bool(ctx, argv[4]), end_argument(ctx, argc, argv, 5));
}

/* (buffer, number, offset, forward, end) */
static JSValue index_of_number(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  uint8_t byte = (uint8_t)arg_uint32(ctx, argv[1]);
  if (!get_view(ctx, argv[0], &view))
    return JS_EXCEPTION;
  return index_of_bytes(ctx, view, &byte, 1, LATIN1, arg_double(ctx, argv[2]), arg_bool(ctx, argv[3]),
                        end_argument(ctx, argc, argv, 4));
}

/* --- the rest -------------------------------------------------------------------------------------------------------- */

static JSValue swap(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int size)
{
  EngineView view;
  if (!get_view(ctx, argv[0], &view))
    return JS_EXCEPTION;
  for (size_t i = 0; i + (size_t)size <= view.length; i += (size_t)size) {
    for (int k = 0; k < size / 2; k++) {
      uint8_t byte = view.data[i + (size_t)k];
      view.data[i + (size_t)k] = view.data[i + (size_t)(size - 1 - k)];
      view.data[i + (size_t)(size - 1 - k)] = byte;
    }
  }
  return JS_DupValue(ctx, argv[0]);
}

static JSValue is_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  if (!get_view(ctx, argv[0], &view))
    return JS_EXCEPTION;
  return JS_NewBool(ctx, is_valid_utf8(view.data, view.length));
}

static JSValue is_ascii(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  if (!get_view(ctx, argv[0], &view))
    return JS_EXCEPTION;
  for (size_t i = 0; i < view.length; i++) {
    if (view.data[i] & 0x80)
      return JS_FALSE;
  }
  return JS_TRUE;
}

static JSValue btoa_js(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineString string;
  if (!get_string(ctx, argv[0], &string))
    return JS_EXCEPTION;
  uint8_t *bytes = malloc(string.length + 1u);
  bool fits = bytes != NULL;
  for (uint32_t i = 0; fits && i < string.length; i++) {
    uint32_t c = string.wide ? string.utf16[i] : string.latin1[i];
    fits = c < 256;
    bytes[i] = (uint8_t)c;
  }
  JSValue result = fits ? string_bytes_encode(ctx, bytes, string.length, BASE64) : JS_NewInt32(ctx, -1);
  free(bytes);
  engine_string_close(&string);
  return result;
}

static bool is_space(uint32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

/* Strict, as the web wants it: -1 a bad length, -2 a bad character, -3 anything else. */
static int atob_check(const EngineString *s, size_t *digits)
{
  size_t n = 0, padding = 0;
  for (uint32_t i = 0; i < s->length; i++) {
    uint32_t c = s->wide ? s->utf16[i] : s->latin1[i];
    if (is_space(c))
      continue;
    if (c == '=') {
      padding++;
      continue;
    }
    bool digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!digit || padding > 0)
      return -2;
    n++;
  }
  *digits = n;
  if (n % 4 == 1)
    return -1;
  if (padding > 0 && (padding > 2 || (n + padding) % 4 != 0))
    return -2;
  return 0;
}

static JSValue atob_js(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineString string;
  size_t digits = 0;
  if (!get_string(ctx, argv[0], &string))
    return JS_EXCEPTION;
  int error = atob_check(&string, &digits);
  uint8_t *bytes = error ? NULL : malloc(digits + 1);
  JSValue result;
  if (error) {
    result = JS_NewInt32(ctx, error);
  } else if (!bytes) {
    result = JS_ThrowOutOfMemory(ctx);
  } else {
    result = engine_new_latin1(ctx, bytes, base64_decode(&string, bytes, digits));
  }
  free(bytes);
  engine_string_close(&string);
  return result;
}

static JSValue create_unsafe_array_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, "ArrayBuffer");
  JSValue buffer = JS_CallConstructor(ctx, constructor, 1, argv);
  JS_FreeValues(ctx, constructor, global);
  return buffer;
}

static JSValue set_buffer_prototype(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_of(ctx)->buffer_prototype = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue set_detach_key(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

static void define_magic(JSContext *ctx, JSValueConst target, const char *name, JSCFunctionMagic *call, int length, int magic)
{
  JSValue function = JS_NewCFunctionMagic(ctx, call, name, length, JS_CFUNC_generic_magic, magic);
  engine_mark_binding_function(function);
  define_value(ctx, target, name, function);
}

void init_buffer(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"atob", atob_js, 1},
      {"btoa", btoa_js, 1},
      {"byteLengthUtf8", byte_length_utf8, 1},
      {"copy", copy, 5},
      {"compare", compare, 2},
      {"compareOffset", compare_offset, 6},
      {"fill", fill, 5},
      {"indexOfBuffer", index_of_buffer, 5},
      {"indexOfNumber", index_of_number, 4},
      {"indexOfString", index_of_string, 5},
      {"copyArrayBuffer", copy_array_buffer, 5},
      {"createUnsafeArrayBuffer", create_unsafe_array_buffer, 1},
      {"isUtf8", is_utf8, 1},
      {"isAscii", is_ascii, 1},
      {"setDetachKey", set_detach_key, 2},
      {"setBufferPrototype", set_buffer_prototype, 1},
  };
  static const struct { const char *slice, *write; Encoding encoding; } encodings[] = {
      {"asciiSlice", "asciiWriteStatic", ASCII},     {"base64Slice", "base64Write", BASE64},
      {"base64urlSlice", "base64urlWrite", BASE64URL}, {"latin1Slice", "latin1WriteStatic", LATIN1},
      {"hexSlice", "hexWrite", HEX},                 {"ucs2Slice", "ucs2Write", UCS2},
      {"utf8Slice", "utf8WriteStatic", UTF8},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  for (int i = 0; i < COUNT_OF(encodings); i++) {
    define_magic(ctx, target, encodings[i].slice, slice, 3, encodings[i].encoding);
    define_magic(ctx, target, encodings[i].write, write_string, 4, encodings[i].encoding);
  }
  define_magic(ctx, target, "swap16", swap, 1, 2);
  define_magic(ctx, target, "swap32", swap, 1, 4);
  define_magic(ctx, target, "swap64", swap, 1, 8);
  JS_DefinePropertyValueStr(ctx, target, "kMaxLength", JS_NewNumber(ctx, 9007199254740991.0), 0);
  JS_DefinePropertyValueStr(ctx, target, "kStringMaxLength", JS_NewInt32(ctx, STRING_MAX_LENGTH), 0);
}
