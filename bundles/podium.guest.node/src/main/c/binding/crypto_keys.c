/* crypto: keys, and the handles through which the library has them. */
#include "crypto_keys.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "../string_bytes.h"

/* As the library has them, beside the types. */
enum { FORMAT_DER, FORMAT_PEM, FORMAT_JWK, FORMAT_RAW_PUBLIC, FORMAT_RAW_PRIVATE, FORMAT_RAW_SEED, FORMAT_STORE };
enum { ENCODING_PKCS1, ENCODING_PKCS8, ENCODING_SPKI, ENCODING_SEC1 };

Key *key_new_secret(JSContext *ctx, Bytes *bytes)
{
  Key *key = malloc(sizeof(*key));
  if (!key) {
    bytes_free(bytes);
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *key = (Key){1, KEY_SECRET, *bytes};
  *bytes = (Bytes){NULL, 0};
  return key;
}

Key *key_retain(Key *key)
{
  key->references++;
  return key;
}

void key_release(Key *key)
{
  if (!key || --key->references > 0)
    return;
  bytes_free(&key->secret);
  free(key);
}

bool secret_take(JSContext *ctx, JSValueConst value, const char *too_big, Secret *secret)
{
  if (!is_key_handle(value))
    return bytes_copy(ctx, value, too_big, &secret->bytes);
  Key *key = key_of_handle(ctx, value);
  if (!key)
    return false;
  secret->key = key_retain(key);
  return true;
}

const Bytes *secret_bytes(const Secret *secret) { return secret->key ? &secret->key->secret : &secret->bytes; }

void secret_free(Secret *secret)
{
  key_release(secret->key);
  bytes_free(&secret->bytes);
}

/* --- KeyObjectHandle --------------------------------------------------------------------------------------------- */

typedef struct KeyHandle {
  BaseObject base; /* first */
  Key *key;        /* NULL until init() */
} KeyHandle;

static void handle_finalize(BaseObject *base) { key_release(((KeyHandle *)base)->key); }

static const BaseType handle_type = {"KeyObjectHandle", NULL, handle_finalize, NULL};

static JSValue handle_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  KeyHandle *handle;
  return base_object_new(ctx, self, &handle_type, sizeof(KeyHandle), &handle);
}

bool is_key_handle(JSValueConst value) { return base_object_peek(value, &handle_type) != NULL; }

Key *key_of_handle(JSContext *ctx, JSValueConst value)
{
  KeyHandle *handle = base_object_get(ctx, value, &handle_type);
  if (handle && !handle->key)
    throw_code_error(ctx, ERROR, "ERR_CRYPTO_INVALID_STATE", "a key was used before it was there");
  return handle ? handle->key : NULL;
}

JSValue new_key_handle(JSContext *ctx, Key *key)
{
  KeyHandle *handle;
  JSValue object = base_object_new(ctx, env_of(ctx)->key_object_handle_class, &handle_type, sizeof(KeyHandle), &handle);
  if (!JS_IsException(object))
    handle->key = key_retain(key);
  return object;
}

/* The `k` of a JSON Web Key. */
static bool jwk_secret(JSContext *ctx, JSValueConst jwk, Bytes *bytes)
{
  JSValue k = JS_GetPropertyStr(ctx, jwk, "k");
  bool ok = false;
  if (!JS_IsException(k) && !JS_IsString(k))
    throw_code_error(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_JWK", "Invalid JWK secret key format");
  else if (!JS_IsException(k))
    ok = string_bytes_get(ctx, k, BASE64, &bytes->data, &bytes->length);
  JS_FreeValue(ctx, k);
  return ok;
}

/* init(type, buffer), init(type, JWK, format, null, null); more for the types that are not there */
static JSValue handle_init(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  KeyHandle *handle = base_object_get(ctx, self, &handle_type);
  Bytes bytes = {NULL, 0};
  if (!handle)
    return JS_EXCEPTION;
  if (arg_int32(ctx, argv[0]) != KEY_SECRET)
    return throw_unavailable(ctx, "crypto.KeyObjectHandle of public and private keys");
  bool jwk = JS_IsNumber(argv[2]) && arg_int32(ctx, argv[2]) == FORMAT_JWK;
  if (jwk ? !jwk_secret(ctx, argv[1], &bytes) : !bytes_copy(ctx, argv[1], "key is too big", &bytes))
    return JS_EXCEPTION;
  Key *key = key_new_secret(ctx, &bytes);
  if (!key)
    return JS_EXCEPTION;
  key_release(handle->key);
  handle->key = key;
  return JS_UNDEFINED;
}

static JSValue handle_type_of(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, self);
  return key ? JS_NewInt32(ctx, key->type) : JS_EXCEPTION;
}

