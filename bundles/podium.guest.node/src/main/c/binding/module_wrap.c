/* module_wrap: ES modules for the library's loader, which links and evaluates them itself. */
#include "../env.h"

#include <stdlib.h>
#include <string.h>

typedef struct ModuleWrap {
  BaseObject base;
  JSModuleDef *module;
  JSValue evaluation_steps; /* of a synthetic module */
  JSValue linked;           /* the array given to link(): keeps the others alive */
  JSValue source_object;
} ModuleWrap;

static void module_finalize(BaseObject *base)
{
  ModuleWrap *wrap = (ModuleWrap *)base;
  JS_FreeValueRT(the_env->rt, wrap->evaluation_steps);
  JS_FreeValueRT(the_env->rt, wrap->linked);
  JS_FreeValueRT(the_env->rt, wrap->source_object);
}

static void module_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  ModuleWrap *wrap = (ModuleWrap *)base;
  JS_MarkValue(rt, wrap->evaluation_steps, mark);
  JS_MarkValue(rt, wrap->linked, mark);
  JS_MarkValue(rt, wrap->source_object, mark);
}

static const BaseType module_type = {"ModuleWrap", NULL, module_finalize, module_mark};

static ModuleWrap *get_wrap(JSContext *ctx, JSValueConst self) { return base_object_get(ctx, self, &module_type); }

/* --- making one ------------------------------------------------------------------------------------------------------ */

/* A synthetic module's turn to evaluate: its steps set the exports. */
static int evaluate_synthetic(JSContext *ctx, JSModuleDef *module)
{
  JSValue object = JS_GetModulePrivateValue(ctx, module);
  ModuleWrap *wrap = base_object_peek(object, &module_type);
  JSValue result = wrap ? JS_Call(ctx, wrap->evaluation_steps, object, 0, NULL) : JS_UNDEFINED;
  int status = JS_IsException(result) ? -1 : 0;
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, object);
  return status;
}

static JSModuleDef *new_synthetic(JSContext *ctx, const char *url, JSValueConst names)
{
  int64_t count = 0;
  JSModuleDef *module = engine_module_synthetic(ctx, url, evaluate_synthetic);
  if (!module || JS_GetLength(ctx, names, &count))
    return NULL;
  for (int64_t i = 0; i < count; i++) {
    JSValue name = JS_GetPropertyInt64(ctx, names, i);
    const char *text = JS_ToCString(ctx, name);
    int status = text ? JS_AddModuleExport(ctx, module, text) : -1;
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, name);
    if (status < 0)
      return NULL;
  }
  return module;
}

/* An error in a module shows its line, whoever throws it on. */
static void add_arrow(JSContext *ctx)
{
  Env *env = env_of(ctx);
  JSValue error = JS_GetException(ctx);
  char *arrow = error_arrow(env, error);
  if (arrow && JS_IsObject(error))
    JS_SetProperty(ctx, error, env->sym.arrow_message_private_symbol, JS_NewString(ctx, arrow));
  free(arrow);
  JS_Throw(ctx, error);
}

static JSModuleDef *new_source_text(JSContext *ctx, const char *url, JSValueConst text, int line)
{
  size_t length;
  const char *source = JS_ToCStringLen(ctx, &length, text);
  if (!source)
    return NULL;
  keep_user_source(env_of(ctx), url, source, length, line);
  JSModuleDef *module = engine_module_compile(ctx, source, length, url, line);
  if (!module)
    add_arrow(ctx);
  JS_FreeCString(ctx, source);
  return module;
}

static void remember_host_option(JSContext *ctx, JSValueConst object, const char *url, JSValueConst option)
{
  Env *env = env_of(ctx);
  JSValue symbol = JS_IsSymbol(option) ? JS_DupValue(ctx, option) : JS_NewSymbol(ctx, url, false);
  if (!JS_IsObject(env->host_defined_options))
    env->host_defined_options = new_null_object(ctx);
  JS_SetPropertyStr(ctx, env->host_defined_options, url, JS_DupValue(ctx, symbol));
  JS_SetProperty(ctx, object, env->sym.host_defined_option_symbol, symbol);
}

