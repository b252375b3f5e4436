/* Calling into JavaScript from the event loop: callback scopes, microtasks and the tick queue, async ids. */
#include "env.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

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
  JSValue *resources = realloc(env->async_resources, capacity * sizeof(*resources));
  if (resources)
    env->async_resources = resources;
  if (!stack || !resources) {
    free(stack);
    return false;
  }
  memcpy(stack, env->async_ids_stack, 2 * sizeof(double) * env->async_stack_capacity);
  env->async_ids_stack = stack;
  env->async_stack_capacity = capacity;
  define_array(env->ctx, env->async_wrap_binding, "async_ids_stack", stack, 2 * sizeof(double) * capacity,
               JS_TYPED_ARRAY_FLOAT64);
  return true;
}

/* Those that JavaScript pushed it keeps itself, so C has none at their depths. */
static void keep_resource(Env *env, uint32_t depth, JSValueConst resource)
{
  while (env->async_resource_count < depth)
    env->async_resources[env->async_resource_count++] = JS_UNDEFINED;
  env->async_resources[depth] = JS_DupValue(env->ctx, resource);
  env->async_resource_count = depth + 1;
}

static void forget_resources(Env *env, uint32_t depth)
{
  while (env->async_resource_count > depth) /* what goes may run code */
    JS_FreeValue(env->ctx, env->async_resources[--env->async_resource_count]);
  int64_t length;
  if (JS_IsObject(env->execution_async_resources) &&
      JS_GetLength(env->ctx, env->execution_async_resources, &length) == 0 && length > depth)
    JS_SetLength(env->ctx, env->execution_async_resources, depth);
}

void env_push_async_context(Env *env, double async_id, double trigger_id, JSValueConst resource)
{
  uint32_t depth = env->async_hook_fields[ASYNC_STACK_LENGTH];
  forget_resources(env, depth);
  if (depth < env->async_stack_capacity || grow_async_stack(env)) {
    env->async_ids_stack[2 * depth] = env->async_id_fields[ASYNC_EXECUTION_ID];
    env->async_ids_stack[2 * depth + 1] = env->async_id_fields[ASYNC_TRIGGER_ID];
    if (!JS_IsUndefined(resource))
      keep_resource(env, depth, resource);
  }
  env->async_hook_fields[ASYNC_STACK_LENGTH] = depth + 1;
  env->async_id_fields[ASYNC_EXECUTION_ID] = async_id;
  env->async_id_fields[ASYNC_TRIGGER_ID] = trigger_id;
}

/* Somebody popped what he did not push: ids tell nothing any more. */
static _Noreturn void fail_with_corrupted_stack(Env *env, double expected)
{
  env_print_error("Error: async hook stack has become corrupted (actual: %.f, expected: %.f)\n",
                  env->async_id_fields[ASYNC_EXECUTION_ID], expected);
  if (env->options && option_is_set(env->options, "--abort-on-uncaught-exception"))
    abort();
  env_exit(env, 1);
}

bool env_pop_async_context(Env *env, double async_id)
{
  uint32_t length = env->async_hook_fields[ASYNC_STACK_LENGTH];
  if (length == 0) /* an exception has emptied it */
    return false;
  if (env->async_hook_fields[ASYNC_CHECK] > 0 && env->async_id_fields[ASYNC_EXECUTION_ID] != async_id)
    fail_with_corrupted_stack(env, async_id);
  uint32_t depth = length - 1;
  env->async_hook_fields[ASYNC_STACK_LENGTH] = depth;
  if (depth < env->async_stack_capacity) {
    env->async_id_fields[ASYNC_EXECUTION_ID] = env->async_ids_stack[2 * depth];
    env->async_id_fields[ASYNC_TRIGGER_ID] = env->async_ids_stack[2 * depth + 1];
  }
  forget_resources(env, depth);
  return depth > 0;
}

void env_clear_async_stack(Env *env)
{
  env->async_id_fields[ASYNC_EXECUTION_ID] = 0;
  env->async_id_fields[ASYNC_TRIGGER_ID] = 0;
  env->async_hook_fields[ASYNC_STACK_LENGTH] = 0;
  forget_resources(env, 0);
}

