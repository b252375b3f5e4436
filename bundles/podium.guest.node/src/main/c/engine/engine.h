/*
 * What the bindings need of the JavaScript engine beyond quickjs.h: V8-like stack traces, class tests, direct access
 * to strings and buffers, compiling with parameters, async context. Implemented in the other files here, one compilation unit
 * with (an edited) quickjs.c.
 */
#ifndef PODIUM_NODE_ENGINE_H
#define PODIUM_NODE_ENGINE_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- set-up ------------------------------------------------------------------------------------------------------ */

/* Hooks the embedder may set; all run on the engine's thread. */
typedef struct EngineHooks {
  /* Formats a captured stack: (error, array of call sites) -> the value of `stack`. */
  JSValue (*prepare_stack)(JSContext *ctx, JSValueConst error, JSValueConst sites);
  /* import(): a promise for the namespace. `referrer` is the file name of the calling script or module. */
  JSValue (*dynamic_import)(JSContext *ctx, JSValueConst referrer, JSValueConst specifier, JSValueConst attributes);
  /* The text of a compiled file, or NULL; `*length` bytes, owned by the callee. */
  const char *(*source_text)(JSContext *ctx, const char *file, size_t *length);
  /* There is no memory for objects and strings; does not return. Unset, scripts get an exception. */
  void (*out_of_memory)(void);
  /* A collection of cycles begins, and has ended; `forced` if it was asked for. May not touch the engine. */
  void (*collecting)(bool forced, bool ended);
  /* A promise that is resolved or rejected already was to be so again. Leaves no exception. */
  void (*settled_again)(JSContext *ctx, JSValueConst promise, JSValueConst value, bool rejected);
} EngineHooks;

/* Prepares a new runtime; call once, before the first context. -1 when out of memory. */
int engine_init_runtime(JSRuntime *rt);
/* Gives a context V8's view of Error and CallSite and takes away what V8 does not have. -1 with an exception. */
int engine_init_context(JSContext *ctx);
EngineHooks *engine_hooks(JSRuntime *rt);
/* The wasm build gives the shadow stack 8 MiB; the limit leaves room for C below the deepest JavaScript frame. */
enum { ENGINE_STACK_SIZE = 7 << 20 };
/* The stack's extent changes when a process is thawed or a thread changes. */
void engine_update_stack(JSRuntime *rt, size_t size);
/* Gives Math.random() new seeds, in all contexts: a process that is thawed is not the only one with its memory. */
void engine_reseed(JSRuntime *rt);
/* Is so much of it left? */
bool engine_has_stack(JSRuntime *rt, size_t bytes);

/* --- classes of values ------------------------------------------------------------------------------------------- */

typedef enum EngineKind {
  ENGINE_NOT_OBJECT, ENGINE_OBJECT, ENGINE_ARRAY, ENGINE_ERROR, ENGINE_NUMBER_OBJECT, ENGINE_STRING_OBJECT,
  ENGINE_BOOLEAN_OBJECT, ENGINE_SYMBOL_OBJECT, ENGINE_BIGINT_OBJECT, ENGINE_ARGUMENTS, ENGINE_DATE, ENGINE_MODULE_NS,
  ENGINE_FUNCTION, ENGINE_GENERATOR_FUNCTION, ENGINE_ASYNC_FUNCTION, ENGINE_ASYNC_GENERATOR_FUNCTION,
  ENGINE_REGEXP, ENGINE_ARRAY_BUFFER, ENGINE_SHARED_ARRAY_BUFFER, ENGINE_TYPED_ARRAY, ENGINE_DATA_VIEW, ENGINE_MAP,
  ENGINE_SET, ENGINE_WEAK_MAP, ENGINE_WEAK_SET, ENGINE_MAP_ITERATOR, ENGINE_SET_ITERATOR, ENGINE_GENERATOR,
  ENGINE_PROXY, ENGINE_PROMISE, ENGINE_WEAK_REF,
} EngineKind;

EngineKind engine_kind(JSValueConst value);

/* A symbol that no reflection shows. */
JSValue engine_new_private_symbol(JSContext *ctx, const char *description);
/* Sets the object's own property of such a symbol, which neither frozen objects nor proxies hinder. Takes the value. -1
   with an exception. */
