/* Keys of the crypto binding: what a KeyObjectHandle, a KeyObject and a CryptoKey of the library refer to. */
#ifndef PODIUM_NODE_CRYPTO_KEYS_H
#define PODIUM_NODE_CRYPTO_KEYS_H

#include "crypto_util.h"

/* As the library has them. */
typedef enum KeyType { KEY_SECRET, KEY_PUBLIC, KEY_PRIVATE } KeyType;

/* Never changes once it is made, so that jobs read it on their threads. Counted on the main thread alone. */
typedef struct Key {
  int references;
  KeyType type;
  Bytes secret;
} Key;

/* Takes the bytes over, even when it fails. NULL with an exception. */
Key *key_new_secret(JSContext *ctx, Bytes *bytes);
Key *key_retain(Key *key);
void key_release(Key *key); /* NULL is fine */

/* The key of a KeyObjectHandle; NULL with an exception. Borrowed. */
Key *key_of_handle(JSContext *ctx, JSValueConst handle);
bool is_key_handle(JSValueConst value);
/* A KeyObjectHandle of the key. */
JSValue new_key_handle(JSContext *ctx, Key *key);
/* A CryptoKey; needs the library's internal/crypto/keys, which makes the class. */
JSValue new_crypto_key(JSContext *ctx, Key *key, JSValueConst algorithm, JSValueConst usages, JSValueConst extractable);

/* A secret that comes as a KeyObjectHandle or as a buffer: reads the one or copies the other. */
typedef struct Secret {
  Key *key;
  Bytes bytes;
} Secret;

bool secret_take(JSContext *ctx, JSValueConst value, const char *too_big, Secret *secret);
const Bytes *secret_bytes(const Secret *secret);
void secret_free(Secret *secret);

#endif
