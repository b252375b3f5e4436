/* Hosts of URLs: domains (percent-decoding, IDNA), IPv4 and IPv6 addresses, opaque hosts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libunicode.h>

#include "url.h"

static bool forbidden_host(unsigned char c) { return c == 0 || strchr("\t\n\r #/:<>?@[\\]^|", c) != NULL; }

static bool forbidden_domain(unsigned char c) { return forbidden_host(c) || c <= 0x1f || c == '%' || c == 0x7f; }

/* --- IPv6 -------------------------------------------------------------------------------------------------------- */

static bool parse_embedded_ipv4(const char **p, const char *end, uint16_t *pieces, int *index)
{
  int seen = 0;
  if (*index > 6)
    return false;
  while (*p < end) {
    int value = -1;
    if (seen > 0) {
      if (**p != '.' || seen >= 4)
        return false;
      (*p)++;
    }
    if (*p == end || **p < '0' || **p > '9')
      return false;
    while (*p < end && **p >= '0' && **p <= '9') {
      int digit = **p - '0';
      if (value == 0)
        return false;
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255)
        return false;
      (*p)++;
    }
    pieces[*index] = (uint16_t)(pieces[*index] * 0x100 + value);
    seen++;
    if (seen == 2 || seen == 4)
      (*index)++;
  }
  return seen == 4;
}

static bool parse_ipv6(const char *p, const char *end, uint16_t *pieces)
{
  int index = 0, compress = -1;
  if (p < end && *p == ':') {
    if (end - p < 2 || p[1] != ':')
      return false;
    p += 2;
    compress = ++index;
  }
  while (p < end) {
    if (index == 8)
      return false;
    if (*p == ':') {
      if (compress >= 0)
        return false;
      p++;
      compress = ++index;
      continue;
    }
    int value = 0, length = 0;
    const char *start = p;
    while (length < 4 && p < end && url_hex_value(*p) >= 0) {
      value = value * 16 + url_hex_value(*p++);
      length++;
    }
    if (p < end && *p == '.') {
      p = start;
      if (length == 0 || !parse_embedded_ipv4(&p, end, pieces, &index))
        return false;
      break;
    }
    if (p < end && *p == ':') {
      if (++p == end)
        return false;
    } else if (p < end) {
      return false;
    }
    pieces[index++] = (uint16_t)value;
  }
  if (compress >= 0) {
    int swaps = index - compress;
    for (index = 7; index != 0 && swaps > 0; index--, swaps--) {
      uint16_t piece = pieces[compress + swaps - 1];
      pieces[compress + swaps - 1] = pieces[index];
      pieces[index] = piece;
    }
    return true;
  }
  return index == 8;
}

static void put_ipv6(UrlText *out, const uint16_t *pieces)
{
  int best = -1, best_length = 1;
  for (int i = 0; i < 8; i++) {
    int n = 0;
    while (i + n < 8 && pieces[i + n] == 0)
      n++;
    if (n > best_length) {
      best = i;
      best_length = n;
    }
    i += n;
  }
  text_put(out, "[", 1);
  for (int i = 0; i < 8; i++) {
    char text[8];
    if (i == best) {
      text_put(out, i == 0 ? "::" : ":", i == 0 ? 2 : 1);
      i += best_length - 1;
      continue;
    }
    int n = snprintf(text, sizeof(text), "%x%s", pieces[i], i < 7 ? ":" : "");
    text_put(out, text, (size_t)n);
  }
  text_put(out, "]", 1);
}

/* --- IPv4 -------------------------------------------------------------------------------------------------------- */

/* A decimal, octal or hexadecimal number; -1 if it is none, UINT32_MAX + 1 at most. */
static int64_t parse_ipv4_number(const char *p, size_t n)
{
  int radix = 10;
  int64_t value = 0;
  if (n == 0)
    return -1;
  if (n >= 2 && p[0] == '0' && (p[1] | 0x20) == 'x') {
    radix = 16;
    p += 2;
    n -= 2;
  } else if (n >= 2 && p[0] == '0') {
    radix = 8;
    p++;
    n--;
  }
  for (size_t i = 0; i < n; i++) {
    int digit = url_hex_value(p[i]);
    if (digit < 0 || digit >= radix)
      return -1;
    value = value * radix + digit;
    if (value > (int64_t)UINT32_MAX + 1)
      value = (int64_t)UINT32_MAX + 1;
  }
  return value;
}

