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

void keep_user_source(Env *env, const char *file, const char *text, size_t length, int first_line)
{
  /* Lines before the first one are kept as empty ones, so that positions fit. */
  size_t padding = first_line > 1 && first_line < 1 << 20 ? (size_t)first_line - 1 : 0;
  Source **link = &sources;
  while (*link && strcmp((*link)->file, file))
    link = &(*link)->next;
  Source *source = malloc(sizeof(*source) + padding + length + 1);
  if (!source)
    return; /* only a line in an error message is lost */
  source->file = strdup(file);
  source->length = padding + length;
  memset(source->text, '\n', padding);
  memcpy(source->text + padding, text, length);
  source->text[source->length] = 0;
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
