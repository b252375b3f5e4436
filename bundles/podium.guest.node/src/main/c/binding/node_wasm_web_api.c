/* wasm_web_api: WebAssembly.compileStreaming's other half. The engine has no WebAssembly, so it is never called. */
#include "../env.h"

static JSValue set_implementation(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_UNDEFINED;
}

void init_wasm_web_api(Env *env, JSContext *ctx, JSValueConst target)
{
  define_value(ctx, target, "setImplementation", new_function(ctx, set_implementation, "setImplementation", 1));
}
