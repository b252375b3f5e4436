/* crypto: making secret keys. */
#include <openssl/rand.h>

#include "crypto_job.h"
#include "crypto_keys.h"

typedef struct SecretKeyGenJob {
  CryptoJob job; /* first */
  size_t bits;   /* those of the last byte that are too many are 0 */
  JSValue usages, extractable; /* of a CryptoKey, whose algorithm the job holds */
} SecretKeyGenJob;

/* (bits), and for a CryptoKey (bits, algorithm, usages, extractable) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  SecretKeyGenJob *job = (SecretKeyGenJob *)base;
  job->bits = arg_uint32(ctx, argv[0]);
  if (base->mode != JOB_WEB_CRYPTO) {
    job->bits -= job->bits % 8;
    return true;
  }
  base->held = JS_DupValue(ctx, argv[1]);
  job->usages = JS_NewUint32(ctx, arg_uint32(ctx, argv[2]));
  job->extractable = JS_NewBool(ctx, arg_bool(ctx, argv[3]));
  return true;
}

static bool run(CryptoJob *base)
{
  SecretKeyGenJob *job = (SecretKeyGenJob *)base;
  if (!bytes_make(&base->out, job->bits / 8 + (job->bits % 8 != 0)) ||
      RAND_priv_bytes_ex(NULL, base->out.data, base->out.length, 0) != 1)
    return false;
  bytes_clear_beyond(&base->out, job->bits);
  return true;
}

static JSValue result(JSContext *ctx, CryptoJob *base)
{
  SecretKeyGenJob *job = (SecretKeyGenJob *)base;
  Key *key = key_new_secret(ctx, &base->out);
  if (!key)
    return JS_EXCEPTION;
  JSValue value = base->mode == JOB_WEB_CRYPTO ? new_crypto_key(ctx, key, base->held, job->usages, job->extractable)
                                               : new_key_handle(ctx, key);
  key_release(key);
  return value;
}

static const CryptoJobType secret_key_gen_job = {.name = "SecretKeyGenJob",
                                                 .provider = PROVIDER_KEYGENREQUEST,
                                                 .size = sizeof(SecretKeyGenJob),
                                                 .failed = "Key generation job failed",
                                                 .configure = configure,
                                                 .run = run,
                                                 .result = result};

static JSValue secret_key_gen_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &secret_key_gen_job);
}

void crypto_init_keygen(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &secret_key_gen_job, secret_key_gen_job_new);
}
