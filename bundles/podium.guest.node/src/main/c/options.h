/* Command-line options: the generated table, what was given, and how the process is to start. */
#ifndef PODIUM_NODE_OPTIONS_H
#define PODIUM_NODE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum OptionType {
  OPTION_NOOP, OPTION_V8, OPTION_BOOLEAN, OPTION_INTEGER, OPTION_UINTEGER, OPTION_STRING, OPTION_HOST_PORT,
  OPTION_STRING_LIST
} OptionType;

typedef struct OptionInfo {
  const char *name;
  OptionType type;
  bool in_environment; /* allowed in NODE_OPTIONS */
  bool default_is_true;
  const char *initial;
  const char *help;
} OptionInfo;

typedef struct OptionAlias {
  const char *name; /* "--inspect=" with a value only; "--print <arg>" if an argument follows */
  const char *expansion[4];
} OptionAlias;

extern const OptionInfo option_table[]; /* sorted by name */
extern const int option_count;
extern const OptionAlias option_aliases[];
extern const int option_alias_count;

typedef struct OptionValue {
  bool boolean;
  int64_t integer;
  char *string; /* NULL: empty */
  char **list;
  int list_count;
} OptionValue;

typedef struct Options {
  OptionValue *values; /* as option_table */
  bool has_eval_string, has_env_file_string, has_test_random_seed;
  char **exec_args;
  int exec_args_count;
  char **arguments; /* what is left for the script: without argv[0] */
  int arguments_count;
} Options;

/* Parses NODE_OPTIONS and the command line. On errors prints them and returns 9, else 0. */
int options_parse(Options *options, int argc, char **argv);
const OptionValue *option_value(const Options *options, const char *name);
bool option_is_set(const Options *options, const char *name);

/* process.versions as the library's release has them, ended by a NULL name. */
typedef struct VersionInfo {
  const char *name, *version;
} VersionInfo;
extern const VersionInfo version_table[];
extern const char *const release_lts;

#endif
