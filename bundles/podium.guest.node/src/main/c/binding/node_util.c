/* util: reflection the language does not offer, and odds and ends. */
#include "../env.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void init_types(Env *env, JSContext *ctx, JSValueConst target);

static JSValue array_of(JSContext *ctx, int count, JSValue *values)
{
  JSValue array = JS_NewArray(ctx);
  for (int i = 0; i < count; i++)
    JS_SetPropertyUint32(ctx, array, (uint32_t)i, values[i]);
  return array;
}

static JSValue get_promise_details(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSPromiseStateEnum state = JS_PromiseState(ctx, argv[0]);
  if (state == JS_PROMISE_NOT_A_PROMISE)
    return JS_UNDEFINED;
  JSValue values[] = {JS_NewInt32(ctx, state), state == JS_PROMISE_PENDING ? JS_UNDEFINED : JS_PromiseResult(ctx, argv[0])};
  return array_of(ctx, state == JS_PROMISE_PENDING ? 1 : 2, values);
}

static JSValue null_if_revoked(JSContext *ctx, JSValue part)
{
  if (!JS_IsException(part))
    return part;
  JS_FreeValue(ctx, JS_GetException(ctx));
  return JS_NULL;
}

static JSValue get_proxy_details(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (!JS_IsProxy(argv[0]))
    return JS_UNDEFINED;
  JSValue target = null_if_revoked(ctx, JS_GetProxyTarget(ctx, argv[0]));
  if (argc > 1 && !arg_bool(ctx, argv[1]))
    return target;
  JSValue values[] = {target, null_if_revoked(ctx, JS_GetProxyHandler(ctx, argv[0]))};
  return array_of(ctx, 2, values);
}

static JSValue get_caller_location(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EnginePosition at;
  /* Frame 0 is the one whose caller is wanted. */
  if (!engine_frame_position(ctx, 1, &at))
    return JS_UNDEFINED;
  JSValue values[] = {JS_NewInt32(ctx, at.line), JS_NewInt32(ctx, at.column), JS_AtomToString(ctx, at.file)};
  return array_of(ctx, 3, values);
}

static JSValue preview_entries(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  bool pairs = false;
  JSValue entries = engine_preview_entries(ctx, argv[0], &pairs);
  if (argc < 2 || !JS_IsArray(entries))
    return entries;
  JSValue values[] = {entries, JS_NewBool(ctx, pairs)};
  return array_of(ctx, 2, values);
}

static bool is_index(JSContext *ctx, JSAtom atom)
{
  size_t length;
  const char *text = JS_AtomToCStringLen(ctx, &length, atom);
  bool index = text && length > 0 && length <= 10 && !(text[0] == '0' && length > 1);
  unsigned long long value = 0;
  for (size_t i = 0; index && i < length; i++) {
    index = text[i] >= '0' && text[i] <= '9';
    value = value * 10 + (unsigned)(text[i] - '0');
  }
  JS_FreeCString(ctx, text);
  return index && value < 0xffffffffull;
}

static JSValue get_own_non_index_properties(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  enum { ONLY_ENUMERABLE = 2, SKIP_SYMBOLS = 16 };
  JSPropertyEnum *table;
  uint32_t count, n = 0;
  int filter = arg_int32(ctx, argv[1]);
  int flags = JS_GPN_STRING_MASK | JS_GPN_SET_ENUM;
  if (!(filter & SKIP_SYMBOLS))
    flags |= JS_GPN_SYMBOL_MASK;
  if (filter & ONLY_ENUMERABLE)
    flags |= JS_GPN_ENUM_ONLY;
  if (JS_GetOwnPropertyNames(ctx, &table, &count, argv[0], flags))
    return JS_EXCEPTION;
  JSValue names = JS_NewArray(ctx);
  for (uint32_t i = 0; i < count; i++) {
    JSValue name = JS_AtomToValue(ctx, table[i].atom);
    if (JS_IsSymbol(name) || !is_index(ctx, table[i].atom))
      JS_SetPropertyUint32(ctx, names, n++, name);
    else
      JS_FreeValue(ctx, name);
  }
  JS_FreePropertyEnum(ctx, table, count);
  return names;
}

static JSValue get_constructor_name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSAtom name = engine_constructor_name(ctx, argv[0]);
  JSValue text = name ? JS_AtomToString(ctx, name) : JS_NewString(ctx, "");
  JS_FreeAtom(ctx, name);
  return text;
}