int engine_set_private(JSContext *ctx, JSValueConst object, JSAtom symbol, JSValue value);

/* To be called when no script runs any more: what a WeakRef gave may go now. False if there was nothing. */
bool engine_end_job(JSRuntime *rt);

/* --- strings ----------------------------------------------------------------------------------------------------- */

/* The code units of a string, without a copy: Latin-1 when `!wide`, else UTF-16. Close when done. */
typedef struct EngineString {
  JSContext *ctx;
  JSValue owner;
  bool wide;
  uint32_t length; /* in code units */
  const uint8_t *latin1;
  const uint16_t *utf16;
} EngineString;

/* Opens a string value (no conversion). False, with a TypeError, if it is not a string or memory is out. */
bool engine_string_open(JSContext *ctx, JSValueConst value, EngineString *string);
void engine_string_close(EngineString *string);
JSValue engine_new_latin1(JSContext *ctx, const uint8_t *text, size_t length);
/* A string to fill in: `*text` gets its `length` units. The string must not be seen by scripts before it is full. */
JSValue engine_new_latin1_buffer(JSContext *ctx, size_t length, uint8_t **text);
JSValue engine_new_utf16_buffer(JSContext *ctx, size_t length, uint16_t **text);

/* --- buffers ----------------------------------------------------------------------------------------------------- */

typedef struct EngineView {
  uint8_t *data; /* NULL only if length is 0 */
  size_t length; /* in bytes */
} EngineView;

/* The bytes of an ArrayBuffer, SharedArrayBuffer, typed array or DataView. False (no exception) for anything else;
   a detached buffer has length 0. Valid until the next call into JavaScript. */
bool engine_view(JSValueConst value, EngineView *view);
/* A typed array over memory that lives as long as the process (state shared between C and JavaScript). */
JSValue engine_new_shared_view(JSContext *ctx, void *memory, size_t bytes, JSTypedArrayEnum type);

/* --- contexts ---------------------------------------------------------------------------------------------------- */

/* A context of its own, whose global object shows what `sandbox` has and writes to it; undefined for a plain one. NULL
   with an exception. Free with JS_FreeContext. */
JSContext *engine_new_context(JSContext *ctx, JSValueConst sandbox);
/* For the mark function of who holds one. */
void engine_mark_context(JSRuntime *rt, JSContext *ctx, JS_MarkFunc *mark);
/* From now on the context's jobs are run by engine_run_own_jobs alone. */
void engine_keep_own_jobs(JSContext *ctx);
/* Runs them, until there are none. False with an exception. */
bool engine_run_own_jobs(JSContext *ctx);

/* eval() and `new Function()` throw there from now on. */
void engine_forbid_eval(JSContext *ctx);

/* --- functions and scripts --------------------------------------------------------------------------------------- */

/* Marks a native function as one of a binding: it does not show in stack traces. */
void engine_mark_binding_function(JSValueConst function);
/* Compiles `source` as the body of a function with these parameters (a comma-separated list). Lines start at `line`,
   and columns are those of the text. */
JSValue engine_compile_function(JSContext *ctx, const char *source, size_t length, const char *file, int line,
                                const char *parameters);
/* Compiles a script for JS_EvalFunction; `column` is that of the text's first character, from 0. */
JSValue engine_compile_script(JSContext *ctx, const char *source, size_t length, const char *file, int line, int column);
/* Is it free of syntax errors as an ES module? */
bool engine_parses_as_module(JSContext *ctx, const char *source, size_t length);
/* The same, as bytecode without the source (free it with js_free). NULL with an exception. */
uint8_t *engine_compile_bytecode(JSContext *ctx, const char *source, size_t length, const char *file,
                                 const char *parameters, size_t *size);
/* Runs bytecode made by engine_compile_bytecode; gives the function. */
JSValue engine_run_bytecode(JSContext *ctx, const uint8_t *bytecode, size_t length);

/* --- ES modules -------------------------------------------------------------------------------------------------- */

