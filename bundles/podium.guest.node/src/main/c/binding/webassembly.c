/*
 * webassembly: what the script internal/per_context/webassembly makes JavaScript's WebAssembly of, over the system calls of the
 * kernel's `webassembly` module. Types are letters there: i j f d for numbers, r for functions, x for anything else.
 */
#include "../env.h"

#ifdef __wasm__

#include <errno.h>
#include <string.h>

#define SYSTEM_CALL(name) __attribute__((import_module("webassembly"), import_name(#name))) int webassembly_##name
SYSTEM_CALL(module_new)(const void *bytes, size_t length, char *text);
SYSTEM_CALL(module_describe)(int module, char *json, size_t size);
SYSTEM_CALL(instance_new)(int module, const int *externs, int *changes, char *text);
SYSTEM_CALL(instance_start)(int instance, char *text);
SYSTEM_CALL(instance_export)(int instance, int index);
SYSTEM_CALL(function_new)(const char *type, int number, int64_t *slots);
SYSTEM_CALL(function_type)(int function, char *type, size_t size);
SYSTEM_CALL(function_call)(int function, int64_t *slots, char *text);
SYSTEM_CALL(memory_new)(int minimum, int maximum, int shared, int *changes);
SYSTEM_CALL(memory_range)(int memory, uint32_t range[2]);
SYSTEM_CALL(memory_grow)(int memory, uint32_t delta);
SYSTEM_CALL(table_new)(int element, int minimum, int maximum, int64_t *slot);
SYSTEM_CALL(table_size)(int table);
SYSTEM_CALL(table_grow)(int table, uint32_t delta, int64_t *slot);
SYSTEM_CALL(table_get)(int table, uint32_t index, int64_t *slot);
SYSTEM_CALL(table_set)(int table, uint32_t index, int64_t *slot);
SYSTEM_CALL(global_new)(int type, int mutable, int64_t *slot);
SYSTEM_CALL(global_get)(int global, int64_t *slot);
SYSTEM_CALL(global_set)(int global, int64_t *slot);
SYSTEM_CALL(release)(int handle);

enum { MOST_VALUES = 1000, TEXT = 512, PAGE = 65536, MOST_NESTED = 400 };

/* Arguments and results on their way; read at once by whoever gets them. */
static int64_t slots[MOST_VALUES];
static char text[TEXT];

/* How often memories grew, counted by the kernel, and up to where that is known here. */
static int changes, known_changes;

/* What a function threw that an instance called. */
static JSValue thrown = JS_UNDEFINED;
static int nested;

/* The script's: numberOf(value), valueOf(number), functionOf(handle), list(iterable, count), refresh(), failed(errno, text). */
static JSValue hooks = JS_UNDEFINED;

/* Functions that instances import, by number. */
static struct Imported {
  JSValue function; /* undefined when the number is free */
  char *type;
} *imported;
static int imported_count;

static JSValue hook(JSContext *ctx, const char *name, int argc, JSValueConst *argv)
{
  JSValue function = JS_GetPropertyStr(ctx, hooks, name);
  JSValue result = JS_Call(ctx, function, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, function);
  return result;
}

static int hook_number(JSContext *ctx, const char *name, JSValueConst value, int64_t *number)
{
  JSValue result = hook(ctx, name, 1, &value);
  if (JS_IsException(result))
    return -1;
  *number = arg_int32(ctx, result);
  JS_FreeValue(ctx, result);
  return 0;
}

/* --- values (JavaScript API specification, ToWebAssemblyValue and ToJSValue) --------------------------------------- */

static int to_slot(JSContext *ctx, char type, JSValueConst value, int64_t *slot)
{
  int32_t i;
  double d;
  float f;
  switch (type) {
  case 'i':
    if (JS_ToInt32(ctx, &i, value))
      return -1;
    *slot = (uint32_t)i;
    return 0;
  case 'j':
    if (!JS_IsBigInt(value) && JS_IsNumber(value)) {
      JS_ThrowTypeError(ctx, "Cannot convert %g to a BigInt", arg_double(ctx, value));
      return -1;
    }
    return JS_ToBigInt64(ctx, slot, value);
  case 'f':
    if (JS_ToFloat64(ctx, &d, value))
      return -1;
    f = (float)d;
    *slot = 0;
    memcpy(slot, &f, sizeof f);
    return 0;
  case 'd':
    if (JS_ToFloat64(ctx, &d, value))
      return -1;
    memcpy(slot, &d, sizeof d);
    return 0;
  case 'r':
    return hook_number(ctx, "handleOf", value, slot);
  case 'x':
    return hook_number(ctx, "numberOf", value, slot);
  default:
    JS_ThrowTypeError(ctx, "type incompatibility when transforming from/to JS");
    return -1;
  }
}

