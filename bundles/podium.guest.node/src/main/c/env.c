/* Defining things, classes, arguments: the helpers every binding uses. */
#include "env.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

Env *the_env;

/* --- defining things --------------------------------------------------------------------------------------------- */

JSValue new_function(JSContext *ctx, NativeFunction *call, const char *name, int length)
{
  JSValue function = JS_NewCFunction(ctx, call, name, length);
  engine_mark_binding_function(function);
  return function;
}

void define_value(JSContext *ctx, JSValueConst object, const char *name, JSValue value)
{
  JS_DefinePropertyValueStr(ctx, object, name, value, JS_PROP_C_W_E);
}

void define_hidden(JSContext *ctx, JSValueConst object, const char *name, JSValue value)
{
  JS_DefinePropertyValueStr(ctx, object, name, value, JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
}

void define_functions(JSContext *ctx, JSValueConst object, const BindingFunction *table, int count)
{
  for (int i = 0; i < count; i++)
    define_value(ctx, object, table[i].name, new_function(ctx, table[i].call, table[i].name, table[i].length));
}

void define_constants(JSContext *ctx, JSValueConst object, const BindingConstant *table, int count)
{
  for (int i = 0; i < count; i++)
    JS_DefinePropertyValueStr(ctx, object, table[i].name, JS_NewNumber(ctx, table[i].value), JS_PROP_ENUMERABLE);
}

void define_string(JSContext *ctx, JSValueConst object, const char *name, const char *value)
{
  define_value(ctx, object, name, JS_NewString(ctx, value));
}

void define_number(JSContext *ctx, JSValueConst object, const char *name, double value)
{
  define_value(ctx, object, name, JS_NewNumber(ctx, value));
}

void define_bool(JSContext *ctx, JSValueConst object, const char *name, bool value)
{
  define_value(ctx, object, name, JS_NewBool(ctx, value));
}

void define_array(JSContext *ctx, JSValueConst object, const char *name, void *memory, size_t bytes, JSTypedArrayEnum type)
{
  define_value(ctx, object, name, engine_new_shared_view(ctx, memory, bytes, type));
}

JSValue new_null_object(JSContext *ctx) { return JS_NewObjectProto(ctx, JS_NULL); }

static JSValue unavailable_function(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic,
                                    JSValueConst *data)
{
  const char *feature = JS_ToCString(ctx, data[0]);
  JSValue error = throw_unavailable(ctx, feature ? feature : "?");
  JS_FreeCString(ctx, feature);
  return error;
}

void define_unavailable(JSContext *ctx, JSValueConst object, const char *binding, const char *name)
{
  char text[160];
  snprintf(text, sizeof(text), "%s.%s", binding, name);
  JSValue feature = JS_NewString(ctx, text);
  JSValueConst data[] = {feature};
  JSValue function = JS_NewCFunctionData2(ctx, unavailable_function, name, 0, 0, 1, data);
  JS_FreeValue(ctx, feature);
  JS_SetConstructorBit(ctx, function, true);
  JSValue proto = JS_NewObject(ctx);
  JS_SetConstructor(ctx, function, proto);
  JS_FreeValue(ctx, proto);
  engine_mark_binding_function(function);
  define_value(ctx, object, name, function);
}

/* --- classes ----------------------------------------------------------------------------------------------------- */

static JSClassID base_class;

static void base_finalizer(JSRuntime *rt, JSValueConst value)
{
  BaseObject *base = JS_GetOpaque(value, base_class);
  if (!base)
    return;
  if (base->type->finalize)
    base->type->finalize(base);
  free(base);
}

static void base_mark(JSRuntime *rt, JSValueConst value, JS_MarkFunc *mark)
{
  BaseObject *base = JS_GetOpaque(value, base_class);
  if (base && base->type->mark)
    base->type->mark(base, rt, mark);
}

static bool base_register(JSRuntime *rt)
{
  static const JSClassDef definition = {"Object", .finalizer = base_finalizer, .gc_mark = base_mark};
  JS_NewClassID(rt, &base_class);
  return JS_IsRegisteredClass(rt, base_class) || JS_NewClass(rt, base_class, &definition) == 0;
}

JSValue base_object_new(JSContext *ctx, JSValueConst new_target, const BaseType *type, size_t size, void *state_out)
{
  if (JS_IsUndefined(new_target))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_CONSTRUCT_CALL_REQUIRED", "Cannot call constructor without `new`");
  if (!base_register(JS_GetRuntime(ctx)))
    return JS_ThrowOutOfMemory(ctx);
  JSValue proto = JS_GetPropertyStr(ctx, new_target, "prototype");
  if (JS_IsException(proto))
    return proto;
  JSValue object = JS_NewObjectProtoClass(ctx, proto, base_class);
  JS_FreeValue(ctx, proto);
  if (JS_IsException(object))
    return object;
  BaseObject *base = calloc(1, size);
  if (!base) {
    JS_FreeValue(ctx, object);
    return JS_ThrowOutOfMemory(ctx);
  }
  base->type = type;
  base->object = object;
  JS_SetOpaque(object, base);
  *(void **)state_out = base;
  return object;
}

void *base_object_peek(JSValueConst value, const BaseType *type)
{
  BaseObject *base = base_class ? JS_GetOpaque(value, base_class) : NULL;
  for (const BaseType *t = base ? base->type : NULL; t; t = t->parent) {
    if (t == type)
      return base;
  }
  return NULL;
}

bool is_base_object(JSValueConst value) { return base_class && JS_GetOpaque(value, base_class) != NULL; }

void *base_object_get(JSContext *ctx, JSValueConst value, const BaseType *type)
{
  void *state = base_object_peek(value, type);
  if (!state)
    JS_ThrowTypeError(ctx, "Illegal invocation");
  return state;
}

JSValueConst define_class(JSContext *ctx, JSValueConst target, const char *name, NativeFunction *construct,
                          JSValueConst parent, const BindingFunction *methods, int count)
{
  JSValue constructor = JS_NewCFunction2(ctx, construct, name, 0, JS_CFUNC_constructor_or_func, 0);
  engine_mark_binding_function(constructor);
  JSValue parent_proto = JS_IsObject(parent) ? JS_GetPropertyStr(ctx, parent, "prototype") : JS_UNDEFINED;
  JSValue proto = JS_IsObject(parent_proto) ? JS_NewObjectProto(ctx, parent_proto) : JS_NewObject(ctx);
  JS_FreeValue(ctx, parent_proto);
  if (JS_IsObject(parent))
    JS_SetPrototype(ctx, constructor, parent);
  define_functions(ctx, proto, methods, count);
  JS_SetConstructor(ctx, constructor, proto);
  JS_FreeValue(ctx, proto);
  define_value(ctx, target, name, constructor);
  return constructor;
}

static JSValue illegal_constructor(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
}

JSValueConst define_hidden_class(JSContext *ctx, JSValue *slot, const char *name, JSValueConst parent,
                                 const BindingFunction *methods, int count)
{
  if (JS_IsObject(*slot))
    return *slot;
  JSValue holder = JS_NewObject(ctx);
  *slot = JS_DupValue(ctx, define_class(ctx, holder, name, illegal_constructor, parent, methods, count));
  JS_FreeValue(ctx, holder);
  return *slot;
}

void define_getter(JSContext *ctx, JSValueConst object, const char *name, NativeFunction *get, NativeFunction *set)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  JS_DefinePropertyGetSet(ctx, object, atom, get ? new_function(ctx, get, name, 0) : JS_UNDEFINED,
                          set ? new_function(ctx, set, name, 1) : JS_UNDEFINED, JS_PROP_CONFIGURABLE);
  JS_FreeAtom(ctx, atom);
}

