/* permission: Node's own permission model; what a process may do is the pod's business. */
#include "../env.h"

static JSValue has(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_TRUE; }

void init_permission(Env *env, JSContext *ctx, JSValueConst target)
{
  define_value(ctx, target, "has", new_function(ctx, has, "has", 2));
  define_unavailable(ctx, target, "permission", "drop");
}
