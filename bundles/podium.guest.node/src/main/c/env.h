/*
 * The environment: everything one Node process keeps between its C code and its JavaScript, and the helpers every
 * binding uses. One per process; reached from any callback with env_of(ctx).
 */
#ifndef PODIUM_NODE_ENV_H
#define PODIUM_NODE_ENV_H

#include <stdarg.h>
#include <uv.h>

#include "engine/engine.h"

/* --- symbols ----------------------------------------------------------------------------------------------------- */

/* Symbols of internalBinding('symbols'); names as Node's. */
#define ENV_SYMBOLS(V)                                                                                                 \
  V(fs_use_promises_symbol) V(async_id_symbol) V(constructor_key_symbol) V(handle_onclose) V(no_message_symbol)        \
  V(messaging_deserialize_symbol) V(imported_cjs_symbol) V(messaging_transfer_symbol) V(messaging_clone_symbol)        \
  V(messaging_transfer_list_symbol) V(oninit) V(owner_symbol) V(onpskexchange) V(resource_symbol)                      \
  V(trigger_async_id_symbol) V(builtin_source_text_module_hdo) V(source_text_module_default_hdo)                       \
  V(vm_context_no_contextify) V(vm_dynamic_import_default_internal) V(vm_dynamic_import_main_context_default)          \
  V(vm_dynamic_import_missing_flag) V(vm_dynamic_import_no_callback)

/* Private symbols of internalBinding('util').privateSymbols. */
#define ENV_PRIVATE_SYMBOLS(V)                                                                                         \
  V(arrow_message_private_symbol) V(contextify_context_private_symbol) V(decorated_private_symbol)                     \
  V(empty_context_frame_sentinel_symbol) V(transfer_mode_private_symbol) V(host_defined_option_symbol)                 \
  V(js_transferable_wrapper_private_symbol) V(entry_point_module_private_symbol)                                       \
  V(entry_point_promise_private_symbol) V(module_source_private_symbol) V(module_export_names_private_symbol)          \
  V(module_circular_visited_private_symbol) V(module_export_private_symbol) V(module_first_parent_private_symbol)      \
  V(module_last_parent_private_symbol) V(napi_type_tag) V(napi_wrapper) V(untransferable_object_private_symbol)        \
  V(exit_info_private_symbol) V(promise_trace_id) V(source_map_data_private_symbol)

/* Functions and objects that the library hands to C. All JS_UNDEFINED until set. */
#define ENV_VALUES(V)                                                                                                  \
  V(primordials) V(process) V(builtins_require) V(internal_binding) V(per_context_exports)                             \
  V(prepare_stack_trace_callback) V(enhance_stack_before) V(enhance_stack_after) V(get_source_map_error_source)        \
  V(maybe_cache_generated_source_map) V(tick_callback) V(promise_reject_callback) V(immediate_callback)                \
  V(timers_callback) V(buffer_prototype) V(async_hooks_init) V(async_hooks_before) V(async_hooks_after)                \
  V(async_hooks_destroy) V(async_hooks_promise_resolve) V(async_callback_trampoline)                                   \
  V(promise_hook_init) V(promise_hook_before) V(promise_hook_after) V(promise_hook_settled)                            \
  V(execution_async_resources) V(import_module_dynamically) V(initialize_import_meta) V(emit_message)                  \
  V(deserializer_create_object) V(snapshot_deserialize_main) V(host_defined_options) V(sources)                        \
  V(domexception) V(message_port_emit) V(exit_info_array) V(async_wrap_binding)                     \
  V(async_wrap_class) V(handle_wrap_class) V(req_wrap_class) V(key_object_handle_class) V(secret_key_object_class)     \
  V(crypto_key_class) V(external_class) V(emit_warning_sync)

/* --- state ------------------------------------------------------------------------------------------------------- */

enum { TICK_HAS_TICK_SCHEDULED, TICK_HAS_REJECTION_TO_WARN, TICK_FIELDS };
enum { IMMEDIATE_COUNT, IMMEDIATE_REF_COUNT, IMMEDIATE_HAS_OUTSTANDING, IMMEDIATE_FIELDS };
enum { EXIT_EXITING, EXIT_CODE, EXIT_HAS_CODE, EXIT_FIELDS };
enum {
  ASYNC_INIT, ASYNC_BEFORE, ASYNC_AFTER, ASYNC_DESTROY, ASYNC_PROMISE_RESOLVE, ASYNC_TOTALS, ASYNC_CHECK,
  ASYNC_STACK_LENGTH, ASYNC_USES_EXECUTION_RESOURCE, ASYNC_FIELDS
};
enum { ASYNC_EXECUTION_ID, ASYNC_TRIGGER_ID, ASYNC_ID_COUNTER, ASYNC_DEFAULT_TRIGGER_ID, ASYNC_ID_FIELDS };
enum { ASYNC_STACK_INITIAL = 16 };
enum {
  MILESTONE_TIME_ORIGIN_TIMESTAMP, MILESTONE_TIME_ORIGIN, MILESTONE_ENVIRONMENT, MILESTONE_NODE_START,
  MILESTONE_V8_START, MILESTONE_LOOP_START, MILESTONE_LOOP_EXIT, MILESTONE_BOOTSTRAP_COMPLETE, MILESTONES
};

