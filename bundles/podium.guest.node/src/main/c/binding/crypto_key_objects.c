/* crypto: the native halves of the library's KeyObject and CryptoKey, which hold a key and can be cloned with it. */
#include <stdlib.h>

#include "../messaging.h"
#include "crypto_keys.h"

/* Calls the library's `make` with a native class to extend; the classes it gives, and the one at `n` into `*kept`. */
static JSValue make_classes(JSContext *ctx, const char *name, NativeFunction *construct, JSValueConst make, uint32_t n,
                            JSValue *kept)
{
  JSValue holder = JS_NewObject(ctx);
  JSValueConst native = define_class(ctx, holder, name, construct, JS_UNDEFINED, NULL, 0);
  JSValue classes = JS_Call(ctx, make, JS_UNDEFINED, 1, &native);
  JS_FreeValue(ctx, holder);
  if (JS_IsException(classes))
    return classes;
  JS_FreeValue(ctx, *kept);
  *kept = JS_GetPropertyUint32(ctx, classes, n);
  return classes;
}

/* The library makes its classes when it is first asked for this. */
static bool load_classes(JSContext *ctx)
{
  JSValue id = JS_NewString(ctx, "internal/crypto/keys");
  JSValue exports = JS_Call(ctx, env_of(ctx)->builtins_require, JS_UNDEFINED, 1, (JSValueConst *)&id);
  JS_FreeValue(ctx, id);
  bool ok = !JS_IsException(exports);
  JS_FreeValue(ctx, exports);
  return ok;
}

static JSValue invalid_this(JSContext *ctx, const char *what)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_THIS", "Value of \"this\" must be of type %s", what);
}

static TransferMode clones(JSContext *ctx, JSValueConst object) { return TRANSFER_CLONES; }

/* --- KeyObject --------------------------------------------------------------------------------------------------- */

typedef struct KeyObject {
  BaseObject base; /* first */
  Key *key;
} KeyObject;

static void key_object_finalize(BaseObject *base) { key_release(((KeyObject *)base)->key); }

static const BaseType key_object_type = {"NativeKeyObject", NULL, key_object_finalize, NULL};

/* new NativeKeyObject(handle) */
static JSValue key_object_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  KeyObject *object;
  Key *key = key_of_handle(ctx, argc > 0 ? argv[0] : JS_UNDEFINED);
  if (!key)
    return JS_EXCEPTION;
  JSValue value = base_object_new(ctx, self, &key_object_type, sizeof(KeyObject), &object);
  if (!JS_IsException(value))
    object->key = key_retain(key);
  return value;
}

static JSValue create_key_object_class(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return make_classes(ctx, "NativeKeyObject", key_object_new, argv[0], 1, &env_of(ctx)->secret_key_object_class);
}

/* [type, handle] */
static JSValue get_key_object_slots(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  KeyObject *object = base_object_peek(argv[0], &key_object_type);
  if (!object)
    return invalid_this(ctx, "KeyObject");
  JSValue handle = new_key_handle(ctx, object->key);
  if (JS_IsException(handle))
    return handle;
  JSValue slots = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, slots, 0, JS_NewInt32(ctx, object->key->type));
  JS_SetPropertyUint32(ctx, slots, 1, handle);
  return slots;
}

typedef struct KeyTransfer {
  TransferData transfer; /* first */
  Key *key;
  JSValue algorithm, usages, extractable; /* of a CryptoKey */
} KeyTransfer;

static void key_transfer_release(JSRuntime *rt, TransferData *data)
{
  KeyTransfer *transfer = (KeyTransfer *)data;
  key_release(transfer->key);
  JS_FreeValueRT(rt, transfer->algorithm);
  JS_FreeValueRT(rt, transfer->usages);
  JS_FreeValueRT(rt, transfer->extractable);
}

static KeyTransfer *key_transfer_new(JSContext *ctx, Key *key, JSValue (*revive)(JSContext *ctx, TransferData *data))
{
  KeyTransfer *transfer = calloc(1, sizeof(*transfer));
  if (!transfer) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *transfer = (KeyTransfer){{revive, key_transfer_release, false}, key_retain(key), JS_UNDEFINED, JS_UNDEFINED, JS_UNDEFINED};
  return transfer;
}

static JSValue key_object_revive(JSContext *ctx, TransferData *data)
{
  JSValue handle = load_classes(ctx) ? new_key_handle(ctx, ((KeyTransfer *)data)->key) : JS_EXCEPTION;
  if (JS_IsException(handle))
    return handle;
  JSValue object = JS_CallConstructor(ctx, env_of(ctx)->secret_key_object_class, 1, (JSValueConst *)&handle);
  JS_FreeValue(ctx, handle);
  return object;
}

