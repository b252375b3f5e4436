/* options: the command line, for the library. */
#include "../options.h"
#include "../env.h"

static JSValue list_value(JSContext *ctx, const OptionValue *value)
{
  JSValue list = JS_NewArray(ctx);
  for (int i = 0; i < value->list_count; i++)
    JS_SetPropertyUint32(ctx, list, (uint32_t)i, JS_NewString(ctx, value->list[i]));
  return list;
}

static JSValue host_port_value(JSContext *ctx, const OptionValue *value)
{
  JSValue object = new_null_object(ctx);
  define_string(ctx, object, "host", "127.0.0.1");
  define_number(ctx, object, "port", (double)value->integer);
  return object;
}

static JSValue to_js(JSContext *ctx, const OptionInfo *info, const OptionValue *value)
{
  switch (info->type) {
  case OPTION_BOOLEAN: return JS_NewBool(ctx, value->boolean);
  case OPTION_INTEGER: case OPTION_UINTEGER: return JS_NewInt64(ctx, value->integer);
  case OPTION_STRING: return JS_NewString(ctx, value->string ? value->string : "");
  case OPTION_HOST_PORT: return host_port_value(ctx, value);
  case OPTION_STRING_LIST: return list_value(ctx, value);
  default: return JS_UNDEFINED;
  }
}

static void define_negation(JSContext *ctx, JSValueConst object, const char *name, bool value)
{
  char negated[128];
  snprintf(negated, sizeof(negated), "--no-%s", name + 2);
  define_bool(ctx, object, negated, !value);
}

static JSValue get_cli_options_values(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const Options *options = env_of(ctx)->options;
  if (!options)
    return throw_code_error(ctx, ERROR, "ERR_OPTIONS_BEFORE_BOOTSTRAPPING",
                            "Should not query options before bootstrapping is done");
  JSValue result = new_null_object(ctx);
  for (int i = 0; i < option_count; i++) {
    define_value(ctx, result, option_table[i].name, to_js(ctx, &option_table[i], &options->values[i]));
    if (option_table[i].type == OPTION_BOOLEAN)
      define_negation(ctx, result, option_table[i].name, options->values[i].boolean);
  }
  define_bool(ctx, result, "[has_eval_string]", options->has_eval_string);
  define_bool(ctx, result, "[has_env_file_string]", options->has_env_file_string);
  define_bool(ctx, result, "[has_test_random_seed]", options->has_test_random_seed);
  return result;
}

static JSValue new_map(JSContext *ctx)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue primordial_map = JS_GetPropertyStr(ctx, env_of(ctx)->primordials, "SafeMap");
  JSValue map = JS_CallConstructor(ctx, primordial_map, 0, NULL);
  JS_FreeValue(ctx, primordial_map);
  JS_FreeValue(ctx, global);
  return map;
}

static void map_set(JSContext *ctx, JSValueConst map, const char *key, JSValue value)
{
  JSAtom set = JS_NewAtom(ctx, "set");
  JSValue name = JS_NewString(ctx, key);
  JSValueConst arguments[] = {name, value};
  JS_FreeValue(ctx, JS_Invoke(ctx, map, set, 2, arguments));
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, value);
  JS_FreeAtom(ctx, set);
}

static JSValue get_cli_options_info(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue options = new_map(ctx), aliases = new_map(ctx);
  for (int i = 0; i < option_count; i++) {
    JSValue info = new_null_object(ctx);
    define_string(ctx, info, "helpText", option_table[i].help);
    define_number(ctx, info, "envVarSettings", option_table[i].in_environment ? 0 : 1);
    define_number(ctx, info, "type", option_table[i].type);
    define_bool(ctx, info, "defaultIsTrue", option_table[i].default_is_true);
    map_set(ctx, options, option_table[i].name, info);
  }
  for (int i = 0; i < option_alias_count; i++) {
    JSValue expansion = JS_NewArray(ctx);
    for (uint32_t n = 0; n < 4 && option_aliases[i].expansion[n]; n++)
      JS_SetPropertyUint32(ctx, expansion, n, JS_NewString(ctx, option_aliases[i].expansion[n]));
    map_set(ctx, aliases, option_aliases[i].name, expansion);
  }
  JSValue result = JS_NewObject(ctx);
  define_value(ctx, result, "options", options);
  define_value(ctx, result, "aliases", aliases);
  return result;
}

static JSValue get_options_as_flags(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const Options *options = env_of(ctx)->options;
  JSValue flags = JS_NewArray(ctx);
  uint32_t n = 0;
  char text[4096];
  for (int i = 0; i < option_count; i++) {
    const OptionInfo *info = &option_table[i];
    const OptionValue *value = &options->values[i];
    if (info->type == OPTION_BOOLEAN && value->boolean != info->default_is_true) {
      snprintf(text, sizeof(text), "--%s%s", value->boolean ? "" : "no-", info->name + 2);
      JS_SetPropertyUint32(ctx, flags, n++, JS_NewString(ctx, text));
    } else if (info->type == OPTION_STRING && value->string && strcmp(value->string, info->initial)) {
      snprintf(text, sizeof(text), "%s=%s", info->name, value->string);
      JS_SetPropertyUint32(ctx, flags, n++, JS_NewString(ctx, text));
    } else if (info->type == OPTION_STRING_LIST) {
      for (int k = 0; k < value->list_count; k++) {
        snprintf(text, sizeof(text), "%s=%s", info->name, value->list[k]);
        JS_SetPropertyUint32(ctx, flags, n++, JS_NewString(ctx, text));
      }
    }
  }
  return flags;
}

static JSValue get_embedder_options(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue result = new_null_object(ctx);
  define_bool(ctx, result, "shouldNotRegisterESMLoader", false);
  define_bool(ctx, result, "noGlobalSearchPaths", false);
  define_bool(ctx, result, "noBrowserGlobals", false);
  define_bool(ctx, result, "hasEmbedderPreload", false);
  return result;
}

void init_options(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getCLIOptionsValues", get_cli_options_values, 0},
      {"getCLIOptionsInfo", get_cli_options_info, 0},
      {"getOptionsAsFlags", get_options_as_flags, 0},
      {"getEmbedderOptions", get_embedder_options, 0},
  };
  static const BindingConstant settings[] = {{"kAllowedInEnvvar", 0}, {"kDisallowedInEnvvar", 1}};
  static const BindingConstant types[] = {
      {"kNoOp", OPTION_NOOP},         {"kV8Option", OPTION_V8},   {"kBoolean", OPTION_BOOLEAN},
      {"kInteger", OPTION_INTEGER},   {"kUInteger", OPTION_UINTEGER}, {"kString", OPTION_STRING},
      {"kHostPort", OPTION_HOST_PORT}, {"kStringList", OPTION_STRING_LIST},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_unavailable(ctx, target, "options", "getEnvOptionsInputType");
  define_unavailable(ctx, target, "options", "getNamespaceOptionsInputType");
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, settings);
  define_value(ctx, target, "envSettings", values);
  values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, types);
  define_value(ctx, target, "types", values);
}
