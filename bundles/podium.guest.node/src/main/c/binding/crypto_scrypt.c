/* crypto: scrypt (RFC 7914). */
#include "crypto_job.h"

typedef struct ScryptJob {
  CryptoJob job; /* first */
  Bytes password, salt;
  uint32_t n, r, p;
  uint64_t most_memory;
  size_t length;
} ScryptJob;

/* Would OpenSSL take the parameters? */
static bool acceptable(const ScryptJob *job)
{
  return EVP_PBE_scrypt(NULL, 0, NULL, 0, job->n, job->r, job->p, job->most_memory, NULL, 0) == 1;
}

static bool refuse(JSContext *ctx)
{
  char text[256] = "";
  CryptoErrors errors;
  crypto_errors_take(&errors);
  if (errors.count)
    ERR_error_string_n(errors.codes[errors.count - 1], text, sizeof(text));
  throw_code_error(ctx, RANGE_ERROR, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params%s%s", text[0] ? ": " : "",
                   text);
  return false;
}

/* (password, salt, N, r, p, most memory, length) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  ScryptJob *job = (ScryptJob *)base;
  if (!bytes_copy(ctx, argv[0], "pass is too large", &job->password) ||
      !bytes_copy(ctx, argv[1], "salt is too large", &job->salt))
    return false;
  job->n = arg_uint32(ctx, argv[2]);
  job->r = arg_uint32(ctx, argv[3]);
  job->p = arg_uint32(ctx, argv[4]);
  job->most_memory = (uint64_t)arg_int64(ctx, argv[5]);
  job->length = arg_uint32(ctx, argv[6]);
  ERR_clear_error();
  return acceptable(job) || refuse(ctx);
}

static bool run(CryptoJob *base)
{
  ScryptJob *job = (ScryptJob *)base;
  return bytes_make(&base->out, job->length) &&
         (job->length == 0 ||
          EVP_PBE_scrypt((const char *)job->password.data, job->password.length, job->salt.data, job->salt.length, job->n,
                         job->r, job->p, job->most_memory, base->out.data, job->length) == 1);
}

static void release(CryptoJob *base)
{
  ScryptJob *job = (ScryptJob *)base;
  bytes_free(&job->password);
  bytes_free(&job->salt);
}

static const CryptoJobType scrypt_job = {.name = "ScryptJob",
                                         .provider = PROVIDER_SCRYPTREQUEST,
                                         .size = sizeof(ScryptJob),
                                         .failed = "Deriving bits failed",
                                         .configure = configure,
                                         .run = run,
                                         .release = release};

static JSValue scrypt_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &scrypt_job);
}

void crypto_init_scrypt(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &scrypt_job, scrypt_job_new);
}
