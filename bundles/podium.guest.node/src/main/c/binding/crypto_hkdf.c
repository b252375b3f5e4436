/* crypto: HKDF (RFC 5869). */
#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include "crypto_job.h"
#include "crypto_keys.h"

typedef struct HkdfJob {
  CryptoJob job; /* first */
  const EVP_MD *digest;
  Secret key;
  Bytes salt, info;
  size_t length;
} HkdfJob;

/* (digest, key, salt, info, length) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  HkdfJob *job = (HkdfJob *)base;
  if (!(job->digest = digest_argument(ctx, argv[0])) || !secret_take(ctx, argv[1], "key is too big", &job->key) ||
      !bytes_copy(ctx, argv[2], "salt is too big", &job->salt) || !bytes_copy(ctx, argv[3], "info is too big", &job->info))
    return false;
  job->length = arg_uint32(ctx, argv[4]);
  /* Blocks are counted by a byte, from one. */
  if (job->length <= 255 * (size_t)EVP_MD_get_size(job->digest))
    return true;
  throw_code_error(ctx, RANGE_ERROR, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
  return false;
}

/* The first half, by hand: OpenSSL's takes no empty key. */
static bool extract(const HkdfJob *job, uint8_t *key, size_t *length)
{
  static const uint8_t no_salt[EVP_MAX_MD_SIZE];
  const Bytes *secret = secret_bytes(&job->key);
  const uint8_t *salt = job->salt.length ? job->salt.data : no_salt;
  int salt_length = job->salt.length ? (int)job->salt.length : EVP_MD_get_size(job->digest);
  unsigned used = 0;
  bool ok = HMAC(job->digest, salt, salt_length, secret->data, secret->length, key, &used) != NULL;
  *length = used;
  return ok;
}

/* The second half, ready but for the key; NULL with OpenSSL's errors. */
static EVP_KDF_CTX *new_expansion(HkdfJob *job)
{
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)EVP_MD_get0_name(job->digest), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, job->info.data, job->info.length), OSSL_PARAM_END};
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
  EVP_KDF_CTX *expansion = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
  EVP_KDF_free(kdf);
  if (expansion && EVP_KDF_CTX_set_params(expansion, parameters) != 1) {
    EVP_KDF_CTX_free(expansion);
    expansion = NULL;
  }
  return expansion;
}

static bool expand(EVP_KDF_CTX *expansion, uint8_t *key, size_t length, Bytes *out)
{
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, length), OSSL_PARAM_END};
  return EVP_KDF_derive(expansion, out->data, out->length, parameters) == 1;
}

static bool run(CryptoJob *base)
{
  HkdfJob *job = (HkdfJob *)base;
  uint8_t key[EVP_MAX_MD_SIZE];
  size_t key_length;
  /* No bytes are none that can be derived, as Node has it. */
  if (job->length == 0 || !bytes_make(&base->out, job->length))
    return false;
  EVP_KDF_CTX *expansion = new_expansion(job);
  bool ok = expansion && extract(job, key, &key_length) && expand(expansion, key, key_length, &base->out);
  EVP_KDF_CTX_free(expansion);
  OPENSSL_cleanse(key, sizeof(key));
  return ok;
}

static void release(CryptoJob *base)
{
  HkdfJob *job = (HkdfJob *)base;
  secret_free(&job->key);
  bytes_free(&job->salt);
  bytes_free(&job->info);
}

static const CryptoJobType hkdf_job = {.name = "HKDFJob",
                                       .provider = PROVIDER_DERIVEBITSREQUEST,
                                       .size = sizeof(HkdfJob),
                                       .failed = "Deriving bits failed",
                                       .configure = configure,
                                       .run = run,
                                       .release = release};

static JSValue hkdf_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &hkdf_job);
}

void crypto_init_hkdf(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &hkdf_job, hkdf_job_new);
}
