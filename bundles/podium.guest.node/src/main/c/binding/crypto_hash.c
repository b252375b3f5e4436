/* crypto: digests: by name, as objects that are fed, in one call, and as jobs. */
#include <stdlib.h>
#include <string.h>

#include "../string_bytes.h"
#include "crypto_job.h"

/* --- by name ----------------------------------------------------------------------------------------------------- */

/* Digests that were fetched, known by their number, and the names that lead to them: the library keeps both. */
typedef struct Alias {
  char *name;
  int id;
} Alias;

static struct {
  EVP_MD **fetched;
  int count;
  Alias *aliases;
  int alias_count;
} cache;

const EVP_MD *digest_by_name(const char *name)
{
  /* Old names of Node's for SHA-1 with DSA. */
  if (!strcmp(name, "dss1") || !strcmp(name, "DSS1"))
    return EVP_sha1();
  return EVP_get_digestbyname(name);
}

const EVP_MD *digest_argument(JSContext *ctx, JSValueConst value)
{
  const char *name = JS_ToCString(ctx, value);
  if (!name)
    return NULL;
  const EVP_MD *digest = digest_by_name(name);
  if (!digest)
    throw_code_error(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest: %s", name);
  JS_FreeCString(ctx, name);
  return digest;
}

static int find_alias(const char *name)
{
  for (int i = 0; i < cache.alias_count; i++) {
    if (!strcmp(cache.aliases[i].name, name))
      return cache.aliases[i].id;
  }
  return -1;
}

static void add_alias(const char *name, void *id)
{
  if (find_alias(name) >= 0)
    return;
  Alias *grown = realloc(cache.aliases, (size_t)(cache.alias_count + 1) * sizeof(*grown));
  if (!grown)
    return; /* it is fetched again then */
  cache.aliases = grown;
  char *copy = strdup(name);
  if (copy)
    grown[cache.alias_count++] = (Alias){copy, *(int *)id};
}

/* Takes a fetched digest into the cache; its number. -1, and the digest is gone, when out of memory. */
static int keep(EVP_MD *digest)
{
  EVP_MD **grown = realloc(cache.fetched, (size_t)(cache.count + 1) * sizeof(EVP_MD *));
  if (!grown) {
    EVP_MD_free(digest);
    return -1;
  }
  cache.fetched = grown;
  grown[cache.count] = digest;
  EVP_MD_names_do_all(digest, add_alias, &cache.count);
  return cache.count++;
}

/*
 * The digest of a name, and its number if some provider has it (else -1). Names are OpenSSL's old ones; only what they
 * really stand for can be fetched.
 */
static const EVP_MD *fetch_digest(const char *name, int *id)
{
  *id = -1;
  const EVP_MD *known = digest_by_name(name);
  const char *real_name = known ? EVP_MD_get0_name(known) : NULL;
  if (!real_name)
    return known;
  *id = find_alias(real_name);
  if (*id < 0) {
    EVP_MD *fetched = EVP_MD_fetch(NULL, real_name, NULL);
    if (fetched)
      *id = keep(fetched);
  }
  if (*id < 0)
    return known;
  add_alias(name, id);
  return cache.fetched[*id];
}

/* The digest of (algorithm, id or -1, the library's cache of ids); NULL if there is none, or with an exception. */
static const EVP_MD *digest_of(JSContext *ctx, JSValueConst algorithm, JSValueConst id_value, JSValueConst ids)
{
  int id = arg_int32(ctx, id_value);
  if (id >= 0 && id < cache.count)
    return cache.fetched[id];
  const char *name = JS_ToCString(ctx, algorithm);
  if (!name)
    return NULL;
  const EVP_MD *digest = fetch_digest(name, &id);
  if (id >= 0 && JS_IsObject(ids))
    JS_SetPropertyStr(ctx, ids, name, JS_NewInt32(ctx, id));
  JS_FreeCString(ctx, name);
  return digest;
}

static JSValue get_cached_aliases(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue ids = new_null_object(ctx);
  for (int i = 0; i < cache.alias_count; i++)
    define_number(ctx, ids, cache.aliases[i].name, cache.aliases[i].id);
  return ids;
}

typedef struct NameList {
  JSContext *ctx;
  JSValue array;
  uint32_t count;
} NameList;

/* OpenSSL tells of some that it only uses itself. */
static void add_hash(const EVP_MD *digest, const char *from, const char *to, void *context)
{
  NameList *list = context;
  int id = -1;
  if (from)
    fetch_digest(from, &id);
  if (id >= 0)
    JS_SetPropertyUint32(list->ctx, list->array, list->count++, JS_NewString(list->ctx, from));
}

static JSValue get_hashes(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  NameList list = {ctx, JS_NewArray(ctx), 0};
  ERR_set_mark();
  EVP_MD_do_all_sorted(add_hash, &list);
  ERR_pop_to_mark();
  return list.array;
}

/* --- digesting --------------------------------------------------------------------------------------------------- */

static bool is_xof(const EVP_MD *digest) { return (EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF) != 0; }

/* OpenSSL 3.4 took the default lengths of these away; programs rely on them. */
static size_t default_length(const EVP_MD *digest)
{
  size_t length = (size_t)EVP_MD_get_size(digest);
  if (!is_xof(digest) || (length != 0 && EVP_MD_get_size(digest) > 0))
    return length;
  return EVP_MD_is_a(digest, "SHAKE128") ? 16 : EVP_MD_is_a(digest, "SHAKE256") ? 32 : 0;
}

static bool final(EVP_MD_CTX *digesting, uint8_t *out, size_t length)
{
  if ((int)length == EVP_MD_CTX_get_size(digesting))
    return EVP_DigestFinal_ex(digesting, out, NULL) == 1;
  return EVP_DigestFinalXOF(digesting, out, length) == 1;
}

/* The digest of `in`, as bytes that the caller frees; false with OpenSSL's errors. */
static bool digest_bytes(const EVP_MD *digest, const uint8_t *in, size_t in_length, size_t length, Bytes *out)
{
  EVP_MD_CTX *digesting = EVP_MD_CTX_new();
  bool ok = digesting && bytes_make(out, length) && EVP_DigestInit_ex(digesting, digest, NULL) == 1 &&
            EVP_DigestUpdate(digesting, in, in_length) == 1 && (length == 0 || final(digesting, out->data, length));
  EVP_MD_CTX_free(digesting);
  return ok;
}

/* The length of (digest, asked for or undefined); false with an exception. */
static bool one_shot_length(JSContext *ctx, const EVP_MD *digest, JSValueConst algorithm, JSValueConst asked, size_t *length)
{
  *length = JS_IsUndefined(asked) ? default_length(digest) : arg_uint32(ctx, asked);
  if (is_xof(digest) || *length == (size_t)EVP_MD_get_size(digest))
    return true;
  const char *name = JS_ToCString(ctx, algorithm);
  char text[256];
  snprintf(text, sizeof(text), "Output length %zu is invalid for %s, which does not support XOF", *length, name ? name : "?");
  JS_FreeCString(ctx, name);
  throw_crypto_error(ctx, text);
  return false;
}

static JSValue unsupported_digest(JSContext *ctx, JSValueConst algorithm)
{
  char text[256];
  const char *name = JS_ToCString(ctx, algorithm);
  if (!name)
    return JS_EXCEPTION;
  snprintf(text, sizeof(text), "Digest method %s is not supported", name);
  JS_FreeCString(ctx, name);
  return throw_crypto_error(ctx, text);
}

/* oneShotDigest(algorithm, id, ids, input, encoding, its number, output length) */
static JSValue one_shot_digest(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const EVP_MD *digest = digest_of(ctx, argv[0], argv[1], argv[2]);
  if (!digest)
    return JS_HasException(ctx) ? JS_EXCEPTION : unsupported_digest(ctx, argv[0]);
  Encoding encoding = parse_encoding(ctx, JS_IsNumber(argv[5]) ? argv[5] : argv[4], HEX);
  DataArgument in;
  Bytes out = {NULL, 0};
  size_t length;
  if (!one_shot_length(ctx, digest, argv[0], argv[6], &length) || !data_open(ctx, argv[3], JS_UNDEFINED, &in))
    return JS_EXCEPTION;
  bool ok = digest_bytes(digest, in.bytes, in.length, length, &out);
  data_close(&in);
  JSValue result = ok ? string_bytes_encode(ctx, out.data, out.length, encoding) : throw_crypto_error(ctx, NULL);
  bytes_free(&out);
  return result;
}

/* --- Hash -------------------------------------------------------------------------------------------------------- */

typedef struct Hash {
  BaseObject base; /* first */
  EVP_MD_CTX *digesting;
  size_t length;
  Bytes digest; /* once it was asked for: some digests cannot be finished twice */
} Hash;

static void hash_finalize(BaseObject *base)
{
  Hash *hash = (Hash *)base;
  EVP_MD_CTX_free(hash->digesting);
  bytes_free(&hash->digest);
}

static const BaseType hash_type = {"Hash", NULL, hash_finalize, NULL};

/* With the length asked for, or undefined; false with OpenSSL's errors, if any. */
static bool hash_start(JSContext *ctx, Hash *hash, const EVP_MD *digest, JSValueConst asked)
{
  hash->digesting = EVP_MD_CTX_new();
  if (!digest || !hash->digesting || EVP_DigestInit_ex(hash->digesting, digest, NULL) != 1)
    return false;
  hash->length = JS_IsUndefined(asked) ? default_length(digest) : arg_uint32(ctx, asked);
  if (is_xof(digest) || hash->length == (size_t)EVP_MD_get_size(digest))
    return true;
  ERR_raise(ERR_LIB_EVP, EVP_R_NOT_XOF_OR_INVALID_LENGTH);
  return false;
}

/* new Hash(algorithm or Hash, output length, id, ids) */
static JSValue hash_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (argc < 4)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "Hash takes four arguments");
  Hash *from = base_object_peek(argv[0], &hash_type), *hash;
  const EVP_MD *digest =
      from ? EVP_MD_CTX_get0_md(from->digesting) : digest_of(ctx, argv[0], argv[2], argv[3]);
  if (!digest && JS_HasException(ctx))
    return JS_EXCEPTION;
  JSValue object = base_object_new(ctx, self, &hash_type, sizeof(Hash), &hash);
  if (JS_IsException(object))
    return object;
  const char *failure = NULL;
  if (!hash_start(ctx, hash, digest, argv[1]))
    failure = "Digest method not supported";
  else if (from && EVP_MD_CTX_copy(hash->digesting, from->digesting) != 1)
    failure = "Digest copy error";
  if (!failure)
    return object;
  JS_FreeValue(ctx, object);
  return throw_crypto_error(ctx, failure);
}