static JSValue from_slot(JSContext *ctx, char type, int64_t slot)
{
  float f;
  double d;
  JSValue number;
  switch (type) {
  case 'i':
    return JS_NewInt32(ctx, (int32_t)slot);
  case 'j':
    return JS_NewBigInt64(ctx, slot);
  case 'f':
    memcpy(&f, &slot, sizeof f);
    return JS_NewFloat64(ctx, f);
  case 'd':
    memcpy(&d, &slot, sizeof d);
    return JS_NewFloat64(ctx, d);
  case 'r':
  case 'x':
    number = JS_NewInt32(ctx, (int32_t)slot);
    return hook(ctx, type == 'r' ? "functionOf" : "valueOf", 1, (JSValueConst *)&number);
  default:
    return JS_ThrowTypeError(ctx, "type incompatibility when transforming from/to JS");
  }
}

/* The buffers of memories that grew are no more. */
static int look_for_changes(JSContext *ctx)
{
  if (known_changes == changes)
    return 0;
  known_changes = changes;
  JSValue result = hook(ctx, "refresh", 0, NULL);
  JS_FreeValue(ctx, result);
  return JS_IsException(result) ? -1 : 0;
}

/* One value, undefined for none, or an array. Takes `count` values from `from`. */
static JSValue from_slots(JSContext *ctx, const char *types, const int64_t *from)
{
  int count = (int)strlen(types);
  if (count == 0)
    return JS_UNDEFINED;
  if (count == 1)
    return from_slot(ctx, types[0], from[0]);
  JSValue array = JS_NewArray(ctx);
  for (int i = 0; i < count; i++) {
    JSValue value = from_slot(ctx, types[i], from[i]);
    if (JS_IsException(value) || JS_SetPropertyUint32(ctx, array, (uint32_t)i, value) < 0) {
      JS_FreeValue(ctx, array);
      return JS_EXCEPTION;
    }
  }
  return array;
}

static JSValue throw_failure(JSContext *ctx, int error)
{
  JSValue arguments[] = {JS_NewInt32(ctx, -error), JS_NewString(ctx, text)};
  JSValue failure = hook(ctx, "failed", 2, (JSValueConst *)arguments);
  JS_FreeValue(ctx, arguments[1]);
  return JS_IsException(failure) ? failure : JS_Throw(ctx, failure);
}

/* After guest code ran: 0 it ended, 1 a function it called threw, less: it trapped. */
static int settle(JSContext *ctx, int status)
{
  if (look_for_changes(ctx))
    return -1;
  if (status == 0)
    return 0;
  if (status == 1) {
    JS_Throw(ctx, thrown);
    thrown = JS_UNDEFINED;
  } else {
    throw_failure(ctx, status);
  }
  return -1;
}

/* --- functions of instances, called by JavaScript ------------------------------------------------------------------- */

static int count_parameters(const char *type)
{
  return (int)(strchr(type, ':') - type);
}

/* data: the handle, the type as a string, and whatever must live as long as the function. */
static JSValue call_exported(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic, JSValueConst *data)
{
  const char *type = JS_ToCString(ctx, data[1]);
  if (!type)
    return JS_EXCEPTION;
  int count = count_parameters(type), results = (int)strlen(type) - count - 1;
  JSValue result = JS_EXCEPTION;
  int64_t *values = js_malloc(ctx, (size_t)(count + results + 1) * sizeof *values);
  if (!values)
    goto out;
  for (int i = 0; i < count; i++)
    if (to_slot(ctx, type[i], i < argc ? argv[i] : JS_UNDEFINED, &values[i]))
      goto out;
  if (nested >= MOST_NESTED) {
    JS_ThrowRangeError(ctx, "Maximum call stack size exceeded");
    goto out;
  }
  memcpy(slots, values, (size_t)count * sizeof *values);
  nested++;
  int status = webassembly_function_call(arg_int32(ctx, data[0]), slots, text);
  nested--;
  memcpy(values, slots, (size_t)results * sizeof *values);
  if (settle(ctx, status) == 0)
    result = from_slots(ctx, type + count + 1, values);
out:
  js_free(ctx, values);
  JS_FreeCString(ctx, type);
  return result;
}

