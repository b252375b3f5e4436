/* contextify: compiling user code as scripts and functions. */
#include "contextify.h"

#include <stdlib.h>
#include <string.h>

/* import() in this code is answered by what `option` (a symbol) stands for; see module_wrap. */
static void remember_host_option(JSContext *ctx, const char *file, JSValueConst option)
{
  Env *env = env_of(ctx);
  if (!JS_IsObject(env->host_defined_options))
    env->host_defined_options = new_null_object(ctx);
  JS_SetPropertyStr(ctx, env->host_defined_options, file, JS_DupValue(ctx, option));
}

/* The URL of the last "//# sourceMappingURL=" comment, or undefined. */
static JSValue source_map_url(JSContext *ctx, const char *source, size_t length)
{
  static const char mark[] = "sourceMappingURL=";
  const char *found = NULL, *p = source, *end = source + length;
  while ((p = memchr(p, 's', (size_t)(end - p)))) {
    if ((size_t)(end - p) >= sizeof(mark) - 1 && !memcmp(p, mark, sizeof(mark) - 1) && p - source >= 4 &&
        (!memcmp(p - 4, "//# ", 4) || !memcmp(p - 4, "//@ ", 4)))
      found = p + sizeof(mark) - 1;
    p++;
  }
  if (!found)
    return JS_UNDEFINED;
  const char *stop = found;
  while (stop < end && (unsigned char)*stop > ' ')
    stop++;
  return JS_NewStringLen(ctx, found, (size_t)(stop - found));
}

/* An error of user code shows its line even if it is caught and printed: the arrow goes into the stack. */
static void decorate_error(JSContext *ctx)
{
  Env *env = env_of(ctx);
  JSValue error = JS_GetException(ctx);
  JSValue decorated = JS_IsObject(error) ? JS_GetProperty(ctx, error, env->sym.decorated_private_symbol) : JS_UNDEFINED;
  char *arrow = JS_IsUndefined(decorated) ? error_arrow(env, error) : NULL;
  if (arrow && JS_IsObject(error)) {
    JSValue stack = JS_GetPropertyStr(ctx, error, "stack");
    const char *text = JS_IsString(stack) ? JS_ToCString(ctx, stack) : NULL;
    if (text) {
      size_t room = strlen(arrow) + strlen(text) + 2;
      char *full = malloc(room);
      snprintf(full, room, "%s\n%s", arrow, text);
      JS_SetPropertyStr(ctx, error, "stack", JS_NewString(ctx, full));
      JS_SetProperty(ctx, error, env->sym.arrow_message_private_symbol, JS_NewString(ctx, arrow));
      JS_SetProperty(ctx, error, env->sym.decorated_private_symbol, JS_TRUE);
      free(full);
    }
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, stack);
  }
  free(arrow);
  JS_Throw(ctx, error);
}

/* --- ContextifyScript ---------------------------------------------------------------------------------------------- */

typedef struct Script {
  BaseObject base;
  JSValue code;
  JSContext *context; /* that the code is compiled for, which keeps it */
  JSValue source, file;
  int line, column;
} Script;

static void script_finalize(BaseObject *base)
{
  Script *script = (Script *)base;
  JSRuntime *rt = the_env->rt;
  JS_FreeValueRT(rt, script->code);
  JS_FreeValueRT(rt, script->source);
  JS_FreeValueRT(rt, script->file);
}

static void script_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, ((Script *)base)->code, mark);
}

static const BaseType script_type = {"ContextifyScript", NULL, script_finalize, script_mark};

/* (code, filename, lineOffset, columnOffset, cachedData, produceCachedData, parsingContext, hostDefinedOptionId) */
static JSValue new_script(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  Script *script;
  size_t length;
  JSContext *context = context_of(ctx, argv[6]);
  const char *source = context ? JS_ToCStringLen(ctx, &length, argv[0]) : NULL;
  const char *file = source ? JS_ToCString(ctx, argv[1]) : NULL;
  if (!file) {
    JS_FreeCString(ctx, source);
    return JS_EXCEPTION;
  }
  int line = arg_int32(ctx, argv[2]) + 1, column = arg_int32(ctx, argv[3]);
  keep_user_source(env, file, source, length, line);
  JSValue code = engine_compile_script(context, source, length, file, line, column);
  JSValue object = JS_EXCEPTION;
  if (JS_IsException(code)) {
    decorate_error(ctx);
  } else {
    object = base_object_new(ctx, new_target, &script_type, sizeof(*script), &script);
    if (JS_IsException(object))
      JS_FreeValue(ctx, code);
    else
      *script = (Script){script->base, code, context, JS_DupValue(ctx, argv[0]), JS_DupValue(ctx, argv[1]), line, column};
  }
  if (JS_IsObject(object)) {
    JSValueConst option = argc > 7 && JS_IsSymbol(argv[7]) ? argv[7] : JS_UNDEFINED;
    JSValue fallback = JS_UNDEFINED;
    if (JS_IsUndefined(option))
      option = fallback = JS_NewSymbol(ctx, file, false);
    remember_host_option(ctx, file, option);
    JS_SetProperty(ctx, object, env->sym.host_defined_option_symbol, JS_DupValue(ctx, option));
    JS_FreeValue(ctx, fallback);
    define_bool(ctx, object, "cachedDataRejected", false);
    define_value(ctx, object, "sourceMapURL", source_map_url(ctx, source, length));
  }
  JS_FreeCString(ctx, file);
  JS_FreeCString(ctx, source);
  return object;
}

