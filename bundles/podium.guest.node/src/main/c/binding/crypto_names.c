/* crypto: the names of ciphers and curves that OpenSSL has. */
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>

#include "crypto_util.h"

typedef struct NameList {
  JSContext *ctx;
  JSValue array;
  uint32_t count;
} NameList;

/* OpenSSL tells of some that no provider has. Names are its old ones; only what they really stand for can be fetched. */
static void add_cipher(const EVP_CIPHER *cipher, const char *from, const char *to, void *context)
{
  NameList *list = context;
  const EVP_CIPHER *known = from ? EVP_get_cipherbyname(from) : NULL;
  const char *real_name = known ? EVP_CIPHER_get0_name(known) : NULL;
  EVP_CIPHER *fetched = real_name ? EVP_CIPHER_fetch(NULL, real_name, NULL) : NULL;
  if (fetched)
    JS_SetPropertyUint32(list->ctx, list->array, list->count++, JS_NewString(list->ctx, from));
  EVP_CIPHER_free(fetched);
}

static JSValue get_ciphers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  NameList list = {ctx, JS_NewArray(ctx), 0};
  EVP_CIPHER_do_all_sorted(add_cipher, &list);
  ERR_clear_error();
  return list.array;
}

static JSValue get_curves(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t count = EC_get_builtin_curves(NULL, 0);
  EC_builtin_curve *curves = malloc((count + 1) * sizeof(*curves));
  if (!curves)
    return JS_ThrowOutOfMemory(ctx);
  EC_get_builtin_curves(curves, count);
  JSValue names = JS_NewArray(ctx);
  for (size_t i = 0; i < count; i++)
    JS_SetPropertyUint32(ctx, names, (uint32_t)i, JS_NewString(ctx, OBJ_nid2sn(curves[i].nid)));
  free(curves);
  return names;
}

void crypto_init_names(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"getCiphers", get_ciphers, 0}, {"getCurves", get_curves, 0}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