/* exported(handle, type, owner): a function that calls the instance's. */
static JSValue exported(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *type = JS_ToCString(ctx, argv[1]);
  if (!type)
    return JS_EXCEPTION;
  int count = count_parameters(type);
  JS_FreeCString(ctx, type);
  return JS_NewCFunctionData(ctx, call_exported, count, 0, 3, argv);
}

/* --- functions of JavaScript's, called by instances ----------------------------------------------------------------- */

static int results_of(JSContext *ctx, JSValueConst value, const char *types, int64_t *to)
{
  int count = (int)strlen(types);
  if (count == 0)
    return 0;
  if (count == 1)
    return to_slot(ctx, types[0], value, to);
  JSValueConst arguments[] = {value, JS_NewInt32(ctx, count)};
  JSValue list = hook(ctx, "list", 2, arguments);
  if (JS_IsException(list))
    return -1;
  int failed = 0;
  for (int i = 0; i < count && !failed; i++) {
    JSValue element = JS_GetPropertyUint32(ctx, list, (uint32_t)i);
    failed = JS_IsException(element) || to_slot(ctx, types[i], element, &to[i]);
    JS_FreeValue(ctx, element);
  }
  JS_FreeValue(ctx, list);
  return failed;
}

static int call_imported(JSContext *ctx, const struct Imported *f)
{
  int count = count_parameters(f->type), results = (int)strlen(f->type) - count - 1, failed = 0, made = 0;
  int64_t *values = js_malloc(ctx, (size_t)(count + results + 1) * sizeof *values);
  JSValue *arguments = js_malloc(ctx, (size_t)(count + 1) * sizeof *arguments);
  if (!values || !arguments || look_for_changes(ctx))
    failed = 1;
  if (!failed)
    memcpy(values, slots, (size_t)count * sizeof *values);
  for (; !failed && made < count; made++) {
    arguments[made] = from_slot(ctx, f->type[made], values[made]);
    failed = JS_IsException(arguments[made]);
  }
  if (!failed) {
    JSValue function = JS_DupValue(ctx, f->function);
    const char *types = f->type + count + 1;
    JSValue result = JS_Call(ctx, function, JS_UNDEFINED, count, (JSValueConst *)arguments);
    failed = JS_IsException(result) || results_of(ctx, result, types, values);
    JS_FreeValue(ctx, result);
    JS_FreeValue(ctx, function);
    memcpy(slots, values, (size_t)results * sizeof *values);
  }
  while (made-- > 0)
    JS_FreeValue(ctx, arguments[made]);
  js_free(ctx, values);
  js_free(ctx, arguments);
  return failed;
}

/* Called by the kernel within a system call; answers whether the function threw. */
__attribute__((export_name("__webassembly_import"))) int webassembly_import(int number)
{
  JSContext *ctx = the_env->ctx;
  if (!call_imported(ctx, &imported[number]))
    return 0;
  JS_FreeValue(ctx, thrown);
  thrown = JS_GetException(ctx);
  return 1;
}

static int free_number(JSContext *ctx)
{
  for (int i = 0; i < imported_count; i++)
    if (JS_IsUndefined(imported[i].function))
      return i;
  int count = imported_count ? imported_count * 2 : 64, first = imported_count;
  struct Imported *more = js_realloc(ctx, imported, (size_t)count * sizeof *more);
  if (!more)
    return -1;
  imported = more;
  for (; imported_count < count; imported_count++)
    imported[imported_count] = (struct Imported){JS_UNDEFINED, NULL};
  return first;
}

/* function(type, callable): [handle, number]; the number is to be freed. */
static JSValue function_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *type = JS_ToCString(ctx, argv[0]);
  int number = type ? free_number(ctx) : -1;
  if (number < 0)
    return JS_EXCEPTION;
  imported[number] = (struct Imported){JS_DupValue(ctx, argv[1]), js_strdup(ctx, type)};
  int handle = webassembly_function_new(type, number, slots);
  JS_FreeCString(ctx, type);
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, handle));
  JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, number));
  return pair;
}

