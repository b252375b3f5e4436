/* DNS answers as values, with the wording and the choices of Node. */
#include "cares_wrap.h"

#include <limits.h>
#include <string.h>

typedef struct Member {
  const char *name;
  ares_dns_rr_key_t key;
} Member;

/* How records of a type look. In `resolveAny` all are objects, and most say their type. */
typedef struct Form {
  ares_dns_rec_type_t type;
  const char *name;
  enum { ALONE, /* the one member's value */
         OBJECT, /* says its type only in resolveAny */
         TYPED, /* says its type always */
         UNTYPED /* says it never */
  } kind;
  bool single; /* there is but one in an answer */
  Member members[8];
} Form;

/* In the order of resolveAny, which has an alias instead of the IPv4 addresses it leads to. */
static const Form forms[] = {
    {ARES_REC_TYPE_CNAME, "CNAME", ALONE, true, {{"value", ARES_RR_CNAME_CNAME}}},
    {ARES_REC_TYPE_A, "A", ALONE, false, {{"address", ARES_RR_A_ADDR}}},
    {ARES_REC_TYPE_AAAA, "AAAA", ALONE, false, {{"address", ARES_RR_AAAA_ADDR}}},
    {ARES_REC_TYPE_MX, "MX", TYPED, false, {{"exchange", ARES_RR_MX_EXCHANGE}, {"priority", ARES_RR_MX_PREFERENCE}}},
    {ARES_REC_TYPE_NS, "NS", ALONE, false, {{"value", ARES_RR_NS_NSDNAME}}},
    {ARES_REC_TYPE_TXT, "TXT", ALONE, false, {{"entries", ARES_RR_TXT_DATA}}},
    {ARES_REC_TYPE_SRV, "SRV", TYPED, false,
     {{"name", ARES_RR_SRV_TARGET},
      {"port", ARES_RR_SRV_PORT},
      {"priority", ARES_RR_SRV_PRIORITY},
      {"weight", ARES_RR_SRV_WEIGHT}}},
    {ARES_REC_TYPE_PTR, "PTR", ALONE, false, {{"value", ARES_RR_PTR_DNAME}}},
    {ARES_REC_TYPE_NAPTR, "NAPTR", OBJECT, false,
     {{"flags", ARES_RR_NAPTR_FLAGS},
      {"service", ARES_RR_NAPTR_SERVICES},
      {"regexp", ARES_RR_NAPTR_REGEXP},
      {"replacement", ARES_RR_NAPTR_REPLACEMENT},
      {"order", ARES_RR_NAPTR_ORDER},
      {"preference", ARES_RR_NAPTR_PREFERENCE}}},
    {ARES_REC_TYPE_SOA, "SOA", OBJECT, true,
     {{"nsname", ARES_RR_SOA_MNAME},
      {"hostmaster", ARES_RR_SOA_RNAME},
      {"serial", ARES_RR_SOA_SERIAL},
      {"refresh", ARES_RR_SOA_REFRESH},
      {"retry", ARES_RR_SOA_RETRY},
      {"expire", ARES_RR_SOA_EXPIRE},
      {"minttl", ARES_RR_SOA_MINIMUM}}},
    {ARES_REC_TYPE_TLSA, "TLSA", UNTYPED, false,
     {{"certUsage", ARES_RR_TLSA_CERT_USAGE},
      {"selector", ARES_RR_TLSA_SELECTOR},
      {"match", ARES_RR_TLSA_MATCH},
      {"data", ARES_RR_TLSA_DATA}}},
    {ARES_REC_TYPE_CAA, "CAA", TYPED, false, {{"critical", ARES_RR_CAA_CRITICAL}}},
};

typedef struct Answer {
  JSContext *ctx;
  const ares_dns_record_t *record;
  bool any;
  bool has_alias;
  int alias_ttl;      /* the shortest: an address lives no longer than the aliases that led to it */
  JSValue list, ttls; /* the latter of addresses that are asked for alone */
  uint32_t count;
} Answer;