/* Does the last label look like a number? Then the whole must be an IPv4 address. */
static bool ends_in_number(const char *p, size_t n)
{
  if (n > 0 && p[n - 1] == '.')
    n--;
  size_t start = n;
  while (start > 0 && p[start - 1] != '.')
    start--;
  if (n == start)
    return false;
  bool digits = true;
  for (size_t i = start; i < n; i++)
    digits &= p[i] >= '0' && p[i] <= '9';
  return digits || parse_ipv4_number(p + start, n - start) >= 0;
}

static bool parse_ipv4(const char *p, size_t n, UrlText *out)
{
  int64_t numbers[4];
  int count = 0;
  if (n > 0 && p[n - 1] == '.')
    n--;
  for (size_t i = 0; i <= n; i++) {
    size_t start = i;
    while (i < n && p[i] != '.')
      i++;
    if (count == 4 || (numbers[count] = parse_ipv4_number(p + start, i - start)) < 0)
      return false;
    count++;
  }
  for (int i = 0; i < count - 1; i++) {
    if (numbers[i] > 255)
      return false;
  }
  int64_t limit = 1ll << (8 * (5 - count));
  if (numbers[count - 1] >= limit)
    return false;
  uint32_t address = (uint32_t)numbers[count - 1];
  for (int i = 0; i < count - 1; i++)
    address += (uint32_t)numbers[i] << (8 * (3 - i));
  char text[20];
  int length = snprintf(text, sizeof(text), "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                        address & 255);
  text_put(out, text, (size_t)length);
  return true;
}

/* --- IDNA -------------------------------------------------------------------------------------------------------- */

enum { PUNY_BASE = 36, PUNY_TMIN = 1, PUNY_TMAX = 26, PUNY_SKEW = 38, PUNY_DAMP = 700, PUNY_BIAS = 72, PUNY_N = 128 };

static uint32_t puny_adapt(uint32_t delta, uint32_t count, bool first)
{
  uint32_t k = 0;
  delta = first ? delta / PUNY_DAMP : delta / 2;
  delta += delta / count;
  for (; delta > (PUNY_BASE - PUNY_TMIN) * PUNY_TMAX / 2; k += PUNY_BASE)
    delta /= PUNY_BASE - PUNY_TMIN;
  return k + (PUNY_BASE - PUNY_TMIN + 1) * delta / (delta + PUNY_SKEW);
}

static uint32_t puny_threshold(uint32_t k, uint32_t bias)
{
  return k <= bias ? PUNY_TMIN : k >= bias + PUNY_TMAX ? PUNY_TMAX : k - bias;
}

/* RFC 3492, section 6.3. */
static bool puny_encode(const uint32_t *label, size_t length, UrlText *out)
{
  uint32_t n = PUNY_N, delta = 0, bias = PUNY_BIAS, basic = 0;
  for (size_t i = 0; i < length; i++) {
    if (label[i] < 0x80) {
      char c = (char)label[i];
      text_put(out, &c, 1);
      basic++;
    }
  }
  uint32_t handled = basic;
  if (basic > 0)
    text_put(out, "-", 1);
  while (handled < length) {
    uint32_t next = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
      if (label[i] >= n && label[i] < next)
        next = label[i];
    }
    if (next - n > (UINT32_MAX - delta) / (handled + 1))
      return false;
    delta += (next - n) * (handled + 1);
    n = next;
    for (size_t i = 0; i < length; i++) {
      if (label[i] < n)
        delta++;
      if (label[i] != n)
        continue;
      uint32_t q = delta;
      for (uint32_t k = PUNY_BASE;; k += PUNY_BASE) {
        uint32_t t = puny_threshold(k, bias), digit = q < t ? q : t + (q - t) % (PUNY_BASE - t);
        char c = (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);
        text_put(out, &c, 1);
        if (q < t)
          break;
        q = (q - t) / (PUNY_BASE - t);
      }
      bias = puny_adapt(delta, handled + 1, handled == basic);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return true;
}

/* Gives the number of code points, or -1. */
static int puny_decode(const char *p, size_t length, uint32_t *out, size_t room)
{
  uint32_t n = PUNY_N, i = 0, bias = PUNY_BIAS;
  size_t count = 0, start = 0;
  for (size_t k = 0; k < length; k++) {
    if (p[k] == '-')
      start = k + 1;
  }
  for (size_t k = 0; start > 0 && k < start - 1; k++) {
    if (count == room)
      return -1;
    out[count++] = (unsigned char)p[k];
  }
  for (size_t at = start; at < length;) {
    uint32_t old = i, weight = 1;
    for (uint32_t k = PUNY_BASE;; k += PUNY_BASE) {
      if (at == length)
        return -1;
      char c = p[at++];
      uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0' + 26)
                       : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (uint32_t)((c | 0x20) - 'a') : PUNY_BASE;
      if (digit >= PUNY_BASE || digit > (UINT32_MAX - i) / weight)
        return -1;
      i += digit * weight;
      uint32_t t = puny_threshold(k, bias);
      if (digit < t)
        break;
      if (weight > UINT32_MAX / (PUNY_BASE - t))
        return -1;
      weight *= PUNY_BASE - t;
    }
    bias = puny_adapt(i - old, (uint32_t)count + 1, old == 0);
    n += i / (uint32_t)(count + 1);
    i %= (uint32_t)(count + 1);
    if (count == room || n > 0x10ffff)
      return -1;
    memmove(out + i + 1, out + i, (count - i) * sizeof(*out));
    out[i++] = n;
    count++;
  }
  return (int)count;
}

static bool read_utf8(const char **p, const char *end, uint32_t *c)
{
  unsigned char b = (unsigned char)*(*p)++;
  int more = b < 0x80 ? 0 : b >= 0xc2 && b < 0xe0 ? 1 : b >= 0xe0 && b < 0xf0 ? 2 : b >= 0xf0 && b < 0xf5 ? 3 : -1;
  if (more < 0)
    return false;
  *c = more == 0 ? b : more == 1 ? b & 31 : more == 2 ? b & 15 : b & 7;
  for (; more > 0; more--) {
    if (*p == end || ((unsigned char)**p & 0xc0) != 0x80)
      return false;
    *c = *c << 6 | ((unsigned char)*(*p)++ & 63);
  }
  return *c <= 0x10ffff && (*c & 0xfffff800) != 0xd800;
}

static void put_utf8(UrlText *out, uint32_t c)
{
  char bytes[4];
  int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (int i = n - 1; i > 0; i--, c >>= 6)
    bytes[i] = (char)(0x80 | (c & 63));
  bytes[0] = (char)(n == 1 ? c : n == 2 ? 0xc0 | c : n == 3 ? 0xe0 | c : 0xf0 | c);
  text_put(out, bytes, (size_t)n);
}

/* Code points UTS 46 maps to nothing. */
static bool is_ignored(uint32_t c)
{
  return c == 0xad || c == 0x200b || c == 0x2060 || c == 0xfeff || c == 0x34f || (c >= 0xfe00 && c <= 0xfe0f) ||
         (c >= 0x180b && c <= 0x180f) || c == 0x2064 || c == 0x200c || c == 0x200d;
}

static bool is_dot(uint32_t c) { return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61; }

static bool put_label(const uint32_t *label, size_t length, UrlText *out)
{
  bool ascii = true;
  for (size_t i = 0; i < length; i++)
    ascii &= label[i] < 0x80;
  if (!ascii) {
    text_put(out, "xn--", 4);
    return puny_encode(label, length, out);
  }
  for (size_t i = 0; i < length; i++) {
    char c = (char)label[i];
    text_put(out, &c, 1);
  }
  return true;
}

/* An "xn--" label must decode to something that is not ASCII only. */
static bool valid_ace(const uint32_t *label, size_t length)
{
  char text[256];
  uint32_t decoded[256];
  if (length < 4 || length > 255 || label[0] != 'x' || label[1] != 'n' || label[2] != '-' || label[3] != '-')
    return true;
  for (size_t i = 0; i < length; i++) {
    if (label[i] >= 0x80)
      return false;
    text[i] = (char)label[i];
  }
  int count = puny_decode(text + 4, length - 4, decoded, 256);
  for (int i = 0; i < count; i++) {
    if (decoded[i] >= 0x80)
      return true;
  }
  return false;
}

static void *unicode_realloc(void *opaque, void *ptr, size_t size)
{
  if (size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, size);
}

/* UTS 46 in the main: case folding by lower case, NFKC, punycode. */
static bool to_ascii(const char *p, const char *end, UrlText *out)
{
  size_t capacity = (size_t)(end - p) * 3 + 1, n = 0;
  uint32_t *points = malloc(capacity * sizeof(*points)), *normal = NULL;
  bool result = points != NULL;
  while (result && p < end) {
    uint32_t c, lower[LRE_CC_RES_LEN_MAX];
    /* U+FFFD, which stands for half a surrogate pair, is never valid. */
    result = read_utf8(&p, end, &c) && c != 0xfffd;
    if (!result || is_ignored(c))
      continue;
    int count = c == 0xdf || c == 0x3c2 ? (lower[0] = c, 1) : lre_case_conv(lower, c, 1);
    for (int i = 0; i < count && n < capacity; i++)
      points[n++] = lower[i];
  }
  int length = result ? unicode_normalize(&normal, points, (int)n, UNICODE_NFKC, NULL, unicode_realloc) : -1;
  result = length >= 0;
  for (int i = 0, start = 0; result && i <= length; i++) {
    if (i < length && normal[i] < 0x80)
      normal[i] = normal[i] >= 'A' && normal[i] <= 'Z' ? normal[i] | 0x20 : normal[i];
    if (i < length && !is_dot(normal[i]))
      continue;
    result = valid_ace(normal + start, (size_t)(i - start)) && put_label(normal + start, (size_t)(i - start), out);
    if (i < length)
      text_put(out, ".", 1);
    start = i + 1;
  }
  free(normal);
  free(points);
  return result;
}

bool url_parse_domain(const char *input, size_t length, UrlText *out)
{
  UrlText decoded = {0}, ascii = {0};
  bool plain = true;
  for (size_t i = 0; i < length; i++) {
    char c = input[i];
    if (c == '%' && i + 2 < length && url_hex_value(input[i + 1]) >= 0 && url_hex_value(input[i + 2]) >= 0) {
      c = (char)(url_hex_value(input[i + 1]) << 4 | url_hex_value(input[i + 2]));
      i += 2;
    }
    plain &= (unsigned char)c < 0x80;
    c = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    text_put(&decoded, &c, 1);
  }
  text_put(&decoded, "", 0);
  bool result = true;
  if (plain && !strstr(decoded.at, "xn--"))
    text_put(&ascii, decoded.at, decoded.length);
  else
    result = to_ascii(decoded.at, decoded.at + decoded.length, &ascii);
  text_put(&ascii, "", 0);
  for (size_t i = 0; result && i < ascii.length; i++)
    result = !forbidden_domain((unsigned char)ascii.at[i]);
  result = result && ascii.length > 0;
  if (result && ends_in_number(ascii.at, ascii.length))
    result = parse_ipv4(ascii.at, ascii.length, out);
  else if (result)
    text_put(out, ascii.at, ascii.length);
  text_free(&decoded);
  text_free(&ascii);
  return result;
}

bool url_parse_host(const char *input, size_t length, bool special, UrlText *out);

bool url_parse_host(const char *input, size_t length, bool special, UrlText *out)
{
  if (length > 0 && input[0] == '[') {
    uint16_t pieces[8] = {0};
    if (input[length - 1] != ']' || !parse_ipv6(input + 1, input + length - 1, pieces))
      return false;
    put_ipv6(out, pieces);
    return true;
  }
  if (special)
    return url_parse_domain(input, length, out);
  for (size_t i = 0; i < length; i++) {
    if (forbidden_host((unsigned char)input[i]))
      return false;
  }
  url_encode(out, input, length, SET_C0);
  return true;
}

void url_domain_to_unicode(const char *domain, UrlText *out)
{
  for (;;) {
    size_t n = strcspn(domain, ".");
    uint32_t points[256];
    int count = n > 4 && n < 256 && !strncmp(domain, "xn--", 4) ? puny_decode(domain + 4, n - 4, points, 256) : -1;
    for (int i = 0; i < count; i++)
      put_utf8(out, points[i]);
    if (count < 0)
      text_put(out, domain, n);
    if (!domain[n])
      break;
    text_put(out, ".", 1);
    domain += n + 1;
  }
  text_put(out, "", 0);
}
