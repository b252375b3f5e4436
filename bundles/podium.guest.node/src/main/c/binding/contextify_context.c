/* contextify: contexts of their own, with built-ins of their own, whose global object shows a given one. */
#include "contextify.h"

#include <string.h>

#include "../options.h"

typedef struct ContextWrap {
  BaseObject base;
  JSContext *context;
  bool own_jobs;
} ContextWrap;

static JSValue context_class;

static void context_finalize(BaseObject *base)
{
  ContextWrap *wrap = (ContextWrap *)base;
  if (wrap->context)
    JS_FreeContext(wrap->context);
}

static void context_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  ContextWrap *wrap = (ContextWrap *)base;
  if (wrap->context)
    engine_mark_context(rt, wrap->context, mark);
}

static const BaseType context_type = {"ContextifyContext", NULL, context_finalize, context_mark};

/* NULL, without an exception, if the object has no context. It lives as long as the object. */
static ContextWrap *wrap_of(JSContext *ctx, JSValueConst object)
{
  JSValue value = JS_GetProperty(ctx, object, env_of(ctx)->sym.contextify_context_private_symbol);
  ContextWrap *wrap = base_object_peek(value, &context_type);
  JS_FreeValue(ctx, value);
  return wrap;
}

JSContext *context_of(JSContext *ctx, JSValueConst object)
{
  if (!JS_IsObject(object))
    return env_of(ctx)->ctx;
  ContextWrap *wrap = wrap_of(ctx, object);
  if (!wrap)
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "The object is not a contextified one");
  return wrap ? wrap->context : NULL;
}

bool context_runs_own_jobs(JSContext *ctx, JSValueConst object)
{
  ContextWrap *wrap = JS_IsObject(object) ? wrap_of(ctx, object) : NULL;
  return wrap && wrap->own_jobs;
}

static JSValue refuse_proto(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return throw_code_error(ctx, ERROR, "ERR_PROTO_ACCESS",
                          "Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw");
}

void context_disable_proto(JSContext *ctx)
{
  const char *mode = option_value(env_of(ctx)->options, "--disable-proto")->string;
  if (!mode || !*mode)
    return;
  JSValue global = JS_GetGlobalObject(ctx), class = JS_GetPropertyStr(ctx, global, "Object");
  JSValue prototype = JS_GetPropertyStr(ctx, class, "prototype");
  JSAtom name = JS_NewAtom(ctx, "__proto__");
  JS_DeleteProperty(ctx, prototype, name, 0);
  if (!strcmp(mode, "throw"))
    define_getter(ctx, prototype, "__proto__", refuse_proto, refuse_proto);
  JS_FreeAtom(ctx, name);
  JS_FreeValue(ctx, global);
  JS_FreeValues(ctx, class, prototype);
}

/* (contextObject or vm_context_no_contextify, name, origin, strings, wasm, ownMicrotaskQueue, hostDefinedOptionId) */
static JSValue make_context(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  ContextWrap *wrap;
  JSValueConst class = define_hidden_class(ctx, &context_class, "ContextifyContext", JS_UNDEFINED, NULL, 0);
  JSValue keeper = base_object_new(ctx, class, &context_type, sizeof(*wrap), &wrap);
  if (JS_IsException(keeper))
    return keeper;
  wrap->context = engine_new_context(ctx, JS_IsObject(argv[0]) ? argv[0] : JS_UNDEFINED);
  if (!wrap->context) {
    JS_FreeValue(ctx, keeper);
    return JS_EXCEPTION;
  }
  context_disable_proto(wrap->context);
  if (!arg_bool(ctx, argv[3]))
    engine_forbid_eval(wrap->context);
  wrap->own_jobs = arg_bool(ctx, argv[5]);
  JSValue result = JS_IsObject(argv[0]) ? JS_DupValue(ctx, argv[0]) : JS_GetGlobalObject(wrap->context);
  if (wrap->own_jobs)
    engine_keep_own_jobs(wrap->context);
  if (engine_set_private(ctx, result, env->sym.contextify_context_private_symbol, keeper) ||
      engine_set_private(ctx, result, env->sym.host_defined_option_symbol, JS_DupValue(ctx, argv[6]))) {
    JS_FreeValue(ctx, result);
    return JS_EXCEPTION;
  }
  return result;
}

void define_contexts(JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"makeContext", make_context, 7}};
  context_class = JS_UNDEFINED;
  DEFINE_FUNCTIONS(ctx, target, functions);
}
