/* crypto: random bytes and primes. OpenSSL's generators, one a thread, are seeded and reseeded by getrandom(2). */
#include <openssl/bn.h>
#include <openssl/rand.h>
#include <string.h>

#include "crypto_job.h"

/* --- RandomBytesJob ---------------------------------------------------------------------------------------------- */

/* Made in memory of the job's own: a script may move the buffer away meanwhile. */
typedef struct RandomBytesJob {
  CryptoJob job; /* first; holds the buffer */
  size_t offset, length;
} RandomBytesJob;

/* (buffer, offset, length) */
static bool bytes_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  RandomBytesJob *job = (RandomBytesJob *)base;
  EngineView view;
  job->offset = arg_uint32(ctx, argv[1]);
  job->length = arg_uint32(ctx, argv[2]);
  if (!engine_view(argv[0], &view) || job->offset > view.length || job->length > view.length - job->offset) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "the random bytes do not fit the buffer");
    return false;
  }
  base->held = JS_DupValue(ctx, argv[0]);
  return true;
}

static bool bytes_run(CryptoJob *base)
{
  RandomBytesJob *job = (RandomBytesJob *)base;
  return bytes_make(&base->out, job->length) && RAND_bytes_ex(NULL, base->out.data, job->length, 0) == 1;
}

static JSValue bytes_result(JSContext *ctx, CryptoJob *base)
{
  RandomBytesJob *job = (RandomBytesJob *)base;
  EngineView view;
  if (engine_view(base->held, &view) && job->offset <= view.length && job->length <= view.length - job->offset)
    memcpy(view.data + job->offset, base->out.data, job->length);
  bytes_free(&base->out);
  return JS_UNDEFINED;
}

static const CryptoJobType random_bytes_job = {.name = "RandomBytesJob",
                                               .provider = PROVIDER_RANDOMBYTESREQUEST,
                                               .size = sizeof(RandomBytesJob),
                                               .failed = "Deriving bits failed",
                                               .configure = bytes_configure,
                                               .run = bytes_run,
                                               .result = bytes_result};

static JSValue random_bytes_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &random_bytes_job);
}

/* --- RandomPrimeJob ---------------------------------------------------------------------------------------------- */

typedef struct RandomPrimeJob {
  CryptoJob job; /* first */
  int bits;
  bool safe;
  BIGNUM *prime, *add, *remainder; /* the last two may be NULL */
} RandomPrimeJob;

/* A number of a buffer, NULL for undefined; false with an exception. */
static bool number_of(JSContext *ctx, JSValueConst value, BIGNUM **number)
{
  EngineView view;
  if (JS_IsUndefined(value))
    return true;
  if (engine_view(value, &view) && (*number = BN_bin2bn(view.data, (int)view.length, NULL)))
    return true;
  throw_code_error(ctx, ERROR, "ERR_CRYPTO_OPERATION_FAILED", "could not generate prime");
  return false;
}

/* Some demands no prime meets, and OpenSSL would look for one for ever. */
static bool can_be_met(JSContext *ctx, const RandomPrimeJob *job)
{
  const char *wrong = NULL;
  if (job->add && BN_num_bits(job->add) > job->bits)
    wrong = "invalid options.add";
  else if (job->add && job->remainder && BN_cmp(job->add, job->remainder) <= 0)
    wrong = "invalid options.rem";
  if (wrong)
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "%s", wrong);
  return !wrong;
}

/* (bits, safe, add, remainder) */
static bool prime_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  RandomPrimeJob *job = (RandomPrimeJob *)base;
  job->bits = arg_int32(ctx, argv[0]);
  job->safe = arg_bool(ctx, argv[1]);
  if (!number_of(ctx, argv[2], &job->add) || !number_of(ctx, argv[3], &job->remainder) || !can_be_met(ctx, job))
    return false;
  if ((job->prime = BN_new()))
    return true;
  JS_ThrowOutOfMemory(ctx);
  return false;
}

static bool prime_run(CryptoJob *base)
{
  RandomPrimeJob *job = (RandomPrimeJob *)base;
  if (BN_generate_prime_ex(job->prime, job->bits, job->safe, job->add, job->remainder, NULL) != 1)
    return false;
  int length = BN_num_bytes(job->prime);
  return bytes_make(&base->out, (size_t)length) && BN_bn2binpad(job->prime, base->out.data, length) == length;
}

static void prime_release(CryptoJob *base)
{
  RandomPrimeJob *job = (RandomPrimeJob *)base;
  BN_clear_free(job->prime);
  BN_free(job->add);
  BN_free(job->remainder);
}

static const CryptoJobType random_prime_job = {.name = "RandomPrimeJob",
                                               .provider = PROVIDER_RANDOMPRIMEREQUEST,
                                               .size = sizeof(RandomPrimeJob),
                                               .failed = "Deriving bits failed",
                                               .configure = prime_configure,
                                               .run = prime_run,
                                               .release = prime_release};

static JSValue random_prime_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &random_prime_job);
}

/* --- CheckPrimeJob ----------------------------------------------------------------------------------------------- */

typedef struct CheckPrimeJob {
  CryptoJob job; /* first */
  BIGNUM *candidate;
  bool is_prime;
} CheckPrimeJob;

/* (candidate, how many checks: OpenSSL 3 knows better) */
static bool check_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  CheckPrimeJob *job = (CheckPrimeJob *)base;
  EngineView view;
  if (engine_view(argv[0], &view) && (job->candidate = BN_bin2bn(view.data, (int)view.length, NULL)))
    return true;
  throw_crypto_error(ctx, "BignumPointer");
  return false;
}

static bool check_run(CryptoJob *base)
{
  CheckPrimeJob *job = (CheckPrimeJob *)base;
  BN_CTX *scratch = BN_CTX_new();
  int answer = scratch ? BN_check_prime(job->candidate, scratch, NULL) : -1;
  BN_CTX_free(scratch);
  job->is_prime = answer == 1;
  return answer >= 0;
}

static JSValue check_result(JSContext *ctx, CryptoJob *base) { return JS_NewBool(ctx, ((CheckPrimeJob *)base)->is_prime); }

static void check_release(CryptoJob *base) { BN_clear_free(((CheckPrimeJob *)base)->candidate); }

static const CryptoJobType check_prime_job = {.name = "CheckPrimeJob",
                                              .provider = PROVIDER_CHECKPRIMEREQUEST,
                                              .size = sizeof(CheckPrimeJob),
                                              .failed = "Deriving bits failed",
                                              .configure = check_configure,
                                              .run = check_run,
                                              .result = check_result,
                                              .release = check_release};

static JSValue check_prime_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &check_prime_job);
}

void crypto_init_random(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &random_bytes_job, random_bytes_job_new);
  define_crypto_job(env, ctx, target, &random_prime_job, random_prime_job_new);
  define_crypto_job(env, ctx, target, &check_prime_job, check_prime_job_new);
}
