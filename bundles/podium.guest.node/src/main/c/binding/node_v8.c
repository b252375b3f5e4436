/* v8: the heap's numbers, as far as this engine has them. Profiles and snapshots of V8's own making are not here. */
#include "../env.h"

enum {
  TOTAL_HEAP_SIZE, TOTAL_HEAP_SIZE_EXECUTABLE, TOTAL_PHYSICAL_SIZE, TOTAL_AVAILABLE_SIZE, USED_HEAP_SIZE,
  HEAP_SIZE_LIMIT, MALLOCED_MEMORY, PEAK_MALLOCED_MEMORY, DOES_ZAP_GARBAGE, NATIVE_CONTEXTS, DETACHED_CONTEXTS,
  TOTAL_GLOBAL_HANDLES, USED_GLOBAL_HANDLES, EXTERNAL_MEMORY, HEAP_FIELDS
};
enum { CODE_AND_METADATA, BYTECODE_AND_METADATA, SCRIPT_SOURCE, PROFILER_METADATA, CODE_FIELDS };
enum { SPACE_SIZE, SPACE_USED_SIZE, SPACE_AVAILABLE_SIZE, PHYSICAL_SPACE_SIZE, SPACE_FIELDS };

/* What a module compiled by another engine, or with other flags, must differ in. */
enum { CACHED_DATA_VERSION = 0x504f4451 };
static uint32_t flags_hash;

static double heap[HEAP_FIELDS], code[CODE_FIELDS], space[SPACE_FIELDS];

static double heap_limit(const JSMemoryUsage *usage)
{
  uint64_t limit = usage->malloc_limit > 0 ? (uint64_t)usage->malloc_limit : 0;
  return limit ? (double)limit : (double)uv_get_constrained_memory() > 0 ? (double)uv_get_constrained_memory()
                                                                         : (double)uv_get_total_memory();
}

static JSValue update_heap(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSMemoryUsage usage;
  JS_ComputeMemoryUsage(JS_GetRuntime(ctx), &usage);
  double limit = heap_limit(&usage), used = (double)usage.memory_used_size, total = (double)usage.malloc_size;
  heap[TOTAL_HEAP_SIZE] = heap[TOTAL_PHYSICAL_SIZE] = heap[MALLOCED_MEMORY] = total;
  heap[USED_HEAP_SIZE] = used < total ? used : total;
  heap[HEAP_SIZE_LIMIT] = limit;
  heap[TOTAL_AVAILABLE_SIZE] = limit > total ? limit - total : 0;
  if (heap[PEAK_MALLOCED_MEMORY] < total)
    heap[PEAK_MALLOCED_MEMORY] = total;
  heap[NATIVE_CONTEXTS] = 1;
  heap[EXTERNAL_MEMORY] = (double)usage.binary_object_size;
  return JS_UNDEFINED;
}

static JSValue update_code(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSMemoryUsage usage;
  JS_ComputeMemoryUsage(JS_GetRuntime(ctx), &usage);
  code[BYTECODE_AND_METADATA] = (double)(usage.js_func_size + usage.js_func_code_size);
  return JS_UNDEFINED;
}

/* There is one space. */
static JSValue update_space(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JS_FreeValue(ctx, update_heap(ctx, self, 0, NULL));
  space[SPACE_SIZE] = space[PHYSICAL_SPACE_SIZE] = heap[TOTAL_HEAP_SIZE];
  space[SPACE_USED_SIZE] = heap[USED_HEAP_SIZE];
  space[SPACE_AVAILABLE_SIZE] = heap[TOTAL_AVAILABLE_SIZE];
  return JS_UNDEFINED;
}

static JSValue cached_data_version_tag(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewUint32(ctx, CACHED_DATA_VERSION ^ flags_hash);
}

/* Flags tune V8 and say nothing to this engine; V8 too goes on after a flag it does not know. */
static JSValue set_flags(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *flags = JS_ToCString(ctx, argv[0]);
  if (!flags)
    return JS_EXCEPTION;
  for (const char *at = flags; *at; at++)
    flags_hash = flags_hash * 31 + (uint8_t)*at;
  JS_FreeCString(ctx, flags);
  return JS_UNDEFINED;
}

