/* mksnapshot: the library's own start-up snapshots (those of scripts are not supported). */
#include "../env.h"

static JSValue nothing(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

void init_mksnapshot(Env *env, JSContext *ctx, JSValueConst target)
{
  static uint8_t building[1];
  /* The library always registers its callbacks; without a snapshot of a script they are never due. */
  static const BindingFunction functions[] = {
      {"setSerializeCallback", nothing, 1},
      {"setDeserializeCallback", nothing, 1},
      {"setDeserializeMainFunction", nothing, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_unavailable(ctx, target, "mksnapshot", "runEmbedderPreload");
  define_unavailable(ctx, target, "mksnapshot", "compileSerializeMain");
  define_string(ctx, target, "anonymousMainPath", "__node_anonymous_main");
  define_array(ctx, target, "isBuildingSnapshotBuffer", building, sizeof(building), JS_TYPED_ARRAY_UINT8);
}
