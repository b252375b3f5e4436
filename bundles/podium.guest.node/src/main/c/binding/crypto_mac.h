/* Message authentication codes of the crypto binding: a job signs, or compares with a signature. */
#ifndef PODIUM_NODE_CRYPTO_MAC_H
#define PODIUM_NODE_CRYPTO_MAC_H

#include "crypto_job.h"
#include "crypto_keys.h"

typedef struct MacJob {
  CryptoJob job; /* first */
  bool verifies;
  Key *key;
  Bytes data, signature;
} MacJob;

/* For configure, result and release of such a job. */
bool mac_job_take(JSContext *ctx, MacJob *job, JSValueConst mode, JSValueConst key, JSValueConst data, JSValueConst signature);
JSValue mac_job_result(JSContext *ctx, CryptoJob *base);
void mac_job_release(CryptoJob *base);

/* A context of OpenSSL's algorithm `name`; NULL with its errors. */
EVP_MAC_CTX *mac_new(const char *name);

#endif