static JSValue is_one_byte(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineString string;
  if (!engine_string_open(ctx, argv[0], &string))
    return JS_EXCEPTION;
  bool narrow = !string.wide;
  engine_string_close(&string);
  return JS_NewBool(ctx, narrow);
}

void init_v8(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"updateHeapStatisticsBuffer", update_heap, 0},       {"updateHeapCodeStatisticsBuffer", update_code, 0},
      {"updateHeapSpaceStatisticsBuffer", update_space, 1}, {"cachedDataVersionTag", cached_data_version_tag, 0},
      {"setFlagsFromString", set_flags, 1},                 {"isStringOneByteRepresentation", is_one_byte, 1},
  };
  static const BindingConstant constants[] = {
      {"kTotalHeapSizeIndex", TOTAL_HEAP_SIZE},
      {"kTotalHeapSizeExecutableIndex", TOTAL_HEAP_SIZE_EXECUTABLE},
      {"kTotalPhysicalSizeIndex", TOTAL_PHYSICAL_SIZE},
      {"kTotalAvailableSize", TOTAL_AVAILABLE_SIZE},
      {"kUsedHeapSizeIndex", USED_HEAP_SIZE},
      {"kHeapSizeLimitIndex", HEAP_SIZE_LIMIT},
      {"kMallocedMemoryIndex", MALLOCED_MEMORY},
      {"kPeakMallocedMemoryIndex", PEAK_MALLOCED_MEMORY},
      {"kDoesZapGarbageIndex", DOES_ZAP_GARBAGE},
      {"kNumberOfNativeContextsIndex", NATIVE_CONTEXTS},
      {"kNumberOfDetachedContextsIndex", DETACHED_CONTEXTS},
      {"kTotalGlobalHandlesSizeIndex", TOTAL_GLOBAL_HANDLES},
      {"kUsedGlobalHandlesSizeIndex", USED_GLOBAL_HANDLES},
      {"kExternalMemoryIndex", EXTERNAL_MEMORY},
      {"kCodeAndMetadataSizeIndex", CODE_AND_METADATA},
      {"kBytecodeAndMetadataSizeIndex", BYTECODE_AND_METADATA},
      {"kExternalScriptSourceSizeIndex", SCRIPT_SOURCE},
      {"kCPUProfilerMetaDataSizeIndex", PROFILER_METADATA},
      {"kSpaceSizeIndex", SPACE_SIZE},
      {"kSpaceUsedSizeIndex", SPACE_USED_SIZE},
      {"kSpaceAvailableSizeIndex", SPACE_AVAILABLE_SIZE},
      {"kPhysicalSpaceSizeIndex", PHYSICAL_SPACE_SIZE},
  };
  static const BindingConstant levels[] = {{"DETAILED", 1}, {"BRIEF", 0}};
  static const char *const missing[] = {"setHeapSnapshotNearHeapLimit", "getCppHeapStatistics", "startCpuProfile",
                                        "stopCpuProfile",               "getHashSeed",          "GCProfiler"};
  DEFINE_FUNCTIONS(ctx, target, functions);
  DEFINE_CONSTANTS(ctx, target, constants);
  for (int i = 0; i < COUNT_OF(missing); i++)
    define_unavailable(ctx, target, "v8", missing[i]);
  define_array(ctx, target, "heapStatisticsBuffer", heap, sizeof(heap), JS_TYPED_ARRAY_FLOAT64);
  define_array(ctx, target, "heapCodeStatisticsBuffer", code, sizeof(code), JS_TYPED_ARRAY_FLOAT64);
  define_array(ctx, target, "heapSpaceStatisticsBuffer", space, sizeof(space), JS_TYPED_ARRAY_FLOAT64);
  JSValue spaces = JS_NewArray(ctx), level = JS_NewObject(ctx);
  JS_DefinePropertyValueUint32(ctx, spaces, 0, JS_NewString(ctx, "old_space"), JS_PROP_C_W_E);
  define_value(ctx, target, "kHeapSpaces", spaces);
  DEFINE_CONSTANTS(ctx, level, levels);
  define_value(ctx, target, "detailLevel", level);
}
