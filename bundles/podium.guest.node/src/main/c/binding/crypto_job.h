/*
 * Crypto jobs: one computation each, on the thread pool or at once. `new XJob(mode, ...)` reads the arguments, `run()`
 * computes: a synchronous job gives [error, result], an asynchronous one calls ondone(error, result), one for Web Crypto
 * gives a promise.
 */
#ifndef PODIUM_NODE_CRYPTO_JOB_H
#define PODIUM_NODE_CRYPTO_JOB_H

#include "crypto_util.h"

/* As the library has them. */
typedef enum CryptoJobMode { JOB_ASYNC, JOB_SYNC, JOB_WEB_CRYPTO } CryptoJobMode;

enum { JOB_ARGUMENTS = 10 }; /* may be read, the mode not counted; what is not given is undefined */

typedef struct CryptoJob CryptoJob;

typedef struct CryptoJobType {
  const char *name;
  AsyncProvider provider;
  size_t size;        /* of the state, which starts with a CryptoJob */
  const char *failed; /* what is said of a failure that OpenSSL has no error for */
  /* Reads the arguments; false with an exception. */
  bool (*configure)(JSContext *ctx, CryptoJob *job, JSValueConst *argv);
  /* Computes, usually into job->out. On any thread, without JavaScript; OpenSSL's queue tells why it failed. */
  bool (*run)(CryptoJob *job);
  /* The result for JavaScript; NULL: job->out as an ArrayBuffer. */
  JSValue (*result)(JSContext *ctx, CryptoJob *job);
  /* Frees what the state has, even of half a configuration. May be NULL. */
  void (*release)(CryptoJob *job);
} CryptoJobType;

struct CryptoJob {
  AsyncWrap wrap; /* first */
  const CryptoJobType *type;
  CryptoJobMode mode;
  Bytes out;
  JSValue held; /* a value the job needs until it is done */

  bool started, succeeded;
  uv_work_t work;
  CryptoErrors errors;
  JSValue settle[2]; /* of the promise: resolve and reject */
};

/* The body of a job's constructor. */
JSValue crypto_job_new(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv, const CryptoJobType *type);
void define_crypto_job(Env *env, JSContext *ctx, JSValueConst target, const CryptoJobType *type, NativeFunction *construct);

#endif
