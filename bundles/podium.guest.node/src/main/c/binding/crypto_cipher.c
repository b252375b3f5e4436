/* crypto: ciphers, fed piece by piece: Cipheriv and Decipheriv of the library. */
#include <limits.h>
#include <openssl/objects.h>
#include <string.h>

#include "crypto_keys.h"

enum { TAG_UNKNOWN = -1, USUAL_TAG = 16, MOST_TAG = 16 };

typedef struct Cipher {
  BaseObject base; /* first */
  EVP_CIPHER_CTX *context; /* until final() */
  bool encrypts;
  int tag_length; /* or TAG_UNKNOWN */
  uint8_t tag[MOST_TAG];
  enum { TAG_NONE, TAG_GIVEN, TAG_COMPUTED } tag_state;
  int most_message; /* of CCM */
  bool not_authentic; /* CCM knows before final() */
} Cipher;

static void cipher_finalize(BaseObject *base) { EVP_CIPHER_CTX_free(((Cipher *)base)->context); }

static const BaseType cipher_type = {"CipherBase", NULL, cipher_finalize, NULL};

/* --- kinds of ciphers -------------------------------------------------------------------------------------------- */

static bool is_chacha(const EVP_CIPHER *cipher) { return EVP_CIPHER_get_nid(cipher) == NID_chacha20_poly1305; }

/* Has it tags, in a way that the library knows? */
static bool authenticates(const EVP_CIPHER *cipher)
{
  int mode = EVP_CIPHER_get_mode(cipher);
  return mode == EVP_CIPH_CCM_MODE || mode == EVP_CIPH_GCM_MODE || mode == EVP_CIPH_OCB_MODE || is_chacha(cipher);
}

static int mode_of(const Cipher *cipher) { return EVP_CIPHER_CTX_get_mode(cipher->context); }
static bool is_authenticating(const Cipher *cipher) { return authenticates(EVP_CIPHER_CTX_get0_cipher(cipher->context)); }

/* NIST SP 800-38D, 5.2.1.2. */
static bool is_gcm_tag(uint32_t length) { return length == 4 || length == 8 || (length >= 12 && length <= 16); }

static JSValue throw_code(JSContext *ctx, ErrorClass which, const char *code, const char *message)
{
  return throw_code_error(ctx, which, code, "%s", message);
}

static JSValue invalid_iv(JSContext *ctx)
{
  return throw_code(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector");
}

static JSValue invalid_tag_length(JSContext *ctx, uint32_t length)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_AUTH_TAG", "Invalid authentication tag length: %u", length);
}

/* --- starting ---------------------------------------------------------------------------------------------------- */

/* The length of the tag, which a number tells, or -1. False with an exception. */
static bool start_tag(JSContext *ctx, Cipher *cipher, const char *name, JSValueConst asked)
{
  bool gcm = mode_of(cipher) == EVP_CIPH_GCM_MODE;
  uint32_t length = arg_uint32(ctx, asked);
  if (arg_double(ctx, asked) < 0) {
    if (gcm)
      return true;
    if (!is_chacha(EVP_CIPHER_CTX_get0_cipher(cipher->context))) {
      throw_code_error(ctx, TYPE_ERROR, "ERR_CRYPTO_INVALID_AUTH_TAG", "authTagLength required for %s", name);
      return false;
    }
    length = USUAL_TAG;
  } else if (gcm ? !is_gcm_tag(length)
                 : length > MOST_TAG || EVP_CIPHER_CTX_ctrl(cipher->context, EVP_CTRL_AEAD_SET_TAG, (int)length, NULL) != 1) {
    invalid_tag_length(ctx, length);
    return false;
  }
  cipher->tag_length = (int)length;
  return true;
}