/* (url, context, source, line, column, cachedData | hostDefinedOption) or (url, context, exportNames, steps, cjs) */
static JSValue new_module(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  ModuleWrap *wrap;
  if (JS_IsObject(argv[1]))
    return throw_unavailable(ctx, "contextify.makeContext");
  const char *url = JS_ToCString(ctx, argv[0]);
  if (!url)
    return JS_EXCEPTION;
  bool synthetic = JS_IsArray(argv[2]);
  JSModuleDef *module = synthetic ? new_synthetic(ctx, url, argv[2])
                                  : new_source_text(ctx, url, argv[2], arg_int32(ctx, argv[3]) + 1);
  JSValue object = module ? base_object_new(ctx, new_target, &module_type, sizeof(*wrap), &wrap) : JS_EXCEPTION;
  if (JS_IsObject(object)) {
    wrap->module = module;
    wrap->evaluation_steps = synthetic ? JS_DupValue(ctx, argv[3]) : JS_UNDEFINED;
    wrap->linked = wrap->source_object = JS_UNDEFINED;
    JS_SetModulePrivateValue(ctx, module, JS_DupValue(ctx, object));
    if (!synthetic) {
      remember_host_option(ctx, object, url, argc > 5 ? argv[5] : JS_UNDEFINED);
      define_bool(ctx, object, "hasTopLevelAwait", engine_module_has_await(module));
      define_value(ctx, object, "sourceURL", JS_UNDEFINED);
      define_value(ctx, object, "sourceMapURL", JS_UNDEFINED);
    } else if (argc > 4 && JS_IsObject(argv[4])) {
      JS_SetProperty(ctx, object, env->sym.imported_cjs_symbol, JS_DupValue(ctx, argv[4]));
    }
    define_bool(ctx, object, "synthetic", synthetic);
    define_value(ctx, object, "url", JS_DupValue(ctx, argv[0]));
    JS_SetProperty(ctx, object, env->sym.source_map_data_private_symbol, JS_UNDEFINED);
  }
  JS_FreeCString(ctx, url);
  return object;
}

/* --- linking --------------------------------------------------------------------------------------------------------- */

static JSValue frozen(JSContext *ctx, JSValue object)
{
  JS_FreezeObject(ctx, object);
  return object;
}

static JSValue copy_attributes(JSContext *ctx, JSValueConst attributes)
{
  JSValue copy = new_null_object(ctx);
  JSPropertyEnum *names = NULL;
  uint32_t count = 0;
  if (JS_IsObject(attributes) &&
      JS_GetOwnPropertyNames(ctx, &names, &count, attributes, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) == 0) {
    for (uint32_t i = 0; i < count; i++)
      JS_SetProperty(ctx, copy, names[i].atom, JS_GetProperty(ctx, attributes, names[i].atom));
    JS_FreePropertyEnum(ctx, names, count);
  }
  return frozen(ctx, copy);
}

enum { SOURCE_PHASE = 1, EVALUATION_PHASE = 2 };

static JSValue get_module_requests(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  if (!wrap)
    return JS_EXCEPTION;
  JSValue requests = JS_NewArray(ctx);
  for (int i = 0; i < engine_module_request_count(wrap->module); i++) {
    JSValueConst attributes;
    JSValue request = new_null_object(ctx);
    define_value(ctx, request, "specifier", engine_module_request(ctx, wrap->module, i, &attributes));
    define_value(ctx, request, "attributes", copy_attributes(ctx, attributes));
    define_number(ctx, request, "phase", EVALUATION_PHASE);
    JS_SetPropertyUint32(ctx, requests, (uint32_t)i, frozen(ctx, request));
  }
  return requests;
}