/* Code belongs to the context it was compiled for: for another one it is compiled again, and kept for that. */
static bool compile_for(JSContext *ctx, Script *script, JSContext *context)
{
  if (script->context == context)
    return true;
  size_t length;
  const char *source = JS_ToCStringLen(ctx, &length, script->source), *file = JS_ToCString(ctx, script->file);
  JSValue code = source && file ? engine_compile_script(context, source, length, file, script->line, script->column)
                                : JS_EXCEPTION;
  JS_FreeCString(ctx, file);
  JS_FreeCString(ctx, source);
  if (JS_IsException(code))
    return false;
  JS_FreeValue(ctx, script->code);
  script->code = code;
  script->context = context;
  return true;
}

/* (contextifiedObject, timeout, displayErrors, breakOnSigint, breakOnFirstLine) */
static JSValue run_in_context(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Script *script = base_object_get(ctx, self, &script_type);
  JSContext *context = script ? context_of(ctx, argv[0]) : NULL;
  if (!context || !compile_for(ctx, script, context))
    return JS_EXCEPTION;
  Watch watch;
  int64_t timeout = arg_int64(ctx, argv[1]);
  bool watched = timeout > 0 || arg_bool(ctx, argv[3]);
  if (watched)
    watch_begin(&watch, ctx, timeout > 0 ? timeout : 0, arg_bool(ctx, argv[3]));
  JSValue result = JS_EvalFunction(context, JS_DupValue(ctx, script->code));
  if (!JS_IsException(result) && context_runs_own_jobs(ctx, argv[0]) && !engine_run_own_jobs(context)) {
    JS_FreeValue(ctx, result);
    result = JS_EXCEPTION;
  }
  if (watched)
    result = watch_end(&watch, result);
  if (JS_IsException(result) && arg_bool(ctx, argv[2]))
    decorate_error(ctx);
  return result;
}

static JSValue create_cached_data(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return new_buffer(env_of(ctx), NULL, 0);
}

/* --- functions ------------------------------------------------------------------------------------------------------- */

static char *join_parameters(JSContext *ctx, JSValueConst list)
{
  int64_t count = 0;
  size_t size = 1;
  char *out = calloc(1, 1);
  if (!JS_IsArray(list) || JS_GetLength(ctx, list, &count))
    return out;
  for (int64_t i = 0; out && i < count; i++) {
    JSValue name = JS_GetPropertyInt64(ctx, list, i);
    const char *text = JS_ToCString(ctx, name);
    if (text) {
      size_t more = strlen(text) + 1;
      out = realloc(out, size + more);
      size = size - 1 + (size_t)snprintf(out + size - 1, more + 1, "%s%s", i ? "," : "", text) + 1;
    }
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, name);
  }
  return out;
}

/* (code, filename, lineOffset, columnOffset, cachedData, produceCachedData, parsingContext, contextExtensions, params,
   hostDefinedOptionId) */
