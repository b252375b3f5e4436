/* ES modules, taken apart into the steps the library wants to take itself. */

JSModuleDef *engine_module_compile(JSContext *ctx, const char *source, size_t length, const char *url, int line)
{
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY, url, line};
  engine_defers_linking = true;
  JSValue value = JS_Eval2(ctx, source, length, &options);
  engine_defers_linking = false;
  if (JS_IsException(value))
    return NULL;
  JSModuleDef *module = JS_VALUE_GET_PTR(value);
  module->resolved = true; /* linked one by one, see engine_module_set_request */
  return module;
}

JSModuleDef *engine_module_synthetic(JSContext *ctx, const char *url, JSModuleInitFunc *evaluate)
{
  JSModuleDef *module = JS_NewCModule(ctx, url, evaluate);
  if (module)
    module->resolved = true;
  return module;
}

int engine_module_request_count(const JSModuleDef *module) { return module->req_module_entries_count; }

JSValue engine_module_request(JSContext *ctx, const JSModuleDef *module, int n, JSValueConst *attributes)
{
  *attributes = module->req_module_entries[n].attributes;
  return JS_AtomToString(ctx, module->req_module_entries[n].module_name);
}

void engine_module_set_request(JSModuleDef *module, int n, JSModuleDef *target)
{
  module->req_module_entries[n].module = target;
}

/* Modules visited are marked in dfs_index, which linking and evaluation set anew. */
static bool engine_module_all(JSModuleDef *module, bool (*test)(const JSModuleDef *), int mark)
{
  if (module->dfs_index == mark)
    return true;
  module->dfs_index = mark;
  if (!test(module))
    return false;
  for (int i = 0; i < module->req_module_entries_count; i++) {
    JSModuleDef *next = module->req_module_entries[i].module;
    if (next && !engine_module_all(next, test, mark))
      return false;
  }
  return true;
}

static int engine_next_mark(void)
{
  static int mark = -1;
  return mark = mark == INT_MIN ? -2 : mark - 1;
}

static bool engine_requests_filled(const JSModuleDef *module)
{
  for (int i = 0; i < module->req_module_entries_count; i++) {
    if (!module->req_module_entries[i].module)
      return false;
  }
  return true;
}

static bool engine_without_await(const JSModuleDef *module) { return !module->has_tla; }

bool engine_module_linked(const JSModuleDef *module)
{
  return engine_module_all((JSModuleDef *)module, engine_requests_filled, engine_next_mark());
}

bool engine_module_graph_has_await(JSModuleDef *module)
{
  return !engine_module_all(module, engine_without_await, engine_next_mark());
}

bool engine_module_has_await(const JSModuleDef *module) { return module->has_tla; }

int engine_module_instantiate(JSContext *ctx, JSModuleDef *module)
{
  if (module->status != JS_MODULE_STATUS_UNLINKED)
    return 0;
  return js_create_module_function(ctx, module) < 0 || js_link_module(ctx, module) < 0 ? -1 : 0;
}

JSValue engine_module_evaluate(JSContext *ctx, JSModuleDef *module) { return js_evaluate_module(ctx, module); }

int engine_module_status(const JSModuleDef *module)
{
  switch (module->status) {
  case JS_MODULE_STATUS_UNLINKED: return 0;
  case JS_MODULE_STATUS_LINKING: return 1;
  case JS_MODULE_STATUS_LINKED: return 2;
  case JS_MODULE_STATUS_EVALUATING: return 3;
  default: return module->eval_has_exception ? 5 : 4;
  }
}

JSValueConst engine_module_error(const JSModuleDef *module) { return module->eval_exception; }

void engine_module_on_import_meta(JSRuntime *rt, int (*init)(JSContext *ctx, JSModuleDef *module, JSValueConst meta))
{
  rt->engine->init_import_meta = init;
}

static int engine_init_import_meta(JSContext *ctx, JSModuleDef *module, JSValueConst meta)
{
  return ctx->rt->engine->init_import_meta ? ctx->rt->engine->init_import_meta(ctx, module, meta) : 0;
}
