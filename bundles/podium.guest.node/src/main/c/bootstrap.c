/* The bootstrap: engine, symbols, primordials, realm, node. */
#include "bootstrap.h"

#include "podium.h"

#include <stdlib.h>
#include <string.h>

#include "process.h"




/* Not a binding: its object goes to a script. */
BindingInit init_webassembly;

static void die(Env *env, const char *where)
{
  JSValue error = env->ctx ? JS_GetException(env->ctx) : JS_UNDEFINED;
  const char *text = env->ctx ? JS_ToCString(env->ctx, error) : "out of memory";
  JSValue stack = JS_IsObject(error) ? JS_GetPropertyStr(env->ctx, error, "stack") : JS_UNDEFINED;
  const char *trace = JS_IsString(stack) ? JS_ToCString(env->ctx, stack) : NULL;
  env_print_error("node: bootstrap failed in %s: %s\n%s\n", where, text ? text : "?", trace ? trace : "");
  _Exit(10);
}

static const char *source_text(JSContext *ctx, const char *file, size_t *length)
{
  if (!strncmp(file, "node:", 5))
    return builtin_source(file + 5, length);
  return user_source(env_of(ctx), file, length);
}

/* Whatever ran would go on in an unknown state: as in V8, this is not for the script to catch. */
static void out_of_memory(void)
{
  env_print_error("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n");
  abort();
}

