/*
 * Families of the host, as JavaScript sees them: require('podium:acme_counters').add('visits', 1n) calls the function
 * that a bundle exports as acme_counters.add. The kernel's import module `podium` finds a function by name, tells its
 * signature, and calls it.
 *
 * Arguments: numbers for i32, f32 and f64; a BigInt or number for i64; a string for text; a buffer for bytes, which the
 * function may change. An i64 comes back as a BigInt.
 */
#include "podium.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME "podium:"
enum { MAX_NAME = 256, MAX_PARAMETERS = 16, MAX_SIGNATURE = MAX_PARAMETERS + 3 };

/* --- the kernel's side --------------------------------------------------------------------------------------------- */

#ifdef __wasm__
__attribute__((import_module("podium"), import_name("lookup"))) int podium_lookup(const char *name, size_t length);
__attribute__((import_module("podium"), import_name("signature"))) int podium_signature(int handle, char *out, size_t size);
__attribute__((import_module("podium"), import_name("invoke"))) int podium_invoke(int handle, const void *arguments, void *result);
#else /* natively there is no kernel to ask */
static int podium_lookup(const char *name, size_t length)
{
  (void)name;
  (void)length;
  return -ENOENT;
}

static int podium_signature(int handle, char *out, size_t size)
{
  (void)handle;
  (void)out;
  (void)size;
  return -EBADF;
}

static int podium_invoke(int handle, const void *arguments, void *result)
{
  (void)handle;
  (void)arguments;
  (void)result;
  return -EBADF;
}
#endif

/* Every parameter has 8 bytes; a buffer or string its address and its length. */
typedef union Slot {
  int32_t i;
  int64_t l;
  float f;
  double d;
  struct {
    uint32_t address, length;
  } bytes;
} Slot;

/* --- calling -------------------------------------------------------------------------------------------------------- */

static bool put_text(JSContext *ctx, Slot *slot, JSValueConst value, const char **kept)
{
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, value);
  *kept = text;
  slot->bytes.address = (uint32_t)(uintptr_t)text;
  slot->bytes.length = (uint32_t)length;
  return text != NULL;
}

static bool put_bytes(JSContext *ctx, Slot *slot, JSValueConst value)
{
  EngineView view;
  if (!engine_view(value, &view)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "A buffer is wanted");
    return false;
  }
  slot->bytes.address = (uint32_t)(uintptr_t)view.data;
  slot->bytes.length = (uint32_t)view.length;
  return true;
}

/* Puts an argument into its slot; a text is kept in *text until the call is over. False with an exception. */
static bool put_argument(JSContext *ctx, char type, JSValueConst value, Slot *slot, const char **text)
{
  double number;
  switch (type) {
  case 'i':
    return JS_ToInt32(ctx, &slot->i, value) == 0;
  case 'l':
    return JS_ToInt64Ext(ctx, &slot->l, value) == 0;
  case 'f':
    if (JS_ToFloat64(ctx, &number, value))
      return false;
    slot->f = (float)number;
    return true;
  case 'd':
    return JS_ToFloat64(ctx, &slot->d, value) == 0;
  case 'b':
    return put_bytes(ctx, slot, value);
  default: /* 's' with its length, 'c' with a NUL: both are there */
    return put_text(ctx, slot, value, text);
  }
}

static JSValue take_result(JSContext *ctx, char type, const Slot *slot)
{
  switch (type) {
  case 'i':
    return JS_NewInt32(ctx, slot->i);
  case 'l':
    return JS_NewBigInt64(ctx, slot->l);
  case 'f':
    return JS_NewFloat64(ctx, slot->f);
  case 'd':
    return JS_NewFloat64(ctx, slot->d);
  default:
    return JS_UNDEFINED;
  }
}

/* A function of a family: `magic` is its handle, data[0] its signature such as "sl:l". */
static JSValue call_function(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic, JSValueConst *data)
{
  Slot slots[MAX_PARAMETERS] = {{0}}, result = {0};
  const char *texts[MAX_PARAMETERS] = {NULL};
  const char *signature = JS_ToCString(ctx, data[0]);
  if (!signature)
    return JS_EXCEPTION;
  int count = (int)(strchr(signature, ':') - signature);
  bool ok = true;
  for (int i = 0; ok && i < count; i++)
    ok = put_argument(ctx, signature[i], i < argc ? argv[i] : JS_UNDEFINED, &slots[i], &texts[i]);
  int error = ok ? podium_invoke(magic, slots, &result) : 0;
  JSValue value = !ok ? JS_EXCEPTION : error ? JS_UNDEFINED : take_result(ctx, signature[count + 1], &result);
  for (int i = 0; i < count; i++)
    JS_FreeCString(ctx, texts[i]);
  JS_FreeCString(ctx, signature);
  return error ? throw_uv_exception(ctx, error, "podium.invoke", NULL, NULL, NULL) : value;
}

/* --- families: objects whose functions are found when they are asked for --------------------------------------------- */

static JSClassID family_class;

