/* async_wrap: async hooks' fields, the stack of async ids, hooks on promises. */
#include "../wrap.h"

#include <stdlib.h>

static JSValue keep(JSContext *ctx, JSValue *slot, JSValueConst value)
{
  JSValue old = *slot;
  *slot = JS_DupValue(ctx, value);
  JS_FreeValue(ctx, old);
  return JS_UNDEFINED;
}

static JSValue setup_hooks(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  struct { const char *name; JSValue *slot; } hooks[] = {
      {"init", &env->async_hooks_init},       {"before", &env->async_hooks_before},
      {"after", &env->async_hooks_after},     {"destroy", &env->async_hooks_destroy},
      {"promise_resolve", &env->async_hooks_promise_resolve},
  };
  for (int i = 0; i < COUNT_OF(hooks); i++)
    *hooks[i].slot = JS_GetPropertyStr(ctx, argv[0], hooks[i].name);
  return JS_UNDEFINED;
}

static JSValue set_callback_trampoline(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return keep(ctx, &env_of(ctx)->async_callback_trampoline, JS_IsFunction(ctx, argv[0]) ? argv[0] : JS_UNDEFINED);
}

static JSValue push_async_context(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_push_async_context(env_of(ctx), arg_double(ctx, argv[0]), arg_double(ctx, argv[1]), JS_UNDEFINED);
  return JS_UNDEFINED;
}

static JSValue pop_async_context(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewBool(ctx, env_pop_async_context(env_of(ctx), arg_double(ctx, argv[0])));
}

static JSValue execution_async_resource(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return env_async_resource(env_of(ctx), arg_uint32(ctx, argv[0]));
}

static JSValue clear_async_id_stack(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_clear_async_stack(env_of(ctx));
  return JS_UNDEFINED;
}

/* --- destroy hooks: told in a batch, as an immediate that keeps nobody waiting -------------------------------------- */

static struct {
  double *ids;
  size_t count, capacity;
} destroyed;

static bool emit_destroy(Env *env, double async_id)
{
  JSContext *ctx = env->ctx;
  JSValue id = JS_NewNumber(ctx, async_id);
  JSValue result = JS_Call(ctx, env->async_hooks_destroy, JS_UNDEFINED, 1, (JSValueConst *)&id);
  bool failed = JS_IsException(result);
  if (failed)
    report_pending_exception(env);
  JS_FreeValue(ctx, result);
  return !failed;
}

void async_tell_destroyed(Env *env)
{
  if (destroyed.count == 0 || env->exiting)
    return;
  CallbackScope scope;
  callback_scope_open(env, &scope, JS_UNDEFINED, 0, 0, JS_UNDEFINED, 0);
  bool going_on = true;
  while (destroyed.count > 0 && going_on && !env->exiting) {
    double *ids = destroyed.ids;
    size_t count = destroyed.count;
    destroyed.ids = NULL;
    destroyed.count = destroyed.capacity = 0;
    for (size_t i = 0; i < count && going_on; i++)
      going_on = emit_destroy(env, ids[i]);
    free(ids);
  }
  callback_scope_close(env, &scope, !going_on);
}

void async_queue_destroy(Env *env, double async_id)
{
  if (!env->async_hook_fields[ASYNC_DESTROY] || env->exiting)
    return;
  if (destroyed.count == destroyed.capacity) {
    size_t capacity = destroyed.capacity ? destroyed.capacity * 2 : 16;
    double *ids = realloc(destroyed.ids, capacity * sizeof(*ids));
    if (!ids)
      return;
    destroyed.ids = ids;
    destroyed.capacity = capacity;
  }
  destroyed.ids[destroyed.count++] = async_id;
}

static JSValue queue_destroy_async_id(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  async_queue_destroy(env_of(ctx), arg_double(ctx, argv[0]));
  return JS_UNDEFINED;
}

/* An object whose death is a resource's: it is hung on the resource. */
typedef struct DestroyParam {
  BaseObject base;
  double async_id;
  JSValue state; /* {destroyed: boolean} or undefined */
} DestroyParam;

static void destroy_param_finalize(BaseObject *base)
{
  DestroyParam *param = (DestroyParam *)base;
  Env *env = the_env;
  bool done = false;
  if (JS_IsObject(param->state)) {
    JSValue flag = JS_GetPropertyStr(env->ctx, param->state, "destroyed");
    done = JS_ToBool(env->ctx, flag) == 1;
    JS_FreeValue(env->ctx, flag);
  }
  JS_FreeValueRT(env->rt, param->state);
  if (!done)
    async_queue_destroy(env, param->async_id);
}

/* The state is not shown to the collector: it must be whole when the object dies with a cycle, and refers to nothing. */
static const BaseType destroy_param_type = {"DestroyParam", NULL, destroy_param_finalize, NULL};

