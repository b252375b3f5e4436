/* constants: those of crypto, from OpenSSL's headers. */
#include <openssl/dh.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <string.h>

#include "../env.h"
#include "../options.h"

#define HERE(name) {#name, (double)(name)},
#define IS(name, value) {#name, value},

static const BindingConstant constants[] = {
      HERE(OPENSSL_VERSION_NUMBER) HERE(SSL_OP_ALL) HERE(SSL_OP_ALLOW_NO_DHE_KEX)
      HERE(SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION) HERE(SSL_OP_CIPHER_SERVER_PREFERENCE) HERE(SSL_OP_CISCO_ANYCONNECT)
      HERE(SSL_OP_COOKIE_EXCHANGE) HERE(SSL_OP_CRYPTOPRO_TLSEXT_BUG) HERE(SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS)
      HERE(SSL_OP_LEGACY_SERVER_CONNECT) HERE(SSL_OP_NO_COMPRESSION) HERE(SSL_OP_NO_ENCRYPT_THEN_MAC)
      HERE(SSL_OP_NO_QUERY_MTU) HERE(SSL_OP_NO_RENEGOTIATION) HERE(SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION)
      HERE(SSL_OP_NO_SSLv2) HERE(SSL_OP_NO_SSLv3) HERE(SSL_OP_NO_TICKET) HERE(SSL_OP_NO_TLSv1) HERE(SSL_OP_NO_TLSv1_1)
      HERE(SSL_OP_NO_TLSv1_2) HERE(SSL_OP_NO_TLSv1_3) HERE(SSL_OP_PRIORITIZE_CHACHA) HERE(SSL_OP_TLS_ROLLBACK_BUG)
      /* Of engines, which this OpenSSL is built without. */
      IS(ENGINE_METHOD_RSA, 0x0001) IS(ENGINE_METHOD_DSA, 0x0002) IS(ENGINE_METHOD_DH, 0x0004)
      IS(ENGINE_METHOD_RAND, 0x0008) IS(ENGINE_METHOD_EC, 0x0800) IS(ENGINE_METHOD_CIPHERS, 0x0040)
      IS(ENGINE_METHOD_DIGESTS, 0x0080) IS(ENGINE_METHOD_PKEY_METHS, 0x0200) IS(ENGINE_METHOD_PKEY_ASN1_METHS, 0x0400)
      IS(ENGINE_METHOD_ALL, 0xffff) IS(ENGINE_METHOD_NONE, 0)
      HERE(DH_CHECK_P_NOT_SAFE_PRIME) HERE(DH_CHECK_P_NOT_PRIME) HERE(DH_UNABLE_TO_CHECK_GENERATOR)
      HERE(DH_NOT_SUITABLE_GENERATOR)
      HERE(RSA_PKCS1_PADDING) IS(RSA_SSLV23_PADDING, 2) HERE(RSA_NO_PADDING) HERE(RSA_PKCS1_OAEP_PADDING)
      HERE(RSA_X931_PADDING) HERE(RSA_PKCS1_PSS_PADDING) HERE(RSA_PSS_SALTLEN_DIGEST) IS(RSA_PSS_SALTLEN_MAX_SIGN, -2)
      HERE(RSA_PSS_SALTLEN_AUTO)
};

static const BindingConstant versions_and_points[] = {
      HERE(TLS1_VERSION) HERE(TLS1_1_VERSION) HERE(TLS1_2_VERSION) HERE(TLS1_3_VERSION)
      HERE(POINT_CONVERSION_COMPRESSED) HERE(POINT_CONVERSION_UNCOMPRESSED) HERE(POINT_CONVERSION_HYBRID)
};

/* As the option has it where it is not given. */
static const char *default_ciphers(void)
{
  for (int i = 0; i < option_count; i++) {
    if (!strcmp(option_table[i].name, "--tls-cipher-list"))
      return option_table[i].initial;
  }
  return "";
}

JSValue new_crypto_constants(JSContext *ctx)
{
  JSValue object = new_null_object(ctx);
  DEFINE_CONSTANTS(ctx, object, constants);
  JS_DefinePropertyValueStr(ctx, object, "defaultCoreCipherList", JS_NewString(ctx, default_ciphers()), JS_PROP_ENUMERABLE);
  DEFINE_CONSTANTS(ctx, object, versions_and_points);
  return object;
}
