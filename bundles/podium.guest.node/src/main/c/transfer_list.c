/* Transfer lists: what a message moves instead of copying it. */
#include "messaging.h"

/* The values of an iterator up to its end; JS_UNDEFINED if it is none. */
static JSValue read_iterator(JSContext *ctx, JSValueConst iterator)
{
  JSValue next = JS_IsObject(iterator) ? JS_GetPropertyStr(ctx, iterator, "next") : JS_UNDEFINED;
  JSValue list = JS_IsException(next) ? JS_EXCEPTION : JS_IsFunction(ctx, next) ? JS_NewArray(ctx) : JS_UNDEFINED;
  for (uint32_t i = 0; JS_IsArray(list); i++) {
    JSValue step = JS_Call(ctx, next, iterator, 0, NULL);
    JSValue done = JS_IsObject(step) ? JS_GetPropertyStr(ctx, step, "done") : JS_EXCEPTION;
    int at_end = JS_IsException(done) ? -1 : JS_ToBool(ctx, done);
    JSValue value = at_end == 0 ? JS_GetPropertyStr(ctx, step, "value") : JS_UNDEFINED;
    bool failed = at_end < 0 || JS_IsException(value);
    if (at_end == 0 && !failed)
      JS_DefinePropertyValueUint32(ctx, list, i, value, JS_PROP_C_W_E);
    if (failed) {
      JS_FreeValue(ctx, list);
      list = JS_HasException(ctx) ? JS_EXCEPTION : JS_UNDEFINED;
    }
    JS_FreeValue(ctx, done);
    JS_FreeValue(ctx, step);
    if (at_end > 0)
      break;
  }
  JS_FreeValue(ctx, next);
  return list;
}

/* An array of what an iterable gives; JS_UNDEFINED if it is not iterable. */
static JSValue read_iterable(JSContext *ctx, JSValueConst object)
{
  if (!JS_IsObject(object))
    return JS_UNDEFINED;
  if (JS_IsArray(object))
    return JS_DupValue(ctx, object);
  JSValue symbol = JS_GetPropertyStr(ctx, env_of(ctx)->primordials, "SymbolIterator");
  JSAtom atom = JS_ValueToAtom(ctx, symbol);
  JSValue method = JS_GetProperty(ctx, object, atom);
  JS_FreeAtom(ctx, atom);
  JS_FreeValue(ctx, symbol);
  if (!JS_IsFunction(ctx, method)) {
    bool failed = JS_IsException(method);
    JS_FreeValue(ctx, method);
    return failed ? JS_EXCEPTION : JS_UNDEFINED;
  }
  JSValue iterator = JS_Call(ctx, method, object, 0, NULL);
  JS_FreeValue(ctx, method);
  JSValue list = JS_IsException(iterator) ? iterator : read_iterator(ctx, iterator);
  JS_FreeValue(ctx, iterator);
  return list;
}

JSValue transfer_list(JSContext *ctx, JSValueConst value)
{
  if (JS_IsNull(value) || JS_IsUndefined(value))
    return JS_NewArray(ctx);
  if (!JS_IsObject(value))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "Optional transferList argument must be an iterable");
  JSValue list = read_iterable(ctx, value);
  if (!JS_IsUndefined(list))
    return list;
  JSValue option = JS_GetPropertyStr(ctx, value, "transfer");
  if (JS_IsException(option) || JS_IsUndefined(option))
    return JS_IsException(option) ? option : JS_NewArray(ctx);
  list = read_iterable(ctx, option);
  JS_FreeValue(ctx, option);
  if (!JS_IsUndefined(list))
    return list;
  return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                          "Optional options.transfer argument must be an iterable");
}
