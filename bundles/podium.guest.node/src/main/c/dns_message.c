/* DNS messages. */
#include "dns_message.h"

#include <string.h>

enum { HEADER = 12, CLASS_IN = 1, LABEL_MAX = 63, NAME_MAX_BYTES = 255 };

static uint16_t read16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }

static uint8_t *put16(uint8_t *p, unsigned value)
{
  *p++ = (uint8_t)(value >> 8);
  *p++ = (uint8_t)value;
  return p;
}

/* --- questions ------------------------------------------------------------------------------------------------------- */

/* Labels with their lengths before them; NULL if it is no name. */
static uint8_t *put_name(uint8_t *out, const char *name)
{
  const uint8_t *limit = out + NAME_MAX_BYTES;
  while (*name && strcmp(name, ".")) {
    size_t length = strcspn(name, ".");
    if (length == 0 || length > LABEL_MAX || out + length + 2 > limit)
      return NULL;
    *out++ = (uint8_t)length;
    memcpy(out, name, length);
    out += length;
    name += length + (name[length] == '.');
  }
  *out++ = 0;
  return out;
}

size_t dns_question(uint8_t *out, uint16_t id, const char *name, DnsType type)
{
  uint8_t *p = put16(out, id);
  p = put16(p, 0x0100); /* recursion desired */
  p = put16(p, 1);
  memset(p, 0, 6);
  p = put_name(p + 6, name);
  if (!p)
    return 0;
  p = put16(p, type);
  return (size_t)(put16(p, CLASS_IN) - out);
}

/* --- answers --------------------------------------------------------------------------------------------------------- */

bool dns_answers(const uint8_t *message, size_t length, const uint8_t *question, size_t question_length)
{
  if (length < question_length || read16(message) != read16(question) || !(message[2] & 0x80) || read16(message + 4) != 1)
    return false;
  for (size_t i = HEADER; i < question_length; i++) {
    uint8_t a = message[i], b = question[i];
    /* Letters of names have no case. */
    if (a != b && !((a ^ b) == 0x20 && (a | 0x20) >= 'a' && (a | 0x20) <= 'z'))
      return false;
  }
  return true;
}

bool dns_is_truncated(const uint8_t *message) { return message[2] & 0x02; }

bool dns_is_refusal(const uint8_t *message)
{
  int code = message[3] & 15;
  return code == 2 || code == 4 || code == 5;
}

typedef struct Reader {
  JSContext *ctx;
  const uint8_t *message, *at, *end; /* `end` is the message's, or a record's */
  size_t length;
  bool bad;
} Reader;

typedef struct Record {
  DnsType type;
  uint32_t ttl;
  const uint8_t *data;
  size_t length;
} Record;

static unsigned take(Reader *r, size_t bytes)
{
  unsigned value = 0;
  if ((size_t)(r->end - r->at) < bytes) {
    r->bad = true;
    return 0;
  }
  while (bytes--)
    value = value << 8 | *r->at++;
  return value;
}

/* A name, of which parts may stand elsewhere in the message: as text, of at most 255 bytes and a NUL. */
static void take_name(Reader *r, char *text)
{
  const uint8_t *at = r->at, *end = r->message + r->length;
  size_t used = 0;
  bool jumped = false;
  for (int jumps = 0; !r->bad;) {
    uint8_t length = at < end ? *at : 0xff;
    if ((length & 0xc0) == 0xc0 && end - at >= 2 && jumps++ < 64) {
      if (!jumped)
        r->at = at + 2;
      jumped = true;
      at = r->message + (read16(at) & 0x3fff);
      continue;
    }
    if (length > LABEL_MAX || end - at < length + 1 || used + length + 2 > NAME_MAX_BYTES) {
      r->bad = true;
      break;
    }
    at++;
    if (length == 0)
      break;
    if (used)
      text[used++] = '.';
    memcpy(text + used, at, length);
    used += length;
    at += length;
  }
  text[used] = 0;
  if (!jumped)
    r->at = at;
}

static JSValue take_name_value(Reader *r)
{
  char text[NAME_MAX_BYTES + 1];
  take_name(r, text);
  return engine_new_latin1(r->ctx, (const uint8_t *)text, strlen(text));
}

/* A text with its length before it. */
static JSValue take_text(Reader *r)
{
  size_t length = take(r, 1);
  if (r->bad || (size_t)(r->end - r->at) < length) {
    r->bad = true;
    return JS_UNDEFINED;
  }
  r->at += length;
  return engine_new_latin1(r->ctx, r->at - length, length);
}

