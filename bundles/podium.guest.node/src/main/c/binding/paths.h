/* Arithmetic on path strings; nothing here touches a file system but path_absolute, which asks for the working
   directory. Every result is new and freed with free(); NULL when memory is out. */
#ifndef PODIUM_NODE_PATHS_H
#define PODIUM_NODE_PATHS_H

#include <stdbool.h>

char *path_join(const char *directory, const char *name);
/* What is before the last separator: "/" for "/a", "" for "a". */
char *path_parent(const char *path);
/* Without ".", "..", and doubled or trailing separators. */
char *path_normalize(const char *path);
char *path_absolute(const char *path);
/* Resolves `path` against `base` and the working directory, as path.resolve() does. */
char *path_resolve(const char *base, const char *path);
/* Is `path` the directory itself or below it? Both absolute; compared by component. */
bool path_is_inside(const char *directory, const char *path);

#endif