static JSValue register_destroy_hook(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static JSAtom key = JS_ATOM_NULL;
  DestroyParam *param;
  if (key == JS_ATOM_NULL) {
    JSValue symbol = engine_new_private_symbol(ctx, "destroy_hook");
    key = JS_ValueToAtom(ctx, symbol);
    JS_FreeValue(ctx, symbol);
  }
  JSValue object = base_object_new(ctx, async_wrap_constructor(env_of(ctx)), &destroy_param_type, sizeof(*param), &param);
  if (JS_IsException(object))
    return object;
  param->async_id = arg_double(ctx, argv[1]);
  param->state = argc > 2 ? JS_DupValue(ctx, argv[2]) : JS_UNDEFINED;
  return JS_DefinePropertyValue(ctx, argv[0], key, object, 0) < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

/* --- promise hooks ------------------------------------------------------------------------------------------------ */

/* Where there is no stack left for a hook, who makes a promise is told. */
static void deal_with_exception(Env *env, JSPromiseHookType type)
{
  JSValue error = JS_GetException(env->ctx);
  if (type == JS_PROMISE_HOOK_INIT && is_out_of_stack(env->ctx, error)) {
    JS_Throw(env->ctx, error);
    return;
  }
  trigger_uncaught_exception(env, error, false);
  JS_FreeValue(env->ctx, error);
}

static void on_promise(JSContext *ctx, JSPromiseHookType type, JSValueConst promise, JSValueConst parent, void *opaque)
{
  Env *env = env_of(ctx);
  JSValueConst hooks[] = {env->promise_hook_init, env->promise_hook_before, env->promise_hook_after,
                          env->promise_hook_settled};
  if (!JS_IsFunction(ctx, hooks[type]))
    return;
  JSValueConst arguments[] = {promise, parent};
  JSValue pending = JS_HasException(ctx) ? JS_GetException(ctx) : JS_UNINITIALIZED;
  JSValue hook = JS_DupValue(ctx, hooks[type]); /* it may set others */
  JSValue result = JS_Call(ctx, hook, JS_UNDEFINED, type == JS_PROMISE_HOOK_INIT ? 2 : 1, arguments);
  JS_FreeValue(ctx, hook);
  if (JS_IsException(result))
    deal_with_exception(env, type);
  JS_FreeValue(ctx, result);
  if (!JS_IsUninitialized(pending))
    JS_Throw(ctx, pending);
}

static JSValue set_promise_hooks(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  JSValue *slots[] = {&env->promise_hook_init, &env->promise_hook_before, &env->promise_hook_after,
                      &env->promise_hook_settled};
  bool any = false;
  for (int i = 0; i < 4; i++) {
    keep(ctx, slots[i], argv[i]);
    any |= JS_IsFunction(ctx, argv[i]);
  }
  JS_SetPromiseHook(env->rt, any ? on_promise : NULL, NULL);
  return JS_UNDEFINED;
}

static JSValue get_promise_hooks(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  JSValueConst hooks[] = {env->promise_hook_init, env->promise_hook_before, env->promise_hook_after,
                          env->promise_hook_settled};
  JSValue array = JS_NewArray(ctx);
  for (uint32_t i = 0; i < 4; i++)
    JS_SetPropertyUint32(ctx, array, i, JS_DupValue(ctx, hooks[i]));
  return array;
}

void init_async_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"setupHooks", setup_hooks, 1},
      {"setCallbackTrampoline", set_callback_trampoline, 1},
      {"pushAsyncContext", push_async_context, 2},
      {"popAsyncContext", pop_async_context, 1},
      {"executionAsyncResource", execution_async_resource, 1},
      {"clearAsyncIdStack", clear_async_id_stack, 0},
      {"queueDestroyAsyncId", queue_destroy_async_id, 1},
      {"setPromiseHooks", set_promise_hooks, 4},
      {"getPromiseHooks", get_promise_hooks, 0},
      {"registerDestroyHook", register_destroy_hook, 3},
  };
  static const BindingConstant constants[] = {
      {"kInit", ASYNC_INIT},
      {"kBefore", ASYNC_BEFORE},
      {"kAfter", ASYNC_AFTER},
      {"kDestroy", ASYNC_DESTROY},
      {"kPromiseResolve", ASYNC_PROMISE_RESOLVE},
      {"kTotals", ASYNC_TOTALS},
      {"kCheck", ASYNC_CHECK},
      {"kExecutionAsyncId", ASYNC_EXECUTION_ID},
      {"kTriggerAsyncId", ASYNC_TRIGGER_ID},
      {"kAsyncIdCounter", ASYNC_ID_COUNTER},
      {"kDefaultTriggerAsyncId", ASYNC_DEFAULT_TRIGGER_ID},
      {"kUsesExecutionAsyncResource", ASYNC_USES_EXECUTION_RESOURCE},
      {"kStackLength", ASYNC_STACK_LENGTH},
  };
  static const BindingConstant providers[] = {
#define V(name) {#name, PROVIDER_##name},
      ASYNC_PROVIDERS(V)
#undef V
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, constants);
  define_value(ctx, target, "constants", values);
  values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, providers);
  define_value(ctx, target, "Providers", values);
  define_array(ctx, target, "async_hook_fields", env->async_hook_fields, sizeof(env->async_hook_fields),
               JS_TYPED_ARRAY_UINT32);
  define_array(ctx, target, "async_id_fields", env->async_id_fields, sizeof(env->async_id_fields),
               JS_TYPED_ARRAY_FLOAT64);
  env->execution_async_resources = JS_NewArray(ctx);
  define_value(ctx, target, "execution_async_resources", JS_DupValue(ctx, env->execution_async_resources));
  env->async_wrap_binding = JS_DupValue(ctx, target);
  define_array(ctx, target, "async_ids_stack", env->async_ids_stack, env->async_stack_capacity * 2 * sizeof(double),
               JS_TYPED_ARRAY_FLOAT64);
}