static bool start_authenticating(JSContext *ctx, Cipher *cipher, const char *name, size_t iv_length, JSValueConst tag_length)
{
  if (EVP_CIPHER_CTX_ctrl(cipher->context, EVP_CTRL_AEAD_SET_IVLEN, (int)iv_length, NULL) != 1) {
    invalid_iv(ctx);
    return false;
  }
  /* The counter has what the nonce leaves of 15 bytes. */
  if (mode_of(cipher) == EVP_CIPH_CCM_MODE)
    cipher->most_message = iv_length == 12 ? (1 << 24) - 1 : iv_length == 13 ? (1 << 16) - 1 : INT_MAX;
  return start_tag(ctx, cipher, name, tag_length);
}

static bool iv_fits(const EVP_CIPHER *kind, size_t length)
{
  size_t expected = (size_t)EVP_CIPHER_get_iv_length(kind);
  if (length == 0)
    return expected == 0;
  if (is_chacha(kind) && length > 12)
    return false;
  return authenticates(kind) || length == expected;
}

static bool start(JSContext *ctx, Cipher *cipher, const char *name, const uint8_t *key, size_t key_length,
                  const DataArgument *iv, JSValueConst tag_length)
{
  const EVP_CIPHER *kind = EVP_get_cipherbyname(name);
  ERR_clear_error();
  if (!kind) {
    throw_code(ctx, ERROR, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
    return false;
  }
  if (!iv_fits(kind, iv->length)) {
    invalid_iv(ctx);
    return false;
  }
  if (!(cipher->context = EVP_CIPHER_CTX_new())) {
    JS_ThrowOutOfMemory(ctx);
    return false;
  }
  if (EVP_CIPHER_get_mode(kind) == EVP_CIPH_WRAP_MODE)
    EVP_CIPHER_CTX_set_flags(cipher->context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (EVP_CipherInit_ex(cipher->context, kind, NULL, NULL, NULL, cipher->encrypts) != 1) {
    throw_cipher_error(ctx, "Failed to initialize cipher");
    return false;
  }
  if (authenticates(kind) && !start_authenticating(ctx, cipher, name, iv->length, tag_length))
    return false;
  if (key_length > INT_MAX || EVP_CIPHER_CTX_set_key_length(cipher->context, (int)key_length) != 1) {
    ERR_clear_error();
    throw_code(ctx, RANGE_ERROR, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
    return false;
  }
  if (EVP_CipherInit_ex(cipher->context, NULL, NULL, key, iv->length ? iv->bytes : NULL, cipher->encrypts) == 1)
    return true;
  throw_cipher_error(ctx, "Failed to initialize cipher");
  return false;
}

/* The key as a handle, a buffer or a string. */
static bool start_with_key(JSContext *ctx, Cipher *cipher, const char *name, JSValueConst *argv, const DataArgument *iv)
{
  if (is_key_handle(argv[2])) {
    Key *key = key_of_handle(ctx, argv[2]);
    return key && start(ctx, cipher, name, key->secret.data, key->secret.length, iv, argv[4]);
  }
  DataArgument key;
  if (!data_open(ctx, argv[2], JS_UNDEFINED, &key))
    return false;
  bool ok = start(ctx, cipher, name, key.bytes, key.length, iv, argv[4]);
  data_close(&key);
  return ok;
}

/* new CipherBase(encrypts, name, key, iv or null, length of the tag or -1) */
static JSValue cipher_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher;
  DataArgument iv = {(const uint8_t *)"", 0, NULL};
  if (argc < 5)
    return throw_code(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "CipherBase takes five arguments");
  JSValue object = base_object_new(ctx, self, &cipher_type, sizeof(Cipher), &cipher);
  if (JS_IsException(object))
    return object;
  cipher->encrypts = arg_bool(ctx, argv[0]);
  cipher->tag_length = TAG_UNKNOWN;
  const char *name = JS_ToCString(ctx, argv[1]);
  bool ok = name && (JS_IsNull(argv[3]) || data_open(ctx, argv[3], JS_UNDEFINED, &iv)) &&
            start_with_key(ctx, cipher, name, argv, &iv);
  data_close(&iv);
  JS_FreeCString(ctx, name);
  if (ok)
    return object;
  JS_FreeValue(ctx, object);
  return JS_EXCEPTION;
}

/* --- feeding ----------------------------------------------------------------------------------------------------- */

static Cipher *cipher_get(JSContext *ctx, JSValueConst self)
{
  ERR_clear_error();
  return base_object_get(ctx, self, &cipher_type);
}

static bool message_fits(JSContext *ctx, const Cipher *cipher, size_t length)
{
  if (mode_of(cipher) != EVP_CIPH_CCM_MODE || length <= (size_t)cipher->most_message)
    return true;
  throw_code(ctx, RANGE_ERROR, "ERR_CRYPTO_INVALID_MESSAGELEN", "Invalid message length");
  return false;
}

/* `room` is how many bytes may come out, and then how many have. */
static bool convert(Cipher *cipher, const DataArgument *data, Bytes *out)
{
  int length = 0;
  /* Wrapping tells itself how much it makes. */
  if (cipher->encrypts && mode_of(cipher) == EVP_CIPH_WRAP_MODE &&
      EVP_CipherUpdate(cipher->context, NULL, &length, data->bytes, (int)data->length) != 1)
    return false;
  size_t room = data->length + (size_t)EVP_CIPHER_CTX_get_block_size(cipher->context);
  if (!bytes_make(out, room > (size_t)length ? room : (size_t)length))
    return false;
  bool ok = EVP_CipherUpdate(cipher->context, out->data, &length, data->bytes, (int)data->length) == 1;
  out->length = ok ? (size_t)length : 0;
  return ok;
}

/* update(data, encoding) */
static JSValue cipher_update(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher = cipher_get(ctx, self);
  DataArgument data;
  Bytes out = {NULL, 0};
  if (!cipher || !data_open(ctx, argv[0], argv[1], &data))
    return JS_EXCEPTION;
  JSValue result = JS_UNDEFINED;
  bool ok = false;
  if (cipher->context && !message_fits(ctx, cipher, data.length))
    result = JS_EXCEPTION;
  else if (cipher->context && data.length < INT_MAX - EVP_MAX_BLOCK_LENGTH)
    ok = convert(cipher, &data, &out);
  data_close(&data);
  /* CCM authenticates here; the library is told by final(). */
  if (!ok && cipher->context && !cipher->encrypts && mode_of(cipher) == EVP_CIPH_CCM_MODE && JS_IsUndefined(result))
    ok = cipher->not_authentic = true;
  if (ok)
    result = new_buffer(env_of(ctx), out.data, out.length);
  else if (JS_IsUndefined(result))
    result = throw_cipher_error(ctx, "Trying to add data in unsupported state");
  bytes_free(&out);
  return result;
}

static bool finish(Cipher *cipher, uint8_t *out, int *length)
{
  if (!cipher->encrypts && mode_of(cipher) == EVP_CIPH_CCM_MODE)
    return !cipher->not_authentic;
  if (EVP_CipherFinal_ex(cipher->context, out, length) != 1)
    return false;
  if (!cipher->encrypts || !is_authenticating(cipher))
    return true;
  if (cipher->tag_length == TAG_UNKNOWN)
    cipher->tag_length = USUAL_TAG;
  if (EVP_CIPHER_CTX_ctrl(cipher->context, EVP_CTRL_AEAD_GET_TAG, cipher->tag_length, cipher->tag) != 1)
    return false;
  cipher->tag_state = TAG_COMPUTED;
  return true;
}

static JSValue cipher_final(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher = cipher_get(ctx, self);
  uint8_t out[EVP_MAX_BLOCK_LENGTH];
  int length = 0;
  if (!cipher)
    return JS_EXCEPTION;
  if (!cipher->context)
    return throw_code(ctx, ERROR, "ERR_CRYPTO_INVALID_STATE", "Invalid state");
  bool tagged = is_authenticating(cipher), ok = finish(cipher, out, &length);
  EVP_CIPHER_CTX_free(cipher->context);
  cipher->context = NULL;
  if (!ok)
    return throw_cipher_error(ctx, tagged ? "Unsupported state or unable to authenticate data" : "Unsupported state");
  return new_buffer(env_of(ctx), out, (size_t)length);
}

/* setAutoPadding(yes) */
static JSValue cipher_set_auto_padding(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher = cipher_get(ctx, self);
  if (!cipher)
    return JS_EXCEPTION;
  return JS_NewBool(ctx, cipher->context && EVP_CIPHER_CTX_set_padding(cipher->context, argc < 1 || arg_bool(ctx, argv[0])) == 1);
}

/* --- tags -------------------------------------------------------------------------------------------------------- */

/* undefined before it is there */
static JSValue cipher_get_auth_tag(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher = cipher_get(ctx, self);
  if (!cipher)
    return JS_EXCEPTION;
  if (cipher->context || cipher->tag_state != TAG_COMPUTED)
    return JS_UNDEFINED;
  return new_buffer(env_of(ctx), cipher->tag, (size_t)cipher->tag_length);
}

static void warn_of_short_tag(Env *env)
{
  static bool told;
  if (!told)
    env_emit_warning(env,
                     "Using AES-GCM authentication tags of less than 128 bits without specifying the authTagLength option "
                     "when initializing decryption is deprecated.",
                     "DeprecationWarning", "DEP0182");
  told = true;
}

/* setAuthTag(tag): false if this is not the time for it */
static JSValue cipher_set_auth_tag(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher = cipher_get(ctx, self);
  EngineView tag;
  if (!cipher)
    return JS_EXCEPTION;
  if (!cipher->context || !is_authenticating(cipher) || cipher->encrypts || cipher->tag_state != TAG_NONE ||
      !engine_view(argv[0], &tag))
    return JS_FALSE;
  bool known = cipher->tag_length != TAG_UNKNOWN, gcm = mode_of(cipher) == EVP_CIPH_GCM_MODE;
  if (tag.length > MOST_TAG || (known && tag.length != (size_t)cipher->tag_length) || (gcm && !is_gcm_tag((uint32_t)tag.length)))
    return invalid_tag_length(ctx, (uint32_t)tag.length);
  cipher->tag_length = (int)tag.length;
  if (EVP_CIPHER_CTX_ctrl(cipher->context, EVP_CTRL_AEAD_SET_TAG, (int)tag.length, tag.data) != 1)
    return JS_FALSE;
  cipher->tag_state = TAG_GIVEN;
  if (gcm && !known && tag.length != USUAL_TAG)
    warn_of_short_tag(env_of(ctx));
  return JS_TRUE;
}

/* setAAD(data, length of the message or -1): CCM must know it beforehand */
static JSValue cipher_set_aad(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Cipher *cipher = cipher_get(ctx, self);
  EngineView data;
  int length, message = arg_int32(ctx, argv[1]);
  if (!cipher)
    return JS_EXCEPTION;
  if (!cipher->context || !is_authenticating(cipher) || !engine_view(argv[0], &data) || data.length > INT_MAX)
    return JS_FALSE;
  if (mode_of(cipher) == EVP_CIPH_CCM_MODE) {
    if (message < 0)
      return throw_code(ctx, TYPE_ERROR, "ERR_MISSING_ARGS", "options.plaintextLength required for CCM mode with AAD");
    if (!message_fits(ctx, cipher, (size_t)message))
      return JS_EXCEPTION;
    if (EVP_CipherUpdate(cipher->context, NULL, &length, NULL, message) != 1)
      return JS_FALSE;
  }
  const uint8_t *bytes = data.length ? data.data : (const uint8_t *)"";
  return JS_NewBool(ctx, EVP_CipherUpdate(cipher->context, NULL, &length, bytes, (int)data.length) == 1);
}

void crypto_init_cipher(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"update", cipher_update, 2},
      {"final", cipher_final, 0},
      {"setAutoPadding", cipher_set_auto_padding, 1},
      {"getAuthTag", cipher_get_auth_tag, 0},
      {"setAuthTag", cipher_set_auth_tag, 1},
      {"setAAD", cipher_set_aad, 2},
  };
  define_class(ctx, target, "CipherBase", cipher_new, JS_UNDEFINED, methods, COUNT_OF(methods));
}