static void make_symbols(Env *env)
{
  JSContext *ctx = env->ctx;
#define V(name)                                                                                                        \
  {                                                                                                                    \
    JSValue symbol = JS_NewSymbol(ctx, #name, false);                                                                  \
    env->sym.name = JS_ValueToAtom(ctx, symbol);                                                                       \
    JS_FreeValue(ctx, symbol);                                                                                         \
  }
  ENV_SYMBOLS(V)
#undef V
#define V(name)                                                                                                        \
  {                                                                                                                    \
    JSValue symbol = engine_new_private_symbol(ctx, "node:" #name);                                                          \
    env->sym.name = JS_ValueToAtom(ctx, symbol);                                                                       \
    JS_FreeValue(ctx, symbol);                                                                                         \
  }
  ENV_PRIVATE_SYMBOLS(V)
#undef V
}

static bool make_engine(Env *env)
{
  env->rt = JS_NewRuntime();
  if (!env->rt || engine_init_runtime(env->rt))
    return false;
  engine_update_stack(env->rt, ENGINE_STACK_SIZE);
  JS_SetCanBlock(env->rt, true); /* Atomics.wait */
  JS_SetGCThreshold(env->rt, 4 << 20);
  env->ctx = JS_NewContext(env->rt);
  return env->ctx && engine_init_context(env->ctx) == 0;
}

static void define_global(Env *env)
{
  JSContext *ctx = env->ctx;
  JSValue global = JS_GetGlobalObject(ctx);
  define_value(ctx, global, "global", JS_DupValue(ctx, global));
  JS_FreeValue(ctx, global);
}

static JSValue per_context(Env *env, const char *id)
{
  JSContext *ctx = env->ctx;
  JSValue name = JS_NewString(ctx, id);
  JSValue holder = JS_NewObject(ctx);
  init_builtins(env, ctx, holder);
  JSValue compile = JS_GetPropertyStr(ctx, holder, "compileFunction");
  JSValue function = JS_Call(ctx, compile, JS_UNDEFINED, 1, (JSValueConst *)&name);
  JSValue symbols = JS_NewObject(ctx), private_symbols = JS_NewObject(ctx);
#define V(name) define_value(ctx, symbols, #name, JS_AtomToValue(ctx, env->sym.name));
  ENV_SYMBOLS(V)
#undef V
#define V(name) define_value(ctx, private_symbols, #name, JS_AtomToValue(ctx, env->sym.name));
  ENV_PRIVATE_SYMBOLS(V)
#undef V
  JSValueConst arguments[] = {env->per_context_exports, env->primordials, private_symbols, symbols};
  JSValue result = JS_IsException(function) ? JS_EXCEPTION : JS_Call(ctx, function, JS_UNDEFINED, 4, arguments);
  JS_FreeValues(ctx, name, holder, compile, function, symbols, private_symbols);
  return result;
}

static JSValue get_linked_binding(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *name = JS_ToCString(ctx, argv[0]);
  if (!name)
    return JS_EXCEPTION;
  JSValue error = throw_code_error(ctx, ERROR, "ERR_INVALID_MODULE", "No such binding: %s", name);
  JS_FreeCString(ctx, name);
  return error;
}

/* The realm takes (process, getLinkedBinding, getInternalBinding, primordials): the values of run_builtin's slots. */
static void run_realm(Env *env)
{
  JSContext *ctx = env->ctx;
  env->builtins_require = new_function(ctx, get_linked_binding, "getLinkedBinding", 1);
  env->internal_binding = new_function(ctx, get_internal_binding, "getInternalBinding", 1);
  JSValue linked = env->builtins_require, internal = env->internal_binding;
  JSValue result = run_builtin(env, "internal/bootstrap/realm");
  if (JS_IsException(result))
    die(env, "internal/bootstrap/realm");
  JS_FreeValues(ctx, result, linked, internal);
}

/*
 * Node's library takes for granted that who has OpenSSL has TLS, and asks one flag for both. Here `crypto` may be there without
 * the streams, and what `process.features` says of TLS is what the streams' binding says.
 */
static bool tell_features(Env *env)
{
  static const char *const names[] = {"tls", "tls_alpn", "tls_sni", "tls_ocsp"};
  JSValue features = JS_GetPropertyStr(env->ctx, env->process, "features");
  bool there = binding_is_there("tls_wrap"), told = JS_IsObject(features);
  for (int i = 0; told && i < COUNT_OF(names); i++)
    told = JS_SetPropertyStr(env->ctx, features, names[i], JS_NewBool(env->ctx, there)) >= 0;
  JS_FreeValue(env->ctx, features);
  return told;
}

Env *bootstrap(void)
{
  static Env env_storage;
  static const char *const per_context_ids[] = {"internal/per_context/primordials", "internal/per_context/domexception",
                                                "internal/per_context/messageport", "internal/per_context/webassembly"};
  static const char *const ids[] = {
      "internal/bootstrap/node", "internal/bootstrap/web/exposed-wildcard",
      "internal/bootstrap/web/exposed-window-or-worker", "internal/bootstrap/switches/is_main_thread",
      "internal/bootstrap/switches/does_own_process_state"};
  Env *env = the_env = &env_storage;
#define V(name) env->name = JS_UNDEFINED;
  ENV_VALUES(V)
#undef V
  env->async_hook_fields[ASYNC_CHECK] = 1;
  env->async_id_fields[ASYNC_ID_COUNTER] = 1;
  env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID] = -1;
  env->async_stack_capacity = ASYNC_STACK_INITIAL;
  env->async_ids_stack = calloc(2 * ASYNC_STACK_INITIAL, sizeof(double));
  env->async_resources = calloc(ASYNC_STACK_INITIAL, sizeof(JSValue));
  if (!make_engine(env) || !env->async_ids_stack || !env->async_resources)
    die(env, "the engine");
  JS_SetContextOpaque(env->ctx, env);
  engine_hooks(env->rt)->source_text = source_text;
  engine_hooks(env->rt)->out_of_memory = out_of_memory;
  make_symbols(env);
  define_global(env);
  env->primordials = JS_NewObjectProto(env->ctx, JS_NULL);
  env->per_context_exports = JS_NewObject(env->ctx);
#ifdef __wasm__ /* there is a kernel below */
  JSValue webassembly = JS_NewObject(env->ctx);
  init_webassembly(env, env->ctx, webassembly);
  define_value(env->ctx, env->per_context_exports, "webassembly", webassembly);
#endif
  for (int i = 0; i < COUNT_OF(per_context_ids); i++) {
    JSValue result = per_context(env, per_context_ids[i]);
    if (JS_IsException(result))
      die(env, per_context_ids[i]);
    JS_FreeValue(env->ctx, result);
  }
  env->process = new_process_object(env);
  run_realm(env);
  for (int i = 0; i < COUNT_OF(ids); i++) {
    JSValue result = run_builtin(env, ids[i]);
    if (JS_IsException(result))
      die(env, ids[i]);
    JS_FreeValue(env->ctx, result);
  }
  if (!tell_features(env))
    die(env, "process.features");
  if (!podium_install(env))
    die(env, "the loader of families");
  return env;
}

void finish_for_freeze(Env *env)
{
  if (!make_common_builtins(env))
    die(env, "the common builtins");
  JS_RunGC(env->rt);
  /* A process collects for the first time when it has as much garbage as half of what was frozen. */
  JSMemoryUsage usage;
  JS_ComputeMemoryUsage(env->rt, &usage);
  JS_SetGCThreshold(env->rt, (size_t)(usage.malloc_size + usage.malloc_size / 2));
}
