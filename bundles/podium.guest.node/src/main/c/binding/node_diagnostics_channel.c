/* diagnostics_channel: channels that C publishes on. None does yet, so linking one finds no channel to fill. */
#include "../env.h"

static JSValue link_native_channel(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_UNDEFINED;
}

void init_diagnostics_channel(Env *env, JSContext *ctx, JSValueConst target)
{
  static uint32_t subscribers[1024];
  define_value(ctx, target, "linkNativeChannel", new_function(ctx, link_native_channel, "linkNativeChannel", 1));
  define_array(ctx, target, "subscribers", subscribers, sizeof(subscribers), JS_TYPED_ARRAY_UINT32);
}
