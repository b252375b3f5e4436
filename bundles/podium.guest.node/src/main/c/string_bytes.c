/* Encodings. A loop for Latin-1 strings (most) and one for UTF-16 each, where the difference pays. */
#include "string_bytes.h"

#include <stdlib.h>
#include <string.h>

static inline uint32_t unit_at(const EngineString *s, size_t i) { return s->wide ? s->utf16[i] : s->latin1[i]; }

static bool name_is(const char *name, const char *other)
{
  for (; *name && *other; name++, other++) {
    if ((*name | 0x20) != (*other | 0x20))
      return false;
  }
  return !*name && !*other;
}

Encoding parse_encoding(JSContext *ctx, JSValueConst value, Encoding otherwise)
{
  static const struct { const char *name; Encoding encoding; } names[] = {
      {"utf8", UTF8},     {"utf-8", UTF8},     {"ucs2", UCS2},   {"ucs-2", UCS2},   {"utf16le", UCS2},
      {"utf-16le", UCS2}, {"latin1", LATIN1},  {"binary", LATIN1}, {"base64", BASE64}, {"base64url", BASE64URL},
      {"hex", HEX},       {"ascii", ASCII},    {"buffer", BUFFER},
  };
  if (JS_IsNumber(value)) {
    int32_t number = arg_int32(ctx, value);
    return number >= ASCII && number <= BASE64URL ? (Encoding)number : otherwise;
  }
  if (!JS_IsString(value))
    return otherwise;
  const char *text = JS_ToCString(ctx, value);
  Encoding found = otherwise;
  for (int i = 0; text && i < COUNT_OF(names); i++) {
    if (name_is(text, names[i].name)) {
      found = names[i].encoding;
      break;
    }
  }
  JS_FreeCString(ctx, text);
  return found;
}

/* --- UTF-8 ------------------------------------------------------------------------------------------------------- */

size_t utf8_length(const EngineString *s)
{
  size_t n = 0;
  if (!s->wide) {
    for (uint32_t i = 0; i < s->length; i++)
      n += 1 + (s->latin1[i] >> 7);
    return n;
  }
  for (uint32_t i = 0; i < s->length; i++) {
    uint32_t c = s->utf16[i];
    if (c < 0x80) {
      n += 1;
    } else if (c < 0x800) {
      n += 2;
    } else if ((c & 0xfc00) == 0xd800 && i + 1 < s->length && (s->utf16[i + 1] & 0xfc00) == 0xdc00) {
      n += 4;
      i++;
    } else {
      n += 3;
    }
  }
  return n;
}

/* The code point at *i, moving *i past it; a lone surrogate is U+FFFD. */
static uint32_t next_code_point(const EngineString *s, size_t *i)
{
  uint32_t c = unit_at(s, (*i)++);
  if ((c & 0xf800) != 0xd800)
    return c;
  if (c < 0xdc00 && *i < s->length && (s->utf16[*i] & 0xfc00) == 0xdc00)
    return 0x10000 + ((c & 0x3ff) << 10) + (s->utf16[(*i)++] & 0x3ff);
  return 0xfffd;
}

static size_t put_utf8(uint32_t c, uint8_t *out)
{
  if (c < 0x80) {
    out[0] = (uint8_t)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (uint8_t)(0xc0 | c >> 6);
    out[1] = (uint8_t)(0x80 | (c & 0x3f));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (uint8_t)(0xe0 | c >> 12);
    out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c & 0x3f));
    return 3;
  }
  out[0] = (uint8_t)(0xf0 | c >> 18);
  out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
  out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
  out[3] = (uint8_t)(0x80 | (c & 0x3f));
  return 4;
}

static size_t write_utf8(const EngineString *s, uint8_t *out, size_t room, size_t *units)
{
  size_t n = 0, i = 0;
  while (i < s->length) {
    size_t before = i;
    uint8_t bytes[4];
    size_t size = put_utf8(next_code_point(s, &i), bytes);
    if (n + size > room) {
      i = before;
      break;
    }
    memcpy(out + n, bytes, size);
    n += size;
  }
  if (units)
    *units = i;
  return n;
}

/* One character of UTF-8 text at *i. An ill-formed sequence gives U+FFFD for its maximal part (WHATWG's way), with
   *valid set to false. */