/* update(data, encoding) */
static JSValue hash_update(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Hash *hash = base_object_get(ctx, self, &hash_type);
  DataArgument data;
  if (!hash || !data_open(ctx, argv[0], argv[1], &data))
    return JS_EXCEPTION;
  bool ok = EVP_DigestUpdate(hash->digesting, data.bytes, data.length) == 1;
  data_close(&data);
  return JS_NewBool(ctx, ok);
}

/* digest(encoding) */
static JSValue hash_digest(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Hash *hash = base_object_get(ctx, self, &hash_type);
  if (!hash)
    return JS_EXCEPTION;
  Encoding encoding = parse_encoding(ctx, argv[0], BUFFER);
  if (!hash->digest.data) {
    if (!bytes_make(&hash->digest, hash->length))
      return JS_ThrowOutOfMemory(ctx);
    if (hash->length && !final(hash->digesting, hash->digest.data, hash->length)) {
      bytes_free(&hash->digest);
      return throw_crypto_error(ctx, NULL);
    }
  }
  return string_bytes_encode(ctx, hash->digest.data, hash->digest.length, encoding);
}

/* --- HashJob ----------------------------------------------------------------------------------------------------- */

typedef struct HashJob {
  CryptoJob job; /* first */
  const EVP_MD *digest;
  Bytes in;
  size_t length;
} HashJob;