static void family_finalize(JSRuntime *rt, JSValueConst value) { free(JS_GetOpaque(value, family_class)); }

static JSValue new_function_of(JSContext *ctx, const char *name, int handle)
{
  char signature[MAX_SIGNATURE + 1];
  int length = podium_signature(handle, signature, MAX_SIGNATURE);
  if (length < 0)
    return throw_uv_exception(ctx, length, "podium.signature", NULL, NULL, NULL);
  signature[length] = 0;
  JSValue text = JS_NewStringLen(ctx, signature, (size_t)length);
  JSValueConst data[] = {text};
  int parameters = (int)strcspn(signature, ":");
  JSValue function = JS_NewCFunctionData2(ctx, call_function, name, parameters, handle, 1, data);
  JS_FreeValue(ctx, text);
  return function;
}

static int family_get(JSContext *ctx, JSPropertyDescriptor *descriptor, JSValueConst object, JSAtom property)
{
  char full[MAX_NAME + 1];
  const char *family = JS_GetOpaque(object, family_class);
  JSValue key = JS_AtomToValue(ctx, property);
  if (!JS_IsString(key)) { /* no symbol is a function's name */
    JS_FreeValue(ctx, key);
    return 0;
  }
  const char *name = JS_ToCString(ctx, key);
  JS_FreeValue(ctx, key);
  if (!name)
    return -1;
  int length = snprintf(full, sizeof(full), "%s.%s", family, name);
  int handle = length < (int)sizeof(full) ? podium_lookup(full, (size_t)length) : -ENOENT;
  JSValue function = handle >= 0 ? new_function_of(ctx, name, handle) : JS_UNDEFINED;
  JS_FreeCString(ctx, name);
  if (handle < 0 || JS_IsException(function))
    return handle < 0 ? 0 : -1;
  if (descriptor) {
    descriptor->flags = JS_PROP_ENUMERABLE | JS_PROP_CONFIGURABLE;
    descriptor->value = function;
    descriptor->getter = descriptor->setter = JS_UNDEFINED;
  } else {
    JS_FreeValue(ctx, function);
  }
  return 1;
}

static bool register_family_class(JSRuntime *rt)
{
  static JSClassExoticMethods exotic = {.get_own_property = family_get};
  static const JSClassDef definition = {"PodiumFamily", .finalizer = family_finalize, .exotic = &exotic};
  JS_NewClassID(rt, &family_class);
  return JS_NewClass(rt, family_class, &definition) == 0;
}

static JSValue new_family(JSContext *ctx, const char *name)
{
#ifndef __wasm__
  (void)name;
  return throw_unavailable(ctx, SCHEME);
#else
  JSValue object = JS_NewObjectProtoClass(ctx, JS_NULL, family_class);
  char *copy = JS_IsException(object) ? NULL : strdup(name);
  if (!copy) {
    JS_FreeValue(ctx, object);
    return JS_ThrowOutOfMemory(ctx);
  }
  JS_SetOpaque(object, copy);
  return object;
#endif
}

/* --- the loader -------------------------------------------------------------------------------------------------------- */

/* Module._load: ours for the scheme, the library's (data[0]) for everything else. Native, so that no stack shows it. */
static JSValue load(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic, JSValueConst *data)
{
  (void)magic;
  if (argc > 0 && JS_IsString(argv[0])) {
    const char *request = JS_ToCString(ctx, argv[0]);
    if (!request)
      return JS_EXCEPTION;
    bool ours = !strncmp(request, SCHEME, sizeof(SCHEME) - 1);
    JSValue family = ours ? new_family(ctx, request + sizeof(SCHEME) - 1) : JS_UNDEFINED;
    JS_FreeCString(ctx, request);
    if (ours)
      return family;
  }
  return JS_Call(ctx, data[0], self, argc, argv);
}

bool podium_install(Env *env)
{
  JSContext *ctx = env->ctx;
  JSValue id = JS_NewString(ctx, "internal/modules/cjs/loader");
  JSValue loader = JS_Call(ctx, env->builtins_require, JS_UNDEFINED, 1, (JSValueConst *)&id);
  JSValue module = JS_IsException(loader) ? JS_EXCEPTION : JS_GetPropertyStr(ctx, loader, "Module");
  JSValue original = JS_IsException(module) ? JS_EXCEPTION : JS_GetPropertyStr(ctx, module, "_load");
  bool ok = JS_IsFunction(ctx, original) && register_family_class(env->rt);
  if (ok) {
    JSValueConst data[] = {original};
    JSValue function = JS_NewCFunctionData2(ctx, load, "_load", 3, 0, 1, data);
    engine_mark_binding_function(function);
    /* Traces name it by its place, which is ours now. */
    define_hidden(ctx, original, "name", JS_NewString(ctx, "_load"));
    ok = JS_SetPropertyStr(ctx, module, "_load", function) >= 0;
  }
  JS_FreeValue(ctx, original);
  JS_FreeValue(ctx, module);
  JS_FreeValue(ctx, loader);
  JS_FreeValue(ctx, id);
  return ok;
}