static uint32_t read_utf8(const uint8_t *p, size_t length, size_t *i, bool *valid)
{
  uint8_t b = p[(*i)++];
  if (b < 0x80)
    return b;
  int more = b >= 0xc2 && b <= 0xdf ? 1 : (b & 0xf0) == 0xe0 ? 2 : b >= 0xf0 && b <= 0xf4 ? 3 : 0;
  uint32_t c = more == 1 ? b & 0x1f : more == 2 ? b & 0x0f : b & 0x07;
  uint8_t low = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
  uint8_t high = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
  for (int k = 0; k < more; k++) {
    if (*i >= length || p[*i] < low || p[*i] > high) {
      *valid = false;
      return 0xfffd;
    }
    c = c << 6 | (p[(*i)++] & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  if (more == 0) {
    *valid = false;
    return 0xfffd;
  }
  return c;
}

bool is_valid_utf8(const uint8_t *bytes, size_t length)
{
  bool valid = true;
  for (size_t i = 0; i < length && valid;)
    read_utf8(bytes, length, &i, &valid);
  return valid;
}

static JSValue decode_utf8(JSContext *ctx, const uint8_t *p, size_t length)
{
  size_t ascii = 0;
  while (ascii < length && p[ascii] < 0x80)
    ascii++;
  if (ascii == length)
    return engine_new_latin1(ctx, p, length);
  size_t units = 0;
  bool wide = false, ignored;
  for (size_t i = 0; i < length;) {
    uint32_t c = read_utf8(p, length, &i, &ignored);
    units += c > 0xffff ? 2 : 1;
    wide |= c > 0xff;
  }
  uint8_t *narrow_out = NULL;
  uint16_t *wide_out = NULL;
  JSValue string = wide ? engine_new_utf16_buffer(ctx, units, &wide_out) : engine_new_latin1_buffer(ctx, units, &narrow_out);
  if (JS_IsException(string))
    return string;
  size_t n = 0;
  for (size_t i = 0; i < length;) {
    uint32_t c = read_utf8(p, length, &i, &ignored);
    if (!wide) {
      narrow_out[n++] = (uint8_t)c;
    } else if (c > 0xffff) {
      wide_out[n++] = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
      wide_out[n++] = (uint16_t)(0xdc00 + (c & 0x3ff));
    } else {
      wide_out[n++] = (uint16_t)c;
    }
  }
  return string;
}

/* --- base64, hex ------------------------------------------------------------------------------------------------- */

static int base64_digit(uint32_t c)
{
  if (c >= 'A' && c <= 'Z')
    return (int)(c - 'A');
  if (c >= 'a' && c <= 'z')
    return (int)(c - 'a' + 26);
  if (c >= '0' && c <= '9')
    return (int)(c - '0' + 52);
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

size_t base64_decode(const EngineString *s, uint8_t *out, size_t room)
{
  uint32_t bits = 0;
  int count = 0;
  size_t n = 0;
  for (size_t i = 0; i < s->length && n < room; i++) {
    uint32_t c = unit_at(s, i) & 0xff; /* Node looks at the low byte only */
    if (c == '=')
      break;
    int digit = base64_digit(c);
    if (digit < 0)
      continue;
    bits = bits << 6 | (uint32_t)digit;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[n++] = (uint8_t)(bits >> count);
    }
  }
  return n;
}

static size_t base64_size(const EngineString *s)
{
  size_t length = s->length;
  if (length > 0 && unit_at(s, length - 1) == '=')
    length--;
  if (length > 1 && unit_at(s, length - 1) == '=')
    length--;
  return length / 4 * 3 + (length % 4 ? (length % 4 == 1 ? 0 : length % 4 - 1) : 0) + (length % 4 == 1 ? 1 : 0);
}

static JSValue encode_base64(JSContext *ctx, const uint8_t *p, size_t length, bool url)
{
  const char *digits = url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                           : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t size = url ? length / 3 * 4 + (length % 3 ? length % 3 + 1 : 0) : (length + 2) / 3 * 4;
  uint8_t *out;
  JSValue string = engine_new_latin1_buffer(ctx, size, &out);
  if (JS_IsException(string))
    return string;
  size_t n = 0;
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t bits = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
    out[n++] = (uint8_t)digits[bits >> 18];
    out[n++] = (uint8_t)digits[bits >> 12 & 63];
    if (left > 1 || !url)
      out[n++] = left > 1 ? (uint8_t)digits[bits >> 6 & 63] : '=';
    if (left > 2 || !url)
      out[n++] = left > 2 ? (uint8_t)digits[bits & 63] : '=';
  }
  return string;
}

static int hex_digit(uint32_t c)
{
  if (c >= '0' && c <= '9')
    return (int)(c - '0');
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f' && c < 0x80)
    return (int)((c | 0x20) - 'a' + 10);
  return -1;
}

static size_t write_hex(const EngineString *s, uint8_t *out, size_t room)
{
  size_t n = 0;
  for (size_t i = 0; i + 1 < s->length && n < room; i += 2) {
    int high = hex_digit(unit_at(s, i)), low = hex_digit(unit_at(s, i + 1));
    if (high < 0 || low < 0)
      break;
    out[n++] = (uint8_t)(high << 4 | low);
  }
  return n;
}

/* --- all together ------------------------------------------------------------------------------------------------ */

size_t string_bytes_size(const EngineString *s, Encoding encoding)
{
  switch (encoding) {
  case UTF8: case BUFFER: return utf8_length(s);
  case UCS2: return (size_t)s->length * 2;
  case BASE64: case BASE64URL: return base64_size(s);
  case HEX: return s->length / 2;
  default: return s->length;
  }
}

size_t string_bytes_write(const EngineString *s, Encoding encoding, uint8_t *out, size_t room, size_t *units)
{
  size_t n;
  switch (encoding) {
  case UTF8: case BUFFER:
    return write_utf8(s, out, room, units);
  case UCS2:
    n = s->length < room / 2 ? s->length : room / 2;
    for (size_t i = 0; i < n; i++) {
      uint32_t c = unit_at(s, i);
      out[2 * i] = (uint8_t)c;
      out[2 * i + 1] = (uint8_t)(c >> 8);
    }
    if (units)
      *units = n;
    return n * 2;
  case BASE64: case BASE64URL:
    n = base64_decode(s, out, room);
    break;
  case HEX:
    n = write_hex(s, out, room);
    break;
  default:
    n = s->length < room ? s->length : room;
    for (size_t i = 0; i < n; i++)
      out[i] = (uint8_t)unit_at(s, i);
    break;
  }
  if (units)
    *units = s->length;
  return n;
}

JSValue string_bytes_encode(JSContext *ctx, const uint8_t *p, size_t length, Encoding encoding)
{
  static const char hex[] = "0123456789abcdef";
  uint8_t *out;
  uint16_t *wide;
  JSValue string;
  if (encoding == BUFFER)
    return new_buffer(env_of(ctx), p, length);
  if (length == 0)
    return JS_NewString(ctx, "");
  if (length > STRING_MAX_LENGTH)
    return throw_code_error(ctx, ERROR, "ERR_STRING_TOO_LONG",
                            "Cannot create a string longer than 0x1fffffe8 characters");
  switch (encoding) {
  case UTF8:
    return decode_utf8(ctx, p, length);
  case LATIN1:
    return engine_new_latin1(ctx, p, length);
  case ASCII:
    string = engine_new_latin1_buffer(ctx, length, &out);
    for (size_t i = 0; !JS_IsException(string) && i < length; i++)
      out[i] = p[i] & 0x7f;
    return string;
  case UCS2:
    string = engine_new_utf16_buffer(ctx, length / 2, &wide);
    for (size_t i = 0; !JS_IsException(string) && i < length / 2; i++)
      wide[i] = (uint16_t)(p[2 * i] | p[2 * i + 1] << 8);
    return string;
  case HEX:
    string = engine_new_latin1_buffer(ctx, length * 2, &out);
    for (size_t i = 0; !JS_IsException(string) && i < length; i++) {
      out[2 * i] = (uint8_t)hex[p[i] >> 4];
      out[2 * i + 1] = (uint8_t)hex[p[i] & 15];
    }
    return string;
  default:
    return encode_base64(ctx, p, length, encoding == BASE64URL);
  }
}

bool string_bytes_get(JSContext *ctx, JSValueConst value, Encoding encoding, uint8_t **bytes, size_t *length)
{
  EngineView view;
  EngineString string;
  if (engine_view(value, &view)) {
    *bytes = malloc(view.length + 1);
    if (*bytes && view.length)
      memcpy(*bytes, view.data, view.length);
    *length = view.length;
  } else {
    if (!engine_string_open(ctx, value, &string))
      return false;
    size_t size = string_bytes_size(&string, encoding);
    *bytes = malloc(size + 1);
    *length = *bytes ? string_bytes_write(&string, encoding, *bytes, size, NULL) : 0;
    engine_string_close(&string);
  }
  if (!*bytes)
    JS_ThrowOutOfMemory(ctx);
  return *bytes != NULL;
}