typedef struct Env {
  JSRuntime *rt;
  JSContext *ctx;
  uv_loop_t *loop; /* NULL until the process is started (never set in a frozen image) */
  uv_loop_t loop_storage;

#define V(name) JSValue name;
  ENV_VALUES(V)
#undef V
  struct {
#define V(name) JSAtom name;
    ENV_SYMBOLS(V)
    ENV_PRIVATE_SYMBOLS(V)
#undef V
  } sym;

  /* Shared with JavaScript as typed arrays. */
  uint8_t tick_info[TICK_FIELDS];
  uint32_t immediate_info[IMMEDIATE_FIELDS];
  int32_t timeout_info[1];
  int32_t exit_info[EXIT_FIELDS];
  uint32_t async_hook_fields[ASYNC_FIELDS];
  double async_id_fields[ASYNC_ID_FIELDS];
  double *async_ids_stack; /* pairs; grows, and then the binding gets a new array */
  JSValue *async_resources; /* of what C pushed, by depth; as many fit as in the stack */
  uint32_t async_stack_capacity, async_resource_count;
  double milestones[MILESTONES];
  uint32_t hrtime_buffer[3];
  uint32_t abort_on_uncaught[1];
  int32_t stream_base_state[8];

  /* Timers and immediates. */
  uv_timer_t timer_handle;
  uv_check_t immediate_check;
  uv_idle_t immediate_idle;
  uint64_t timer_base;
  bool handles_ready;

  int callback_depth;
  bool exiting;
  bool source_maps;
  int argc; /* as given to the program */
  char **argv;
  const char *exec_path;
  struct Options *options;
} Env;

extern Env *the_env;

static inline Env *env_of(JSContext *ctx)
{
  (void)ctx;
  return the_env;
}

/* --- defining things --------------------------------------------------------------------------------------------- */

typedef JSValue NativeFunction(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);

/* Unlisted trailing arguments read as undefined up to `length` of them: list as many as you read. */
typedef struct BindingFunction {
  const char *name;
  NativeFunction *call;
  int length;
} BindingFunction;

typedef struct BindingConstant {
  const char *name;
  double value;
} BindingConstant;

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define DEFINE_FUNCTIONS(ctx, object, table) define_functions(ctx, object, table, COUNT_OF(table))
#define DEFINE_CONSTANTS(ctx, object, table) define_constants(ctx, object, table, COUNT_OF(table))

void define_functions(JSContext *ctx, JSValueConst object, const BindingFunction *table, int count);
void define_constants(JSContext *ctx, JSValueConst object, const BindingConstant *table, int count);
/* These take the value's reference. */
void define_value(JSContext *ctx, JSValueConst object, const char *name, JSValue value);
void define_hidden(JSContext *ctx, JSValueConst object, const char *name, JSValue value);
void define_string(JSContext *ctx, JSValueConst object, const char *name, const char *value);
void define_number(JSContext *ctx, JSValueConst object, const char *name, double value);
void define_bool(JSContext *ctx, JSValueConst object, const char *name, bool value);
void define_array(JSContext *ctx, JSValueConst object, const char *name, void *memory, size_t bytes, JSTypedArrayEnum type);
/* A function that throws ERR_FEATURE_UNAVAILABLE_ON_PLATFORM naming `binding.name`. */
void define_unavailable(JSContext *ctx, JSValueConst object, const char *binding, const char *name);
JSValue new_null_object(JSContext *ctx);
JSValue new_function(JSContext *ctx, NativeFunction *call, const char *name, int length);

/* --- classes ----------------------------------------------------------------------------------------------------- */

/*
 * Every object with C state is of one engine class, BaseObject: its opaque pointer starts with a BaseObject, whose
 * type tells the rest. `new` of a class made by define_class calls `construct`, which makes the state and returns
 * the object from base_object_new().
 */
typedef struct BaseObject BaseObject;

