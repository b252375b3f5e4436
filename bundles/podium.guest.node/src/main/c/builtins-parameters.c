/* Which parameters the function around a builtin's text has. Shared by the program and its build-time compiler. */
#include "builtins.h"

#include <string.h>

static int starts_with(const char *text, const char *prefix) { return !strncmp(text, prefix, strlen(prefix)); }

const char *builtin_parameters(const char *id)
{
  if (!strcmp(id, "internal/bootstrap/realm"))
    return "process, getLinkedBinding, getInternalBinding, primordials";
  if (starts_with(id, "internal/per_context/"))
    return "exports, primordials, privateSymbols, perIsolateSymbols";
  if (starts_with(id, "internal/bootstrap/") || starts_with(id, "internal/main/"))
    return "process, require, internalBinding, primordials";
  return "exports, require, module, process, internalBinding, primordials";
}
