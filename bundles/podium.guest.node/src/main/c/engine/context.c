/*
 * Contexts of their own (vm.createContext). A context's global object is one of our class that shows two objects as one:
 * the sandbox, which is asked first and takes what is written, and the plain global object with the built-ins.
 */

typedef struct EngineGlobal {
  JSValue sandbox, plain;
} EngineGlobal;

static EngineGlobal *engine_global(JSContext *ctx, JSValueConst object)
{
  return JS_GetOpaque(object, ctx->rt->engine->global_class);
}



static void engine_global_finalizer(JSRuntime *rt, JSValueConst object)
{
  EngineGlobal *global = JS_GetOpaque(object, rt->engine->global_class);
  if (!global)
    return;
  JS_FreeValueRT(rt, global->sandbox);
  JS_FreeValueRT(rt, global->plain);
  js_free_rt(rt, global);
}

static void engine_global_mark(JSRuntime *rt, JSValueConst object, JS_MarkFunc *mark)
{
  EngineGlobal *global = JS_GetOpaque(object, rt->engine->global_class);
  if (!global)
    return;
  JS_MarkValue(rt, global->sandbox, mark);
  JS_MarkValue(rt, global->plain, mark);
}

/* The sandbox itself is not seen from inside. */
static JSValue engine_as_seen(JSContext *ctx, const EngineGlobal *global, JSValueConst object, JSValue value)
{
  if (!JS_IsObject(value) || JS_VALUE_GET_OBJ(value) != JS_VALUE_GET_OBJ(global->sandbox))
    return value;
  JS_FreeValue(ctx, value);
  return js_dup(object);
}

static int engine_global_get_own(JSContext *ctx, JSPropertyDescriptor *descriptor, JSValueConst object, JSAtom name)
{
  EngineGlobal *global = engine_global(ctx, object);
  int found = JS_GetOwnProperty(ctx, descriptor, global->sandbox, name);
  if (!found)
    found = JS_GetOwnProperty(ctx, descriptor, global->plain, name);
  if (found > 0 && descriptor && !(descriptor->flags & JS_PROP_GETSET))
    descriptor->value = engine_as_seen(ctx, global, object, descriptor->value);
  return found;
}

static int engine_global_has(JSContext *ctx, JSValueConst object, JSAtom name)
{
  EngineGlobal *global = engine_global(ctx, object);
  int found = JS_HasProperty(ctx, global->sandbox, name);
  return found ? found : JS_HasProperty(ctx, global->plain, name);
}

static JSValue engine_global_get(JSContext *ctx, JSValueConst object, JSAtom name, JSValueConst receiver)
{
  EngineGlobal *global = engine_global(ctx, object);
  int found = JS_HasProperty(ctx, global->sandbox, name);
  if (found < 0)
    return JS_EXCEPTION;
  JSValueConst from = found ? global->sandbox : global->plain;
  return engine_as_seen(ctx, global, object, JS_GetPropertyInternal(ctx, from, name, from, false));
}

/* The flags of an object's own property; -1 if it has none. */
static int engine_own_flags(JSContext *ctx, JSValueConst object, JSAtom name)
{
  JSPropertyDescriptor descriptor;
  if (JS_GetOwnProperty(ctx, &descriptor, object, name) <= 0)
    return -1;
  js_free_desc(ctx, &descriptor);
  return descriptor.flags;
}

static bool engine_is_read_only(int flags) { return flags >= 0 && !(flags & (JS_PROP_WRITABLE | JS_PROP_GETSET)); }

static int engine_global_set(JSContext *ctx, JSValueConst object, JSAtom name, JSValueConst value, JSValueConst receiver,
                             int flags)
{
  EngineGlobal *global = engine_global(ctx, object);
  int plain = engine_own_flags(ctx, global->plain, name), sandbox = engine_own_flags(ctx, global->sandbox, name);
  if (engine_is_read_only(plain) || engine_is_read_only(sandbox))
    return JS_ThrowTypeErrorReadOnly(ctx, flags, name);
  /* Symbols that the sandbox does not know stay inside. */
  bool inside = plain < 0 && sandbox < 0 && JS_AtomGetKind(ctx, name) == JS_ATOM_KIND_SYMBOL;
  int done = inside ? 0 : JS_SetPropertyInternal(ctx, global->sandbox, name, js_dup(value), 0);
  /* So does what the sandbox does not take. */
  return done ? done : JS_SetPropertyInternal(ctx, global->plain, name, js_dup(value), flags);
}

static int engine_global_delete(JSContext *ctx, JSValueConst object, JSAtom name)
{
  EngineGlobal *global = engine_global(ctx, object);
  int gone = JS_DeleteProperty(ctx, global->sandbox, name, 0);
  return gone > 0 ? JS_DeleteProperty(ctx, global->plain, name, 0) : gone;
}

static int engine_global_define(JSContext *ctx, JSValueConst object, JSAtom name, JSValueConst value, JSValueConst getter,
                                JSValueConst setter, int flags)
{
  EngineGlobal *global = engine_global(ctx, object);
  int plain = engine_own_flags(ctx, global->plain, name);
  bool fixed = engine_is_read_only(plain) && !(plain & JS_PROP_CONFIGURABLE);
  return JS_DefineProperty(ctx, fixed ? global->plain : global->sandbox, name, value, getter, setter, flags);
}

static bool engine_is_listed(const JSPropertyEnum *names, uint32_t count, JSAtom name)
{
  for (uint32_t i = 0; i < count; i++)
    if (names[i].atom == name)
      return true;
  return false;
}

