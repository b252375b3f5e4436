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

enum { REJECT_WITH_NO_HANDLER, HANDLER_ADDED_AFTER_REJECT };

static void on_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, bool handled, void *opaque)
{
  Env *env = env_of(ctx);
  if (!JS_IsFunction(ctx, env->promise_reject_callback))
    return;
  JSValueConst arguments[] = {JS_NewInt32(ctx, handled ? HANDLER_ADDED_AFTER_REJECT : REJECT_WITH_NO_HANDLER), promise,
                              handled ? JS_UNDEFINED : reason};
  JSValue result = JS_Call(ctx, env->promise_reject_callback, JS_UNDEFINED, 3, arguments);
  if (JS_IsException(result)) {
    JSValue error = JS_GetException(ctx);
    env_print_error("Exception in PromiseRejectCallback:\n");
    trigger_uncaught_exception(env, error, false);
    JS_FreeValue(ctx, error);
  }
  JS_FreeValue(ctx, result);
}

static JSValue set_promise_reject_callback(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  env->promise_reject_callback = JS_DupValue(ctx, argv[0]);
  JS_SetHostPromiseRejectionTracker(env->rt, on_rejection, NULL);
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
      {"kPromiseRejectAfterResolved", 2},
      {"kPromiseResolveAfterResolved", 3},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, events);
  define_value(ctx, target, "promiseRejectEvents", values);
  define_array(ctx, target, "tickInfo", env->tick_info, sizeof(env->tick_info), JS_TYPED_ARRAY_UINT8);
}