static JSValue get_call_sites(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const struct { const char *property, *method; } fields[] = {
      {"functionName", "getFunctionName"}, {"scriptName", "getFileName"}, {"lineNumber", "getLineNumber"},
      {"columnNumber", "getColumnNumber"}, {"column", "getColumnNumber"}};
  JSValue sites = engine_call_sites(ctx, 1, arg_int32(ctx, argv[0]));
  int64_t count = 0;
  JS_GetLength(ctx, sites, &count);
  JSValue result = JS_NewArray(ctx);
  for (int64_t i = 0; i < count; i++) {
    JSValue site = JS_GetPropertyInt64(ctx, sites, i), object = new_null_object(ctx);
    for (int f = 0; f < COUNT_OF(fields); f++) {
      JSAtom method = JS_NewAtom(ctx, fields[f].method);
      JSValue value = JS_Invoke(ctx, site, method, 0, NULL);
      define_value(ctx, object, fields[f].property, JS_IsNull(value) ? JS_NewString(ctx, "") : value);
      if (f == 0)
        define_string(ctx, object, "scriptId", "0");
      JS_FreeAtom(ctx, method);
    }
    JS_FreeValue(ctx, site);
    JS_SetPropertyInt64(ctx, result, i, object);
  }
  JS_FreeValue(ctx, sites);
  return result;
}

static JSValue is_inside_node_modules(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int limit = argc > 0 && JS_IsNumber(argv[0]) ? arg_int32(ctx, argv[0]) : 10;
  for (int i = 0; i < limit; i++) {
    JSAtom atom = engine_frame_file(ctx, i);
    if (atom == JS_ATOM_NULL)
      break;
    const char *file = JS_AtomToCString(ctx, atom);
    bool own = !file || !file[0] || !strncmp(file, "node:", 5);
    bool inside = file && strstr(file, "/node_modules/");
    JS_FreeCString(ctx, file);
    if (!own)
      return JS_NewBool(ctx, inside);
  }
  return JS_FALSE;
}

static JSValue sleep_ms(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_sleep(arg_uint32(ctx, argv[0]));
  return JS_UNDEFINED;
}

static JSValue parse_env(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!text)
    return JS_EXCEPTION;
  JSValue result = parse_env_file(ctx, text, length);
  JS_FreeCString(ctx, text);
  return result;
}

static JSValue array_buffer_view_has_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_TRUE;
}

static JSValue construct_shared_array_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, "SharedArrayBuffer");
  JSValue buffer = JS_CallConstructor(ctx, constructor, 1, argv);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
  return buffer;
}

