/* Handles, addresses and modules that are none, to who runs modules for a program. */
#include "../expect.h"

#define SYSTEM_CALL(name) __attribute__((import_module("webassembly"), import_name(#name))) int name
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

#define ERROR(call, error) expect_(__LINE__, #call, (last = (call)) < 0 ? -last : 0, error)
#define GIVES(call) (ERROR(call, 0), last)
#define NOWHERE ((void *)0xfffffff0u)

static int last, changes, mode, imported;
static char text[512];
static int64_t slots[16];

/* (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))) */
static const uint8_t ADDS[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0,
                               7, 5, 1, 1, 'f', 0, 0, 10, 9, 1, 7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b};
/* (import "m" "f" (func (param i32) (result i32))) (func (export "f") (param i32) (result i32) (call 0 (local.get 0))) */
static const uint8_t CALLS[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 2, 7, 1, 1, 'm', 1, 'f', 0, 0,
                                3, 2, 1, 0, 7, 5, 1, 1, 'f', 0, 1, 10, 8, 1, 6, 0, 0x20, 0, 0x10, 0, 0x0b};
/* (memory (export "m") 1 3) (func (export "f") (param i32) (result i32) (i32.load (local.get 0))) */
static const uint8_t LOADS[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 5, 4, 1, 1, 1, 3,
                                7, 9, 2, 1, 'm', 2, 0, 1, 'f', 0, 0, 10, 9, 1, 7, 0, 0x20, 0, 0x28, 2, 0, 0x0b};

static const int NO_HANDLES[] = {0, -1, 1000, 1 << 20, INT_MIN, INT_MAX};

static int function;

/* What the kernel calls for a function of ours. */
__attribute__((export_name("__webassembly_import"))) int imports(int number)
{
  imported = number;
  switch (mode) {
  case 0: slots[0] = slots[0] * 2; return 0;
  case 1: return 1;
  case 2: return function_call(function, slots, text) != 0; /* without end */
  case 3: release(function); return 0;
  default: __builtin_trap();
  }
}

static void no_handles(void)
{
  for (int i = 0; i < 6; i++) {
    int none = NO_HANDLES[i];
    uint32_t range[2];
    ERROR(module_describe(none, text, sizeof text), EBADF);
    ERROR(instance_new(none, NULL, &changes, text), EBADF);
    ERROR(instance_start(none, text), EBADF);
    ERROR(instance_export(none, 0), EBADF);
    ERROR(function_type(none, text, sizeof text), EBADF);
    ERROR(function_call(none, slots, text), EBADF);
    ERROR(memory_range(none, range), EBADF);
    ERROR(memory_grow(none, 1), EBADF);
    ERROR(table_size(none), EBADF);
    ERROR(table_grow(none, 1, slots), EBADF);
    ERROR(table_get(none, 0, slots), EBADF);
    ERROR(table_set(none, 0, slots), EBADF);
    ERROR(global_get(none, slots), EBADF);
    ERROR(global_set(none, slots), EBADF);
    ERROR(release(none), 0);
  }
}

static void no_modules(void)
{
  ERROR(module_new(ADDS, 0, text), ENOEXEC);
  ERROR(module_new(ADDS, sizeof ADDS - 1, text), ENOEXEC);
  HOLDS(text[0]);
  ERROR(module_new(ADDS, 0xffffffffu, text), ENOEXEC);
  ERROR(module_new(ADDS, 200 << 20, text), EFAULT);
  ERROR(module_new(NOWHERE, 64, text), EFAULT);
  ERROR(module_new(ADDS, 4, NOWHERE), EFAULT);
  static uint8_t bytes[sizeof ADDS];
  for (size_t i = 8; i < sizeof bytes; i++) {
    memcpy(bytes, ADDS, sizeof bytes);
    bytes[i] ^= 0x7f;
    int module = module_new(bytes, sizeof bytes, text);
    HOLDS(module > 0 || module == -ENOEXEC);
    if (module > 0) release(module);
  }
}

static void of_another_kind(void)
{
  int module = GIVES(module_new(ADDS, sizeof ADDS, text));
  int instance = GIVES(instance_new(module, NULL, &changes, text));
  function = GIVES(instance_export(instance, 0));
  ERROR(instance_export(instance, 1), EINVAL);
  ERROR(instance_export(instance, -1), EINVAL);
  ERROR(instance_export(module, 0), EBADF);
  ERROR(module_describe(instance, text, sizeof text), EBADF);
  ERROR(function_call(instance, slots, text), EBADF);
  ERROR(function_call(function, NOWHERE, text), EFAULT);
  ERROR(module_describe(module, NOWHERE, 512), EFAULT);
  HOLDS(module_describe(module, NULL, 0) > 10);
  slots[0] = 41;
  ERROR(function_call(function, slots, text), 0);
  HOLDS((int)slots[0] == 42);
  release(function);
  ERROR(function_call(function, slots, text), EBADF);
  release(instance);
  ERROR(instance_start(instance, text), EBADF);
  int more = GIVES(instance_new(module, NOWHERE, NOWHERE, text)); /* it imports nothing and grows nothing */
  release(more);
  release(module);
}

