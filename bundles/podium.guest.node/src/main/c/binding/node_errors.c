/* errors: stack formatting and fatal exceptions, as the library steers them. */
#include "../env.h"

#include <string.h>

static JSValue keep(JSContext *ctx, JSValue *slot, JSValueConst value)
{
  JSValue old = *slot;
  *slot = JS_DupValue(ctx, value);
  JS_FreeValue(ctx, old);
  return JS_UNDEFINED;
}

/* The engine's hook: the library's callback takes (globalThis, error, sites). */
static JSValue prepare_stack(JSContext *ctx, JSValueConst error, JSValueConst sites)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValueConst arguments[] = {global, error, sites};
  JSValue text = JS_Call(ctx, env_of(ctx)->prepare_stack_trace_callback, JS_UNDEFINED, 3, arguments);
  JS_FreeValue(ctx, global);
  return text;
}

static JSValue set_prepare_stack_trace_callback(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  engine_hooks(env->rt)->prepare_stack = prepare_stack;
  return keep(ctx, &env->prepare_stack_trace_callback, argv[0]);
}

static JSValue set_get_source_map_error_source(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return keep(ctx, &env_of(ctx)->get_source_map_error_source, argv[0]);
}

static JSValue set_source_maps_enabled(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_of(ctx)->source_maps = arg_bool(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue set_maybe_cache_generated_source_map(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return keep(ctx, &env_of(ctx)->maybe_cache_generated_source_map, argv[0]);
}

static JSValue set_enhance_stack(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  keep(ctx, &env_of(ctx)->enhance_stack_before, argv[0]);
  return keep(ctx, &env_of(ctx)->enhance_stack_after, argv[1]);
}

static JSValue no_side_effects_to_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (JS_IsSymbol(argv[0])) {
    JSAtom toString = JS_NewAtom(ctx, "toString");
    JSValue text = JS_Invoke(ctx, argv[0], toString, 0, NULL);
    JS_FreeAtom(ctx, toString);
    return text;
  }
  if (!JS_IsObject(argv[0]) || engine_kind(argv[0]) == ENGINE_ERROR)
    return JS_ToString(ctx, argv[0]);
  JSAtom name = engine_constructor_name(ctx, argv[0]);
  const char *text = name ? JS_AtomToCString(ctx, name) : NULL;
  char out[256];
  snprintf(out, sizeof(out), "#<%s>", text ? text : "Object");
  JS_FreeCString(ctx, text);
  JS_FreeAtom(ctx, name);
  return JS_NewString(ctx, out);
}

static JSValue trigger_uncaught(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  trigger_fatal_exception(env_of(ctx), argv[0], arg_bool(ctx, argv[1]));
  return JS_UNDEFINED;
}

/* Columns of positions are bytes from 1; scripts count code units from 0. */
static int units_before(const char *line, size_t length, int column)
{
  int units = 0;
  for (int i = 0; i < column - 1 && (size_t)i < length; i++) {
    unsigned char byte = (unsigned char)line[i];
    units += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

static JSValue get_error_source_positions(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EnginePosition at;
  JSValue result = JS_NewObject(ctx);
  if (!engine_captured_position(argv[0], &at) && !engine_error_position(ctx, argv[0], &at))
    return result;
  size_t length = 0;
  const char *file = JS_AtomToCString(ctx, at.file);
  const char *text = file ? engine_hooks(env_of(ctx)->rt)->source_text(ctx, file, &length) : NULL;
  int first = 1;
  if (!text)
    text = engine_captured_source(argv[0], &length, &first);
  const char *line = text, *end = text ? text + length : NULL;
  for (int n = at.line - first + 1; n > 1 && line; n--) {
    line = memchr(line, '\n', (size_t)(end - line));
    line = line ? line + 1 : NULL;
  }
  const char *stop = line ? memchr(line, '\n', (size_t)(end - line)) : NULL;
  size_t line_length = line ? (size_t)((stop ? stop : end) - line) : 0;
  define_value(ctx, result, "sourceLine", JS_NewStringLen(ctx, line ? line : "", line_length));
  define_value(ctx, result, "scriptResourceName", file ? JS_NewString(ctx, file) : JS_UNDEFINED);
  define_number(ctx, result, "lineNumber", at.line);
  define_number(ctx, result, "startColumn", units_before(line, line_length, at.column));
  JS_FreeCString(ctx, file);
  return result;
}

void init_errors(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"setPrepareStackTraceCallback", set_prepare_stack_trace_callback, 1},
      {"setGetSourceMapErrorSource", set_get_source_map_error_source, 1},
      {"setSourceMapsEnabled", set_source_maps_enabled, 1},
      {"setMaybeCacheGeneratedSourceMap", set_maybe_cache_generated_source_map, 1},
      {"setEnhanceStackForFatalException", set_enhance_stack, 2},
      {"noSideEffectsToString", no_side_effects_to_string, 1},
      {"triggerUncaughtException", trigger_uncaught, 2},
      {"getErrorSourcePositions", get_error_source_positions, 1},
  };
  static const BindingConstant codes[] = {
      {"kNoFailure", 0},
      {"kGenericUserError", 1},
      {"kInternalJSParseError", 3},
      {"kInternalJSEvaluationFailure", 4},
      {"kV8FatalError", 5},
      {"kInvalidFatalExceptionMonkeyPatching", 6},
      {"kExceptionInFatalExceptionHandler", 7},
      {"kInvalidCommandLineArgument", 9},
      {"kBootstrapFailure", 10},
      {"kInvalidCommandLineArgument2", 12},
      {"kUnsettledTopLevelAwait", 13},
      {"kStartupSnapshotFailure", 14},
      {"kAbort", 134},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValue exit_codes = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, exit_codes, codes);
  define_value(ctx, target, "exitCodes", exit_codes);
}