static void skip_questions(Reader *r)
{
  char name[NAME_MAX_BYTES + 1];
  for (int count = read16(r->message + 4); count > 0 && !r->bad; count--) {
    take_name(r, name);
    take(r, 4);
  }
}

/* The next answer; false at the end, or if it is malformed. */
static bool take_record(Reader *r, Record *record)
{
  char name[NAME_MAX_BYTES + 1];
  take_name(r, name);
  record->type = (DnsType)take(r, 2);
  take(r, 2);
  record->ttl = take(r, 4);
  record->length = take(r, 2);
  record->data = r->at;
  if (r->bad || (size_t)(r->end - r->at) < record->length) {
    r->bad = true;
    return false;
  }
  r->at += record->length;
  return true;
}

/* --- records as values ------------------------------------------------------------------------------------------------ */

static JSValue address_value(Reader *r, const Record *record)
{
  char text[64];
  int family = record->type == DNS_A ? AF_INET : AF_INET6;
  if (record->length != (family == AF_INET ? 4 : 16)) {
    r->bad = true;
    return JS_UNDEFINED;
  }
  uv_inet_ntop(family, record->data, text, sizeof(text));
  return JS_NewString(r->ctx, text);
}

static JSValue texts_value(Reader *r)
{
  JSValue list = JS_NewArray(r->ctx);
  for (uint32_t n = 0; r->at < r->end && !r->bad; n++)
    JS_SetPropertyUint32(r->ctx, list, n, take_text(r));
  return list;
}

static void number(Reader *r, JSValueConst object, const char *name, size_t bytes)
{
  define_number(r->ctx, object, name, take(r, bytes));
}

static JSValue service_value(Reader *r)
{
  JSValue object = JS_NewObject(r->ctx);
  unsigned priority = take(r, 2), weight = take(r, 2), port = take(r, 2);
  define_value(r->ctx, object, "name", take_name_value(r));
  define_number(r->ctx, object, "port", port);
  define_number(r->ctx, object, "priority", priority);
  define_number(r->ctx, object, "weight", weight);
  define_string(r->ctx, object, "type", "SRV");
  return object;
}

static JSValue authority_value(Reader *r)
{
  static const char *const numbers[] = {"serial", "refresh", "retry", "expire", "minttl"};
  JSValue object = JS_NewObject(r->ctx);
  define_value(r->ctx, object, "nsname", take_name_value(r));
  define_value(r->ctx, object, "hostmaster", take_name_value(r));
  for (int i = 0; i < COUNT_OF(numbers); i++)
    number(r, object, numbers[i], 4);
  return object;
}

static JSValue pointer_value(Reader *r)
{
  JSValue object = JS_NewObject(r->ctx);
  unsigned order = take(r, 2), preference = take(r, 2);
  define_value(r->ctx, object, "flags", take_text(r));
  define_value(r->ctx, object, "service", take_text(r));
  define_value(r->ctx, object, "regexp", take_text(r));
  define_value(r->ctx, object, "replacement", take_name_value(r));
  define_number(r->ctx, object, "order", order);
  define_number(r->ctx, object, "preference", preference);
  return object;
}

static JSValue certificate_authority_value(Reader *r)
{
  char tag[256] = "";
  JSValue object = JS_NewObject(r->ctx);
  number(r, object, "critical", 1);
  define_string(r->ctx, object, "type", "CAA");
  size_t length = take(r, 1);
  if (r->bad || (size_t)(r->end - r->at) < length) {
    r->bad = true;
    return object;
  }
  memcpy(tag, r->at, length);
  r->at += length;
  define_value(r->ctx, object, tag, engine_new_latin1(r->ctx, r->at, (size_t)(r->end - r->at)));
  return object;
}

static JSValue certificate_value(Reader *r)
{
  JSValue object = JS_NewObject(r->ctx);
  number(r, object, "certUsage", 1);
  number(r, object, "selector", 1);
  number(r, object, "match", 1);
  if (!r->bad)
    define_value(r->ctx, object, "data", JS_NewArrayBufferCopy(r->ctx, r->at, (size_t)(r->end - r->at)));
  return object;
}

static JSValue exchange_value(Reader *r)
{
  JSValue object = JS_NewObject(r->ctx);
  unsigned priority = take(r, 2);
  define_value(r->ctx, object, "exchange", take_name_value(r));
  define_number(r->ctx, object, "priority", priority);
  define_string(r->ctx, object, "type", "MX");
  return object;
}