/* --- records --------------------------------------------------------------------------------------------------------- */

static JSValue string_value(JSContext *ctx, const char *text)
{
  return engine_new_latin1(ctx, (const uint8_t *)text, text ? strlen(text) : 0);
}

static JSValue address_value(JSContext *ctx, int family, const void *address)
{
  char text[INET6_ADDRSTRLEN] = "";
  uv_inet_ntop(family, address, text, sizeof(text));
  return JS_NewString(ctx, text);
}

static JSValue texts_value(JSContext *ctx, const ares_dns_rr_t *record, ares_dns_rr_key_t key)
{
  JSValue list = JS_NewArray(ctx);
  for (size_t i = 0; i < ares_dns_rr_get_abin_cnt(record, key); i++) {
    size_t length = 0;
    const unsigned char *text = ares_dns_rr_get_abin(record, key, i, &length);
    JS_SetPropertyInt64(ctx, list, (int64_t)i, engine_new_latin1(ctx, text, length));
  }
  return list;
}

static JSValue member_value(JSContext *ctx, const ares_dns_rr_t *record, ares_dns_rr_key_t key)
{
  size_t length = 0;
  switch (ares_dns_rr_key_datatype(key)) {
  case ARES_DATATYPE_INADDR: return address_value(ctx, AF_INET, ares_dns_rr_get_addr(record, key));
  case ARES_DATATYPE_INADDR6: return address_value(ctx, AF_INET6, ares_dns_rr_get_addr6(record, key));
  case ARES_DATATYPE_U8: return JS_NewInt32(ctx, ares_dns_rr_get_u8(record, key));
  case ARES_DATATYPE_U16: return JS_NewInt32(ctx, ares_dns_rr_get_u16(record, key));
  case ARES_DATATYPE_U32: return JS_NewUint32(ctx, ares_dns_rr_get_u32(record, key));
  case ARES_DATATYPE_ABINP: return texts_value(ctx, record, key);
  case ARES_DATATYPE_BIN: {
    const unsigned char *bytes = ares_dns_rr_get_bin(record, key, &length);
    return JS_NewArrayBufferCopy(ctx, bytes, length);
  }
  default: return string_value(ctx, ares_dns_rr_get_str(record, key));
  }
}

/* What a CAA record says stands under a name of its own. */
static void define_property(JSContext *ctx, JSValueConst object, const ares_dns_rr_t *record)
{
  size_t length = 0;
  const unsigned char *value = ares_dns_rr_get_bin(record, ARES_RR_CAA_VALUE, &length);
  JSValue name = string_value(ctx, ares_dns_rr_get_str(record, ARES_RR_CAA_TAG));
  JSAtom atom = JS_ValueToAtom(ctx, name);
  JS_DefinePropertyValue(ctx, object, atom, engine_new_latin1(ctx, value, length), JS_PROP_C_W_E);
  JS_FreeAtom(ctx, atom);
  JS_FreeValue(ctx, name);
}

static uint32_t time_to_live(const Answer *answer, const ares_dns_rr_t *record)
{
  int ttl = (int)ares_dns_rr_get_ttl(record);
  return (uint32_t)(ttl < answer->alias_ttl ? ttl : answer->alias_ttl);
}

static JSValue record_value(const Answer *answer, const Form *form, const ares_dns_rr_t *record)
{
  JSContext *ctx = answer->ctx;
  bool any = answer->any;
  if (form->kind == ALONE && !any)
    return member_value(ctx, record, form->members[0].key);
  JSValue object = JS_NewObject(ctx);
  for (const Member *member = form->members; member->name; member++)
    define_value(ctx, object, member->name, member_value(ctx, record, member->key));
  if (form->type == ARES_REC_TYPE_A || form->type == ARES_REC_TYPE_AAAA)
    define_number(ctx, object, "ttl", time_to_live(answer, record));
  if (form->kind != UNTYPED)
    define_value(ctx, object, "type", any || form->kind == TYPED ? JS_NewString(ctx, form->name) : JS_UNDEFINED);
  if (form->type == ARES_REC_TYPE_CAA)
    define_property(ctx, object, record);
  return object;
}

