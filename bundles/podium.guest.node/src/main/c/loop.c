/* Starting a process and running it to its end. */
#include <signal.h>
#include <time.h>

#include "freeze.h"
#include "wrap.h"

void timers_start(Env *env);

int env_start(Env *env, int argc, char **argv)
{
  /* A peer that is gone is EPIPE. */
  signal(SIGPIPE, SIG_IGN);
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  env->milestones[MILESTONE_TIME_ORIGIN] = (double)uv_hrtime();
  env->milestones[MILESTONE_TIME_ORIGIN_TIMESTAMP] = (double)wall.tv_sec * 1e6 + (double)wall.tv_nsec / 1e3;
  env->milestones[MILESTONE_LOOP_START] = env->milestones[MILESTONE_LOOP_EXIT] = -1;
  env->milestones[MILESTONE_NODE_START] = (double)uv_hrtime();
  env->argc = argc;
  env->argv = argv;
  int error = uv_loop_init(&env->loop_storage);
  if (error)
    return error;
  env->loop = &env->loop_storage;
  env->loop->data = env;
  uv_loop_configure(env->loop, UV_METRICS_IDLE_TIME);
  /* The engine is there: it was started when the image was made. */
  env->milestones[MILESTONE_V8_START] = (double)uv_hrtime();
  timers_start(env);
  error = freeze_start(env);
  env->milestones[MILESTONE_ENVIRONMENT] = (double)uv_hrtime();
  return error;
}

/* process.emit(name, code), in the context of no resource. */
static void emit_process_event(Env *env, const char *name, int code)
{
  JSContext *ctx = env->ctx;
  JSValue emit = JS_GetPropertyStr(ctx, env->process, "emit"), event = JS_NewString(ctx, name);
  JSValueConst arguments[] = {event, JS_NewInt32(ctx, code)};
  if (JS_IsException(emit))
    report_pending_exception(env);
  else if (JS_IsFunction(ctx, emit))
    JS_FreeValue(ctx, env_make_callback(env, env->process, env->process, 0, 0, JS_UNDEFINED, emit, 2, arguments));
  JS_FreeValues(ctx, emit, event);
}

static int exit_code(Env *env) { return env->exit_info[EXIT_HAS_CODE] ? env->exit_info[EXIT_CODE] : 0; }

/* The main module's promise, if it is one that nothing will settle any more. */
static bool top_level_await_pending(Env *env)
{
  JSContext *ctx = env->ctx;
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue promise = JS_GetProperty(ctx, global, env->sym.entry_point_promise_private_symbol);
  bool pending = JS_PromiseState(ctx, promise) == JS_PROMISE_PENDING && JS_IsPromise(promise);
  JS_FreeValue(ctx, promise);
  JS_FreeValue(ctx, global);
  return pending;
}

static int emit_exit(Env *env)
{
  JSContext *ctx = env->ctx;
  int unsettled = top_level_await_pending(env) ? 13 : 0;
  env->exit_info[EXIT_EXITING] = 1;
  JS_SetPropertyStr(ctx, env->process, "_exiting", JS_TRUE);
  int code = env->exit_info[EXIT_HAS_CODE] ? env->exit_info[EXIT_CODE] : unsettled;
  if (unsettled && !env->exit_info[EXIT_HAS_CODE]) {
    env->exit_info[EXIT_HAS_CODE] = 1;
    env->exit_info[EXIT_CODE] = unsettled;
  }
  emit_process_event(env, "exit", code);
  return env->exit_info[EXIT_HAS_CODE] ? env->exit_info[EXIT_CODE] : code;
}

int env_go_on(Env *env)
{
  bool more;
  do {
    uv_run(env->loop, UV_RUN_DEFAULT);
    env_run_microtasks(env);
    if (freeze_wanted())
      freeze_here();
    more = uv_loop_alive(env->loop);
    if (!more) {
      async_tell_destroyed(env);
      emit_process_event(env, "beforeExit", exit_code(env));
      more = uv_loop_alive(env->loop);
    }
  } while (more && !env->exiting);
  env->milestones[MILESTONE_LOOP_EXIT] = (double)uv_hrtime();
  return emit_exit(env);
}

int env_spin(Env *env)
{
  env->milestones[MILESTONE_LOOP_START] = (double)uv_hrtime();
  return env_go_on(env);
}
