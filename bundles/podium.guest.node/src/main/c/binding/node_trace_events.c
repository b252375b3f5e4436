/* trace_events: tracing is never on here; the library asks all the same. */
#include "../env.h"

static uint8_t category_enabled[8];

static JSValue nothing(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

static JSValue never(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_FALSE; }

static JSValue get_category_enabled_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return engine_new_shared_view(ctx, category_enabled, 1, JS_TYPED_ARRAY_UINT8);
}

void init_trace_events(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getEnabledCategories", nothing, 0},
      {"setTraceCategoryStateUpdateHandler", nothing, 1}, /* the state never changes */
      {"getCategoryEnabledBuffer", get_category_enabled_buffer, 1},
      {"isTraceCategoryEnabled", never, 1},
      {"trace", nothing, 5}, /* nobody listens */
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_unavailable(ctx, target, "trace_events", "CategorySet");
  define_bool(ctx, target, "available", false);
}