static void called_back(void)
{
  int module = GIVES(module_new(CALLS, sizeof CALLS, text));
  int none[] = {0}, wrong[] = {module};
  ERROR(instance_new(module, none, &changes, text), EINVAL);
  ERROR(instance_new(module, wrong, &changes, text), EINVAL);
  ERROR(instance_new(module, NOWHERE, &changes, text), EFAULT);
  ERROR(function_new("i", 1, slots), EINVAL);
  ERROR(function_new("?:i", 1, slots), EINVAL);
  ERROR(function_new(NOWHERE, 1, slots), EFAULT);
  int other = GIVES(function_new("i:", 1, slots));
  ERROR(instance_new(module, &other, &changes, text), EINVAL);
  int host = GIVES(function_new("i:i", -7, slots));
  int instance = GIVES(instance_new(module, &host, &changes, text));
  function = GIVES(instance_export(instance, 0));
  slots[0] = 21;
  ERROR(function_call(function, slots, text), 0);
  HOLDS((int)slots[0] == 42 && imported == -7);
  mode = 1;
  HOLDS(function_call(function, slots, text) == 1);
  mode = 2; /* to the end of the stack, and back */
  HOLDS(function_call(function, slots, text) != 0);
  mode = 0;
  slots[0] = 4;
  ERROR(function_call(function, slots, text), 0);
  HOLDS((int)slots[0] == 8);
  mode = 3;
  slots[0] = 5;
  ERROR(function_call(function, slots, text), 0);
  ERROR(function_call(function, slots, text), EBADF);
  int nowhere = GIVES(function_new("i:i", 1, NOWHERE));
  instance = GIVES(instance_new(module, &nowhere, &changes, text));
  function = GIVES(instance_export(instance, 0));
  HOLDS(function_call(function, slots, text) < 0);
}

static void memories(void)
{
  uint32_t range[2];
  ERROR(memory_new(-1, 1, 0, &changes), EINVAL);
  ERROR(memory_new(2, 1, 0, &changes), EINVAL);
  ERROR(memory_new(0, 65537, 0, &changes), EINVAL);
  ERROR(memory_new(65536, 65536, 0, &changes), ENOMEM);
  ERROR(memory_new(30000, 65536, 0, &changes), ENOMEM);
  for (int i = 0; i < 100; i++) { /* 2 GiB, one after the other */
    int memory = GIVES(memory_new(300, 300, 0, &changes));
    ERROR(memory_range(memory, range), 0);
    memset((void *)(uintptr_t)range[0], i + 1, range[1] << 16);
    release(memory);
  }
  int memory = GIVES(memory_new(1, 5, 0, &changes));
  ERROR(memory_range(memory, range), 0);
  unsigned char *bytes = (void *)(uintptr_t)range[0];
  for (int i = 0; i < 65536; i++) if (bytes[i]) { HOLDS(!"bytes of another's are left"); break; }
  HOLDS(memory_grow(memory, 2) == 1 && changes == 1);
  ERROR(memory_grow(memory, 3), ENOMEM);
  ERROR(memory_grow(memory, 0xffffffffu), ENOMEM);
  ERROR(memory_range(memory, NOWHERE), EFAULT);
  int hidden = GIVES(memory_new(1, 5, 0, NOWHERE));
  ERROR(memory_grow(hidden, 1), EFAULT);

  int module = GIVES(module_new(LOADS, sizeof LOADS, text));
  for (int i = 0; i < 2000; i++) { /* a hundred times what there is */
    int instance = instance_new(module, NULL, &changes, text);
    if (instance < 0) { HOLDS(!"the memories of instances are given back"); break; }
    int own = instance_export(instance, 0);
    release(instance);
    release(own);
  }
  int instance = GIVES(instance_new(module, NULL, &changes, text));
  int f = GIVES(instance_export(instance, 1));
  const int64_t beyond[] = {65533, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
  for (int i = 0; i < 5; i++) {
    slots[0] = beyond[i];
    ERROR(function_call(f, slots, text), EFAULT);
    HOLDS(!strcmp(text, "out of bounds memory access"));
  }
}

static void tables(void)
{
  slots[0] = 0;
  ERROR(table_new('q', 1, 1, slots), EINVAL);
  ERROR(table_new('i', 1, 1, slots), EINVAL);
  ERROR(table_new('r', -1, 1, slots), EINVAL);
  ERROR(table_new('r', 2, 1, slots), EINVAL);
  ERROR(table_new('r', 2000000000, -1, slots), EINVAL);
  ERROR(table_new('r', 1, 1, NOWHERE), EFAULT);
  int table = GIVES(table_new('r', 2, 4, slots));
  slots[0] = table;
  ERROR(table_set(table, 0, slots), EINVAL);
  slots[0] = 0;
  ERROR(table_set(table, 2, slots), ERANGE);
  ERROR(table_get(table, 0xffffffffu, slots), ERANGE);
  ERROR(table_grow(table, 3, slots), ENOMEM);
  ERROR(table_grow(table, 0xffffffffu, slots), ENOMEM);
  HOLDS(table_grow(table, 2, slots) == 2 && table_size(table) == 4);
  ERROR(global_new('q', 1, slots), EINVAL);
  ERROR(global_new('i', 1, NOWHERE), EFAULT);
  int global = GIVES(global_new('i', 0, slots));
  ERROR(global_set(global, slots), EPERM);
}

int main(void)
{
  no_handles();
  no_modules();
  of_another_kind();
  called_back();
  memories();
  tables();
  return verdict();
}
