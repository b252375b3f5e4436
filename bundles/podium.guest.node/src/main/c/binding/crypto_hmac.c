/* crypto: HMAC, as objects that are fed and as jobs. */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <string.h>

#include "../string_bytes.h"
#include "crypto_mac.h"

EVP_MAC_CTX *mac_new(const char *name)
{
  EVP_MAC *mac = EVP_MAC_fetch(NULL, name, NULL);
  EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
  EVP_MAC_free(mac);
  return context;
}

/* A context for the digest and key; NULL with OpenSSL's errors. */
static EVP_MAC_CTX *hmac_start(const EVP_MD *digest, const uint8_t *key, size_t length)
{
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)EVP_MD_get0_name(digest), 0), OSSL_PARAM_END};
  EVP_MAC_CTX *context = mac_new(OSSL_MAC_NAME_HMAC);
  if (context && EVP_MAC_init(context, key, length, parameters) != 1) {
    EVP_MAC_CTX_free(context);
    context = NULL;
  }
  return context;
}

/* --- Hmac -------------------------------------------------------------------------------------------------------- */

typedef struct Hmac {
  BaseObject base; /* first */
  EVP_MAC_CTX *context; /* from init() to digest() */
} Hmac;

static void hmac_finalize(BaseObject *base) { EVP_MAC_CTX_free(((Hmac *)base)->context); }

static const BaseType hmac_type = {"Hmac", NULL, hmac_finalize, NULL};

static JSValue hmac_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Hmac *hmac;
  return base_object_new(ctx, self, &hmac_type, sizeof(Hmac), &hmac);
}

/* init(digest, key: a string, a buffer or a KeyObjectHandle) */
static JSValue hmac_init(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Hmac *hmac = base_object_get(ctx, self, &hmac_type);
  const EVP_MD *digest = hmac ? digest_argument(ctx, argv[0]) : NULL;
  if (!digest)
    return JS_EXCEPTION;
  EVP_MAC_CTX_free(hmac->context);
  hmac->context = NULL;
  if (is_key_handle(argv[1])) {
    Key *key = key_of_handle(ctx, argv[1]);
    if (!key)
      return JS_EXCEPTION;
    hmac->context = hmac_start(digest, key->secret.data, key->secret.length);
  } else {
    DataArgument key;
    if (!data_open(ctx, argv[1], JS_UNDEFINED, &key))
      return JS_EXCEPTION;
    hmac->context = hmac_start(digest, key.bytes, key.length);
    data_close(&key);
  }
  return hmac->context ? JS_UNDEFINED : throw_crypto_error(ctx, NULL);
}

/* update(data, encoding) */
static JSValue hmac_update(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Hmac *hmac = base_object_get(ctx, self, &hmac_type);
  DataArgument data;
  if (!hmac || !data_open(ctx, argv[0], argv[1], &data))
    return JS_EXCEPTION;
  bool ok = hmac->context && EVP_MAC_update(hmac->context, data.bytes, data.length) == 1;
  data_close(&data);
  return JS_NewBool(ctx, ok);
}

/* digest(encoding); empty the second time */
static JSValue hmac_digest(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Hmac *hmac = base_object_get(ctx, self, &hmac_type);
  uint8_t code[EVP_MAX_MD_SIZE];
  size_t length = 0;
  if (!hmac)
    return JS_EXCEPTION;
  bool ok = !hmac->context || EVP_MAC_final(hmac->context, code, &length, sizeof(code)) == 1;
  EVP_MAC_CTX_free(hmac->context);
  hmac->context = NULL;
  if (!ok)
    return throw_crypto_error(ctx, "Failed to finalize HMAC");
  return string_bytes_encode(ctx, code, length, parse_encoding(ctx, argv[0], BUFFER));
}

/* --- jobs of all codes ------------------------------------------------------------------------------------------- */

bool mac_job_take(JSContext *ctx, MacJob *job, JSValueConst mode, JSValueConst key, JSValueConst data, JSValueConst signature)
{
  Key *used = key_of_handle(ctx, key);
  if (!used)
    return false;
  job->verifies = arg_uint32(ctx, mode) == 1;
  job->key = key_retain(used);
  return bytes_copy(ctx, data, "data is too big", &job->data) &&
         bytes_copy(ctx, signature, "signature is too big", &job->signature);
}

JSValue mac_job_result(JSContext *ctx, CryptoJob *base)
{
  const Bytes *signature = &((MacJob *)base)->signature, *code = &base->out;
  if (!((MacJob *)base)->verifies)
    return bytes_to_array_buffer(ctx, &base->out);
  return JS_NewBool(ctx, code->length > 0 && code->length == signature->length &&
                             CRYPTO_memcmp(code->data, signature->data, code->length) == 0);
}

void mac_job_release(CryptoJob *base)
{
  MacJob *job = (MacJob *)base;
  key_release(job->key);
  bytes_free(&job->data);
  bytes_free(&job->signature);
}

/* --- HmacJob ----------------------------------------------------------------------------------------------------- */

typedef struct HmacJob {
  MacJob mac; /* first */
  const EVP_MD *digest;
} HmacJob;

/* (mode, digest, key, data, signature) */
static bool hmac_job_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  HmacJob *job = (HmacJob *)base;
  return (job->digest = digest_argument(ctx, argv[1])) && mac_job_take(ctx, &job->mac, argv[0], argv[2], argv[3], argv[4]);
}

static bool hmac_job_run(CryptoJob *base)
{
  HmacJob *job = (HmacJob *)base;
  const Bytes *key = &job->mac.key->secret, *data = &job->mac.data;
  EVP_MAC_CTX *context = hmac_start(job->digest, key->data, key->length);
  bool ok = context && EVP_MAC_update(context, data->data, data->length) == 1 &&
            bytes_make(&base->out, (size_t)EVP_MD_get_size(job->digest)) &&
            EVP_MAC_final(context, base->out.data, &base->out.length, base->out.length) == 1;
  EVP_MAC_CTX_free(context);
  return ok;
}

static const CryptoJobType hmac_job = {.name = "HmacJob",
                                       .provider = PROVIDER_SIGNREQUEST,
                                       .size = sizeof(HmacJob),
                                       .failed = "Deriving bits failed",
                                       .configure = hmac_job_configure,
                                       .run = hmac_job_run,
                                       .result = mac_job_result,
                                       .release = mac_job_release};

static JSValue hmac_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &hmac_job);
}

void crypto_init_hmac(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"init", hmac_init, 2}, {"update", hmac_update, 2}, {"digest", hmac_digest, 1}};
  static const BindingConstant constants[] = {{"kSignJobModeSign", 0}, {"kSignJobModeVerify", 1}};
  define_class(ctx, target, "Hmac", hmac_new, JS_UNDEFINED, methods, COUNT_OF(methods));
  define_crypto_job(env, ctx, target, &hmac_job, hmac_job_new);
  DEFINE_CONSTANTS(ctx, target, constants);
}
