/* crypto: which ciphers and curves there are, and what a cipher takes. */
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

/* --- getCipherInfo ----------------------------------------------------------------------------------------------- */

static const char *mode_name(int mode)
{
  static const struct { int mode; const char *name; } names[] = {
      {EVP_CIPH_CCM_MODE, "ccm"}, {EVP_CIPH_CFB_MODE, "cfb"}, {EVP_CIPH_CBC_MODE, "cbc"},   {EVP_CIPH_CTR_MODE, "ctr"},
      {EVP_CIPH_ECB_MODE, "ecb"}, {EVP_CIPH_GCM_MODE, "gcm"}, {EVP_CIPH_OCB_MODE, "ocb"},   {EVP_CIPH_OFB_MODE, "ofb"},
      {EVP_CIPH_XTS_MODE, "xts"}, {EVP_CIPH_WRAP_MODE, "wrap"}, {EVP_CIPH_STREAM_CIPHER, "stream"},
  };
  for (int i = 0; i < COUNT_OF(names); i++) {
    if (names[i].mode == mode)
      return names[i].name;
  }
  return "{unknown}";
}

static bool length_would_do(EVP_CIPHER_CTX *context, const EVP_CIPHER *kind, int iv_length)
{
  switch (EVP_CIPHER_get_mode(kind)) {
  case EVP_CIPH_CCM_MODE:
    return iv_length >= 7 && iv_length <= 13;
  case EVP_CIPH_GCM_MODE:
    return true;
  case EVP_CIPH_OCB_MODE:
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, iv_length, NULL) == 1;
  default:
    return iv_length == EVP_CIPHER_get_iv_length(kind);
  }
}

/* Would the cipher take a key and a vector of these lengths? Undefined is not asked. */
static bool would_do(JSContext *ctx, const EVP_CIPHER *kind, JSValueConst key_length, JSValueConst iv_length)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  bool ok = context && EVP_CipherInit_ex(context, kind, NULL, NULL, NULL, 1) == 1 &&
            (!JS_IsNumber(key_length) || EVP_CIPHER_CTX_set_key_length(context, arg_int32(ctx, key_length)) == 1) &&
            (!JS_IsNumber(iv_length) || length_would_do(context, kind, arg_int32(ctx, iv_length)));
  EVP_CIPHER_CTX_free(context);
  ERR_clear_error();
  return ok;
}

/* getCipherInfo(target, name or number, length of a key, length of a vector): undefined if there is no such cipher */
static JSValue get_cipher_info(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *name = JS_IsNumber(argv[1]) ? OBJ_nid2sn(arg_int32(ctx, argv[1])) : NULL;
  const char *text = name ? NULL : JS_ToCString(ctx, argv[1]);
  const EVP_CIPHER *kind = name || text ? EVP_get_cipherbyname(name ? name : text) : NULL;
  JS_FreeCString(ctx, text);
  ERR_clear_error();
  bool asks = JS_IsNumber(argv[2]) || JS_IsNumber(argv[3]);
  if (!kind || (asks && !would_do(ctx, kind, argv[2], argv[3])))
    return JS_UNDEFINED;
  int mode = EVP_CIPHER_get_mode(kind), nid = EVP_CIPHER_get_nid(kind);
  int iv_length = JS_IsNumber(argv[3]) ? arg_int32(ctx, argv[3]) : EVP_CIPHER_get_iv_length(kind);
  define_string(ctx, argv[0], "mode", mode_name(mode));
  define_string(ctx, argv[0], "name", OBJ_nid2sn(nid));
  define_number(ctx, argv[0], "nid", nid);
  if (mode != EVP_CIPH_STREAM_CIPHER)
    define_number(ctx, argv[0], "blockSize", EVP_CIPHER_get_block_size(kind));
  if (iv_length)
    define_number(ctx, argv[0], "ivLength", iv_length);
  define_number(ctx, argv[0], "keyLength", JS_IsNumber(argv[2]) ? arg_int32(ctx, argv[2]) : EVP_CIPHER_get_key_length(kind));
  return JS_DupValue(ctx, argv[0]);
}

void crypto_init_names(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getCiphers", get_ciphers, 0}, {"getCurves", get_curves, 0}, {"getCipherInfo", get_cipher_info, 4}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
