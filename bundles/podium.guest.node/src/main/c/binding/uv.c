/* uv: libuv's error numbers, names and messages. */
#include <uv.h>

#include "../env.h"

static const struct { int number; const char *name, *message; } errors[] = {
#define V(name, message) {UV_##name, #name, message},
    UV_ERRNO_MAP(V)
#undef V
};

static JSValue errname(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char name[64];
  uv_err_name_r(arg_int32(ctx, argv[0]), name, sizeof(name));
  return JS_NewString(ctx, name);
}

static JSValue get_error_message(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char message[128];
  uv_strerror_r(arg_int32(ctx, argv[0]), message, sizeof(message));
  return JS_NewString(ctx, message);
}

static JSValue get_error_map(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, "Map");
  JSValue map = JS_CallConstructor(ctx, constructor, 0, NULL);
  JSAtom set = JS_NewAtom(ctx, "set");
  for (int i = 0; i < COUNT_OF(errors); i++) {
    JSValue pair = JS_NewArray(ctx);
    JS_SetPropertyUint32(ctx, pair, 0, JS_NewString(ctx, errors[i].name));
    JS_SetPropertyUint32(ctx, pair, 1, JS_NewString(ctx, errors[i].message));
    JSValueConst arguments[] = {JS_NewInt32(ctx, errors[i].number), pair};
    JS_FreeValue(ctx, JS_Invoke(ctx, map, set, 2, arguments));
    JS_FreeValue(ctx, pair);
  }
  JS_FreeAtom(ctx, set);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
  return map;
}

void init_uv(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"errname", errname, 1},
      {"getErrorMap", get_error_map, 0},
      {"getErrorMessage", get_error_message, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  char name[64];
  for (int i = 0; i < COUNT_OF(errors); i++) {
    snprintf(name, sizeof(name), "UV_%s", errors[i].name);
    JS_DefinePropertyValueStr(ctx, target, name, JS_NewInt32(ctx, errors[i].number), JS_PROP_ENUMERABLE);
  }
}
