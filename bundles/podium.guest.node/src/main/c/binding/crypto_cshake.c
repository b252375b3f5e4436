/* crypto: cSHAKE. OpenSSL has its sponge as the digests KECCAK-KMAC-128 and -256; the encoding is ours. */
#include "crypto_cshake.h"

#include <string.h>

#include "crypto_job.h"

enum { MOST_CUSTOMIZATION = 512 }; /* bytes; Node's limit */

/* left_encode and right_encode of the standard: a number in as few bytes as it takes, with their count. */
static bool update_length(EVP_MD_CTX *sponge, uint64_t value, bool left, size_t *written)
{
  uint8_t text[2 + sizeof(value)];
  size_t size = 1;
  while (size < sizeof(value) && value >> (8 * size))
    size++;
  text[0] = text[size + 1] = (uint8_t)size;
  for (size_t i = 0; i < size; i++)
    text[1 + i] = (uint8_t)(value >> (8 * (size - 1 - i)));
  *written += size + 1;
  return EVP_DigestUpdate(sponge, left ? text : text + 1, size + 1) == 1;
}

static bool update_string(EVP_MD_CTX *sponge, const uint8_t *data, size_t length, uint64_t bits, size_t *written)
{
  *written += length;
  return update_length(sponge, bits, true, written) && (length == 0 || EVP_DigestUpdate(sponge, data, length) == 1);
}

/* The end of bytepad: zeros up to a multiple of the rate. */
static bool pad(EVP_MD_CTX *sponge, size_t rate, size_t written)
{
  static const uint8_t zeros[168];
  size_t rest = (rate - written % rate) % rate;
  return rest == 0 || EVP_DigestUpdate(sponge, zeros, rest) == 1;
}

static bool update_prefix(EVP_MD_CTX *sponge, size_t rate, const CShake *what)
{
  size_t written = 0;
  return update_length(sponge, rate, true, &written) &&
         update_string(sponge, what->name.data, what->name.length, (uint64_t)what->name.length * 8, &written) &&
         update_string(sponge, what->customization.data, what->customization.length,
                       (uint64_t)what->customization.length * 8, &written) &&
         pad(sponge, rate, written);
}

static bool update_key(EVP_MD_CTX *sponge, size_t rate, const CShake *what)
{
  size_t written = 0;
  if (!what->key)
    return true;
  return update_length(sponge, rate, true, &written) &&
         update_string(sponge, what->key->data, (what->key_bits + 7) / 8, what->key_bits, &written) &&
         pad(sponge, rate, written);
}

static bool squeeze(EVP_MD_CTX *sponge, const CShake *what, Bytes *out)
{
  size_t written = 0;
  if (what->input->length && EVP_DigestUpdate(sponge, what->input->data, what->input->length) != 1)
    return false;
  if (what->key && !update_length(sponge, what->bits, false, &written))
    return false;
  if (EVP_DigestFinalXOF(sponge, out->data, out->length) != 1)
    return false;
  bytes_clear_beyond(out, what->bits);
  return true;
}

bool cshake(const CShake *what, Bytes *out)
{
  size_t rate = what->strength == 128 ? 168 : 136;
  if (what->customization.length > MOST_CUSTOMIZATION || !bytes_make(out, what->bits / 8 + (what->bits % 8 != 0)))
    return false;
  if (what->bits == 0)
    return true;
  EVP_MD *digest = EVP_MD_fetch(NULL, what->strength == 128 ? "KECCAK-KMAC-128" : "KECCAK-KMAC-256", NULL);
  EVP_MD_CTX *sponge = EVP_MD_CTX_new();
  bool ok = digest && sponge && EVP_DigestInit_ex(sponge, digest, NULL) == 1 && update_prefix(sponge, rate, what) &&
            update_key(sponge, rate, what) && squeeze(sponge, what, out);
  EVP_MD_CTX_free(sponge);
  EVP_MD_free(digest);
  return ok;
}

/* --- CShakeJob --------------------------------------------------------------------------------------------------- */

typedef struct CShakeJob {
  CryptoJob job; /* first */
  CShake what;
  Bytes input;
} CShakeJob;

/* (algorithm, data, function name, customization, length in bits) */
static bool configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  CShakeJob *job = (CShakeJob *)base;
  const char *algorithm = JS_ToCString(ctx, argv[0]);
  if (!algorithm)
    return false;
  job->what.strength = strcmp(algorithm, "cSHAKE128") ? 256 : 128;
  JS_FreeCString(ctx, algorithm);
  job->what.input = &job->input;
  job->what.bits = arg_uint32(ctx, argv[4]);
  return bytes_copy(ctx, argv[1], "data is too big", &job->input) &&
         bytes_copy(ctx, argv[2], "functionName is too big", &job->what.name) &&
         bytes_copy(ctx, argv[3], "customization is too big", &job->what.customization);
}

static bool run(CryptoJob *base) { return cshake(&((CShakeJob *)base)->what, &base->out); }

static void release(CryptoJob *base)
{
  CShakeJob *job = (CShakeJob *)base;
  bytes_free(&job->input);
  bytes_free(&job->what.name);
  bytes_free(&job->what.customization);
}

static const CryptoJobType cshake_job = {.name = "CShakeJob",
                                         .provider = PROVIDER_HASHREQUEST,
                                         .size = sizeof(CShakeJob),
                                         .failed = "Deriving bits failed",
                                         .configure = configure,
                                         .run = run,
                                         .release = release};

static JSValue cshake_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &cshake_job);
}

void crypto_init_cshake(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &cshake_job, cshake_job_new);
}
