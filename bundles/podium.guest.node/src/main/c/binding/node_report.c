/* report: diagnostic reports. Their settings can be read and written; a report cannot be made. */
#include "../env.h"

typedef struct Setting {
  const char *getter, *setter;
  bool value;
} Setting;

static Setting settings[] = {
    {"getCompact", "setCompact", false},
    {"getExcludeNetwork", "setExcludeNetwork", false},
    {"getExcludeEnv", "setExcludeEnv", false},
    {"shouldReportOnFatalError", "setReportOnFatalError", false},
    {"shouldReportOnSignal", "setReportOnSignal", false},
    {"shouldReportOnUncaughtException", "setReportOnUncaughtException", false},
};

static JSValue texts[3];
static const char *const text_getters[] = {"getDirectory", "getFilename", "getSignal"};
static const char *const text_setters[] = {"setDirectory", "setFilename", "setSignal"};

static JSValue get_flag(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic)
{
  return JS_NewBool(ctx, settings[magic].value);
}

static JSValue set_flag(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic)
{
  settings[magic].value = arg_bool(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue get_text(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic)
{
  return JS_DupValue(ctx, texts[magic]);
}

static JSValue set_text(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic)
{
  JS_FreeValue(ctx, texts[magic]);
  texts[magic] = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static void define_magic(JSContext *ctx, JSValueConst target, const char *name, JSCFunctionMagic *call, int length, int magic)
{
  JSValue function = JS_NewCFunctionMagic(ctx, call, name, length, JS_CFUNC_generic_magic, magic);
  engine_mark_binding_function(function);
  define_value(ctx, target, name, function);
}

void init_report(Env *env, JSContext *ctx, JSValueConst target)
{
  define_unavailable(ctx, target, "report", "writeReport");
  define_unavailable(ctx, target, "report", "getReport");
  for (int i = 0; i < COUNT_OF(settings); i++) {
    define_magic(ctx, target, settings[i].getter, get_flag, 0, i);
    define_magic(ctx, target, settings[i].setter, set_flag, 1, i);
  }
  for (int i = 0; i < COUNT_OF(texts); i++) {
    texts[i] = JS_NewString(ctx, i == 2 ? "SIGUSR2" : "");
    define_magic(ctx, target, text_getters[i], get_text, 0, i);
    define_magic(ctx, target, text_setters[i], set_text, 1, i);
  }
}
