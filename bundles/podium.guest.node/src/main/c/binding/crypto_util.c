/* crypto: bytes, OpenSSL's errors, and what is asked of the library as a whole. */
#include "crypto_util.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

#include "../string_bytes.h"

/* --- bytes ------------------------------------------------------------------------------------------------------- */

bool bytes_make(Bytes *bytes, size_t length)
{
  *bytes = (Bytes){malloc(length ? length : 1), length};
  return bytes->data != NULL;
}

void bytes_free(Bytes *bytes)
{
  if (bytes->data)
    OPENSSL_cleanse(bytes->data, bytes->length);
  free(bytes->data);
  *bytes = (Bytes){NULL, 0};
}

bool bytes_copy(JSContext *ctx, JSValueConst value, const char *too_big, Bytes *bytes)
{
  EngineView view = {NULL, 0};
  if (!engine_view(value, &view) && !JS_IsUndefined(value)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "an argument of a crypto job must be a buffer");
    return false;
  }
  if (view.length > INT_MAX) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "%s", too_big);
    return false;
  }
  if (!bytes_make(bytes, view.length)) {
    JS_ThrowOutOfMemory(ctx);
    return false;
  }
  if (view.length)
    memcpy(bytes->data, view.data, view.length);
  return true;
}

void bytes_clear_beyond(Bytes *bytes, size_t bits)
{
  if (bits % 8)
    bytes->data[bytes->length - 1] &= (uint8_t)(0xff << (8 - bits % 8));
}

static void *resize_array_buffer(JSRuntime *rt, void *opaque, void *data, size_t size)
{
  if (size)
    return realloc(data, size);
  free(data);
  return NULL;
}

JSValue bytes_to_array_buffer(JSContext *ctx, Bytes *bytes)
{
  if (!bytes->data && !bytes_make(bytes, 0))
    return JS_ThrowOutOfMemory(ctx);
  JSValue buffer = JS_NewArrayBuffer(ctx, bytes->data, bytes->length, 0, resize_array_buffer, NULL, false);
  *bytes = (Bytes){NULL, 0};
  return buffer;
}

bool data_open(JSContext *ctx, JSValueConst value, JSValueConst encoding, DataArgument *data)
{
  EngineView view;
  *data = (DataArgument){(const uint8_t *)"", 0, NULL};
  if (engine_view(value, &view)) {
    if (view.length)
      *data = (DataArgument){view.data, view.length, NULL};
    return true;
  }
  Encoding how = parse_encoding(ctx, encoding, UTF8);
  if (!string_bytes_get(ctx, value, how == BUFFER ? UTF8 : how, &data->owned, &data->length))
    return false;
  data->bytes = data->owned;
  return true;
}

void data_close(DataArgument *data) { free(data->owned); }

/* --- errors ------------------------------------------------------------------------------------------------------ */

void crypto_errors_take(CryptoErrors *errors)
{
  errors->count = 0;
  for (unsigned long code; (code = ERR_get_error()) != 0;) {
    if (errors->count < COUNT_OF(errors->codes))
      errors->codes[errors->count++] = code;
  }
}

JSValue crypto_errors_exception(JSContext *ctx, const CryptoErrors *errors, const char *otherwise)
{
  char text[256];
  ERR_error_string_n(errors->count ? errors->codes[0] : 0, text, sizeof(text));
  JSValue error = new_error_text(ctx, ERROR, errors->count || !otherwise ? text : otherwise);
  if (errors->count < 2 || !JS_IsObject(error))
    return error;
  JSValue stack = JS_NewArray(ctx);
  for (int i = 1; i < errors->count; i++) {
    ERR_error_string_n(errors->codes[errors->count - i], text, sizeof(text));
    JS_SetPropertyUint32(ctx, stack, (uint32_t)(i - 1), JS_NewString(ctx, text));
  }
  define_value(ctx, error, "opensslErrorStack", stack);
  return error;
}

/* The prefix of a library's codes. */
static const char *library_prefix(unsigned long code)
{
#define V(name) {ERR_LIB_##name, "OSSL_" #name "_"},
  static const struct { int library; const char *prefix; } prefixes[] = {
      V(SYS) V(BN) V(RSA) V(DH) V(EVP) V(BUF) V(OBJ) V(PEM) V(DSA) V(X509) V(ASN1) V(CONF) V(CRYPTO) V(EC) V(BIO)
      V(PKCS7) V(X509V3) V(RAND) V(ENGINE) V(OCSP) V(UI) V(COMP) V(ECDSA) V(ECDH) V(CMS) V(HMAC) V(USER) V(PKCS12)
      V(DSO) V(OSSL_STORE) V(FIPS) V(TS) V(CT) V(ASYNC) V(KDF) V(SM2)
      {ERR_LIB_SSL, "SSL_"},
  };
#undef V
  for (int i = 0; i < COUNT_OF(prefixes); i++) {
    if (prefixes[i].library == ERR_GET_LIB(code))
      return prefixes[i].prefix;
  }
  return "OSSL_";
}

