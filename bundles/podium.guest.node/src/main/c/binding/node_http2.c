/* http2: what `node:http2` needs to load. There are no sessions: to make one throws. */
#include "node_http2.h"

#include "../env.h"

/* Takes what a session would call. */
static JSValue set_callback_functions(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_UNDEFINED;
}

static JSValue new_constants(JSContext *ctx)
{
  JSValue object = JS_NewObject(ctx);
  for (const Http2Constant *c = http2_constants; c->name; c++) {
    JSValue value = c->text ? JS_NewString(ctx, c->text) : JS_NewFloat64(ctx, c->number);
    JS_DefinePropertyValueStr(ctx, object, c->name, value, c->enumerable ? JS_PROP_ENUMERABLE : 0);
  }
  return object;
}

static JSValue new_array(JSContext *ctx, const Http2Array *array)
{
  JSValue length = JS_NewInt32(ctx, array->length);
  return JS_NewTypedArray(ctx, 1, (JSValueConst *)&length, array->is_double ? JS_TYPED_ARRAY_FLOAT64 : JS_TYPED_ARRAY_UINT32);
}

void init_http2(Env *env, JSContext *ctx, JSValueConst target)
{
  static const char *const unavailable[] = {"Http2Session", "Http2Stream", "nghttp2ErrorString", "packSettings",
                                            "refreshDefaultSettings"};
  for (int i = 0; i < COUNT_OF(unavailable); i++)
    define_unavailable(ctx, target, "http2", unavailable[i]);
  define_value(ctx, target, "setCallbackFunctions", new_function(ctx, set_callback_functions, "setCallbackFunctions", 0));
  for (const Http2Field *field = http2_fields; field->name; field++)
    define_number(ctx, target, field->name, field->value);
  for (const Http2Array *array = http2_arrays; array->name; array++)
    define_value(ctx, target, array->name, new_array(ctx, array));
  JSValue names = JS_NewArray(ctx);
  for (uint32_t i = 0; http2_error_names[i]; i++)
    JS_SetPropertyUint32(ctx, names, i, JS_NewString(ctx, http2_error_names[i]));
  define_value(ctx, target, "nameForErrorCode", names);
  define_value(ctx, target, "constants", new_constants(ctx));
}