static JSValue function_free(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  struct Imported *f = &imported[arg_int32(ctx, argv[0])];
  JS_FreeValue(ctx, f->function);
  js_free(ctx, f->type);
  *f = (struct Imported){JS_UNDEFINED, NULL};
  return JS_UNDEFINED;
}

/* --- modules and instances ------------------------------------------------------------------------------------------ */

/* What a system call answered; with `text` it may have said why not. */
static JSValue answer(JSContext *ctx, int result)
{
  return result < 0 ? throw_failure(ctx, result) : JS_NewInt32(ctx, result);
}

static JSValue module_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  if (!engine_view(argv[0], &view))
    return JS_ThrowTypeError(ctx, "a view is wanted");
  text[0] = 0;
  return answer(ctx, webassembly_module_new(view.data, view.length, text));
}

static JSValue module_describe(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int module = arg_int32(ctx, argv[0]);
  int size = webassembly_module_describe(module, NULL, 0);
  char *json = size < 0 ? NULL : js_malloc(ctx, (size_t)size + 1);
  if (!json)
    return size < 0 ? answer(ctx, size) : JS_EXCEPTION;
  webassembly_module_describe(module, json, (size_t)size);
  json[size] = 0;
  JSValue value = JS_ParseJSON(ctx, json, (size_t)size, "module");
  js_free(ctx, json);
  return value;
}

/* instance(module, Int32Array of externs) */
static JSValue instance_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  if (!engine_view(argv[1], &view))
    return JS_ThrowTypeError(ctx, "a view is wanted");
  text[0] = 0;
  return answer(ctx, webassembly_instance_new(arg_int32(ctx, argv[0]), (const int *)view.data, &changes, text));
}

static JSValue instance_start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (nested >= MOST_NESTED)
    return JS_ThrowRangeError(ctx, "Maximum call stack size exceeded");
  nested++;
  int status = webassembly_instance_start(arg_int32(ctx, argv[0]), text);
  nested--;
  return settle(ctx, status) ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue instance_export(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return answer(ctx, webassembly_instance_export(arg_int32(ctx, argv[0]), arg_int32(ctx, argv[1])));
}

static JSValue function_type(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char type[2 * MOST_VALUES + 2];
  int length = webassembly_function_type(arg_int32(ctx, argv[0]), type, sizeof type);
  return length < 0 ? answer(ctx, length) : JS_NewStringLen(ctx, type, (size_t)length);
}

/* --- memories ------------------------------------------------------------------------------------------------------- */

static JSValue memory_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  text[0] = 0;
  int minimum = arg_int32(ctx, argv[0]), maximum = arg_int32(ctx, argv[1]);
  return answer(ctx, webassembly_memory_new(minimum, maximum, arg_bool(ctx, argv[2]), &changes));
}

/* buffer(memory, shared): over the memory as it is now, whose bytes are not the buffer's to free. */
static JSValue memory_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t range[2];
  int failed = webassembly_memory_range(arg_int32(ctx, argv[0]), range);
  if (failed < 0)
    return answer(ctx, failed);
  return JS_NewArrayBuffer(ctx, (uint8_t *)(uintptr_t)range[0], (size_t)range[1] * PAGE, 0, NULL, NULL,
                           arg_bool(ctx, argv[1]));
}

static JSValue memory_detach(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JS_DetachArrayBuffer(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue memory_grow(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int before = webassembly_memory_grow(arg_int32(ctx, argv[0]), arg_uint32(ctx, argv[1]));
  return look_for_changes(ctx) ? JS_EXCEPTION : JS_NewInt32(ctx, before);
}

/* --- tables and globals: a letter for the type where a value is concerned -------------------------------------------- */

static bool letter_slot(JSContext *ctx, JSValueConst letter, JSValueConst value, char *type, int64_t *slot)
{
  const char *string = JS_ToCString(ctx, letter);
  *type = string ? string[0] : 0;
  JS_FreeCString(ctx, string);
  return *type && to_slot(ctx, *type, value, slot) == 0;
}

static const char *element_name(JSContext *ctx, JSValueConst letter)
{
  const char *string = JS_ToCString(ctx, letter);
  const char *name = string && string[0] == 'r' ? "funcref" : "externref";
  JS_FreeCString(ctx, string);
  return name;
}

/* table(letter, minimum, maximum, value) */
static JSValue table_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char type;
  int64_t slot;
  if (!letter_slot(ctx, argv[0], argv[3], &type, &slot))
    return JS_EXCEPTION;
  text[0] = 0;
  return answer(ctx, webassembly_table_new(type, arg_int32(ctx, argv[1]), arg_int32(ctx, argv[2]), &slot));
}

static JSValue table_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewInt32(ctx, webassembly_table_size(arg_int32(ctx, argv[0])));
}