static JSValue link_module(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  int64_t count = 0;
  if (!wrap || JS_GetLength(ctx, argv[0], &count))
    return JS_EXCEPTION;
  if (count != engine_module_request_count(wrap->module))
    return throw_code_error(ctx, ERROR, "ERR_VM_MODULE_LINK_FAILURE", "linking error, wrong number of modules");
  for (int i = 0; i < count; i++) {
    JSValue object = JS_GetPropertyInt64(ctx, argv[0], i);
    ModuleWrap *target = base_object_peek(object, &module_type);
    JS_FreeValue(ctx, object); /* the array holds it */
    if (!target)
      return throw_code_error(ctx, ERROR, "ERR_VM_MODULE_LINK_FAILURE", "linking error, expected a valid module object");
    engine_module_set_request(wrap->module, i, target->module);
  }
  JS_FreeValue(ctx, wrap->linked);
  wrap->linked = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue instantiate(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  if (!wrap)
    return JS_EXCEPTION;
  if (!engine_module_linked(wrap->module))
    return throw_code_error(ctx, ERROR, "ERR_VM_MODULE_LINK_FAILURE", "request for a module is not yet fulfilled");
  return engine_module_instantiate(ctx, wrap->module) ? JS_EXCEPTION : JS_UNDEFINED;
}

/* --- evaluating ------------------------------------------------------------------------------------------------------ */

static JSValue throw_if_rejected(JSContext *ctx, JSValueConst promise)
{
  if (JS_PromiseState(ctx, promise) != JS_PROMISE_REJECTED)
    return JS_UNDEFINED;
  JS_PromiseMarkAsHandled(ctx, promise);
  JS_Throw(ctx, JS_PromiseResult(ctx, promise));
  add_arrow(ctx);
  return JS_EXCEPTION;
}

static JSValue throw_if_promise_rejected(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return throw_if_rejected(ctx, argv[0]);
}

static JSValue evaluate(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  return wrap ? engine_module_evaluate(ctx, wrap->module) : JS_EXCEPTION;
}

static JSValue get_namespace(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  if (!wrap)
    return JS_EXCEPTION;
  if (engine_module_status(wrap->module) < 2)
    return throw_code_error(ctx, ERROR, "ERR_MODULE_NOT_INSTANTIATED", "Module is not instantiated");
  return JS_GetModuleNamespace(ctx, wrap->module);
}

static JSValue evaluate_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue promise = evaluate(ctx, self, 0, NULL);
  if (JS_IsException(promise))
    return promise;
  JSValue thrown = throw_if_rejected(ctx, promise);
  JS_FreeValue(ctx, promise);
  return JS_IsException(thrown) ? thrown : get_namespace(ctx, self, 0, NULL);
}

static JSValue set_export(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  const char *name = wrap ? JS_ToCString(ctx, argv[0]) : NULL;
  if (!name)
    return JS_EXCEPTION;
  JSValue result = JS_UNDEFINED;
  if (JS_SetModuleExport(ctx, wrap->module, name, JS_DupValue(ctx, argv[1])))
    result = JS_ThrowReferenceError(ctx, "Export '%s' is not defined in module", name);
  JS_FreeCString(ctx, name);
  return result;
}

static JSValue get_status(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  return wrap ? JS_NewInt32(ctx, engine_module_status(wrap->module)) : JS_EXCEPTION;
}

static JSValue get_error(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  return wrap ? JS_DupValue(ctx, engine_module_error(wrap->module)) : JS_EXCEPTION;
}

static JSValue has_async_graph(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  return wrap ? JS_NewBool(ctx, engine_module_graph_has_await(wrap->module)) : JS_EXCEPTION;
}