typedef struct BaseType {
  const char *name;
  const struct BaseType *parent;             /* a type's methods take objects of all types below it */
  void (*finalize)(BaseObject *base);        /* frees the state; runs when the object dies */
  void (*mark)(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark); /* values the state holds; may be NULL */
} BaseType;

struct BaseObject {
  const BaseType *type;
  JSValueConst object; /* not counted: the state lives in the object */
};

/* Allocates `size` zeroed bytes of state (starting with a BaseObject) and the object for it, whose prototype is
   new_target's. JS_EXCEPTION on failure. */
JSValue base_object_new(JSContext *ctx, JSValueConst new_target, const BaseType *type, size_t size, void *state_out);
/* The state of `value` if it is of `type` or below, else NULL with a TypeError "Illegal invocation". */
void *base_object_get(JSContext *ctx, JSValueConst value, const BaseType *type);
/* The same without an exception. */
void *base_object_peek(JSValueConst value, const BaseType *type);
/* Has the value any C state of ours? */
bool is_base_object(JSValueConst value);

/* Defines class `name` on `target`; `parent` is a constructor or JS_UNDEFINED. Returns the constructor (borrowed from
   target). */
JSValueConst define_class(JSContext *ctx, JSValueConst target, const char *name, NativeFunction *construct,
                          JSValueConst parent, const BindingFunction *methods, int count);
/* A class that scripts can neither name nor construct, such as one that is only a parent: made on first use, and kept in
   *slot. Returns the constructor (borrowed from there). */
JSValueConst define_hidden_class(JSContext *ctx, JSValue *slot, const char *name, JSValueConst parent,
                                 const BindingFunction *methods, int count);
/* An address as a value: typeof "object", without properties. */
JSValue new_external(JSContext *ctx, const void *address);
bool external_address(JSValueConst value, uint64_t *address);
/* An accessor on a class's prototype (or any object). */
void define_getter(JSContext *ctx, JSValueConst object, const char *name, NativeFunction *get, NativeFunction *set);

/* --- arguments --------------------------------------------------------------------------------------------------- */

int32_t arg_int32(JSContext *ctx, JSValueConst value);    /* 0 if it is not a number */
uint32_t arg_uint32(JSContext *ctx, JSValueConst value);
int64_t arg_int64(JSContext *ctx, JSValueConst value);    /* numbers and BigInts; saturates */
double arg_double(JSContext *ctx, JSValueConst value);
bool arg_bool(JSContext *ctx, JSValueConst value);
/* A path or string in UTF-8: a string or a buffer. NULL with an exception. Free with arg_free. Embedded NULs stay. */
char *arg_utf8(JSContext *ctx, JSValueConst value, size_t *length);
void arg_free(char *text);

/* --- errors ------------------------------------------------------------------------------------------------------ */

typedef enum ErrorClass { ERROR, TYPE_ERROR, RANGE_ERROR, SYNTAX_ERROR } ErrorClass;