/* OpenSSL has no names for its reasons, only texts: "bad thing" becomes ERR_OSSL_EVP_BAD_THING. */
static void decorate(JSContext *ctx, JSValueConst error, unsigned long code)
{
  const char *library = ERR_lib_error_string(code), *reason = ERR_reason_error_string(code);
  if (library)
    define_string(ctx, error, "library", library);
  if (!reason)
    return;
  define_string(ctx, error, "reason", reason);
  char name[128];
  int length = snprintf(name, sizeof(name), "ERR_%s%s", library_prefix(code), reason);
  for (int i = 0; i < length && i < (int)sizeof(name) - 1; i++) {
    if (name[i] == ' ')
      name[i] = '_';
    else if (name[i] >= 'a' && name[i] <= 'z')
      name[i] -= 'a' - 'A';
  }
  define_string(ctx, error, "code", name);
}

static JSValue throw_errors(JSContext *ctx, const CryptoErrors *errors, const char *otherwise)
{
  JSValue error = crypto_errors_exception(ctx, errors, otherwise);
  if (!JS_IsObject(error))
    return error;
  if (errors->count)
    decorate(ctx, error, errors->codes[0]);
  return JS_Throw(ctx, error);
}

JSValue throw_crypto_error(JSContext *ctx, const char *otherwise)
{
  CryptoErrors errors;
  crypto_errors_take(&errors);
  return throw_errors(ctx, &errors, otherwise);
}

JSValue throw_cipher_error(JSContext *ctx, const char *otherwise)
{
  CryptoErrors errors;
  crypto_errors_take(&errors);
  if (errors.count > 0 && errors.count < COUNT_OF(errors.codes)) {
    memmove(errors.codes + 1, errors.codes, (size_t)errors.count * sizeof(errors.codes[0]));
    errors.count++;
  }
  return throw_errors(ctx, &errors, otherwise);
}

/* --- the library as a whole -------------------------------------------------------------------------------------- */

static bool fips_enabled(void)
{
  bool enabled = EVP_default_properties_is_fips_enabled(NULL) == 1;
  ERR_clear_error();
  return enabled;
}

static JSValue get_fips_crypto(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewInt32(ctx, fips_enabled());
}

static JSValue set_fips_crypto(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  bool enable = arg_bool(ctx, argv[0]);
  if (fips_enabled() != enable && EVP_default_properties_enable_fips(NULL, enable) != 1)
    return throw_crypto_error(ctx, NULL);
  return JS_UNDEFINED;
}

/* Is there a provider of that name, and does it test itself well? */
static JSValue test_fips_crypto(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  OSSL_PROVIDER *provider = OSSL_PROVIDER_available(NULL, "fips") ? OSSL_PROVIDER_load(NULL, "fips") : NULL;
  int passed = provider && OSSL_PROVIDER_self_test(provider);
  if (provider)
    OSSL_PROVIDER_unload(provider);
  ERR_clear_error();
  return JS_NewInt32(ctx, passed);
}

/* Memory cannot be locked here: an ordinary array, as OpenSSL gives where it has no secure heap. */
static JSValue secure_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Bytes bytes;
  if (!bytes_make(&bytes, arg_uint32(ctx, argv[0])))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_OPERATION_FAILED", "Allocation failed");
  memset(bytes.data, 0, bytes.length);
  JSValue buffer = bytes_to_array_buffer(ctx, &bytes);
  if (JS_IsException(buffer))
    return buffer;
  JSValueConst whole[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(ctx, COUNT_OF(whole), whole, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(ctx, buffer);
  return array;
}

static JSValue secure_heap_used(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewBigUint64(ctx, CRYPTO_secure_malloc_initialized() ? CRYPTO_secure_used() : 0);
}

void crypto_init_util(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getFipsCrypto", get_fips_crypto, 0},   {"setFipsCrypto", set_fips_crypto, 1},
      {"testFipsCrypto", test_fips_crypto, 0}, {"secureBuffer", secure_buffer, 1},
      {"secureHeapUsed", secure_heap_used, 0},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
}
