/* symbols: keys the library and the bindings share. */
#include "../env.h"

void init_symbols(Env *env, JSContext *ctx, JSValueConst target)
{
#define V(name) define_value(ctx, target, #name, JS_AtomToValue(ctx, env->sym.name));
  ENV_SYMBOLS(V)
#undef V
}
