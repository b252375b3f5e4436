/* crypto: comparing in a time that tells nothing. */
#include <openssl/crypto.h>

#include "crypto_util.h"

static JSValue timing_safe_equal(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView views[2];
  for (int i = 0; i < 2; i++) {
    if (!engine_view(argv[i], &views[i]))
      return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                              "The \"buf%d\" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.",
                              i + 1);
  }
  if (views[0].length != views[1].length)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
                            "Input buffers must have the same byte length");
  return JS_NewBool(ctx, CRYPTO_memcmp(views[0].data, views[1].data, views[0].length) == 0);
}

void crypto_init_timing(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"timingSafeEqual", timing_safe_equal, 2}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
