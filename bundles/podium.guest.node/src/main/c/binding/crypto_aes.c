/* crypto: the ciphers of Web Crypto, a message at once: AES in all modes, and ChaCha20-Poly1305. */
#include <limits.h>
#include <string.h>

#include "crypto_job.h"
#include "crypto_keys.h"

enum { AES_BLOCK = 16, CHACHA_TAG = 16 };

typedef struct SealJob {
  CryptoJob job; /* first */
  const EVP_CIPHER *cipher;
  bool encrypts;
  Key *key;
  Bytes in, iv, associated;
  size_t tag_length; /* the tag is the end of what is sealed; 0 for modes without */
  uint32_t counter_bits; /* of the vector, in counter mode */
} SealJob;

static int mode_of(const SealJob *job) { return EVP_CIPHER_get_mode(job->cipher); }

/* --- computing --------------------------------------------------------------------------------------------------- */

static bool ctrl(EVP_CIPHER_CTX *context, int what, size_t length, void *data)
{
  return EVP_CIPHER_CTX_ctrl(context, what, (int)length, data) == 1;
}

static bool start(SealJob *job, EVP_CIPHER_CTX *context, size_t length)
{
  const Bytes *key = &job->key->secret;
  bool ocb = mode_of(job) == EVP_CIPH_OCB_MODE, wrap = mode_of(job) == EVP_CIPH_WRAP_MODE;
  if (wrap)
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (EVP_CipherInit_ex(context, job->cipher, NULL, NULL, NULL, job->encrypts) != 1 ||
      (job->tag_length && !ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, job->iv.length, NULL)) ||
      EVP_CIPHER_CTX_set_key_length(context, (int)key->length) != 1 ||
      EVP_CipherInit_ex(context, NULL, NULL, key->data, wrap ? NULL : job->iv.data, job->encrypts) != 1)
    return false;
  if (ocb && !ctrl(context, EVP_CTRL_AEAD_SET_TAG, job->tag_length, NULL))
    return false;
  return !job->tag_length || job->encrypts || ctrl(context, EVP_CTRL_AEAD_SET_TAG, job->tag_length, job->in.data + length);
}

/* `length` bytes of the input, without the tag at its end. */
static bool convert(SealJob *job, EVP_CIPHER_CTX *context, size_t length, Bytes *out)
{
  int part = 0, last = 0, ignored;
  if (!bytes_make(out, length + EVP_MAX_BLOCK_LENGTH + job->tag_length) || !start(job, context, length))
    return false;
  if (job->associated.length &&
      EVP_CipherUpdate(context, NULL, &ignored, job->associated.data, (int)job->associated.length) != 1)
    return false;
  if (length && EVP_CipherUpdate(context, out->data, &part, job->in.data, (int)length) != 1)
    return false;
  if (EVP_CipherFinal_ex(context, out->data + part, &last) != 1)
    return false;
  out->length = (size_t)(part + last);
  if (!job->encrypts || !job->tag_length)
    return true;
  out->length += job->tag_length;
  return ctrl(context, EVP_CTRL_AEAD_GET_TAG, job->tag_length, out->data + out->length - job->tag_length);
}

static bool run(CryptoJob *base)
{
  SealJob *job = (SealJob *)base;
  size_t tag = job->encrypts ? 0 : job->tag_length;
  if (job->in.length < tag || job->in.length > INT_MAX - EVP_MAX_BLOCK_LENGTH)
    return false;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  bool ok = context && convert(job, context, job->in.length - tag, &base->out);
  EVP_CIPHER_CTX_free(context);
  return ok;
}

/* --- counter mode: Web Crypto counts in some of the last bits, OpenSSL in all ------------------------------------ */

