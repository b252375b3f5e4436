/* task_queue: microtasks, the tick queue's flags, unhandled rejections. */
#include "../env.h"

static JSValue run_one_microtask(JSContext *ctx, int argc, JSValueConst *argv)
{
  return JS_Call(ctx, argv[0], JS_UNDEFINED, 0, NULL);
}

static JSValue enqueue_microtask(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_EnqueueJob(ctx, run_one_microtask, 1, argv) ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue run_microtasks(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_run_microtasks(env_of(ctx));
  return JS_UNDEFINED;
}

static JSValue set_tick_callback(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_of(ctx)->tick_callback = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

enum { REJECT_WITH_NO_HANDLER, HANDLER_ADDED_AFTER_REJECT, REJECT_AFTER_RESOLVED, RESOLVE_AFTER_RESOLVED };

/* The id that the library has given the promise, or 0. */
static double assigned_id(JSContext *ctx, JSValueConst promise, JSAtom symbol)
{
  JSValue value = JS_GetProperty(ctx, promise, symbol);
  double id = arg_double(ctx, value);
  JS_FreeValue(ctx, value);
  return id;
}

/* Tells the library, in the promise's async context if it has one. */
static void tell(JSContext *ctx, int event, JSValueConst promise, JSValueConst value)
{
  Env *env = env_of(ctx);
  if (!JS_IsFunction(ctx, env->promise_reject_callback) || env->exiting)
    return;
  double async_id = assigned_id(ctx, promise, env->sym.async_id_symbol);
  double trigger_id = assigned_id(ctx, promise, env->sym.trigger_async_id_symbol);
  bool has_context = async_id != 0 && trigger_id != 0;
  JSValueConst arguments[] = {JS_NewInt32(ctx, event), promise, value};
  if (has_context)
    env_push_async_context(env, async_id, trigger_id, promise);
  JSValue result = JS_Call(ctx, env->promise_reject_callback, JS_UNDEFINED, 3, arguments);
  /* Hooks that it enabled may have changed that. */
  if (has_context && env->async_id_fields[ASYNC_EXECUTION_ID] == async_id)
    env_pop_async_context(env, async_id);
  if (JS_IsException(result)) {
    JSValue error = JS_GetException(ctx);
    env_print_error("Exception in PromiseRejectCallback:\n");
    print_exception(env, error, false);
    JS_FreeValue(ctx, error);
  }
  JS_FreeValue(ctx, result);
}

static void on_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, bool handled, void *opaque)
{
  tell(ctx, handled ? HANDLER_ADDED_AFTER_REJECT : REJECT_WITH_NO_HANDLER, promise, handled ? JS_UNDEFINED : reason);
}

static void on_settled_again(JSContext *ctx, JSValueConst promise, JSValueConst value, bool rejected)
{
  tell(ctx, rejected ? REJECT_AFTER_RESOLVED : RESOLVE_AFTER_RESOLVED, promise, value);
}

static JSValue set_promise_reject_callback(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  env->promise_reject_callback = JS_DupValue(ctx, argv[0]);
  JS_SetHostPromiseRejectionTracker(env->rt, on_rejection, NULL);
  engine_hooks(env->rt)->settled_again = on_settled_again;
  return JS_UNDEFINED;
}

void init_task_queue(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"enqueueMicrotask", enqueue_microtask, 1},
      {"runMicrotasks", run_microtasks, 0},
      {"setTickCallback", set_tick_callback, 1},
      {"setPromiseRejectCallback", set_promise_reject_callback, 1},
  };
  static const BindingConstant events[] = {
      {"kPromiseRejectWithNoHandler", REJECT_WITH_NO_HANDLER},
      {"kPromiseHandlerAddedAfterReject", HANDLER_ADDED_AFTER_REJECT},
      {"kPromiseRejectAfterResolved", REJECT_AFTER_RESOLVED},
      {"kPromiseResolveAfterResolved", RESOLVE_AFTER_RESOLVED},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, events);
  define_value(ctx, target, "promiseRejectEvents", values);
  define_array(ctx, target, "tickInfo", env->tick_info, sizeof(env->tick_info), JS_TYPED_ARRAY_UINT8);
}
