/* cSHAKE (NIST SP 800-185), on which KMAC is built. */
#ifndef PODIUM_NODE_CRYPTO_CSHAKE_H
#define PODIUM_NODE_CRYPTO_CSHAKE_H

#include "crypto_util.h"

typedef struct CShake {
  int strength; /* 128 or 256 */
  Bytes name, customization;
  const Bytes *key; /* of KMAC: goes before the input, and the length behind; or NULL */
  size_t key_bits;
  const Bytes *input;
  size_t bits; /* of the output */
} CShake;

/* False with OpenSSL's errors, or none. */
bool cshake(const CShake *what, Bytes *out);

#endif