static JSValue record_value(Reader *message, const Record *record)
{
  Reader r = *message;
  JSValue value;
  r.at = record->data;
  r.end = record->data + record->length;
  switch (record->type) {
  case DNS_A:
  case DNS_AAAA: value = address_value(&r, record); break;
  case DNS_TXT: value = texts_value(&r); break;
  case DNS_MX: value = exchange_value(&r); break;
  case DNS_SRV: value = service_value(&r); break;
  case DNS_SOA: value = authority_value(&r); break;
  case DNS_NAPTR: value = pointer_value(&r); break;
  case DNS_CAA: value = certificate_authority_value(&r); break;
  case DNS_TLSA: value = certificate_value(&r); break;
  default: value = take_name_value(&r);
  }
  message->bad = r.bad;
  return value;
}

/* In `resolveAny` each is an object that says which type it is of. */
static JSValue typed_value(Reader *r, const Record *record, const char *type)
{
  JSContext *ctx = r->ctx;
  JSValue value = record_value(r, record);
  bool plain = JS_IsObject(value) && record->type != DNS_TXT;
  JSValue object = plain ? value : JS_NewObject(ctx);
  if (record->type == DNS_A || record->type == DNS_AAAA) {
    define_value(ctx, object, "address", value);
    define_number(ctx, object, "ttl", record->ttl);
  } else if (!plain) {
    define_value(ctx, object, record->type == DNS_TXT ? "entries" : "value", value);
  }
  define_string(ctx, object, "type", type);
  return object;
}

/* --- results ---------------------------------------------------------------------------------------------------------- */

/* In the order in which `resolveAny` gives them, which takes an alias for the addresses it leads to. */
static const struct { DnsType type; const char *name; } any_types[] = {
    {DNS_CNAME, "CNAME"}, {DNS_A, "A"}, {DNS_AAAA, "AAAA"}, {DNS_MX, "MX"}, {DNS_NS, "NS"}, {DNS_TXT, "TXT"},
    {DNS_SRV, "SRV"}, {DNS_PTR, "PTR"}, {DNS_NAPTR, "NAPTR"}, {DNS_SOA, "SOA"}, {DNS_TLSA, NULL}, {DNS_CAA, "CAA"},
};

/* Adds the values of all answers of a type, and their times to live to `ttls` if it is an array. */
static void collect(Reader r, DnsType type, const char *name, JSValueConst list, uint32_t *count, JSValueConst ttls, bool *bad)
{
  Record record;
  skip_questions(&r);
  for (int answers = read16(r.message + 6); answers > 0 && !r.bad && take_record(&r, &record); answers--) {
    if (record.type != type)
      continue;
    if (JS_IsObject(ttls))
      JS_SetPropertyUint32(r.ctx, ttls, *count, JS_NewUint32(r.ctx, record.ttl));
    JS_SetPropertyUint32(r.ctx, list, (*count)++, name ? typed_value(&r, &record, name) : record_value(&r, &record));
  }
  *bad |= r.bad;
}

static const char *response_error(int code)
{
  static const char *const names[] = {NULL, "EFORMERR", "ESERVFAIL", "ENOTFOUND", "ENOTIMP", "EREFUSED"};
  return code < COUNT_OF(names) ? names[code] : "ESERVFAIL";
}

const char *dns_result(JSContext *ctx, const uint8_t *message, size_t length, DnsType type, JSValue *result, JSValue *ttls)
{
  const char *error = response_error(message[3] & 15);
  if (error)
    return error;
  Reader r = {ctx, message, message + HEADER, message + length, length, false};
  bool bad = false;
  uint32_t count = 0;
  *result = JS_NewArray(ctx);
  *ttls = type == DNS_A || type == DNS_AAAA ? JS_NewArray(ctx) : JS_UNDEFINED;
  if (type == DNS_ANY) {
    for (int i = 0; i < COUNT_OF(any_types); i++)
      if (any_types[i].type != DNS_A || count == 0)
        collect(r, any_types[i].type, any_types[i].name, *result, &count, JS_UNDEFINED, &bad);
  } else {
    collect(r, type, NULL, *result, &count, *ttls, &bad);
  }
  error = bad ? "EBADRESP" : count == 0 ? "ENODATA" : NULL;
  if (!error && type == DNS_SOA) { /* there is but one */
    JSValue only = JS_GetPropertyUint32(ctx, *result, 0);
    JS_FreeValue(ctx, *result);
    *result = only;
  }
  if (error) {
    JS_FreeValue(ctx, *result);
    JS_FreeValue(ctx, *ttls);
    *result = *ttls = JS_UNDEFINED;
  }
  return error;
}
