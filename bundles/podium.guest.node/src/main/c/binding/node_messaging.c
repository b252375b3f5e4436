/* messaging: structuredClone, DOMException for the library; the ports are in message_port.c. */
#include "../messaging.h"

/* The class out of internal/per_context/domexception, made when it is first needed. */
static JSValue get_domexception(JSContext *ctx)
{
  return JS_GetPropertyStr(ctx, env_of(ctx)->per_context_exports, "DOMException");
}

static JSValue domexception_getter(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return get_domexception(ctx);
}

static JSValue domexception_setter(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValueConst target = self;
  JS_DefinePropertyValueStr(ctx, target, "DOMException", JS_DupValue(ctx, argv[0]),
                            JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
  return JS_UNDEFINED;
}

static JSValue expose_lazy_domexception(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  define_getter(ctx, argv[0], "DOMException", domexception_getter, domexception_setter);
  return JS_UNDEFINED;
}

static JSValue set_deserializer_create_object(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_of(ctx)->deserializer_create_object = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

/* structuredClone(value, { transfer }) */
static JSValue structured_clone(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue transfer = JS_GetPropertyStr(ctx, argv[1], "transfer");
  Message *message = JS_IsException(transfer) ? NULL : message_new(ctx);
  JSValue value = JS_EXCEPTION;
  if (message && message_write(ctx, message, argv[0], transfer, JS_UNDEFINED))
    value = message_read(ctx, message, NULL);
  if (message)
    message_free(JS_GetRuntime(ctx), message);
  JS_FreeValue(ctx, transfer);
  return value;
}

void init_messaging(Env *env, JSContext *ctx, JSValueConst target)
{
  init_message_ports(env, ctx, target);
  define_value(ctx, target, "structuredClone", new_function(ctx, structured_clone, "structuredClone", 2));
  define_value(ctx, target, "exposeLazyDOMExceptionProperty",
               new_function(ctx, expose_lazy_domexception, "exposeLazyDOMExceptionProperty", 1));
  define_value(ctx, target, "setDeserializerCreateObjectFunction",
               new_function(ctx, set_deserializer_create_object, "setDeserializerCreateObjectFunction", 1));
  define_value(ctx, target, "DOMException", get_domexception(ctx));
}