/* How many blocks there are until the counter is 0 again; UINT64_MAX if that is never. */
static uint64_t blocks_until_wrap(const uint8_t block[AES_BLOCK], uint32_t bits)
{
  uint64_t left = 0;
  unsigned carry = 1;
  for (int i = AES_BLOCK - 1; i >= 0; i--) {
    uint32_t place = (uint32_t)(AES_BLOCK - 1 - i) * 8;
    unsigned byte = (uint8_t)~block[i] + carry;
    carry = byte >> 8;
    if (place >= bits)
      break;
    byte &= bits - place >= 8 ? 0xff : (1u << (bits - place)) - 1;
    if (byte && place >= 56)
      return UINT64_MAX;
    if (place < 56)
      left |= (uint64_t)byte << place;
  }
  return left ? left : bits < 56 ? (uint64_t)1 << bits : UINT64_MAX;
}

static void clear_counter(uint8_t block[AES_BLOCK], uint32_t bits)
{
  for (int i = AES_BLOCK - 1; i >= 0 && bits; i--) {
    uint32_t here = bits < 8 ? bits : 8;
    block[i] &= (uint8_t)(0xff << here);
    bits -= here;
  }
}

static bool count(SealJob *job, const uint8_t *block, const uint8_t *in, size_t length, uint8_t *out)
{
  int part = 0, last = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  bool ok = context &&
            EVP_CipherInit_ex(context, job->cipher, NULL, job->key->secret.data, block, job->encrypts) == 1 &&
            EVP_CipherUpdate(context, out, &part, in, (int)length) == 1 &&
            EVP_CipherFinal_ex(context, out + part, &last) == 1 && (size_t)(part + last) == length;
  EVP_CIPHER_CTX_free(context);
  return ok;
}

static bool run_counter(SealJob *job, Bytes *out)
{
  size_t length = job->in.length, first = length;
  uint64_t blocks = (length + AES_BLOCK - 1) / AES_BLOCK, left = blocks_until_wrap(job->iv.data, job->counter_bits);
  /* No counter may come twice. */
  if (length > INT_MAX || (job->counter_bits < 56 && blocks > (uint64_t)1 << job->counter_bits) ||
      job->key->secret.length != (size_t)EVP_CIPHER_get_key_length(job->cipher) || !bytes_make(out, length))
    return false;
  if (blocks > left)
    first = (size_t)left * AES_BLOCK;
  if (!count(job, job->iv.data, job->in.data, first, out->data))
    return false;
  clear_counter(job->iv.data, job->counter_bits);
  return first == length || count(job, job->iv.data, job->in.data + first, length - first, out->data + first);
}

static bool aes_run(CryptoJob *base)
{
  SealJob *job = (SealJob *)base;
  return mode_of(job) == EVP_CIPH_CTR_MODE ? run_counter(job, &base->out) : run(base);
}

/* --- arguments --------------------------------------------------------------------------------------------------- */

static bool refuse(JSContext *ctx, ErrorClass which, const char *code, const char *message)
{
  throw_code_error(ctx, which, code, "%s", message);
  return false;
}

/* (mode, key, data) */
static bool take(JSContext *ctx, SealJob *job, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, argv[1]);
  if (!key)
    return false;
  job->encrypts = arg_uint32(ctx, argv[0]) == 0;
  job->key = key_retain(key);
  return bytes_copy(ctx, argv[2], "data is too large", &job->in);
}

static bool take_tag(JSContext *ctx, SealJob *job, JSValueConst length, JSValueConst associated)
{
  job->tag_length = arg_uint32(ctx, length);
  if (!JS_IsNumber(length) || job->tag_length > 128)
    return refuse(ctx, RANGE_ERROR, "ERR_CRYPTO_INVALID_TAG_LENGTH", "Invalid taglength");
  return bytes_copy(ctx, associated, "additionalData is too big", &job->associated);
}

