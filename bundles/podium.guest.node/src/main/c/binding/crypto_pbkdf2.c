/* crypto: PBKDF2 (RFC 8018). */
#include "crypto_job.h"
#include "crypto_keys.h"

typedef struct Pbkdf2Job {
  CryptoJob job; /* first */
  Secret password;
  Bytes salt;
  int iterations, length;
  const EVP_MD *digest;
} Pbkdf2Job;

/* (password, salt, iterations, length, digest) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  Pbkdf2Job *job = (Pbkdf2Job *)base;
  if (!secret_take(ctx, argv[0], "pass is too large", &job->password) ||
      !bytes_copy(ctx, argv[1], "salt is too large", &job->salt))
    return false;
  job->iterations = arg_int32(ctx, argv[2]);
  job->length = arg_int32(ctx, argv[3]);
  if (job->iterations < 0 || job->length < 0) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "%s must be <= 2147483647",
                     job->iterations < 0 ? "iterations" : "length");
    return false;
  }
  return (job->digest = digest_argument(ctx, argv[4])) != NULL;
}

static bool run(CryptoJob *base)
{
  Pbkdf2Job *job = (Pbkdf2Job *)base;
  const Bytes *password = secret_bytes(&job->password);
  /* No bytes are none that can be derived, as Node has it. */
  return job->length > 0 && bytes_make(&base->out, (size_t)job->length) &&
         PKCS5_PBKDF2_HMAC((const char *)password->data, (int)password->length, job->salt.data, (int)job->salt.length,
                           job->iterations, job->digest, job->length, base->out.data) == 1;
}

static void release(CryptoJob *base)
{
  Pbkdf2Job *job = (Pbkdf2Job *)base;
  secret_free(&job->password);
  bytes_free(&job->salt);
}

static const CryptoJobType pbkdf2_job = {.name = "PBKDF2Job",
                                         .provider = PROVIDER_PBKDF2REQUEST,
                                         .size = sizeof(Pbkdf2Job),
                                         .failed = "Deriving bits failed",
                                         .configure = configure,
                                         .run = run,
                                         .release = release};

static JSValue pbkdf2_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &pbkdf2_job);
}

void crypto_init_pbkdf2(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &pbkdf2_job, pbkdf2_job_new);
}
