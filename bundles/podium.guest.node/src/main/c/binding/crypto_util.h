/*
 * What the files of the crypto binding share: OpenSSL's start, bytes that OpenSSL reads on any thread, its errors as Node
 * tells them. Each file is named as the one of Node's src/crypto that has the same.
 */
#ifndef PODIUM_NODE_CRYPTO_UTIL_H
#define PODIUM_NODE_CRYPTO_UTIL_H

#include <openssl/err.h>
#include <openssl/evp.h>

#include "../wrap.h"

/* --- bytes ------------------------------------------------------------------------------------------------------- */

/* A copy, so that no script changes or frees it under a thread's hands. Wiped when freed. */
typedef struct Bytes {
  uint8_t *data; /* from malloc; NULL only where there has been nothing to copy */
  size_t length;
} Bytes;

/* Room for `length` bytes, or at least for one: OpenSSL wants an address even of nothing. False when out of memory. */
bool bytes_make(Bytes *bytes, size_t length);
void bytes_free(Bytes *bytes);
/* The contents of a buffer, or of undefined, which has none. False with an exception, which says `too_big` if there is
   more than OpenSSL counts. */
bool bytes_copy(JSContext *ctx, JSValueConst value, const char *too_big, Bytes *bytes);
/* Clears all but the first `bits` bits of bytes that have just so many, rounded up. */
void bytes_clear_beyond(Bytes *bytes, size_t bits);
/* An ArrayBuffer that takes the bytes over; they are empty then. */
JSValue bytes_to_array_buffer(JSContext *ctx, Bytes *bytes);

/* What update() and the like are given, without a copy: valid until JavaScript runs again. */
typedef struct DataArgument {
  const uint8_t *bytes; /* never NULL */
  size_t length;
  uint8_t *owned; /* of a string */
} DataArgument;

/* Opens a buffer, or a string in the encoding named (UTF-8 if none is). False with an exception. */
bool data_open(JSContext *ctx, JSValueConst value, JSValueConst encoding, DataArgument *data);
void data_close(DataArgument *data);

/* --- errors ------------------------------------------------------------------------------------------------------ */

/* What was in a thread's error queue, the oldest first. */
typedef struct CryptoErrors {
  int count;
  unsigned long codes[16]; /* OpenSSL keeps no more */
} CryptoErrors;

/* Takes over and empties the calling thread's queue. */
void crypto_errors_take(CryptoErrors *errors);
/* An Error with the oldest as message and the others as opensslErrorStack. If there are none, it says `otherwise`, or, if
   that is NULL, what OpenSSL says of no error. */
JSValue crypto_errors_exception(JSContext *ctx, const CryptoErrors *errors, const char *otherwise);
/* The same for the calling thread's queue, thrown, with library, reason and code. */
JSValue throw_crypto_error(JSContext *ctx, const char *otherwise);
/* As Node does for ciphers: opensslErrorStack has the oldest, too. */
JSValue throw_cipher_error(JSContext *ctx, const char *otherwise);

/* --- digests by name (crypto_hash.c) ----------------------------------------------------------------------------- */

/* Copies nothing: lives as long as the process. NULL if OpenSSL knows no such name. */
const EVP_MD *digest_by_name(const char *name);
/* The same for a value; with an exception ERR_CRYPTO_INVALID_DIGEST. */
const EVP_MD *digest_argument(JSContext *ctx, JSValueConst value);

#endif
