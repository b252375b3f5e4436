/* wasm_web_api: WebAssembly.compileStreaming's other half, which internal/per_context/webassembly keeps. */
#include "../env.h"

static JSValue set_implementation(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue set = JS_GetPropertyStr(ctx, env_of(ctx)->per_context_exports, "setWasmStreaming");
  JSValue result = JS_IsFunction(ctx, set) ? JS_Call(ctx, set, JS_UNDEFINED, 1, argv) : JS_UNDEFINED;
  JS_FreeValue(ctx, set);
  return result;
}

void init_wasm_web_api(Env *env, JSContext *ctx, JSValueConst target)
{
  define_value(ctx, target, "setImplementation", new_function(ctx, set_implementation, "setImplementation", 1));
}