static TransferData *key_object_take(JSContext *ctx, JSValueConst value)
{
  KeyObject *object = base_object_peek(value, &key_object_type);
  return (TransferData *)key_transfer_new(ctx, object->key, key_object_revive);
}

/* --- CryptoKey --------------------------------------------------------------------------------------------------- */

typedef struct CryptoKey {
  BaseObject base; /* first */
  Key *key;
  JSValue algorithm, usages, extractable;
} CryptoKey;

static void crypto_key_finalize(BaseObject *base)
{
  CryptoKey *object = (CryptoKey *)base;
  key_release(object->key);
  JS_FreeValueRT(the_env->rt, object->algorithm);
  JS_FreeValueRT(the_env->rt, object->usages);
  JS_FreeValueRT(the_env->rt, object->extractable);
}

static void crypto_key_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, ((CryptoKey *)base)->algorithm, mark);
}

static const BaseType crypto_key_type = {"NativeCryptoKey", NULL, crypto_key_finalize, crypto_key_mark};

/* new NativeCryptoKey(handle, algorithm, usages, extractable) */
static JSValue crypto_key_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CryptoKey *object;
  if (argc < 4 || !JS_IsObject(argv[1]))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
  Key *key = key_of_handle(ctx, argv[0]);
  if (!key)
    return JS_EXCEPTION;
  JSValue value = base_object_new(ctx, self, &crypto_key_type, sizeof(CryptoKey), &object);
  if (JS_IsException(value))
    return value;
  object->key = key_retain(key);
  object->algorithm = JS_DupValue(ctx, argv[1]);
  object->usages = JS_NewUint32(ctx, arg_uint32(ctx, argv[2]));
  object->extractable = JS_NewBool(ctx, arg_bool(ctx, argv[3]));
  return value;
}

static JSValue create_crypto_key_class(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return make_classes(ctx, "NativeCryptoKey", crypto_key_new, argv[0], 1, &env_of(ctx)->crypto_key_class);
}

/* [type, extractable, algorithm, usages, handle] */
static JSValue get_crypto_key_slots(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CryptoKey *object = base_object_peek(argv[0], &crypto_key_type);
  if (!object)
    return invalid_this(ctx, "CryptoKey");
  JSValue handle = new_key_handle(ctx, object->key);
  if (JS_IsException(handle))
    return handle;
  JSValue slots = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, slots, 0, JS_NewInt32(ctx, object->key->type));
  JS_SetPropertyUint32(ctx, slots, 1, JS_DupValue(ctx, object->extractable));
  JS_SetPropertyUint32(ctx, slots, 2, JS_DupValue(ctx, object->algorithm));
  JS_SetPropertyUint32(ctx, slots, 3, JS_DupValue(ctx, object->usages));
  JS_SetPropertyUint32(ctx, slots, 4, handle);
  return slots;
}

JSValue new_crypto_key(JSContext *ctx, Key *key, JSValueConst algorithm, JSValueConst usages, JSValueConst extractable)
{
  JSValue handle = load_classes(ctx) ? new_key_handle(ctx, key) : JS_EXCEPTION;
  if (JS_IsException(handle))
    return handle;
  JSValueConst arguments[] = {handle, algorithm, usages, extractable};
  JSValue object = JS_CallConstructor(ctx, env_of(ctx)->crypto_key_class, 4, arguments);
  JS_FreeValue(ctx, handle);
  return object;
}

static JSValue crypto_key_revive(JSContext *ctx, TransferData *data)
{
  KeyTransfer *transfer = (KeyTransfer *)data;
  return new_crypto_key(ctx, transfer->key, transfer->algorithm, transfer->usages, transfer->extractable);
}

static TransferData *crypto_key_take(JSContext *ctx, JSValueConst value)
{
  CryptoKey *object = base_object_peek(value, &crypto_key_type);
  KeyTransfer *transfer = key_transfer_new(ctx, object->key, crypto_key_revive);
  if (!transfer)
    return NULL;
  transfer->algorithm = JS_DupValue(ctx, object->algorithm); /* its class clones it */
  transfer->usages = JS_DupValue(ctx, object->usages);
  transfer->extractable = JS_DupValue(ctx, object->extractable);
  return &transfer->transfer;
}

void crypto_init_key_objects(Env *env, JSContext *ctx, JSValueConst target)
{
  static const Transferable key_object = {&key_object_type, clones, key_object_take};
  static const Transferable crypto_key = {&crypto_key_type, clones, crypto_key_take};
  static const BindingFunction functions[] = {
      {"createNativeKeyObjectClass", create_key_object_class, 1},
      {"getKeyObjectSlots", get_key_object_slots, 1},
      {"createCryptoKeyClass", create_crypto_key_class, 1},
      {"getCryptoKeySlots", get_crypto_key_slots, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  register_transferable(&key_object);
  register_transferable(&crypto_key);
}