static JSValue compile_function(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  size_t length;
  JSContext *context = context_of(ctx, argv[6]);
  const char *source = context ? JS_ToCStringLen(ctx, &length, argv[0]) : NULL;
  const char *file = source ? JS_ToCString(ctx, argv[1]) : NULL;
  char *parameters = file ? join_parameters(ctx, argv[8]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (parameters) {
    keep_user_source(env, file, source, length, arg_int32(ctx, argv[2]) + 1);
    JSValue function = engine_compile_function(context, source, length, file, arg_int32(ctx, argv[2]) + 1, parameters);
    if (JS_IsException(function)) {
      decorate_error(ctx);
    } else {
      remember_host_option(ctx, file, argv[9]);
      JS_SetProperty(ctx, function, env->sym.host_defined_option_symbol, JS_DupValue(ctx, argv[9]));
      result = new_null_object(ctx);
      define_value(ctx, result, "function", function);
      define_value(ctx, result, "sourceMapURL", source_map_url(ctx, source, length));
    }
  }
  free(parameters);
  JS_FreeCString(ctx, file);
  JS_FreeCString(ctx, source);
  return result;
}

static const char cjs_parameters[] = "exports, require, module, __filename, __dirname";

/* What failed to compile would do as an ES module: said once. The exception of the compiler stays pending, unless a listener
   throws one. */
static void warn_of_module(JSContext *ctx, const char *file)
{
  static bool warned;
  char text[5000];
  if (warned)
    return;
  warned = true;
  snprintf(text, sizeof(text), "Failed to load the ES module: %s. Make sure to set \"type\": \"module\" in the nearest "
           "package.json file or use the .mjs extension.", file);
  JSValue error = JS_GetException(ctx);
  if (env_emit_warning_sync(env_of(ctx), text))
    JS_Throw(ctx, error);
  else
    JS_FreeValue(ctx, error);
}

/* (content, filename, isSeaMain, shouldDetectModule) */
static JSValue compile_for_cjs(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  size_t length;
  const char *source = JS_ToCStringLen(ctx, &length, argv[0]);
  const char *file = source ? JS_ToCString(ctx, argv[1]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (file) {
    keep_user_source(env, file, source, length, 1);
    JSValue function = engine_compile_function(ctx, source, length, file, 1, cjs_parameters);
    bool parses = JS_IsException(function) && engine_parses_as_module(ctx, source, length);
    bool module = parses && arg_bool(ctx, argv[3]);
    if (module) {
      JS_FreeValue(ctx, JS_GetException(ctx));
      function = JS_UNDEFINED;
    } else if (parses) {
      warn_of_module(ctx, file);
    }
    if (JS_IsException(function)) {
      decorate_error(ctx);
    } else {
      JSValue option = JS_AtomToValue(ctx, env->sym.vm_dynamic_import_default_internal);
      remember_host_option(ctx, file, option);
      JS_FreeValue(ctx, option);
      result = new_null_object(ctx);
      define_bool(ctx, result, "cachedDataRejected", false);
      define_value(ctx, result, "sourceMapURL", source_map_url(ctx, source, length));
      define_bool(ctx, result, "canParseAsESM", module);
      define_value(ctx, result, "function", function);
    }
  }
  JS_FreeCString(ctx, file);
  JS_FreeCString(ctx, source);
  return result;
}

/* (code, filename, resourceName, cjsVar): does it only parse as an ES module? */
static JSValue contains_module_syntax(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *source = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!source)
    return JS_EXCEPTION;
  JSValue function = engine_compile_function(ctx, source, length, "[module syntax]", 1,
                                             JS_IsUndefined(argv[3]) ? cjs_parameters : "");
  bool module = JS_IsException(function) && engine_parses_as_module(ctx, source, length);
  if (JS_IsException(function))
    JS_FreeValue(ctx, JS_GetException(ctx));
  JS_FreeValue(ctx, function);
  JS_FreeCString(ctx, source);
  return JS_NewBool(ctx, module);
}

void init_contextify(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"compileFunction", compile_function, 10},
      {"compileFunctionForCJSLoader", compile_for_cjs, 4},
      {"containsModuleSyntax", contains_module_syntax, 4},
  };
  static const BindingFunction methods[] = {
      {"runInContext", run_in_context, 5},
      {"createCachedData", create_cached_data, 0},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_class(ctx, target, "ContextifyScript", new_script, JS_UNDEFINED, methods, COUNT_OF(methods));
  define_contexts(ctx, target);
  define_watchdog(ctx, target);
  define_unavailable(ctx, target, "contextify", "measureMemory");
  JSValue constants = JS_NewObject(ctx), measure = JS_NewObject(ctx), group = JS_NewObject(ctx);
  define_number(ctx, measure, "SUMMARY", 0);
  define_number(ctx, measure, "DETAILED", 1);
  define_value(ctx, group, "mode", measure);
  measure = JS_NewObject(ctx);
  define_number(ctx, measure, "DEFAULT", 0);
  define_number(ctx, measure, "EAGER", 1);
  define_value(ctx, group, "execution", measure);
  define_value(ctx, constants, "measureMemory", group);
  define_value(ctx, target, "constants", constants);
}
