/* Externals: addresses of C that scripts can hold, print and compare, and nothing else. */
#include "env.h"

typedef struct External {
  BaseObject base;
  const void *address;
} External;

static void external_finalize(BaseObject *base) {}

static const BaseType external_type = {"External", NULL, external_finalize, NULL};

JSValue new_external(JSContext *ctx, const void *address)
{
  External *external;
  JSValueConst class = define_hidden_class(ctx, &env_of(ctx)->external_class, "External", JS_UNDEFINED, NULL, 0);
  JSValue object = base_object_new(ctx, class, &external_type, sizeof(*external), &external);
  if (!JS_IsException(object))
    external->address = address;
  return object;
}

bool external_address(JSValueConst value, uint64_t *address)
{
  External *external = base_object_peek(value, &external_type);
  if (external)
    *address = (uintptr_t)external->address;
  return external;
}
