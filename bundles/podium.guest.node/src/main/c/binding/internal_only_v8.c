/* internal_only_v8: what there is in the heap. */
#include "../env.h"

static JSValue query_objects(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_IsObject(argv[0]) ? engine_objects_below(ctx, argv[0]) : JS_NewArray(ctx);
}

void init_internal_only_v8(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"queryObjects", query_objects, 1}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
