/* crypto: the binding put together from its parts, and what is not there yet. */
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "../options.h"
#include "crypto_job.h"

/* One a file, crypto_<name>.c. */
#define PARTS(V) \
  V(aes) V(argon2) V(certificates) V(cipher) V(cshake) V(hash) V(hkdf) V(hmac) V(jobs) V(key_objects) V(keygen) V(keys) V(kmac) V(names) \
  V(pbkdf2) V(random) V(scrypt) V(timing) V(turboshake) V(util)

#define V(name) BindingInit crypto_init_##name;
PARTS(V)
#undef V

/*
 * OpenSSL starts with its binding, never before the freeze: a process that is thawed has no generator yet that another,
 * thawed from the same image, would continue as well.
 */
static void start(Env *env)
{
  if (!env->loop) {
    env_print_error("node: the crypto binding is for started processes, not for the bootstrap\n");
    abort();
  }
  /* At exit, threads of the pool may still be computing. */
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
  /* There is no memory that cannot be swapped out. */
  if (option_value(env->options, "--secure-heap")->integer)
    env_print_error("Unable to initialize openssl secure heap.\n");
  if (!option_value(env->options, "--openssl-legacy-provider")->boolean)
    return;
  if (!OSSL_PROVIDER_load(NULL, "legacy") || !OSSL_PROVIDER_load(NULL, "default"))
    env_print_error("Unable to load legacy provider.\n");
}

/* Constants of classes and jobs that are not there yet; the library looks at them when it is loaded. */
static void define_constants_of_the_missing(JSContext *ctx, JSValueConst target)
{
#define IS(name) {#name, name},
  static const BindingConstant constants[] = {
      IS(EVP_PKEY_ED25519) IS(EVP_PKEY_ED448) IS(EVP_PKEY_X25519) IS(EVP_PKEY_X448)
      IS(EVP_PKEY_ML_DSA_44) IS(EVP_PKEY_ML_DSA_65) IS(EVP_PKEY_ML_DSA_87)
      {"EVP_PKEY_ML_KEM_512", NID_ML_KEM_512}, {"EVP_PKEY_ML_KEM_768", NID_ML_KEM_768},
      {"EVP_PKEY_ML_KEM_1024", NID_ML_KEM_1024},
      IS(EVP_PKEY_SLH_DSA_SHA2_128F) IS(EVP_PKEY_SLH_DSA_SHA2_128S) IS(EVP_PKEY_SLH_DSA_SHA2_192F)
      IS(EVP_PKEY_SLH_DSA_SHA2_192S) IS(EVP_PKEY_SLH_DSA_SHA2_256F) IS(EVP_PKEY_SLH_DSA_SHA2_256S)
      IS(EVP_PKEY_SLH_DSA_SHAKE_128F) IS(EVP_PKEY_SLH_DSA_SHAKE_128S) IS(EVP_PKEY_SLH_DSA_SHAKE_192F)
      IS(EVP_PKEY_SLH_DSA_SHAKE_192S) IS(EVP_PKEY_SLH_DSA_SHAKE_256F) IS(EVP_PKEY_SLH_DSA_SHAKE_256S)
      IS(OPENSSL_EC_NAMED_CURVE) IS(OPENSSL_EC_EXPLICIT_CURVE) IS(RSA_PKCS1_PSS_PADDING)
      IS(X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT) IS(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
      IS(X509_CHECK_FLAG_NO_WILDCARDS) IS(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
      IS(X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS) IS(X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS)
      {"kKeyVariantRSA_SSA_PKCS1_v1_5", 0}, {"kKeyVariantRSA_PSS", 1}, {"kKeyVariantRSA_OAEP", 2},
      {"kSigEncDER", 0}, {"kSigEncP1363", 1},
      {"kKEMEncapsulate", 0}, {"kKEMDecapsulate", 1},
  };
#undef IS
  DEFINE_CONSTANTS(ctx, target, constants);
}

/* Who writes one takes its name out. */
static const char *const missing[] = {
    "publicEncrypt", "privateDecrypt", "privateEncrypt", "publicDecrypt",
    "DiffieHellman", "DiffieHellmanGroup", "DhKeyPairGenJob", "DHKeyExportJob", "DHBitsJob", "ECDH", "ECDHConvertKey",
    "DsaKeyPairGenJob", "EcKeyPairGenJob", "ECKeyExportJob", "NidKeyPairGenJob", "RsaKeyPairGenJob", "RSAKeyExportJob",
    "RSACipherJob", "Sign", "Verify", "SignJob", "KEMEncapsulateJob", "KEMDecapsulateJob",
    "certVerifySpkac", "certExportPublicKey", "certExportChallenge", "parseX509",
    "SecureContext", "getSSLCiphers", "getOpenSSLSecLevelCrypto", "getSystemCACertificates", "getExtraCACertificates",
    "getUserRootCertificates", "resetRootCertStore", "getCertificateCompressionAlgorithms",
};

/* Asked for by tls when it is loaded. Nothing is loaded ahead: what would use it, SecureContext, is not there yet. */
static JSValue start_loading_certificates(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_UNDEFINED;
}

void init_crypto(Env *env, JSContext *ctx, JSValueConst target)
{
  static BindingInit *const parts[] = {
#define V(name) crypto_init_##name,
      PARTS(V)
#undef V
  };
  static const BindingFunction functions[] = {{"startLoadingCertificatesOffThread", start_loading_certificates, 0}};
  start(env);
  for (int i = 0; i < COUNT_OF(parts); i++)
    parts[i](env, ctx, target);
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_constants_of_the_missing(ctx, target);
  for (int i = 0; i < COUNT_OF(missing); i++)
    define_unavailable(ctx, target, "crypto", missing[i]);
}