/* What a mode takes: (vector), in counter mode (counter, bits), with a tag (vector, length, associated data). */
static bool take_vector(JSContext *ctx, SealJob *job, JSValueConst *argv)
{
  int mode = mode_of(job);
  if (mode == EVP_CIPH_WRAP_MODE)
    return true;
  if (!bytes_copy(ctx, argv[0], "iv is too big", &job->iv))
    return false;
  if (mode == EVP_CIPH_CTR_MODE) {
    job->counter_bits = arg_uint32(ctx, argv[1]);
    if (job->iv.length != AES_BLOCK || job->counter_bits == 0 || job->counter_bits > 128)
      return refuse(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_COUNTER", "Invalid counter");
  }
  if ((mode == EVP_CIPH_GCM_MODE || mode == EVP_CIPH_OCB_MODE) && !take_tag(ctx, job, argv[1], argv[2]))
    return false;
  bool fits = mode == EVP_CIPH_OCB_MODE ? job->iv.length > 0 && job->iv.length < AES_BLOCK
                                        : job->iv.length >= (size_t)EVP_CIPHER_get_iv_length(job->cipher);
  return fits || refuse(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector");
}

/* (mode, key, data, variant, what the mode takes...) */
static bool aes_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  static const char *const names[] = {"aes-128-ctr", "aes-192-ctr", "aes-256-ctr", "aes-128-cbc", "aes-192-cbc",
                                      "aes-256-cbc", "aes-128-gcm", "aes-192-gcm", "aes-256-gcm", "aes128-wrap",
                                      "aes192-wrap", "aes256-wrap", "aes-128-ocb", "aes-192-ocb", "aes-256-ocb"};
  SealJob *job = (SealJob *)base;
  uint32_t variant = arg_uint32(ctx, argv[3]);
  job->cipher = variant < COUNT_OF(names) ? EVP_get_cipherbyname(names[variant]) : NULL;
  if (!job->cipher)
    return refuse(ctx, ERROR, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
  return take(ctx, job, argv) && take_vector(ctx, job, argv + 4);
}

/* (mode, key, data, vector, associated data) */
static bool chacha_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  SealJob *job = (SealJob *)base;
  job->cipher = EVP_chacha20_poly1305();
  job->tag_length = CHACHA_TAG;
  return take(ctx, job, argv) && bytes_copy(ctx, argv[3], "iv is too big", &job->iv) &&
         bytes_copy(ctx, argv[4], "additionalData is too big", &job->associated) &&
         (job->iv.length == 12 || refuse(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector"));
}

static void release(CryptoJob *base)
{
  SealJob *job = (SealJob *)base;
  key_release(job->key);
  bytes_free(&job->in);
  bytes_free(&job->iv);
  bytes_free(&job->associated);
}

static const CryptoJobType aes_job = {.name = "AESCipherJob",
                                      .provider = PROVIDER_CIPHERREQUEST,
                                      .size = sizeof(SealJob),
                                      .failed = "Cipher job failed",
                                      .configure = aes_configure,
                                      .run = aes_run,
                                      .release = release};

static const CryptoJobType chacha_job = {.name = "ChaCha20Poly1305CipherJob",
                                         .provider = PROVIDER_CIPHERREQUEST,
                                         .size = sizeof(SealJob),
                                         .failed = "Cipher job failed",
                                         .configure = chacha_configure,
                                         .run = run,
                                         .release = release};

static JSValue aes_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &aes_job);
}

static JSValue chacha_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &chacha_job);
}

void crypto_init_aes(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingConstant constants[] = {
      {"kKeyVariantAES_CTR_128", 0},   {"kKeyVariantAES_CTR_192", 1},   {"kKeyVariantAES_CTR_256", 2},
      {"kKeyVariantAES_CBC_128", 3},   {"kKeyVariantAES_CBC_192", 4},   {"kKeyVariantAES_CBC_256", 5},
      {"kKeyVariantAES_GCM_128", 6},   {"kKeyVariantAES_GCM_192", 7},   {"kKeyVariantAES_GCM_256", 8},
      {"kKeyVariantAES_KW_128", 9},    {"kKeyVariantAES_KW_192", 10},   {"kKeyVariantAES_KW_256", 11},
      {"kKeyVariantAES_OCB_128", 12},  {"kKeyVariantAES_OCB_192", 13},  {"kKeyVariantAES_OCB_256", 14},
      {"kWebCryptoCipherEncrypt", 0},  {"kWebCryptoCipherDecrypt", 1},
  };
  define_crypto_job(env, ctx, target, &aes_job, aes_job_new);
  define_crypto_job(env, ctx, target, &chacha_job, chacha_job_new);
  DEFINE_CONSTANTS(ctx, target, constants);
}
