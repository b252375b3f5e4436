/* Arithmetic on path strings. */
#include "paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static char *concat(const char *a, size_t a_length, const char *separator, const char *b)
{
  size_t middle = strlen(separator), end = strlen(b);
  char *text = malloc(a_length + middle + end + 1);
  if (!text)
    return NULL;
  memcpy(text, a, a_length);
  memcpy(text + a_length, separator, middle);
  memcpy(text + a_length + middle, b, end + 1);
  return text;
}

char *path_join(const char *directory, const char *name)
{
  size_t length = strlen(directory);
  return concat(directory, length, length && directory[length - 1] != '/' ? "/" : "", name);
}

char *path_parent(const char *path)
{
  const char *slash = strrchr(path, '/');
  if (!slash)
    return strdup("");
  while (slash > path && slash[-1] == '/')
    slash--;
  return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Appends one component to `out` of `length`, which starts behind the root; gives the new length. */
static size_t append_component(char *out, size_t root, size_t length, const char *part, size_t size)
{
  if (size == 0 || (size == 1 && part[0] == '.'))
    return length;
  if (size == 2 && part[0] == '.' && part[1] == '.') {
    size_t start = length;
    while (start > root && out[start - 1] != '/')
      start--;
    bool above = length - start == 2 && memcmp(out + start, "..", 2) == 0;
    if (length > root && !above)
      return start > root ? start - 1 : root;
    if (root)
      return length;
  }
  if (length > root)
    out[length++] = '/';
  memcpy(out + length, part, size);
  return length + size;
}

char *path_normalize(const char *path)
{
  char *out = malloc(strlen(path) + 2);
  if (!out)
    return NULL;
  size_t root = path[0] == '/', length = root;
  if (root)
    out[0] = '/';
  for (const char *part = path; *part;) {
    size_t size = strcspn(part, "/");
    length = append_component(out, root, length, part, size);
    part += size + (part[size] == '/');
  }
  if (length == 0)
    out[length++] = '.';
  out[length] = 0;
  return out;
}

char *path_absolute(const char *path)
{
  char cwd[PATH_MAX];
  size_t size = sizeof(cwd);
  if (path[0] == '/' || uv_cwd(cwd, &size) != 0)
    return strdup(path);
  return path_join(cwd, path);
}

char *path_resolve(const char *base, const char *path)
{
  char *joined = path[0] == '/' ? strdup(path) : path_join(base, path);
  char *absolute = joined ? path_absolute(joined) : NULL;
  char *result = absolute ? path_normalize(absolute) : NULL;
  free(joined);
  free(absolute);
  return result;
}

bool path_is_inside(const char *directory, const char *path)
{
  size_t length = strlen(directory);
  while (length > 1 && directory[length - 1] == '/')
    length--;
  if (strncmp(directory, path, length) != 0)
    return false;
  return path[length] == 0 || path[length] == '/' || directory[length - 1] == '/';
}
