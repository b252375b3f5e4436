/* worker: what is true of the main thread. */
#include "../env.h"

#include <math.h>

static JSValue get_env_message_port(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_UNDEFINED; /* the main thread has no parent to talk to */
}

void init_worker(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingConstant constants[] = {
      {"kMaxYoungGenerationSizeMb", 0}, {"kMaxOldGenerationSizeMb", 1}, {"kCodeRangeSizeMb", 2},
      {"kStackSizeMb", 3},              {"kTotalResourceLimitCount", 4},
  };
  static double limits[4];
  define_unavailable(ctx, target, "worker", "Worker");
  define_value(ctx, target, "getEnvMessagePort", new_function(ctx, get_env_message_port, "getEnvMessagePort", 0));
  define_number(ctx, target, "threadId", 0);
  define_string(ctx, target, "threadName", "");
  define_bool(ctx, target, "isMainThread", true);
  define_bool(ctx, target, "isInternalThread", false);
  define_bool(ctx, target, "ownsProcessState", true);
  define_array(ctx, target, "resourceLimits", limits, sizeof(limits), JS_TYPED_ARRAY_FLOAT64);
  DEFINE_CONSTANTS(ctx, target, constants);
}
