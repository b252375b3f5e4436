/* crypto: KMAC (NIST SP 800-185). */
#include <openssl/core_names.h>
#include <string.h>

#include "crypto_cshake.h"
#include "crypto_mac.h"

/* Of OpenSSL: bytes, and for keys the least, too. */
enum { LEAST_KEY = 4, MOST_KEY = 512, MOST_CUSTOMIZATION = 512, MOST_OUTPUT = 0xffffff / 8 };

typedef struct KmacJob {
  MacJob mac; /* first */
  int strength;
  Bytes customization;
  size_t key_bits, bits;
} KmacJob;

/* (mode, key, algorithm, customization, its length in bits, length in bits, data, signature) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  KmacJob *job = (KmacJob *)base;
  const char *algorithm = JS_ToCString(ctx, argv[2]);
  if (!algorithm)
    return false;
  job->strength = strcmp(algorithm, OSSL_MAC_NAME_KMAC128) ? 256 : 128;
  JS_FreeCString(ctx, algorithm);
  job->key_bits = (size_t)arg_int64(ctx, argv[4]);
  job->bits = arg_uint32(ctx, argv[5]);
  return bytes_copy(ctx, argv[3], "customization is too big", &job->customization) &&
         mac_job_take(ctx, &job->mac, argv[0], argv[1], argv[6], argv[7]);
}

/* Keys and codes that are not whole bytes, and short keys, OpenSSL does not take. */
static bool by_cshake(KmacJob *job, Bytes *out)
{
  const Bytes *key = &job->mac.key->secret;
  CShake what = {.strength = job->strength,
                 .name = {(uint8_t *)"KMAC", 4},
                 .customization = job->customization,
                 .key = key,
                 .key_bits = job->key_bits,
                 .input = &job->mac.data,
                 .bits = job->bits};
  return (job->key_bits + 7) / 8 <= key->length && cshake(&what, out);
}

static bool by_openssl(KmacJob *job, Bytes *out)
{
  const Bytes *key = &job->mac.key->secret, *data = &job->mac.data;
  size_t length = job->bits / 8;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &length),
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_CUSTOM, job->customization.data, job->customization.length),
      OSSL_PARAM_END};
  EVP_MAC_CTX *context = mac_new(job->strength == 128 ? OSSL_MAC_NAME_KMAC128 : OSSL_MAC_NAME_KMAC256);
  bool ok = context && bytes_make(out, length) && EVP_MAC_init(context, key->data, key->length, parameters) == 1 &&
            EVP_MAC_update(context, data->data, data->length) == 1 &&
            EVP_MAC_final(context, out->data, &out->length, out->length) == 1;
  EVP_MAC_CTX_free(context);
  return ok;
}

static bool run(CryptoJob *base)
{
  KmacJob *job = (KmacJob *)base;
  size_t key_length = job->mac.key->secret.length;
  if (key_length > MOST_KEY || job->key_bits > 8 * MOST_KEY || job->customization.length > MOST_CUSTOMIZATION ||
      job->bits > 8 * (size_t)MOST_OUTPUT)
    return false;
  if (job->bits == 0)
    return bytes_make(&base->out, 0);
  bool whole = job->bits % 8 == 0 && job->key_bits % 8 == 0;
  return whole && key_length >= LEAST_KEY ? by_openssl(job, &base->out) : by_cshake(job, &base->out);
}

static void release(CryptoJob *base)
{
  bytes_free(&((KmacJob *)base)->customization);
  mac_job_release(base);
}

static const CryptoJobType kmac_job = {.name = "KmacJob",
                                       .provider = PROVIDER_SIGNREQUEST,
                                       .size = sizeof(KmacJob),
                                       .failed = "Deriving bits failed",
                                       .configure = configure,
                                       .run = run,
                                       .result = mac_job_result,
                                       .release = release};

static JSValue kmac_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &kmac_job);
}

void crypto_init_kmac(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &kmac_job, kmac_job_new);
}