static JSValue mark_promise_as_handled(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (JS_IsPromise(argv[0]))
    JS_PromiseMarkAsHandled(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue guess_handle_type(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  /* The order of the library's table: TCP TTY UDP FILE PIPE UNKNOWN INVALID. */
  int32_t fd = arg_int32(ctx, argv[0]);
  int kind = 5;
  if (fd < 0)
    return JS_NewInt32(ctx, 6);
  switch (uv_guess_handle(fd)) {
  case UV_TCP: kind = 0; break;
  case UV_TTY: kind = 1; break;
  case UV_UDP: kind = 2; break;
  case UV_FILE: kind = 3; break;
  case UV_NAMED_PIPE: kind = 4; break;
  default: break;
  }
  return JS_NewInt32(ctx, kind);
}

static JSValue get_external_value(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint64_t address;
  return external_address(argv[0], &address) ? JS_NewBigUint64(ctx, address) : JS_UNDEFINED;
}

/* --- lazy properties: an accessor that loads the module and becomes a value ------------------------------------- */

/* data: module id, key, enumerable */
static JSValue replace_lazy(JSContext *ctx, JSValueConst object, JSValueConst *data, JSValueConst value)
{
  JSAtom key = JS_ValueToAtom(ctx, data[1]);
  int flags = JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE | (arg_bool(ctx, data[2]) ? JS_PROP_ENUMERABLE : 0);
  int result = JS_IsObject(object) ? JS_DefinePropertyValue(ctx, object, key, JS_DupValue(ctx, value), flags) : 0;
  JS_FreeAtom(ctx, key);
  return result < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue get_lazy(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic, JSValueConst *data)
{
  JSValue module = JS_Call(ctx, env_of(ctx)->builtins_require, JS_NULL, 1, &data[0]);
  if (JS_IsException(module))
    return module;
  JSAtom key = JS_ValueToAtom(ctx, data[1]);
  JSValue value = JS_GetProperty(ctx, module, key);
  JS_FreeAtom(ctx, key);
  JS_FreeValue(ctx, module);
  if (!JS_IsException(value))
    JS_FreeValue(ctx, replace_lazy(ctx, self, data, value));
  return value;
}

static JSValue set_lazy(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic, JSValueConst *data)
{
  return replace_lazy(ctx, self, data, argv[0]);
}

static JSValue define_lazy_properties(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValueConst target = argv[0];
  bool enumerable = argc < 4 || arg_bool(ctx, argv[3]);
  int64_t count = 0;
  if (JS_GetLength(ctx, argv[2], &count))
    return JS_EXCEPTION;
  for (int64_t i = 0; i < count; i++) {
    JSValue name = JS_GetPropertyInt64(ctx, argv[2], i);
    JSValueConst data[] = {argv[1], name, JS_NewBool(ctx, enumerable)};
    const char *text = JS_ToCString(ctx, name);
    JSValue get = JS_NewCFunctionData2(ctx, get_lazy, text, 0, 0, 3, data);
    JSValue set = JS_NewCFunctionData2(ctx, set_lazy, text, 1, 0, 3, data);
    engine_mark_binding_function(get);
    engine_mark_binding_function(set);
    JSAtom key = JS_ValueToAtom(ctx, name);
    int result = JS_DefinePropertyGetSet(ctx, target, key, get, set,
                                         JS_PROP_CONFIGURABLE | (enumerable ? JS_PROP_ENUMERABLE : 0));
    JS_FreeAtom(ctx, key);
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, name);
    if (result < 0)
      return JS_EXCEPTION;
  }
  return JS_UNDEFINED;
}

void init_util(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getPromiseDetails", get_promise_details, 1},
      {"getProxyDetails", get_proxy_details, 2},
      {"getCallerLocation", get_caller_location, 0},
      {"previewEntries", preview_entries, 1},
      {"getOwnNonIndexProperties", get_own_non_index_properties, 2},
      {"getConstructorName", get_constructor_name, 1},
      {"getCallSites", get_call_sites, 1},
      {"isInsideNodeModules", is_inside_node_modules, 0},
      {"sleep", sleep_ms, 1},
      {"parseEnv", parse_env, 1},
      {"arrayBufferViewHasBuffer", array_buffer_view_has_buffer, 1},
      {"constructSharedArrayBuffer", construct_shared_array_buffer, 1},
      {"markPromiseAsHandled", mark_promise_as_handled, 1},
      {"guessHandleType", guess_handle_type, 1},
      {"getExternalValue", get_external_value, 1},
      {"defineLazyProperties", define_lazy_properties, 3},
  };
  static const BindingConstant constants[] = {
      {"kPending", 0}, {"kFulfilled", 1}, {"kRejected", 2},
      {"kExiting", EXIT_EXITING}, {"kExitCode", EXIT_CODE}, {"kHasExitCode", EXIT_HAS_CODE},
      {"ALL_PROPERTIES", 0}, {"ONLY_WRITABLE", 1}, {"ONLY_ENUMERABLE", 2}, {"ONLY_CONFIGURABLE", 4},
      {"SKIP_STRINGS", 8}, {"SKIP_SYMBOLS", 16},
      {"kDisallowCloneAndTransfer", 0}, {"kTransferable", 1}, {"kCloneable", 2},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  init_types(env, ctx, target);
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, constants);
  define_value(ctx, target, "constants", values);
  JSValue symbols = JS_NewObject(ctx);
#define V(name) define_value(ctx, symbols, #name, JS_AtomToValue(ctx, env->sym.name));
  ENV_PRIVATE_SYMBOLS(V)
#undef V
  define_value(ctx, target, "privateSymbols", symbols);
  env->abort_on_uncaught[0] = 1;
  define_array(ctx, target, "shouldAbortOnUncaughtToggle", env->abort_on_uncaught, sizeof(env->abort_on_uncaught),
               JS_TYPED_ARRAY_UINT32);
}
