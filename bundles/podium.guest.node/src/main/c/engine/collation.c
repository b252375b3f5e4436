/* String.prototype.localeCompare, in the order of the Unicode collation's root: letters first, then accents, then case. It
   knows no language's own order, and none of the letters that are compared as several (ß, æ). */
#include "collation.h"

typedef struct EngineCollation {
  int levels;     /* 1 letters, 2 accents, too, 3 case, too */
  bool only_case; /* letters and case */
  bool numeric;   /* digits are compared as numbers */
} EngineCollation;

/* A string as its characters, decomposed, and where in them a walk on one level is. */
typedef struct EngineCollated {
  uint32_t *characters;
  int count, at;
} EngineCollated;

static bool engine_collated_open(JSContext *ctx, JSValueConst string, EngineCollated *text)
{
  uint32_t *raw;
  int count = to_utf32_buf(ctx, JS_VALUE_GET_STRING(string), &raw);
  if (count < 0)
    return false;
  text->count = unicode_normalize(&text->characters, raw, count, UNICODE_NFD, ctx, (DynBufReallocFunc *)js_realloc);
  js_free(ctx, raw);
  return text->count >= 0;
}

static bool engine_is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

static bool engine_at_number(const EngineCollated *text)
{
  return engine_is_digit(text->characters[text->at]) &&
         (text->at == 0 || !engine_is_digit(text->characters[text->at - 1]));
}

/* Leading zeros do not count, and longer numbers are greater: a number begins with a weight of its length and first
   digit, behind that of 0 and before that of any letter. */
static uint32_t engine_start_number(EngineCollated *text)
{
  while (text->at + 1 < text->count && text->characters[text->at] == '0' && engine_is_digit(text->characters[text->at + 1]))
    text->at++;
  uint32_t length = 0;
  while (text->at + (int)length < text->count && engine_is_digit(text->characters[text->at + (int)length]))
    length++;
  return ((uint32_t)collation_table['0'].primary << 16) + (length < 4000 ? length : 4000) * 16 +
         (text->characters[text->at] - '0');
}

/* The next weight on a level from 0; 0 at the end. */
static uint32_t engine_next_weight(EngineCollated *text, int level, const EngineCollation *how)
{
  while (text->at < text->count) {
    uint32_t number = how->numeric && engine_at_number(text) ? engine_start_number(text) : 0;
    uint32_t c = text->characters[text->at++];
    if (number && level == 0)
      return number;
    if (c >= COLLATION_COUNT) { /* by their numbers, behind all that are known */
      if (level == 0)
        return 0x80000000 + c;
      return 1;
    }
    CollationWeight weight = collation_table[c];
    if (level == 0 && weight.primary)
      return (uint32_t)weight.primary << 16;
    if (level == 1 && (weight.primary || weight.secondary))
      return weight.primary ? 1 + weight.secondary : 0x10000u + weight.secondary;
    if (level == 2 && (weight.primary || (!how->only_case && (weight.secondary || weight.tertiary))))
      return 1u + weight.tertiary;
  }
  return 0;
}

static int engine_compare_level(EngineCollated *a, EngineCollated *b, int level, const EngineCollation *how)
{
  a->at = b->at = 0;
  for (;;) {
    uint32_t left = engine_next_weight(a, level, how), right = engine_next_weight(b, level, how);
    if (left != right)
      return left < right ? -1 : 1;
    if (!left)
      return 0;
  }
}

static int engine_read_collation(JSContext *ctx, JSValueConst options, EngineCollation *collation)
{
  *collation = (EngineCollation){.levels = 3};
  if (!JS_IsObject(options))
    return 0;
  JSValue numeric = JS_GetPropertyStr(ctx, options, "numeric");
  JSValue sensitivity = JS_IsException(numeric) ? JS_EXCEPTION : JS_GetPropertyStr(ctx, options, "sensitivity");
  if (JS_IsException(sensitivity)) {
    JS_FreeValue(ctx, numeric);
    return -1;
  }
  collation->numeric = JS_ToBoolFree(ctx, numeric) > 0;
  const char *text = JS_IsUndefined(sensitivity) ? NULL : JS_ToCString(ctx, sensitivity);
  bool failed = !text && !JS_IsUndefined(sensitivity);
  if (text && !strcmp(text, "base")) {
    collation->levels = 1;
  } else if (text && !strcmp(text, "accent")) {
    collation->levels = 2;
  } else if (text && !strcmp(text, "case")) {
    collation->only_case = true;
  } else if (text && strcmp(text, "variant")) {
    JS_ThrowRangeError(ctx, "Value %s out of range for String.prototype.localeCompare options property sensitivity", text);
    failed = true;
  }
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, sensitivity);
  return failed ? -1 : 0;
}

static JSValue engine_locale_compare(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
  EngineCollation collation;
  EngineCollated a = {0}, b = {0};
  JSValue left = JS_ToStringCheckObject(ctx, this_val), result = JS_EXCEPTION;
  JSValue right = JS_IsException(left) ? JS_EXCEPTION : JS_ToString(ctx, argv[0]);
  if (!JS_IsException(right) && engine_read_collation(ctx, argc > 2 ? argv[2] : JS_UNDEFINED, &collation) == 0 &&
      engine_collated_open(ctx, left, &a) && engine_collated_open(ctx, right, &b)) {
    int order = 0;
    for (int level = 0; level < collation.levels && !order; level++) {
      if (level != 1 || !collation.only_case)
        order = engine_compare_level(&a, &b, level, &collation);
    }
    result = JS_NewInt32(ctx, order);
  }
  js_free(ctx, a.characters);
  js_free(ctx, b.characters);
  JS_FreeValue(ctx, left);
  JS_FreeValue(ctx, right);
  return result;
}
