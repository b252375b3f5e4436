/*
 * compile-builtins LIB LIST CONFIG BLOB INDEX: turns the library's files (LIB/<id>.js for each id in LIST) into one
 * blob of bytecode and its index in C. Runs at build time on the build machine, with the same engine.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/builtins.h"
#include "../c/engine/engine.h"

static FILE *blob, *index_file;
static uint32_t blob_size;

static void die(const char *what, const char *name)
{
  fprintf(stderr, "compile-builtins: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static char *read_file(const char *name, size_t *length)
{
  FILE *file = fopen(name, "rb");
  if (!file)
    die("cannot read", name);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
    die("cannot read", name);
  text[size] = 0;
  fclose(file);
  *length = (size_t)size;
  return text;
}

static uint32_t append(const void *data, size_t length)
{
  uint32_t at = blob_size;
  if (fwrite(data, 1, length, blob) != length)
    die("cannot write", "the blob");
  static const char zeros[8];
  size_t padding = -(blob_size + length) & 7;
  fwrite(zeros, 1, padding, blob);
  blob_size += (uint32_t)(length + padding);
  return at;
}

/* Modules for V8's profiler (they are ES modules) and a type stripper that is itself a Wasm module. */
static bool is_rare(const char *id)
{
  return !strncmp(id, "internal/deps/v8/tools/", 23) || !strncmp(id, "internal/deps/amaro/", 20);
}

static void compile(JSContext *ctx, const char *lib, const char *id)
{
  char path[4096], file[512];
  size_t length, size = 0;
  snprintf(path, sizeof(path), "%s/%s.js", lib, id);
  snprintf(file, sizeof(file), "node:%s", id);
  char *source = read_file(path, &length);
  bool rare = is_rare(id);
  uint8_t *bytecode =
      rare ? NULL : engine_compile_bytecode(ctx, source, length, file, builtin_parameters(id), &size);
  if (!bytecode && !rare) {
    JSValue error = JS_GetException(ctx);
    const char *text = JS_ToCString(ctx, error);
    fprintf(stderr, "compile-builtins: %s: %s\n", id, text);
    exit(1);
  }
  uint32_t bytecode_at = bytecode ? append(bytecode, size) : 0;
  fprintf(index_file, "  {\"%s\", %u, %zu},\n", id, bytecode_at, size);
  js_free(ctx, bytecode);
  free(source);
}

int main(int argc, char **argv)
{
  if (argc != 6) {
    fprintf(stderr, "usage: compile-builtins LIB LIST CONFIG BLOB INDEX\n");
    return 2;
  }
  JSRuntime *rt = JS_NewRuntime();
  if (!rt || engine_init_runtime(rt))
    return 1;
  JSContext *ctx = JS_NewContext(rt);
  blob = fopen(argv[4], "wb");
  index_file = fopen(argv[5], "w");
  if (!ctx || !blob || !index_file)
    die("cannot write", argv[4]);
  size_t length;
  char *list = read_file(argv[2], &length);
  int count = 0;
  fprintf(index_file, "#include \"builtins.h\"\nconst Builtin builtins[] = {\n");
  for (char *id = strtok(list, "\n"); id; id = strtok(NULL, "\n"), count++)
    compile(ctx, argv[1], id);
  char *config = read_file(argv[3], &length);
  uint32_t at = append(config, length + 1);
  fprintf(index_file, "};\nconst int builtins_count = %d;\n", count);
  fprintf(index_file, "const uint32_t builtins_config = %u, builtins_config_length = %zu;\n", at, length);
  if (fclose(blob) || fclose(index_file))
    die("cannot write", argv[4]);
  return 0;
}