static int engine_global_names(JSContext *ctx, JSPropertyEnum **names, uint32_t *count, JSValueConst object)
{
  EngineGlobal *global = engine_global(ctx, object);
  const int all = JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK;
  JSPropertyEnum *first, *second;
  uint32_t first_count, second_count;
  if (JS_GetOwnPropertyNames(ctx, &first, &first_count, global->sandbox, all))
    return -1;
  if (JS_GetOwnPropertyNames(ctx, &second, &second_count, global->plain, all)) {
    JS_FreePropertyEnum(ctx, first, first_count);
    return -1;
  }
  JSPropertyEnum *both = js_realloc(ctx, first, sizeof(*both) * (first_count + second_count + 1));
  uint32_t total = first_count;
  for (uint32_t i = 0; both && i < second_count; i++)
    if (!engine_is_listed(both, first_count, second[i].atom)) {
      both[total] = second[i];
      both[total++].atom = JS_DupAtom(ctx, second[i].atom);
    }
  JS_FreePropertyEnum(ctx, second, second_count);
  if (!both) {
    JS_FreePropertyEnum(ctx, first, first_count);
    return -1;
  }
  *names = both;
  *count = total;
  return 0;
}

static const JSClassExoticMethods engine_global_methods = {
    .get_own_property = engine_global_get_own,
    .get_own_property_names = engine_global_names,
    .delete_property = engine_global_delete,
    .define_own_property = engine_global_define,
    .has_property = engine_global_has,
    .get_property = engine_global_get,
    .set_property = engine_global_set,
};

/* --- variables ------------------------------------------------------------------------------------------------------ */

/* A name that is no lexical declaration. */
static JSValue engine_get_global_var(JSContext *ctx, JSAtom name, bool throw_ref_error)
{
  int found = throw_ref_error ? JS_HasProperty(ctx, ctx->global_obj, name) : 1;
  if (found < 0)
    return JS_EXCEPTION;
  if (!found)
    return JS_ThrowReferenceErrorNotDefined(ctx, name);
  return engine_global_get(ctx, ctx->global_obj, name, ctx->global_obj);
}

/* `var name` at the top of a script. */
static int engine_define_global_var(JSContext *ctx, JSAtom name, int flags)
{
  int found = JS_GetOwnProperty(ctx, NULL, ctx->global_obj, name);
  if (found)
    return found < 0 ? -1 : 0;
  flags = (flags & JS_PROP_CONFIGURABLE) | JS_PROP_ENUMERABLE | JS_PROP_WRITABLE;
  return JS_DefinePropertyValue(ctx, ctx->global_obj, name, JS_UNDEFINED, flags) < 0 ? -1 : 0;
}

/* --- contexts ------------------------------------------------------------------------------------------------------- */

static int engine_use_sandbox(JSContext *ctx, JSValueConst sandbox)
{
  static const JSClassDef definition = {"Object", .finalizer = engine_global_finalizer, .gc_mark = engine_global_mark,
                                        .exotic = (JSClassExoticMethods *)&engine_global_methods};
  EngineRuntime *engine = ctx->rt->engine;
  JS_NewClassID(ctx->rt, &engine->global_class);
  if (!JS_IsRegisteredClass(ctx->rt, engine->global_class) && JS_NewClass(ctx->rt, engine->global_class, &definition))
    return -1;
  JSValue object = JS_NewObjectProtoClass(ctx, ctx->class_proto[JS_CLASS_OBJECT], engine->global_class);
  EngineGlobal *global = JS_IsException(object) ? NULL : js_malloc(ctx, sizeof(*global));
  if (!global) {
    JS_FreeValue(ctx, object);
    return -1;
  }
  global->sandbox = js_dup(sandbox);
  global->plain = ctx->global_obj;
  ctx->global_obj = object;
  JS_SetOpaque(object, global);
  return JS_DefinePropertyValue(ctx, global->plain, JS_ATOM_globalThis, js_dup(object),
                                JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
}

JSContext *engine_new_context(JSContext *ctx, JSValueConst sandbox)
{
  JSContext *made = JS_NewContext(ctx->rt);
  if (!made) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  JS_SetContextOpaque(made, JS_GetContextOpaque(ctx));
  if (engine_init_context(made) || (JS_IsObject(sandbox) && engine_use_sandbox(made, sandbox) < 0)) {
    JS_FreeContext(made);
    return NULL;
  }
  return made;
}

void engine_mark_context(JSRuntime *rt, JSContext *ctx, JS_MarkFunc *mark) { mark(rt, &ctx->header); }

void engine_forbid_eval(JSContext *ctx) { ctx->engine_no_eval = true; }

static void engine_throw_kind(JSContext *ctx, JSErrorEnum kind, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  JS_ThrowError(ctx, kind, format, arguments);
  va_end(arguments);
}

static JSValue engine_throw_no_eval(JSContext *ctx)
{
  engine_throw_kind(ctx, JS_EVAL_ERROR, "Code generation from strings disallowed for this context");
  return JS_EXCEPTION;
}

void engine_keep_own_jobs(JSContext *ctx) { ctx->engine_own_jobs = true; }

/* Where a new job goes. */
static struct list_head *engine_job_list(JSContext *ctx)
{
  return ctx->engine_own_jobs ? &ctx->rt->engine->own_jobs : &ctx->rt->job_list;
}

bool engine_run_own_jobs(JSContext *ctx)
{
  JSRuntime *rt = ctx->rt;
  struct list_head *own = &rt->engine->own_jobs, *link = own->next;
  while (link != own) {
    JSJobEntry *job = list_entry(link, JSJobEntry, link);
    if (job->ctx != ctx) {
      link = link->next;
      continue;
    }
    JSContext *ran;
    list_del(&job->link);
    list_add(&job->link, &rt->job_list);
    if (JS_ExecutePendingJob(rt, &ran) < 0)
      return false;
    link = own->next;
  }
  return true;
}
