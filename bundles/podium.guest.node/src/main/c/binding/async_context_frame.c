/* async_context_frame: the value that follows a chain of async calls. */
#include "../env.h"

static JSValue get_data(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_DupValue(ctx, engine_continuation_data(env_of(ctx)->rt));
}

static JSValue set_data(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  engine_set_continuation_data(env_of(ctx)->rt, JS_DupValue(ctx, argv[0]));
  return JS_UNDEFINED;
}

void init_async_context_frame(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getContinuationPreservedEmbedderData", get_data, 0},
      {"setContinuationPreservedEmbedderData", set_data, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
}
