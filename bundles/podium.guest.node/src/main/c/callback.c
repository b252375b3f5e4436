/* Calling into JavaScript from the event loop: callback scopes, microtasks and the tick queue, async ids. */
#include "env.h"

#include <stdlib.h>
#include <string.h>

double env_new_async_id(Env *env) { return ++env->async_id_fields[ASYNC_ID_COUNTER]; }

double env_default_trigger_id(Env *env)
{
  double id = env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID];
  return id < 0 ? env->async_id_fields[ASYNC_EXECUTION_ID] : id;
}

/* JavaScript may still hold the old array while it copies, so its memory stays. */
static bool grow_async_stack(Env *env)
{
  uint32_t capacity = env->async_stack_capacity * 3;
  double *stack = calloc(2 * (size_t)capacity, sizeof(double));
  if (!stack)
    return false;
  memcpy(stack, env->async_ids_stack, 2 * sizeof(double) * env->async_stack_capacity);
  env->async_ids_stack = stack;
  env->async_stack_capacity = capacity;
  define_array(env->ctx, env->async_wrap_binding, "async_ids_stack", stack, 2 * sizeof(double) * capacity,
               JS_TYPED_ARRAY_FLOAT64);
  return true;
}

void env_push_async_context(Env *env, double async_id, double trigger_id, JSValueConst resource)
{
  uint32_t offset = env->async_hook_fields[ASYNC_STACK_LENGTH];
  if (offset < env->async_stack_capacity || grow_async_stack(env)) {
    env->async_ids_stack[2 * offset] = env->async_id_fields[ASYNC_EXECUTION_ID];
    env->async_ids_stack[2 * offset + 1] = env->async_id_fields[ASYNC_TRIGGER_ID];
  }
  env->async_hook_fields[ASYNC_STACK_LENGTH] = offset + 1;
  env->async_id_fields[ASYNC_EXECUTION_ID] = async_id;
  env->async_id_fields[ASYNC_TRIGGER_ID] = trigger_id;
  if (JS_IsObject(env->execution_async_resources))
    JS_SetPropertyUint32(env->ctx, env->execution_async_resources, offset, JS_DupValue(env->ctx, resource));
}

bool env_pop_async_context(Env *env, double async_id)
{
  uint32_t length = env->async_hook_fields[ASYNC_STACK_LENGTH];
  (void)async_id;
  if (length == 0)
    return false;
  uint32_t offset = length - 1;
  env->async_hook_fields[ASYNC_STACK_LENGTH] = offset;
  if (offset < env->async_stack_capacity) {
    env->async_id_fields[ASYNC_EXECUTION_ID] = env->async_ids_stack[2 * offset];
    env->async_id_fields[ASYNC_TRIGGER_ID] = env->async_ids_stack[2 * offset + 1];
  }
  if (JS_IsObject(env->execution_async_resources))
    JS_SetLength(env->ctx, env->execution_async_resources, offset);
  return offset > 0;
}

void env_clear_async_stack(Env *env)
{
  env->async_id_fields[ASYNC_EXECUTION_ID] = 0;
  env->async_id_fields[ASYNC_TRIGGER_ID] = 0;
  env->async_hook_fields[ASYNC_STACK_LENGTH] = 0;
  if (JS_IsObject(env->execution_async_resources))
    JS_SetLength(env->ctx, env->execution_async_resources, 0);
}

void env_run_microtasks(Env *env)
{
  JSContext *ctx;
  int result;
  do {
    while ((result = JS_ExecutePendingJob(env->rt, &ctx)) != 0) {
      if (result < 0)
        report_pending_exception(env);
    }
  } while (engine_end_job(env->rt)); /* its end may be news to a FinalizationRegistry */
}

static void emit_hook(Env *env, uint32_t field, JSValueConst hook, double async_id)
{
  if (!env->async_hook_fields[field] || async_id == 0 || !JS_IsFunction(env->ctx, hook))
    return;
  JSValue id = JS_NewNumber(env->ctx, async_id);
  JSValue result = JS_Call(env->ctx, hook, JS_UNDEFINED, 1, (JSValueConst *)&id);
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(env->ctx, result);
}

void env_open_callback_scope(Env *env, JSValueConst resource, double async_id, double trigger_id)
{
  env->callback_depth++;
  env_push_async_context(env, async_id, trigger_id, resource);
  if (JS_IsUndefined(env->async_callback_trampoline))
    emit_hook(env, ASYNC_BEFORE, env->async_hooks_before, async_id);
}

static void run_tick_queue(Env *env)
{
  if (!env->tick_info[TICK_HAS_TICK_SCHEDULED])
    env_run_microtasks(env);
  if (!env->tick_info[TICK_HAS_TICK_SCHEDULED] && !env->tick_info[TICK_HAS_REJECTION_TO_WARN])
    return;
  if (!JS_IsFunction(env->ctx, env->tick_callback) || env->exiting)
    return;
  JSValue result = JS_Call(env->ctx, env->tick_callback, env->process, 0, NULL);
  /* When the library's handler has dealt with it, it sees to it that what is still queued runs, as an immediate. */
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(env->ctx, result);
}

void env_close_callback_scope(Env *env, double async_id, bool failed)
{
  if (!failed && JS_IsUndefined(env->async_callback_trampoline))
    emit_hook(env, ASYNC_AFTER, env->async_hooks_after, async_id);
  if (env->async_hook_fields[ASYNC_STACK_LENGTH] > 0)
    env_pop_async_context(env, async_id);
  if (env->callback_depth == 1 && !env->tick_disabled)
    run_tick_queue(env);
  if (--env->callback_depth == 0)
    engine_end_job(env->rt);
}

JSValue env_make_callback(Env *env, JSValueConst receiver, JSValueConst resource, double async_id, double trigger_id,
                          JSValueConst function, int argc, JSValueConst *argv)
{
  JSContext *ctx = env->ctx;
  env_open_callback_scope(env, resource, async_id, trigger_id);
  JSValue result = JS_Call(ctx, function, receiver, argc, argv);
  bool failed = JS_IsException(result);
  if (failed) {
    report_pending_exception(env);
    result = JS_UNDEFINED;
  }
  env_close_callback_scope(env, async_id, failed);
  return result;
}