JSValue env_async_resource(Env *env, uint32_t depth)
{
  return depth < env->async_resource_count ? JS_DupValue(env->ctx, env->async_resources[depth]) : JS_UNDEFINED;
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

static void exchange_frame(Env *env, CallbackScope *scope)
{
  JSValue frame = JS_DupValue(env->ctx, engine_continuation_data(env->rt));
  engine_set_continuation_data(env->rt, scope->frame);
  scope->frame = frame;
}

void callback_scope_open(Env *env, CallbackScope *scope, JSValueConst resource, double async_id, double trigger_id,
                         JSValueConst frame, int flags)
{
  *scope = (CallbackScope){.async_id = async_id, .frame = JS_DupValue(env->ctx, frame), .flags = flags};
  env->callback_depth++;
  exchange_frame(env, scope);
  env_push_async_context(env, async_id, trigger_id, resource);
  if (!(flags & SCOPE_WITHOUT_HOOKS))
    emit_hook(env, ASYNC_BEFORE, env->async_hooks_before, async_id);
}

/* Exceptions are dealt with; when the library's handler has, it sees to it that what is still queued runs, as an immediate. */
static void run_tick_queue(Env *env)
{
  if (!env->tick_info[TICK_HAS_TICK_SCHEDULED])
    env_run_microtasks(env);
  if (!env->tick_info[TICK_HAS_TICK_SCHEDULED] && !env->tick_info[TICK_HAS_REJECTION_TO_WARN])
    return;
  if (!JS_IsFunction(env->ctx, env->tick_callback) || env->exiting)
    return;
  JSValue result = JS_Call(env->ctx, env->tick_callback, env->process, 0, NULL);
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(env->ctx, result);
}

void callback_scope_close(Env *env, CallbackScope *scope, bool failed)
{
  if (!failed && !(scope->flags & SCOPE_WITHOUT_HOOKS))
    emit_hook(env, ASYNC_AFTER, env->async_hooks_after, scope->async_id);
  env_pop_async_context(env, scope->async_id);
  exchange_frame(env, scope);
  JS_FreeValue(env->ctx, scope->frame);
  bool outermost = env->callback_depth == 1 && !(scope->flags & SCOPE_WITHOUT_TICKS);
  if (!failed && outermost)
    run_tick_queue(env);
  if (--env->callback_depth == 0)
    engine_end_job(env->rt);
}

/* The library's trampoline, which emits the hooks itself: (id, resource, function, ...argv). */
static JSValue call_by_trampoline(Env *env, JSValueConst receiver, JSValueConst resource, double async_id,
                                  JSValueConst function, int argc, JSValueConst *argv)
{
  JSValueConst arguments[3 + CALLBACK_ARGUMENTS] = {JS_NewNumber(env->ctx, async_id), resource, function};
  assert(argc <= CALLBACK_ARGUMENTS);
  for (int i = 0; i < argc; i++)
    arguments[3 + i] = argv[i];
  return JS_Call(env->ctx, env->async_callback_trampoline, receiver, 3 + argc, arguments);
}

JSValue env_make_callback(Env *env, JSValueConst receiver, JSValueConst resource, double async_id, double trigger_id,
                          JSValueConst frame, JSValueConst function, int argc, JSValueConst *argv)
{
  JSContext *ctx = env->ctx;
  const uint32_t *fields = env->async_hook_fields;
  bool has_trampoline = !JS_IsUndefined(env->async_callback_trampoline);
  bool is_watched = fields[ASYNC_BEFORE] || fields[ASYNC_AFTER] || fields[ASYNC_USES_EXECUTION_RESOURCE];
  CallbackScope scope;
  callback_scope_open(env, &scope, resource, async_id, trigger_id, frame, has_trampoline ? SCOPE_WITHOUT_HOOKS : 0);
  JSValue result = has_trampoline && is_watched
                       ? call_by_trampoline(env, receiver, resource, async_id, function, argc, argv)
                       : JS_Call(ctx, function, receiver, argc, argv);
  bool failed = JS_IsException(result);
  if (failed) {
    report_pending_exception(env);
    result = JS_UNDEFINED;
  }
  callback_scope_close(env, &scope, failed);
  return result;
}