/* --- answers --------------------------------------------------------------------------------------------------------- */

/* Adds all records of a form; how many there were. */
static uint32_t collect(Answer *answer, const Form *form)
{
  uint32_t before = answer->count;
  for (size_t i = 0; i < ares_dns_record_rr_cnt(answer->record, ARES_SECTION_ANSWER); i++) {
    const ares_dns_rr_t *record = ares_dns_record_rr_get_const(answer->record, ARES_SECTION_ANSWER, i);
    if (ares_dns_rr_get_type(record) != form->type || ares_dns_rr_get_class(record) != ARES_CLASS_IN)
      continue;
    if (JS_IsObject(answer->ttls))
      JS_SetPropertyUint32(answer->ctx, answer->ttls, answer->count,
                           JS_NewUint32(answer->ctx, time_to_live(answer, record)));
    JS_SetPropertyUint32(answer->ctx, answer->list, answer->count++, record_value(answer, form, record));
    if (form->single)
      break;
  }
  return answer->count - before;
}

static const Form *form_of(ares_dns_rec_type_t type)
{
  const Form *form = forms;
  while (form->type != type)
    form++;
  return form;
}

static void find_aliases(Answer *answer)
{
  answer->alias_ttl = INT_MAX;
  for (size_t i = 0; i < ares_dns_record_rr_cnt(answer->record, ARES_SECTION_ANSWER); i++) {
    const ares_dns_rr_t *record = ares_dns_record_rr_get_const(answer->record, ARES_SECTION_ANSWER, i);
    if (ares_dns_rr_get_type(record) != ARES_REC_TYPE_CNAME || ares_dns_rr_get_class(record) != ARES_CLASS_IN)
      continue;
    answer->has_alias = true;
    answer->alias_ttl = (int)time_to_live(answer, record);
  }
}

static void collect_any(Answer *answer)
{
  for (int i = 0; i < COUNT_OF(forms); i++)
    if (forms[i].type != ARES_REC_TYPE_A || !answer->has_alias)
      collect(answer, &forms[i]);
}

/* An answer that has other records alone is an error for some types, and no records for the others. */
static ares_status_t collect_type(Answer *answer, ares_dns_rec_type_t type)
{
  if (collect(answer, form_of(type)))
    return ARES_SUCCESS;
  switch (type) {
  case ARES_REC_TYPE_A:
  case ARES_REC_TYPE_AAAA: return answer->has_alias ? ARES_SUCCESS : ARES_ENODATA;
  case ARES_REC_TYPE_CNAME:
  case ARES_REC_TYPE_NS:
  case ARES_REC_TYPE_PTR: return ARES_ENODATA;
  case ARES_REC_TYPE_SOA: return ARES_EBADRESP;
  default: return ARES_SUCCESS;
  }
}

ares_status_t answer_values(JSContext *ctx, const ares_dns_record_t *record, ares_dns_rec_type_t type, JSValue *result,
                            JSValue *ttls)
{
  bool addresses = type == ARES_REC_TYPE_A || type == ARES_REC_TYPE_AAAA;
  Answer answer = {.ctx = ctx, .record = record, .any = type == ARES_REC_TYPE_ANY};
  answer.list = JS_NewArray(ctx);
  answer.ttls = addresses ? JS_NewArray(ctx) : JS_UNDEFINED;
  ares_status_t status = ARES_SUCCESS;
  find_aliases(&answer);
  if (answer.any)
    collect_any(&answer);
  else
    status = collect_type(&answer, type);
  if (status) {
    JS_FreeValues(ctx, answer.list, answer.ttls);
    return status;
  }
  *result = type == ARES_REC_TYPE_SOA ? JS_GetPropertyUint32(ctx, answer.list, 0) : JS_DupValue(ctx, answer.list);
  *ttls = answer.ttls;
  JS_FreeValue(ctx, answer.list);
  return ARES_SUCCESS;
}