/* (algorithm, data, length in bits or undefined) */
static bool hash_job_configure(JSContext *ctx, CryptoJob *base, JSValueConst *argv)
{
  HashJob *job = (HashJob *)base;
  if (!(job->digest = digest_argument(ctx, argv[0])) || !bytes_copy(ctx, argv[1], "data is too big", &job->in))
    return false;
  size_t usual = (size_t)EVP_MD_get_size(job->digest);
  job->length = JS_IsNumber(argv[2]) ? arg_uint32(ctx, argv[2]) / 8 : usual;
  if (job->length == usual || is_xof(job->digest))
    return true;
  throw_code_error(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_DIGEST", "Digest method not supported");
  return false;
}

static bool hash_job_run(CryptoJob *base)
{
  HashJob *job = (HashJob *)base;
  return digest_bytes(job->digest, job->in.data, job->in.length, job->length, &base->out);
}

static void hash_job_release(CryptoJob *base) { bytes_free(&((HashJob *)base)->in); }

static const CryptoJobType hash_job = {.name = "HashJob",
                                       .provider = PROVIDER_HASHREQUEST,
                                       .size = sizeof(HashJob),
                                       .failed = "Deriving bits failed",
                                       .configure = hash_job_configure,
                                       .run = hash_job_run,
                                       .release = hash_job_release};

static JSValue hash_job_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return crypto_job_new(ctx, self, argc, argv, &hash_job);
}

void crypto_init_hash(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"update", hash_update, 2}, {"digest", hash_digest, 1}};
  static const BindingFunction functions[] = {
      {"getHashes", get_hashes, 0}, {"getCachedAliases", get_cached_aliases, 0}, {"oneShotDigest", one_shot_digest, 7}};
  define_class(ctx, target, "Hash", hash_new, JS_UNDEFINED, methods, COUNT_OF(methods));
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_crypto_job(env, ctx, target, &hash_job, hash_job_new);
}
