/* crypto: TurboSHAKE and KangarooTwelve (RFC 9861), which OpenSSL does not have. */
#include <openssl/crypto.h>
#include <string.h>

#include "crypto_job.h"

/* --- the sponge -------------------------------------------------------------------------------------------------- */

typedef struct Sponge {
  uint64_t lanes[25];
  size_t rate, at; /* in bytes */
} Sponge;

static uint64_t rotate(uint64_t lane, int by) { return by ? lane << by | lane >> (64 - by) : lane; }

/* Keccak-p[1600, 12]: the last twelve rounds of Keccak-f (FIPS 202, 3.2 and 3.3). */
static void permute(uint64_t a[25])
{
  static const uint64_t constants[] = {0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
                                       0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
                                       0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
  static const uint8_t offsets[25] = {0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14};
  for (int round = 0; round < COUNT_OF(constants); round++) {
    uint64_t c[5], b[25];
    for (int x = 0; x < 5; x++)
      c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++) {
      uint64_t d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
      for (int y = 0; y < 5; y++)
        b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[x + 5 * y] ^ d, offsets[x + 5 * y]);
    }
    for (int i = 0; i < 25; i++)
      a[i] = b[i] ^ (~b[i - i % 5 + (i + 1) % 5] & b[i - i % 5 + (i + 2) % 5]);
    a[0] ^= constants[round];
  }
}

static void mix(Sponge *sponge, uint8_t byte) { sponge->lanes[sponge->at / 8] ^= (uint64_t)byte << (8 * (sponge->at % 8)); }

static void absorb(Sponge *sponge, const uint8_t *data, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    mix(sponge, data[i]);
    if (++sponge->at == sponge->rate) {
      permute(sponge->lanes);
      sponge->at = 0;
    }
  }
}

static void squeeze(Sponge *sponge, uint8_t domain, uint8_t *out, size_t length)
{
  mix(sponge, domain);
  sponge->at = sponge->rate - 1;
  mix(sponge, 0x80);
  for (size_t i = 0; i < length; i++) {
    if (i % sponge->rate == 0)
      permute(sponge->lanes);
    size_t at = i % sponge->rate;
    out[i] = (uint8_t)(sponge->lanes[at / 8] >> (8 * (at % 8)));
  }
}

static Sponge new_sponge(int strength) { return (Sponge){.rate = strength == 128 ? 168 : 136}; }

/* --- KangarooTwelve ---------------------------------------------------------------------------------------------- */

enum { CHUNK = 8192 };

/* length_encode of the standard: as few bytes as it takes, none for 0, and their count; how many that makes. */
static size_t encode_length(uint64_t value, uint8_t out[9])
{
  size_t size = 0;
  while (size < 8 && value >> (8 * size))
    size++;
  for (size_t i = 0; i < size; i++)
    out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
  out[size] = (uint8_t)size;
  return size + 1;
}

/* The first chunk goes into the root, of each other one its own digest does. */
typedef struct Tree {
  int strength;
  Sponge root, leaf;
  size_t filled; /* of the current chunk */
  uint64_t leaves;
} Tree;

static void end_leaf(Tree *tree)
{
  uint8_t digest[64];
  size_t length = (size_t)tree->strength / 4;
  squeeze(&tree->leaf, 0x0b, digest, length);
  absorb(&tree->root, digest, length);
}

static void start_leaf(Tree *tree)
{
  static const uint8_t mark[8] = {3};
  if (tree->leaves)
    end_leaf(tree);
  else
    absorb(&tree->root, mark, sizeof(mark));
  tree->leaf = new_sponge(tree->strength);
  tree->leaves++;
  tree->filled = 0;
}

static void feed(Tree *tree, const uint8_t *data, size_t length)
{
  while (length) {
    if (tree->filled == CHUNK)
      start_leaf(tree);
    size_t part = CHUNK - tree->filled < length ? CHUNK - tree->filled : length;
    absorb(tree->leaves ? &tree->leaf : &tree->root, data, part);
    tree->filled += part;
    data += part;
    length -= part;
  }
}

