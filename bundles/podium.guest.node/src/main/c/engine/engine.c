/* The engine as one compilation unit: quickjs.c with the seams of edit-quickjs.py, and what stands behind them. */
#include <ctype.h>

#include <quickjs-edited.c>

#include "engine.h"

typedef struct EngineRuntime {
  EngineHooks hooks;
  /* The last throw statement: which value, and where. The value is only compared, never used. */
  void *thrown;
  JSAtom thrown_file;
  int thrown_line, thrown_column;
  JSClassID call_site_class, global_class;
  JSAtom constructor_name; /* private symbol: of an object that lost its prototype */
  JSAtom promise_of_function; /* private symbol: whose resolving function it is */
  struct list_head own_jobs; /* of contexts that run them themselves */
  JSValue *kept; /* until the job ends */
  int kept_count, kept_capacity;
  int (*init_import_meta)(JSContext *ctx, JSModuleDef *module, JSValueConst meta);
} EngineRuntime;

#include "promise.c"
#include "for_await.c"
#include "frame.c"
#include "call_site.c"
#include "stack.c"
#include "position.c"
#include "value.c"
#include "weak.c"
#include "compile.c"
#include "module.c"
#include "wording.c"
#include "regexp.c"
#include "json.c"
#include "collation.c"
#include "context.c"
#include "zone.c"
#include "specialise.c"

int engine_init_runtime(JSRuntime *rt)
{
  rt->engine = js_calloc_rt(rt, 1, sizeof(*rt->engine));
  if (rt->engine)
    init_list_head(&rt->engine->own_jobs);
  return rt->engine ? 0 : -1;
}

EngineHooks *engine_hooks(JSRuntime *rt) { return &rt->engine->hooks; }

static void engine_out_of_memory(JSRuntime *rt)
{
  if (rt->engine && rt->engine->hooks.out_of_memory)
    rt->engine->hooks.out_of_memory();
}

static void engine_collect(JSRuntime *rt, bool forced)
{
  void (*collecting)(bool, bool) = rt->engine ? rt->engine->hooks.collecting : NULL;
  if (collecting)
    collecting(forced, false);
  engine_run_gc(rt);
  if (collecting)
    collecting(forced, true);
}

void JS_RunGC(JSRuntime *rt) { engine_collect(rt, true); }

static JSValue engine_throw_no_buffer(JSContext *ctx)
{
  return JS_ThrowRangeError(ctx, "Array buffer allocation failed");
}

void engine_update_stack(JSRuntime *rt, size_t size)
{
  JS_UpdateStackTop(rt);
  JS_SetMaxStackSize(rt, size);
}

void engine_reseed(JSRuntime *rt)
{
  struct list_head *el;
  list_for_each(el, &rt->context_list) {
    JSContext *ctx = list_entry(el, JSContext, link);
    if (getentropy(&ctx->random_state, sizeof(ctx->random_state)) || ctx->random_state == 0)
      ctx->random_state = js__gettimeofday_us();
  }
}

bool engine_has_stack(JSRuntime *rt, size_t bytes) { return !js_check_stack_overflow(rt, bytes); }

static JSAtom engine_private_atom(JSContext *ctx, const char *description)
{
  JSValue symbol = engine_new_private_symbol(ctx, description);
  JSAtom atom = JS_ValueToAtom(ctx, symbol);
  JS_FreeValue(ctx, symbol);
  return atom;
}

int engine_init_context(JSContext *ctx)
{
  EngineRuntime *engine = ctx->rt->engine;
  if (engine->constructor_name == JS_ATOM_NULL) {
    engine->constructor_name = engine_private_atom(ctx, "constructor name");
    engine->promise_of_function = engine_private_atom(ctx, "promise of function");
  }
  if (engine_init_call_sites(ctx))
    return -1;
  JSValueConst error = ctx->error_ctor;
  JSAtom names[] = {JS_NewAtom(ctx, "prepareStackTrace"), JS_NewAtom(ctx, "stackTraceLimit")};
  for (int i = 0; i < 2; i++)
    JS_DeleteProperty(ctx, error, names[i], 0);
  int result = JS_DefinePropertyValue(ctx, error, names[1], JS_NewInt32(ctx, 10), JS_PROP_C_W_E);
  JS_FreeAtom(ctx, names[0]);
  JS_FreeAtom(ctx, names[1]);
  /* QuickJS's own; no other engine has it. */
  JSAtom internal = JS_NewAtom(ctx, "InternalError");
  JS_DeleteProperty(ctx, ctx->global_obj, internal, 0);
  JS_FreeAtom(ctx, internal);
  /* What Node defines itself, and only in its own context. */
  static const char *const surplus[] = {"queueMicrotask", "performance", "DOMException", "btoa", "atob", "navigator"};
  for (size_t i = 0; i < countof(surplus); i++) {
    JSAtom name = JS_NewAtom(ctx, surplus[i]);
    JS_DeleteProperty(ctx, ctx->global_obj, name, 0);
    JS_FreeAtom(ctx, name);
  }
  return result < 0 ? -1 : 0;
}

JSValueConst engine_continuation_data(JSRuntime *rt) { return rt->continuation_data; }

void engine_set_continuation_data(JSRuntime *rt, JSValue value)
{
  JSValue old = rt->continuation_data;
  rt->continuation_data = value;
  JS_FreeValueRT(rt, old);
}

/* --- import() ---------------------------------------------------------------------------------------------------- */

static bool engine_has_dynamic_import(JSRuntime *rt) { return rt->engine->hooks.dynamic_import != NULL; }

/* args: referrer, specifier and attributes come third. */
static JSValue engine_dynamic_import(JSContext *ctx, JSValue *args)
{
  JSValue functions[2], outcome = ctx->rt->engine->hooks.dynamic_import(ctx, args[2], args[3], args[4]);
  bool failed = JS_IsException(outcome);
  if (failed)
    outcome = JS_GetException(ctx);
  JSValue promise = JS_NewPromiseCapability(ctx, functions);
  if (!JS_IsException(promise)) {
    JS_FreeValue(ctx, JS_Call(ctx, functions[failed], JS_UNDEFINED, 1, vc(&outcome)));
    JS_FreeValue(ctx, functions[0]);
    JS_FreeValue(ctx, functions[1]);
  }
  JS_FreeValue(ctx, outcome);
  return promise;
}
