/* timers: one libuv timer for all of the library's timers, check and idle handles for immediates. */
#include "../wrap.h"

#include <math.h>

static void on_timer(uv_timer_t *handle);

uint64_t env_now(Env *env)
{
  uv_update_time(env->loop);
  uint64_t now = uv_now(env->loop);
  return now >= env->timer_base ? now - env->timer_base : 0;
}

/* Until the next timer is due: its sign tells whether it keeps the process alive; 0 if there is none. */
static void await_next(Env *env, double expiry)
{
  uv_handle_t *handle = (uv_handle_t *)&env->timer_handle;
  double wait = fabs(expiry) - (double)env_now(env);
  if (expiry != 0)
    uv_timer_start(&env->timer_handle, on_timer, wait > 0 ? (uint64_t)wait : 1, 0);
  if (expiry > 0)
    uv_ref(handle);
  else
    uv_unref(handle);
}

static void on_timer(uv_timer_t *handle)
{
  Env *env = handle->data;
  JSContext *ctx = env->ctx;
  CallbackScope scope;
  bool failed;
  callback_scope_open(env, &scope, env->process, 0, 0, JS_UNDEFINED, 0);
  JSValue next;
  do { /* a throwing timer must not keep the others from running */
    JSValue now = JS_NewInt64(ctx, (int64_t)env_now(env));
    next = JS_Call(ctx, env->timers_callback, env->process, 1, (JSValueConst *)&now);
    failed = JS_IsException(next);
    if (failed)
      report_pending_exception(env);
  } while (failed && !env->exiting);
  /* Before jobs run: they may set and clear timers. */
  if (!failed)
    await_next(env, arg_double(ctx, next));
  callback_scope_close(env, &scope, false);
  JS_FreeValue(ctx, next);
}

static void on_idle(uv_idle_t *handle) { (void)handle; /* it only keeps the loop from blocking */ }

static void toggle_immediate_ref(Env *env, bool ref)
{
  if (ref)
    uv_idle_start(&env->immediate_idle, on_idle);
  else
    uv_idle_stop(&env->immediate_idle);
}

static void on_check(uv_check_t *handle)
{
  Env *env = handle->data;
  async_tell_destroyed(env);
  if (env->immediate_info[IMMEDIATE_COUNT] == 0 || env->exiting)
    return;
  do {
    JSValue result = env_make_callback(env, env->process, env->process, 0, 0, JS_UNDEFINED, env->immediate_callback, 0,
                                       NULL);
    JS_FreeValue(env->ctx, result);
  } while (env->immediate_info[IMMEDIATE_HAS_OUTSTANDING] && !env->exiting);
  if (env->immediate_info[IMMEDIATE_REF_COUNT] == 0)
    toggle_immediate_ref(env, false);
}

/* Called by env_start: the process has a loop now. */
void timers_start(Env *env)
{
  env->timer_base = uv_now(env->loop);
  uv_timer_init(env->loop, &env->timer_handle);
  env->timer_handle.data = env;
  uv_unref((uv_handle_t *)&env->timer_handle);
  uv_check_init(env->loop, &env->immediate_check);
  env->immediate_check.data = env;
  uv_unref((uv_handle_t *)&env->immediate_check);
  uv_check_start(&env->immediate_check, on_check);
  uv_idle_init(env->loop, &env->immediate_idle);
  env->immediate_idle.data = env;
  env->handles_ready = true;
}

static JSValue setup_timers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  env->immediate_callback = JS_DupValue(ctx, argv[0]);
  env->timers_callback = JS_DupValue(ctx, argv[1]);
  return JS_UNDEFINED;
}

static JSValue get_libuv_now(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  return env->loop ? JS_NewInt64(ctx, (int64_t)env_now(env)) : JS_NewInt32(ctx, 0);
}

static JSValue schedule_timer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  double duration = arg_double(ctx, argv[0]);
  if (env->handles_ready)
    uv_timer_start(&env->timer_handle, on_timer, duration > 0 ? (uint64_t)duration : 1, 0);
  return JS_UNDEFINED;
}

static JSValue toggle_timer_ref(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  if (!env->handles_ready)
    return JS_UNDEFINED;
  if (arg_bool(ctx, argv[0]))
    uv_ref((uv_handle_t *)&env->timer_handle);
  else
    uv_unref((uv_handle_t *)&env->timer_handle);
  return JS_UNDEFINED;
}

static JSValue toggle_immediate_ref_js(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  if (env->handles_ready)
    toggle_immediate_ref(env, arg_bool(ctx, argv[0]));
  return JS_UNDEFINED;
}

void init_timers(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"setupTimers", setup_timers, 2},
      {"getLibuvNow", get_libuv_now, 0},
      {"scheduleTimer", schedule_timer, 1},
      {"toggleTimerRef", toggle_timer_ref, 1},
      {"toggleImmediateRef", toggle_immediate_ref_js, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_array(ctx, target, "immediateInfo", env->immediate_info, sizeof(env->immediate_info), JS_TYPED_ARRAY_UINT32);
  define_array(ctx, target, "timeoutInfo", env->timeout_info, sizeof(env->timeout_info), JS_TYPED_ARRAY_INT32);
}