static void kangaroo_twelve(int strength, const Bytes *input, const Bytes *customization, Bytes *out)
{
  uint8_t text[11];
  Tree tree = {.strength = strength, .root = new_sponge(strength)};
  feed(&tree, input->data, input->length);
  feed(&tree, customization->data, customization->length);
  feed(&tree, text, encode_length(customization->length, text));
  if (tree.leaves) {
    end_leaf(&tree);
    size_t length = encode_length(tree.leaves, text);
    text[length] = text[length + 1] = 0xff;
    absorb(&tree.root, text, length + 2);
  }
  squeeze(&tree.root, tree.leaves ? 0x06 : 0x07, out->data, out->length);
}

/* --- jobs -------------------------------------------------------------------------------------------------------- */

typedef struct ShakeJob {
  CryptoJob job; /* first */
  int strength;
  uint8_t domain;      /* of TurboSHAKE */
  Bytes customization; /* of KangarooTwelve */
  Bytes input;
  size_t length;
} ShakeJob;

/* (algorithm, domain or customization, length, data) */
static bool take(JSContext *ctx, ShakeJob *job, JSValueConst *argv)
{
  const char *algorithm = JS_ToCString(ctx, argv[0]);
  if (!algorithm)
    return false;
  job->strength = strstr(algorithm, "256") ? 256 : 128;
  JS_FreeCString(ctx, algorithm);
  job->length = arg_uint32(ctx, argv[2]);
  return bytes_copy(ctx, argv[3], "data is too big", &job->input);
}

static bool turbo_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  ((ShakeJob *)base)->domain = (uint8_t)arg_uint32(ctx, argv[1]);
  return take(ctx, (ShakeJob *)base, argv);
}

static bool kangaroo_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  return bytes_copy(ctx, argv[1], "customization is too big", &((ShakeJob *)base)->customization) &&
         take(ctx, (ShakeJob *)base, argv);
}

static bool turbo_run(CryptoJob *base)
{
  ShakeJob *job = (ShakeJob *)base;
  if (!bytes_make(&base->out, job->length))
    return false;
  Sponge sponge = new_sponge(job->strength);
  absorb(&sponge, job->input.data, job->input.length);
  squeeze(&sponge, job->domain, base->out.data, job->length);
  return true;
}

static bool kangaroo_run(CryptoJob *base)
{
  ShakeJob *job = (ShakeJob *)base;
  if (!bytes_make(&base->out, job->length))
    return false;
  kangaroo_twelve(job->strength, &job->input, &job->customization, &base->out);
  return true;
}

static void release(CryptoJob *base)
{
  bytes_free(&((ShakeJob *)base)->input);
  bytes_free(&((ShakeJob *)base)->customization);
}

static const CryptoJobType turbo_job = {.name = "TurboShakeJob",
                                        .provider = PROVIDER_DERIVEBITSREQUEST,
                                        .size = sizeof(ShakeJob),
                                        .failed = "Deriving bits failed",
                                        .configure = turbo_configure,
                                        .run = turbo_run,
                                        .release = release};

static const CryptoJobType kangaroo_job = {.name = "KangarooTwelveJob",
                                           .provider = PROVIDER_DERIVEBITSREQUEST,
                                           .size = sizeof(ShakeJob),
                                           .failed = "Deriving bits failed",
                                           .configure = kangaroo_configure,
                                           .run = kangaroo_run,
                                           .release = release};

static JSValue turbo_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &turbo_job);
}

static JSValue kangaroo_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &kangaroo_job);
}

void crypto_init_turboshake(Env *env, JSContext *ctx, JSValueConst target)
{
  define_crypto_job(env, ctx, target, &turbo_job, turbo_job_new);
  define_crypto_job(env, ctx, target, &kangaroo_job, kangaroo_job_new);
}