/* --- arguments --------------------------------------------------------------------------------------------------- */

int32_t arg_int32(JSContext *ctx, JSValueConst value)
{
  int32_t result = 0;
  if (JS_IsNumber(value))
    JS_ToInt32(ctx, &result, value);
  return result;
}

uint32_t arg_uint32(JSContext *ctx, JSValueConst value) { return (uint32_t)arg_int32(ctx, value); }

int64_t arg_int64(JSContext *ctx, JSValueConst value)
{
  int64_t result = 0;
  if (JS_IsNumber(value) || JS_IsBigInt(value))
    JS_ToInt64Ext(ctx, &result, value);
  return result;
}

double arg_double(JSContext *ctx, JSValueConst value)
{
  double result = 0;
  if (JS_IsNumber(value))
    JS_ToFloat64(ctx, &result, value);
  return result;
}

bool arg_bool(JSContext *ctx, JSValueConst value) { return JS_ToBool(ctx, value) == 1; }

char *arg_utf8(JSContext *ctx, JSValueConst value, size_t *length)
{
  EngineView view;
  size_t n;
  char *copy;
  if (engine_view(value, &view)) {
    copy = malloc(view.length + 1);
    if (copy && view.length)
      memcpy(copy, view.data, view.length);
    n = view.length;
  } else {
    const char *text = JS_ToCStringLen(ctx, &n, value);
    if (!text)
      return NULL;
    copy = malloc(n + 1);
    if (copy)
      memcpy(copy, text, n);
    JS_FreeCString(ctx, text);
  }
  if (!copy) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  copy[n] = 0;
  if (length)
    *length = n;
  return copy;
}

void arg_free(char *text) { free(text); }

/* --- buffers ----------------------------------------------------------------------------------------------------- */

static void *free_buffer(JSRuntime *rt, void *opaque, void *ptr, size_t size)
{
  if (size)
    return NULL; /* these are never resized */
  free(ptr);
  return NULL;
}

static JSValue as_buffer(Env *env, JSValue array)
{
  if (!JS_IsException(array) && JS_SetPrototype(env->ctx, array, env->buffer_prototype) < 0) {
    JS_FreeValue(env->ctx, array);
    return JS_EXCEPTION;
  }
  return array;
}

JSValue new_buffer_taking(Env *env, uint8_t *bytes, size_t length)
{
  if (!bytes)
    return new_buffer(env, NULL, 0);
  JSValue array = JS_NewUint8Array(env->ctx, bytes, length, free_buffer, NULL, false);
  return as_buffer(env, array);
}

JSValue new_buffer(Env *env, const uint8_t *bytes, size_t length)
{
  static const uint8_t none[1];
  return as_buffer(env, JS_NewUint8ArrayCopy(env->ctx, bytes ? bytes : none, length));
}