static JSValue set_source_object(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  if (!wrap)
    return JS_EXCEPTION;
  JS_FreeValue(ctx, wrap->source_object);
  wrap->source_object = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue get_source_object(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ModuleWrap *wrap = get_wrap(ctx, self);
  return wrap ? JS_DupValue(ctx, wrap->source_object) : JS_EXCEPTION;
}

/* `export * from 'original'; export { default } from 'original'; export const __esModule = true;` over a module. */
static JSValue create_required_facade(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const char source[] = "export * from 'original'; export { default } from 'original'; export const __esModule = true;";
  ModuleWrap *wrap = get_wrap(ctx, argv[0]);
  JSModuleDef *facade = wrap ? engine_module_compile(ctx, source, sizeof(source) - 1, "node:internal/require_module_default_facade", 1) : NULL;
  if (!facade)
    return JS_EXCEPTION;
  for (int i = 0; i < engine_module_request_count(facade); i++)
    engine_module_set_request(facade, i, wrap->module);
  if (engine_module_instantiate(ctx, facade))
    return JS_EXCEPTION;
  JSValue promise = engine_module_evaluate(ctx, facade);
  JSValue thrown = throw_if_rejected(ctx, promise);
  JS_FreeValue(ctx, promise);
  return JS_IsException(thrown) ? thrown : JS_GetModuleNamespace(ctx, facade);
}

/* --- import() and import.meta: callbacks of the library --------------------------------------------------------------- */

static JSValue host_option_of(JSContext *ctx, JSValueConst file)
{
  Env *env = env_of(ctx);
  JSAtom key = JS_ValueToAtom(ctx, file);
  JSValue option = JS_IsObject(env->host_defined_options) ? JS_GetProperty(ctx, env->host_defined_options, key) : JS_UNDEFINED;
  JSAtom none = JS_NewAtom(ctx, "<input>"); /* code that no script evaluated */
  if (JS_IsUndefined(option) && key != none)
    option = JS_AtomToValue(ctx, env->sym.vm_dynamic_import_missing_flag);
  JS_FreeAtom(ctx, none);
  JS_FreeAtom(ctx, key);
  return option;
}

static JSValue import_dynamically(JSContext *ctx, JSValueConst referrer, JSValueConst specifier, JSValueConst attributes)
{
  Env *env = env_of(ctx);
  JSValue file = engine_root_file(ctx, referrer); /* of what eval() runs */
  if (JS_IsException(file))
    return file;
  JSValue option = host_option_of(ctx, file);
  JSValue with = copy_attributes(ctx, attributes);
  JSValueConst arguments[] = {option, specifier, JS_NewInt32(ctx, EVALUATION_PHASE), with, file};
  JSValue promise = JS_Call(ctx, env->import_module_dynamically, JS_UNDEFINED, 5, arguments);
  JS_FreeValues(ctx, with, option, file);
  return promise;
}

static int init_import_meta(JSContext *ctx, JSModuleDef *module, JSValueConst meta)
{
  Env *env = env_of(ctx);
  JSValue object = JS_GetModulePrivateValue(ctx, module);
  if (!JS_IsFunction(ctx, env->initialize_import_meta) || !base_object_peek(object, &module_type)) {
    JS_FreeValue(ctx, object);
    return 0;
  }
  JSValue option = JS_GetProperty(ctx, object, env->sym.host_defined_option_symbol);
  JSValueConst arguments[] = {option, meta, object};
  JSValue result = JS_Call(ctx, env->initialize_import_meta, JS_UNDEFINED, 3, arguments);
  int status = JS_IsException(result) ? -1 : 0;
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, option);
  JS_FreeValue(ctx, object);
  return status;
}

static JSValue keep(JSContext *ctx, JSValue *slot, JSValueConst value)
{
  JS_FreeValue(ctx, *slot);
  *slot = JS_DupValue(ctx, value);
  return JS_UNDEFINED;
}

static JSValue set_import_module_dynamically(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  engine_hooks(env->rt)->dynamic_import = import_dynamically;
  return keep(ctx, &env->import_module_dynamically, argv[0]);
}

static JSValue set_initialize_import_meta(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  engine_module_on_import_meta(env->rt, init_import_meta);
  return keep(ctx, &env->initialize_import_meta, argv[0]);
}

void init_module_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"setImportModuleDynamicallyCallback", set_import_module_dynamically, 1},
      {"setInitializeImportMetaObjectCallback", set_initialize_import_meta, 1},
      {"createRequiredModuleFacade", create_required_facade, 1},
      {"throwIfPromiseRejected", throw_if_promise_rejected, 1},
  };
  static const BindingFunction methods[] = {
      {"link", link_module, 1},
      {"getModuleRequests", get_module_requests, 0},
      {"instantiate", instantiate, 0},
      {"evaluateSync", evaluate_sync, 0},
      {"evaluate", evaluate, 2},
      {"setExport", set_export, 2},
      {"setModuleSourceObject", set_source_object, 1},
      {"getModuleSourceObject", get_source_object, 0},
      {"getNamespace", get_namespace, 0},
      {"getStatus", get_status, 0},
      {"getError", get_error, 0},
  };
  static const BindingConstant constants[] = {
      {"kUninstantiated", 0}, {"kInstantiating", 1}, {"kInstantiated", 2},     {"kEvaluating", 3},
      {"kEvaluated", 4},      {"kErrored", 5},       {"kEvaluationPhase", EVALUATION_PHASE}, {"kSourcePhase", SOURCE_PHASE},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  DEFINE_CONSTANTS(ctx, target, constants);
  JSValueConst constructor =
      define_class(ctx, target, "ModuleWrap", new_module, JS_UNDEFINED, methods, COUNT_OF(methods));
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  define_getter(ctx, proto, "hasAsyncGraph", has_async_graph, NULL);
  JS_FreeValue(ctx, proto);
}
