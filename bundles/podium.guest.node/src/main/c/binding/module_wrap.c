/* module_wrap: ES modules. */
#include "../env.h"

static JSValue keep(JSContext *ctx, JSValue *slot, JSValueConst value)
{
  JS_FreeValue(ctx, *slot);
  *slot = JS_DupValue(ctx, value);
  return JS_UNDEFINED;
}

static JSValue set_import_module_dynamically(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return keep(ctx, &env_of(ctx)->import_module_dynamically, argv[0]);
}

static JSValue set_initialize_import_meta(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return keep(ctx, &env_of(ctx)->initialize_import_meta, argv[0]);
}

void init_module_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"setImportModuleDynamicallyCallback", set_import_module_dynamically, 1},
      {"setInitializeImportMetaObjectCallback", set_initialize_import_meta, 1},
  };
  static const BindingConstant constants[] = {
      {"kUninstantiated", 0}, {"kInstantiating", 1}, {"kInstantiated", 2},     {"kEvaluating", 3},
      {"kEvaluated", 4},      {"kErrored", 5},       {"kEvaluationPhase", 2}, {"kSourcePhase", 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  DEFINE_CONSTANTS(ctx, target, constants);
  define_unavailable(ctx, target, "module_wrap", "ModuleWrap");
  define_unavailable(ctx, target, "module_wrap", "createRequiredModuleFacade");
  define_unavailable(ctx, target, "module_wrap", "throwIfPromiseRejected");
}
