/*
 * The library, as the build embeds it: for each module its bytecode. The texts are files of the image
 * (NODE_LIB_DIR/<id>.js), read only when an error shows a line of one. Generated: builtins-index.c.
 */
#ifndef PODIUM_NODE_BUILTINS_H
#define PODIUM_NODE_BUILTINS_H

#include <stdint.h>

typedef struct Builtin {
  const char *id;
  uint32_t bytecode, bytecode_length; /* 0 length: compiled from its text when needed */
} Builtin;

extern const uint8_t builtins_blob[];
extern const Builtin builtins[]; /* sorted by id */
extern const int builtins_count;
extern const uint32_t builtins_config, builtins_config_length; /* process.config, JSON, in the blob */

/* The parameter list a builtin is compiled with. */
const char *builtin_parameters(const char *id);

#endif