/* Compiles a module without looking for what it imports. NULL with an exception. Modules live as long as the context. */
JSModuleDef *engine_module_compile(JSContext *ctx, const char *source, size_t length, const char *url, int line);
/* A module whose exports are set by `evaluate` (through JS_SetModuleExport) when it is evaluated. */
JSModuleDef *engine_module_synthetic(JSContext *ctx, const char *url, JSModuleInitFunc *evaluate);
int engine_module_request_count(const JSModuleDef *module);
/* The n-th request: specifier (owned) and attributes (borrowed; an object or undefined). */
JSValue engine_module_request(JSContext *ctx, const JSModuleDef *module, int n, JSValueConst *attributes);
void engine_module_set_request(JSModuleDef *module, int n, JSModuleDef *target);
/* Is there a module for every request, in the whole graph? */
bool engine_module_linked(const JSModuleDef *module);
int engine_module_instantiate(JSContext *ctx, JSModuleDef *module);
/* A promise, settled at once unless there is a top-level await. */
JSValue engine_module_evaluate(JSContext *ctx, JSModuleDef *module);
bool engine_module_has_await(const JSModuleDef *module);
/* Does the module or anything it imports await? */
bool engine_module_graph_has_await(JSModuleDef *module);
/* V8's numbers: 0 uninstantiated, 1 instantiating, 2 instantiated, 3 evaluating, 4 evaluated, 5 errored. */
int engine_module_status(const JSModuleDef *module);
JSValueConst engine_module_error(const JSModuleDef *module);
/* Calls `init` when import.meta is first used. */
void engine_module_on_import_meta(JSRuntime *rt, int (*init)(JSContext *ctx, JSModuleDef *module, JSValueConst meta));

/* --- stacks and positions ---------------------------------------------------------------------------------------- */

typedef struct EnginePosition {
  JSAtom file; /* not owned; JS_ATOM_NULL if unknown */
  int line;
  int column; /* both from 1 */
  int span;   /* how many characters it is about */
} EnginePosition;

/* Where `error` was thrown last by a throw statement, or else where it was made. False if not known. */
bool engine_error_position(JSContext *ctx, JSValueConst error, EnginePosition *position);
/* Where it was made, if its stack has not been read yet. */
bool engine_captured_position(JSValueConst error, EnginePosition *position);
/* The text of the code where it was made, if its stack has not been read yet, and the line it starts at. For code of eval(),
   whose file has no text. NULL if there is none; valid until the stack is read. */
const char *engine_captured_source(JSValueConst error, size_t *length, int *line);
/* The file that evaluated code goes back to; any other file is itself. Owned by the caller. */
JSValue engine_root_file(JSContext *ctx, JSValueConst file);
/* An array of call sites, the innermost first, at most `limit`, without the `skip` innermost JavaScript frames. */
JSValue engine_call_sites(JSContext *ctx, int skip, int limit);
/* The file of the n-th innermost JavaScript frame, or JS_ATOM_NULL; not owned. */
JSAtom engine_frame_file(JSContext *ctx, int n);
bool engine_frame_position(JSContext *ctx, int n, EnginePosition *position);

/* --- async context ----------------------------------------------------------------------------------------------- */

JSValueConst engine_continuation_data(JSRuntime *rt);
void engine_set_continuation_data(JSRuntime *rt, JSValue value);

/* --- inspection -------------------------------------------------------------------------------------------------- */

/* Entries of a Map, Set, their weak kin or one of their iterators (which is not advanced) as a flat array; `*pairs` tells whether
   keys and values alternate. JS_UNDEFINED for anything else. */
JSValue engine_preview_entries(JSContext *ctx, JSValueConst object, bool *pairs);
/* Sets an entry of a Map, whatever scripts made of its prototype. -1 with an exception. */
int engine_map_set(JSContext *ctx, JSValueConst map, JSValueConst key, JSValueConst value);
/* All objects that have `prototype` among their prototypes, when garbage has been collected, as an array. */
JSValue engine_objects_below(JSContext *ctx, JSValueConst prototype);
/* The constructor's name as V8 tells it; JS_ATOM_NULL if there is none. The caller frees it. */
JSAtom engine_constructor_name(JSContext *ctx, JSValueConst object);
bool engine_same_object(JSValueConst a, JSValueConst b);

#endif