static JSValue handle_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, self);
  return key ? JS_NewInt64(ctx, (int64_t)key->secret.length) : JS_EXCEPTION;
}

/* keyDetail(target) */
static JSValue handle_detail(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, self);
  if (!key)
    return JS_EXCEPTION;
  define_number(ctx, argv[0], "length", (double)key->secret.length * 8);
  return JS_DupValue(ctx, argv[0]);
}

static JSValue handle_export(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, self);
  return key ? new_buffer(env_of(ctx), key->secret.data, key->secret.length) : JS_EXCEPTION;
}

/* exportJwk(target, RSA-PSS too) */
static JSValue handle_export_jwk(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, self);
  if (!key)
    return JS_EXCEPTION;
  JSValue text = string_bytes_encode(ctx, key->secret.data, key->secret.length, BASE64URL);
  if (JS_IsException(text))
    return text;
  define_string(ctx, argv[0], "kty", "oct");
  define_value(ctx, argv[0], "k", text);
  return JS_DupValue(ctx, argv[0]);
}

static JSValue handle_equals(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Key *key = key_of_handle(ctx, self), *other = key ? key_of_handle(ctx, argv[0]) : NULL;
  if (!other)
    return JS_EXCEPTION;
  return JS_NewBool(ctx, key->type == other->type && key->secret.length == other->secret.length &&
                             CRYPTO_memcmp(key->secret.data, other->secret.data, key->secret.length) == 0);
}

static void define_constants_of_keys(JSContext *ctx, JSValueConst target)
{
  static const BindingConstant constants[] = {
      {"kKeyTypeSecret", KEY_SECRET},
      {"kKeyTypePublic", KEY_PUBLIC},
      {"kKeyTypePrivate", KEY_PRIVATE},
      {"kKeyFormatDER", FORMAT_DER},
      {"kKeyFormatPEM", FORMAT_PEM},
      {"kKeyFormatJWK", FORMAT_JWK},
      {"kKeyFormatRawPublic", FORMAT_RAW_PUBLIC},
      {"kKeyFormatRawPrivate", FORMAT_RAW_PRIVATE},
      {"kKeyFormatRawSeed", FORMAT_RAW_SEED},
      {"kKeyFormatStore", FORMAT_STORE},
      {"kKeyEncodingPKCS1", ENCODING_PKCS1},
      {"kKeyEncodingPKCS8", ENCODING_PKCS8},
      {"kKeyEncodingSPKI", ENCODING_SPKI},
      {"kKeyEncodingSEC1", ENCODING_SEC1},
      {"kWebCryptoKeyFormatRaw", 0},
      {"kWebCryptoKeyFormatPKCS8", 1},
      {"kWebCryptoKeyFormatSPKI", 2},
      {"kWebCryptoKeyFormatJWK", 3},
  };
  DEFINE_CONSTANTS(ctx, target, constants);
}

void crypto_init_keys(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"init", handle_init, 3},          {"getKeyType", handle_type_of, 0}, {"getSymmetricKeySize", handle_size, 0},
      {"keyDetail", handle_detail, 1},   {"export", handle_export, 0},      {"exportJwk", handle_export_jwk, 2},
      {"equals", handle_equals, 1},
  };
  /* Of public and private keys; init() refuses to make any. */
  static const char *const unavailable[] = {"getAsymmetricKeyType", "checkEcKeyData",    "rawPublicKey",      "rawPrivateKey",
                                            "rawSeed",              "exportECPublicRaw", "exportECPrivateRaw"};
  JSValueConst handle = define_class(ctx, target, "KeyObjectHandle", handle_new, JS_UNDEFINED, methods, COUNT_OF(methods));
  env->key_object_handle_class = JS_DupValue(ctx, handle);
  JSValue prototype = JS_GetPropertyStr(ctx, handle, "prototype");
  for (int i = 0; i < COUNT_OF(unavailable); i++)
    define_unavailable(ctx, prototype, "crypto.KeyObjectHandle", unavailable[i]);
  JS_FreeValue(ctx, prototype);
  define_constants_of_keys(ctx, target);
}