/* grow(table, letter, delta, value): the size before, or less than 0 */
static JSValue table_grow(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char type;
  int64_t slot;
  if (!letter_slot(ctx, argv[1], argv[3], &type, &slot))
    return JS_EXCEPTION;
  return JS_NewInt32(ctx, webassembly_table_grow(arg_int32(ctx, argv[0]), arg_uint32(ctx, argv[2]), &slot));
}

/* get(table, letter, index): undefined when there is no such element */
static JSValue table_get(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int64_t slot = 0;
  if (webassembly_table_get(arg_int32(ctx, argv[0]), arg_uint32(ctx, argv[2]), &slot) < 0)
    return JS_ThrowRangeError(ctx, "WebAssembly.Table.get(): invalid address %u in %s table of size %d",
                              arg_uint32(ctx, argv[2]), element_name(ctx, argv[1]), webassembly_table_size(arg_int32(ctx, argv[0])));
  const char *letter = JS_ToCString(ctx, argv[1]);
  JSValue value = letter ? from_slot(ctx, letter[0], slot) : JS_EXCEPTION;
  JS_FreeCString(ctx, letter);
  return value;
}

static JSValue table_set(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char type;
  int64_t slot;
  if (!letter_slot(ctx, argv[1], argv[3], &type, &slot))
    return JS_EXCEPTION;
  if (webassembly_table_set(arg_int32(ctx, argv[0]), arg_uint32(ctx, argv[2]), &slot) < 0)
    return JS_ThrowRangeError(ctx, "WebAssembly.Table.set(): invalid address %u in %s table of size %d",
                              arg_uint32(ctx, argv[2]), element_name(ctx, argv[1]), webassembly_table_size(arg_int32(ctx, argv[0])));
  return JS_UNDEFINED;
}

/* global(letter, mutable, value) */
static JSValue global_new(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char type;
  int64_t slot;
  if (!letter_slot(ctx, argv[0], argv[2], &type, &slot))
    return JS_EXCEPTION;
  text[0] = 0;
  return answer(ctx, webassembly_global_new(type, arg_bool(ctx, argv[1]), &slot));
}

static JSValue global_get(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int64_t slot = 0;
  text[0] = 0;
  int failed = webassembly_global_get(arg_int32(ctx, argv[0]), &slot);
  if (failed < 0)
    return JS_ThrowTypeError(ctx, "get WebAssembly.Global.value: Can't get the value of a v128 or exnref");
  const char *letter = JS_ToCString(ctx, argv[1]);
  JSValue value = letter ? from_slot(ctx, letter[0], slot) : JS_EXCEPTION;
  JS_FreeCString(ctx, letter);
  return value;
}

static JSValue global_set(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char type;
  int64_t slot;
  if (!letter_slot(ctx, argv[1], argv[2], &type, &slot))
    return JS_EXCEPTION;
  text[0] = 0;
  return answer(ctx, webassembly_global_set(arg_int32(ctx, argv[0]), &slot));
}

static JSValue release(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  webassembly_release(arg_int32(ctx, argv[0]));
  return JS_UNDEFINED;
}

static JSValue set_hooks(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  hooks = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

void init_webassembly(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"module", module_new, 1},          {"describe", module_describe, 1},   {"instance", instance_new, 2},
      {"start", instance_start, 1},       {"export", instance_export, 2},     {"exported", exported, 3},
      {"type", function_type, 1},         {"function", function_new, 2},      {"functionFree", function_free, 1},
      {"memory", memory_new, 3},          {"memoryBuffer", memory_buffer, 2}, {"memoryDetach", memory_detach, 1},
      {"memoryGrow", memory_grow, 2},     {"table", table_new, 4},            {"tableSize", table_size, 1},
      {"tableGrow", table_grow, 4},       {"tableGet", table_get, 3},         {"tableSet", table_set, 4},
      {"global", global_new, 3},          {"globalGet", global_get, 2},       {"globalSet", global_set, 3},
      {"release", release, 1},            {"setHooks", set_hooks, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
}

#endif /* there is no kernel below a program for this machine, and no WebAssembly */
