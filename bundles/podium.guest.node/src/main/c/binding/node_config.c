/* config: how the program was built. */
#include "../env.h"

static JSValue get_default_locale(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewString(ctx, "en-US");
}

void init_config(Env *env, JSContext *ctx, JSValueConst target)
{
  static const struct { const char *name; bool value; } flags[] = {
      {"isDebugBuild", false}, {"openSSLIsBoringSSL", false}, {"hasOpenSSL", true}, {"fipsMode", false},
      {"hasIntl", false},      {"hasSmallICU", false},        {"hasTracing", false}, {"hasNodeOptions", true},
      {"hasInspector", false}, {"noBrowserGlobals", false},
  };
  for (int i = 0; i < COUNT_OF(flags); i++)
    define_bool(ctx, target, flags[i].name, flags[i].value);
  define_number(ctx, target, "bits", sizeof(void *) * 8);
  define_value(ctx, target, "getDefaultLocale", new_function(ctx, get_default_locale, "getDefaultLocale", 0));
}