JSValue new_error_text(JSContext *ctx, ErrorClass which, const char *text);
/* An error as Node's C++ throws it: with a `code`. */
JSValue new_code_error(JSContext *ctx, ErrorClass which, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
JSValue throw_code_error(JSContext *ctx, ErrorClass which, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
JSValue throw_unavailable(JSContext *ctx, const char *feature);
/* "ENOENT: no such file or directory, open 'x' -> 'y'", with errno, code, syscall, path and dest. `message`, path and
   dest may be NULL. `error` is libuv's (negative). */
JSValue new_uv_exception(JSContext *ctx, int error, const char *syscall, const char *message, const char *path,
                         const char *dest);
/* As Node's older functions do: `errno` is the system's number, and the message is "EPERM, Operation not permitted". */
JSValue throw_errno_exception(JSContext *ctx, int error, const char *syscall);
JSValue throw_uv_exception(JSContext *ctx, int error, const char *syscall, const char *message, const char *path,
                           const char *dest);
/* process.emitWarning(text, type, code); the last two may be NULL. An exception in it is reported. */
void env_emit_warning(Env *env, const char *text, const char *type, const char *code);
/* The same at once, for what may end the process. False with the exception of a listener. */
bool env_emit_warning_sync(Env *env, const char *text);
/* Prints an exception and the place it comes from. */
void print_exception(Env *env, JSValueConst error, bool from_promise);
/* Prints an exception that no JavaScript handles and leaves with Node's exit code, or lets process.on('uncaughtException')
   have it. Takes the reference of nothing. */
void trigger_uncaught_exception(Env *env, JSValueConst error, bool from_promise);
/* The same for one that the library gives up, which --abort-on-uncaught-exception makes the end whoever would listen. */
void trigger_fatal_exception(Env *env, JSValueConst error, bool from_promise);
/* Does the error say that there is no stack left, and is there none for who would handle it? */
enum { HANDLER_STACK = 256 << 10 };
bool is_out_of_stack(JSContext *ctx, JSValueConst error);
/* Takes the pending exception of ctx and gives it to trigger_uncaught_exception. */
void report_pending_exception(Env *env);
_Noreturn void env_exit(Env *env, int code);
/* process.exit() inside C: runs nothing more of JavaScript. */
void env_print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "file:line\nsource\n   ^\n" for the place an error comes from; NULL if that is not known. The caller frees it. */
char *error_arrow(Env *env, JSValueConst error);
/* A Buffer with a copy of the bytes. */
JSValue new_buffer(Env *env, const uint8_t *bytes, size_t length);
/* A Buffer over memory from malloc, which it frees (at once on failure). */
JSValue new_buffer_taking(Env *env, uint8_t *bytes, size_t length);

/* --- calling into JavaScript ------------------------------------------------------------------------------------- */

/* Calls `function` from the event loop: async ids and frame, the call, microtasks and process.nextTick afterwards. An
   exception goes to trigger_uncaught_exception and JS_UNDEFINED is returned; then the ticks wait for the next turn of the loop.
   `resource` is what executionAsyncResource() gives; at most CALLBACK_ARGUMENTS. The caller frees the result. */
enum { CALLBACK_ARGUMENTS = 16 };
JSValue env_make_callback(Env *env, JSValueConst receiver, JSValueConst resource, double async_id, double trigger_id,
                          JSValueConst frame, JSValueConst function, int argc, JSValueConst *argv);
/* The two halves, for callbacks that make several calls. Every open is closed. */
enum { SCOPE_WITHOUT_HOOKS = 1, SCOPE_WITHOUT_TICKS = 2 };
typedef struct CallbackScope {
  double async_id;
  JSValue frame; /* the async context to go back to */
  int flags;
} CallbackScope;
void callback_scope_open(Env *env, CallbackScope *scope, JSValueConst resource, double async_id, double trigger_id,
                         JSValueConst frame, int flags);
void callback_scope_close(Env *env, CallbackScope *scope, bool failed);
/* Runs microtasks until there are none; an exception in one is reported and the rest goes on. */
void env_run_microtasks(Env *env);

double env_new_async_id(Env *env);
double env_default_trigger_id(Env *env);
void env_push_async_context(Env *env, double async_id, double trigger_id, JSValueConst resource);
/* False when it was the last one, or there was none. Ends the process if the current one is another. */
bool env_pop_async_context(Env *env, double async_id);
/* What C pushed at the depth, or JS_UNDEFINED. The caller frees it. */
JSValue env_async_resource(Env *env, uint32_t depth);
void env_clear_async_stack(Env *env);

/* --- environment variables --------------------------------------------------------------------------------------- */

/* What the text of a .env file assigns, as an object. */
JSValue parse_env_file(JSContext *ctx, const char *text, size_t length);
/* Sets the variables of a .env file that are not set yet. 0 or libuv's error, without an exception. */
int load_env_file(JSContext *ctx, const char *path);

/* --- loop -------------------------------------------------------------------------------------------------------- */

/* Gives a started (or thawed) process its loop, clocks and handles. */
int env_start(Env *env, int argc, char **argv);
/* Runs until nothing is left to do, emits beforeExit and exit; gives the exit code. */
int env_spin(Env *env);
/* The same for a loop that ran before. */
int env_go_on(Env *env);
uint64_t env_now(Env *env); /* loop time since the process's timer base, ms */

/* --- bindings ---------------------------------------------------------------------------------------------------- */

typedef void BindingInit(Env *env, JSContext *ctx, JSValueConst target);
typedef struct Binding {
  const char *name;
  BindingInit *init;
} Binding;

extern const Binding bindings[];
/* Whether the binding `name` is more than names that throw. */
bool binding_is_there(const char *name);
/* The binding object `name`, made on first use. */
JSValue get_internal_binding(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);
/* Runs the builtin `id` with the parameters of its kind; gives its completion value. */
JSValue run_builtin(Env *env, const char *id);

/* Compiles what most programs load, to be frozen with the rest. False with an exception pending if it cannot. */
bool make_common_builtins(Env *env);
/* The text of a builtin, or of a user script that was compiled; NULL if it is not known. Valid until the next call. */
const char *builtin_source(const char *id, size_t *length);
const char *user_source(Env *env, const char *file, size_t *length);
void keep_user_source(Env *env, const char *file, const char *text, size_t length, int first_line);
void init_builtins(Env *env, JSContext *ctx, JSValueConst target);

#endif
