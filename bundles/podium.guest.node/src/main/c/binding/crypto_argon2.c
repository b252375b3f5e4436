/* crypto: Argon2 (RFC 9106). */
#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include "crypto_job.h"
#include "crypto_keys.h"

typedef struct Argon2Job {
  CryptoJob job; /* first */
  Secret password;
  Bytes salt, secret, associated;
  uint32_t lanes, threads, memory, passes;
  size_t length;
  const char *algorithm;
} Argon2Job;

/* (password, salt, lanes, length, memory in KiB, passes, secret, associated data, variant) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  static const char *const algorithms[] = {"ARGON2D", "ARGON2I", "ARGON2ID"};
  Argon2Job *job = (Argon2Job *)base;
  uint32_t variant = arg_uint32(ctx, argv[8]);
  job->algorithm = algorithms[variant < COUNT_OF(algorithms) ? variant : 0];
  job->lanes = arg_uint32(ctx, argv[2]);
  job->threads = job->lanes ? 1 : 0; /* all lanes on this thread: the result is the same */
  job->length = arg_uint32(ctx, argv[3]);
  job->memory = arg_uint32(ctx, argv[4]);
  job->passes = arg_uint32(ctx, argv[5]);
  return secret_take(ctx, argv[0], "pass is too large", &job->password) &&
         bytes_copy(ctx, argv[1], "salt is too large", &job->salt) &&
         bytes_copy(ctx, argv[6], "secret is too large", &job->secret) &&
         bytes_copy(ctx, argv[7], "ad is too large", &job->associated);
}

static OSSL_PARAM octets(const char *name, const Bytes *bytes)
{
  return OSSL_PARAM_construct_octet_string(name, bytes->data, bytes->length);
}

static bool derive(Argon2Job *job, EVP_KDF_CTX *context, Bytes *out)
{
  OSSL_PARAM parameters[9];
  int n = 0;
  parameters[n++] = octets(OSSL_KDF_PARAM_PASSWORD, secret_bytes(&job->password));
  parameters[n++] = octets(OSSL_KDF_PARAM_SALT, &job->salt);
  parameters[n++] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_THREADS, &job->threads);
  parameters[n++] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &job->lanes);
  parameters[n++] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &job->memory);
  parameters[n++] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &job->passes);
  if (job->associated.length)
    parameters[n++] = octets(OSSL_KDF_PARAM_ARGON2_AD, &job->associated);
  if (job->secret.length)
    parameters[n++] = octets(OSSL_KDF_PARAM_SECRET, &job->secret);
  parameters[n] = OSSL_PARAM_construct_end();
  return EVP_KDF_derive(context, out->data, out->length, parameters) == 1;
}

static bool run(CryptoJob *base)
{
  Argon2Job *job = (Argon2Job *)base;
  if (!bytes_make(&base->out, job->length))
    return false;
  if (job->length == 0)
    return true;
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, job->algorithm, NULL);
  EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
  bool ok = context && derive(job, context, &base->out);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return ok;
}

static void release(CryptoJob *base)
{
  Argon2Job *job = (Argon2Job *)base;
  secret_free(&job->password);
  bytes_free(&job->salt);
  bytes_free(&job->secret);
  bytes_free(&job->associated);
}

static const CryptoJobType argon2_job = {.name = "Argon2Job",
                                         .provider = PROVIDER_ARGON2REQUEST,
                                         .size = sizeof(Argon2Job),
                                         .failed = "Deriving bits failed",
                                         .configure = configure,
                                         .run = run,
                                         .release = release};

static JSValue argon2_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &argon2_job);
}

void crypto_init_argon2(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingConstant variants[] = {{"kTypeArgon2d", 0}, {"kTypeArgon2i", 1}, {"kTypeArgon2id", 2}};
  define_crypto_job(env, ctx, target, &argon2_job, argon2_job_new);
  DEFINE_CONSTANTS(ctx, target, variants);
}
