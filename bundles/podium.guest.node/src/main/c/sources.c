/* The texts of user scripts, by file name: for the line an uncaught error shows. */
#include <stdlib.h>
#include <string.h>

#include "env.h"

typedef struct Source {
  struct Source *next;
  size_t length;
  char *file;
  char text[];
} Source;

static Source *sources;

void keep_user_source(Env *env, const char *file, const char *text, size_t length)
{
  Source **link = &sources;
  while (*link && strcmp((*link)->file, file))
    link = &(*link)->next;
  Source *source = malloc(sizeof(*source) + length + 1);
  if (!source)
    return; /* only a line in an error message is lost */
  source->file = strdup(file);
  source->length = length;
  memcpy(source->text, text, length);
  source->text[length] = 0;
  if (*link) {
    Source *old = *link;
    *link = old->next;
    free(old->file);
    free(old);
  }
  source->next = sources;
  sources = source;
}

const char *user_source(Env *env, const char *file, size_t *length)
{
  for (Source *source = sources; source; source = source->next) {
    if (!strcmp(source->file, file)) {
      *length = source->length;
      return source->text;
    }
  }
  return NULL;
}
