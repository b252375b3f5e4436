/* Parsing NODE_OPTIONS and the command line, with Node's rules and messages. */
#include "options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"

typedef struct Parser {
  Options *options;
  const char *program;
  bool environment; /* parsing NODE_OPTIONS */
  char **queue;     /* what is still to be read; expansions of aliases are put in front */
  int queue_count;
  int synthetic; /* how many at the front come from an alias */
  int errors;
} Parser;

static int compare_name(const void *name, const void *entry) { return strcmp(name, ((const OptionInfo *)entry)->name); }

static int find_option(const char *name)
{
  const OptionInfo *found =
      bsearch(name, option_table, (size_t)option_count, sizeof(option_table[0]), compare_name);
  return found ? (int)(found - option_table) : -1;
}

const OptionValue *option_value(const Options *options, const char *name)
{
  int at = find_option(name);
  return at >= 0 ? &options->values[at] : NULL;
}

bool option_is_set(const Options *options, const char *name)
{
  const OptionValue *value = option_value(options, name);
  return value && value->boolean;
}

static const OptionAlias *find_alias(const char *name)
{
  for (int i = 0; i < option_alias_count; i++) {
    if (!strcmp(option_aliases[i].name, name))
      return &option_aliases[i];
  }
  return NULL;
}

static void append(char ***list, int *count, const char *text)
{
  char **grown = realloc(*list, ((size_t)*count + 2) * sizeof(char *));
  if (!grown)
    abort();
  grown[*count] = strdup(text);
  grown[++*count] = NULL;
  *list = grown;
}

static void fail(Parser *parser, const char *format, const char *text)
{
  char message[1024];
  snprintf(message, sizeof(message), format, text);
  env_print_error("%s: %s\n", parser->program, message);
  parser->errors++;
}

static char *shift(Parser *parser)
{
  char *first = parser->queue[0];
  memmove(parser->queue, parser->queue + 1, (size_t)parser->queue_count * sizeof(char *));
  parser->queue_count--;
  if (parser->synthetic > 0)
    parser->synthetic--;
  else if (!parser->environment)
    append(&parser->options->exec_args, &parser->options->exec_args_count, first);
  return first;
}

static void unshift(Parser *parser, const char *text)
{
  parser->queue = realloc(parser->queue, ((size_t)parser->queue_count + 2) * sizeof(char *));
  memmove(parser->queue + 1, parser->queue, ((size_t)parser->queue_count + 1) * sizeof(char *));
  parser->queue[0] = strdup(text);
  parser->queue_count++;
  parser->synthetic++;
}

/* What one option sets besides itself. */
static void imply(Options *options, const char *name, bool value)
{
  static const struct { const char *name, *implied; } table[] = {
      {"--trace-env-js-stack", "--trace-env"}, {"--trace-env-native-stack", "--trace-env"},
      {"--experimental-transform-types", "--strip-types"}, {"--experimental-transform-types", "--enable-source-maps"},
      {"--watch-path", "--watch"}, {"--build-snapshot-config", "--build-snapshot"},
      {"--permission-audit", "--permission"}, {"--report-signal", "--report-on-signal"},
      {"--inspect-brk", "--inspect"}, {"--inspect-wait", "--inspect"}, {"--trace-sigint", "--trace-sigint"},
  };
  if (!strcmp(name, "--eval"))
    options->has_eval_string = true;
  if (!strcmp(name, "--env-file") || !strcmp(name, "--env-file-if-exists"))
    options->has_env_file_string = true;
  if (!strcmp(name, "--test-random-seed"))
    options->has_test_random_seed = true;
  for (int i = 0; i < COUNT_OF(table); i++) {
    int at = strcmp(name, table[i].name) ? -1 : find_option(table[i].implied);
    if (at >= 0 && value)
      options->values[at].boolean = true;
  }
  /* An option that is an older name of another one says so. */
  static const char legacy[] = "Legacy alias for ";
  int own = find_option(name);
  if (own >= 0 && !strncmp(option_table[own].help, legacy, sizeof(legacy) - 1)) {
    int at = find_option(option_table[own].help + sizeof(legacy) - 1);
    if (at >= 0)
      options->values[at].boolean = value;
  }
}

static bool parse_integer(const char *text, int64_t *value)
{
  char *end;
  if (!text[0])
    return false;
  *value = strtoll(text, &end, 10);
  return *end == 0;
}

static void assign(Parser *parser, int at, const char *value, const char *original)
{
  OptionValue *slot = &parser->options->values[at];
  switch (option_table[at].type) {
  case OPTION_INTEGER: case OPTION_UINTEGER:
    if (!parse_integer(value, &slot->integer) && !strcmp(option_table[at].name, "--stack-trace-limit"))
      fail(parser, "bad option: %s", original);
    break;
  case OPTION_STRING:
    free(slot->string);
    slot->string = strdup(value);
    break;
  case OPTION_HOST_PORT: {
    const char *colon = strrchr(value, ':');
    parse_integer(colon ? colon + 1 : value, &slot->integer);
    break;
  }
  case OPTION_STRING_LIST:
    append(&slot->list, &slot->list_count, value);
    break;
  default:
    break;
  }
  imply(parser->options, option_table[at].name, true);
}

/* "--name_with_underscores" is "--name-with-underscores". */
static void normalize(char *name)
{
  for (char *p = name + 2; name[0] == '-' && name[1] == '-' && *p; p++) {
    if (*p == '_')
      *p = '-';
  }
}

/* Replaces an alias at the front of the queue; false if it is none. */
static bool expand_alias(Parser *parser, char *name, const char *value, int depth)
{
  char form[256];
  const OptionAlias *alias = NULL;
  if (value) {
    snprintf(form, sizeof(form), "%s=", name);
    alias = find_alias(form);
  }
  if (!alias && !value && parser->queue_count > 0 && parser->queue[0][0] != '-') {
    snprintf(form, sizeof(form), "%s <arg>", name);
    alias = find_alias(form);
  }
  if (!alias)
    alias = find_alias(name);
  if (!alias || depth > 4)
    return false;
  int n = 0;
  while (n < 4 && alias->expansion[n])
    n++;
  if (value) {
    char first[4096];
    snprintf(first, sizeof(first), "%s=%s", alias->expansion[0], value);
    for (int i = n - 1; i > 0; i--)
      unshift(parser, alias->expansion[i]);
    unshift(parser, first);
  } else {
    for (int i = n - 1; i >= 0; i--)
      unshift(parser, alias->expansion[i]);
  }
  return true;
}

static void take_value(Parser *parser, int at, const char *value, const char *original, const char *shown)
{
  if (value) {
    if (!value[0])
      fail(parser, "%s requires an argument", shown);
    else
      assign(parser, at, value, original);
    return;
  }
  if (parser->queue_count == 0 || (parser->queue[0][0] == '-' && parser->queue[0][1])) {
    fail(parser, "%s requires an argument", shown);
    return;
  }
  char *text = shift(parser);
  assign(parser, at, text[0] == '\\' && text[1] == '-' ? text + 1 : text, original);
}

static void parse_option(Parser *parser, const char *shown, int depth)
{
  bool from_alias = parser->synthetic > 0;
  char *argument = shift(parser);
  char *name = strdup(argument), *value = strchr(name, '=');
  if (name[0] == '-' && name[1] == '-' && value)
    *value++ = 0;
  else
    value = NULL;
  normalize(name);
  if (!from_alias)
    shown = argument;
  if (value && !from_alias)
    shown = name;
  if (expand_alias(parser, name, value, depth)) {
    parse_option(parser, shown, depth + 1);
    free(name);
    return;
  }
  bool negated = !strncmp(name, "--no-", 5) && find_option(name) < 0;
  if (negated) {
    memmove(name + 2, name + 5, strlen(name + 5) + 1);
    const OptionAlias *alias = find_alias(name);
    if (alias && alias->expansion[0] && !alias->expansion[1])
      snprintf(name = realloc(name, 256), 256, "%s", alias->expansion[0]);
  }
  int at = find_option(name);
  OptionType type = at >= 0 ? option_table[at].type : OPTION_NOOP;
  if (at < 0 || (value && (type == OPTION_BOOLEAN || type == OPTION_NOOP || type == OPTION_V8) && type != OPTION_V8)) {
    fail(parser, "bad option: %s", argument);
  } else if (parser->environment && !option_table[at].in_environment) {
    fail(parser, "%s is not allowed in NODE_OPTIONS", from_alias ? shown : argument);
  } else if (negated && type != OPTION_BOOLEAN && type != OPTION_V8 && type != OPTION_NOOP) {
    fail(parser, "%s is an invalid negation because it is not a boolean option", argument);
  } else if (type == OPTION_BOOLEAN || type == OPTION_V8) {
    parser->options->values[at].boolean = !negated;
    imply(parser->options, name, !negated);
  } else if (type != OPTION_NOOP) {
    take_value(parser, at, value, argument, shown);
  }
  free(name);
}

static void parse_queue(Parser *parser)
{
  while (parser->queue_count > 0 && parser->queue[0][0] == '-' && parser->queue[0][1]) {
    if (!strcmp(parser->queue[0], "--")) {
      if (parser->synthetic > 0) { /* --prof-process: all that follows is the script's */
        shift(parser);
      } else {
        memmove(parser->queue, parser->queue + 1, (size_t)parser->queue_count * sizeof(char *));
        parser->queue_count--;
      }
      break;
    }
    parse_option(parser, parser->queue[0], 0);
  }
}

/* NODE_OPTIONS: words separated by spaces; "quotes" keep spaces, \ escapes inside them. */
static void parse_environment(Parser *parser, const char *text)
{
  size_t length = strlen(text);
  char *word = malloc(length + 1);
  size_t n = 0;
  bool quoted = false, started = false;
  for (size_t i = 0; i <= length; i++) {
    char c = text[i];
    if (c == '\\' && quoted && text[i + 1]) {
      word[n++] = text[++i];
    } else if (c == '"') {
      quoted = !quoted;
      started = true;
    } else if ((c == ' ' && !quoted) || c == 0) {
      if (started || n > 0) {
        word[n] = 0;
        append(&parser->queue, &parser->queue_count, word);
      }
      n = 0;
      started = false;
    } else {
      word[n++] = c;
    }
  }
  free(word);
  if (quoted)
    fail(parser, "%s", "invalid value for NODE_OPTIONS (unterminated string)");
  parse_queue(parser);
  if (parser->queue_count > 0 && !parser->errors)
    fail(parser, "%s is not allowed in NODE_OPTIONS", parser->queue[0]);
}

static bool one_of(const char *text, const char *const *list)
{
  for (; *list; list++) {
    if (!strcmp(text, *list))
      return true;
  }
  return false;
}

/* Combinations and values Node refuses. */
static void check(Parser *parser)
{
  Options *o = parser->options;
  static const char *const input_types[] = {"commonjs", "module", "commonjs-typescript", "module-typescript", NULL};
  static const char *const rejections[] = {"warn-with-error-code", "throw", "strict", "warn", "none", NULL};
  static const char *const isolations[] = {"process", "none", NULL};
  const char *type = option_value(o, "--input-type")->string;
  const char *rejection = option_value(o, "--unhandled-rejections")->string;
  const char *isolation = option_value(o, "--test-isolation")->string;
  bool test = option_is_set(o, "--test"), checking = option_is_set(o, "--check");
  if (type && type[0] && !one_of(type, input_types))
    fail(parser, "%s", "--input-type must be \"module\",\"commonjs\", \"module-typescript\" or \"commonjs-typescript\"");
  if (checking && (o->has_eval_string || option_is_set(o, "--interactive")))
    fail(parser, "%s", "either --check or --eval can be used, not both");
  if (rejection && rejection[0] && !one_of(rejection, rejections))
    fail(parser, "%s", "invalid value for --unhandled-rejections");
  /* Taken without being enforced it would be worse than not at all. */
  if (option_is_set(o, "--permission") || option_is_set(o, "--permission-audit"))
    fail(parser, "%s", "--permission is not available here; what a program may do is limited by the grants of its pod");
  const char *trace = option_value(o, "--trace-require-module")->string;
  if (trace && trace[0] && strcmp(trace, "all") && strcmp(trace, "no-node-modules"))
    fail(parser, "%s", "invalid value for --trace-require-module");
  if (test && isolation && isolation[0] && !one_of(isolation, isolations))
    fail(parser, "%s", "invalid value for --test-isolation");
  if (test && checking)
    fail(parser, "%s", "either --test or --check can be used, not both");
  if (test && o->has_eval_string)
    fail(parser, "%s", "either --test or --eval can be used, not both");
  if (test && option_is_set(o, "--interactive"))
    fail(parser, "%s", "either --test or --interactive can be used, not both");
}

/* Options that have an environment variable of their own. */
static void apply_environment(Options *options)
{
  static const char *const switches[][2] = {
      {"NODE_PENDING_DEPRECATION", "--pending-deprecation"},
      {"NODE_PRESERVE_SYMLINKS", "--preserve-symlinks"},
      {"NODE_PRESERVE_SYMLINKS_MAIN", "--preserve-symlinks-main"},
      {"NODE_USE_ENV_PROXY", "--use-env-proxy"},
      {"NODE_USE_SYSTEM_CA", "--use-system-ca"},
  };
  for (int i = 0; i < COUNT_OF(switches); i++) {
    const char *text = getenv(switches[i][0]);
    int at = find_option(switches[i][1]);
    if (at >= 0 && text && !strcmp(text, "1"))
      options->values[at].boolean = true;
  }
  const char *file = getenv("NODE_REDIRECT_WARNINGS");
  int at = find_option("--redirect-warnings");
  if (at >= 0 && file && file[0])
    options->values[at].string = strdup(file);
}

int options_parse(Options *options, int argc, char **argv)
{
  options->values = calloc((size_t)option_count, sizeof(OptionValue));
  if (!options->values)
    return 9;
  for (int i = 0; i < option_count; i++) {
    const OptionInfo *info = &option_table[i];
    OptionValue *value = &options->values[i];
    value->boolean = info->type == OPTION_BOOLEAN && !strcmp(info->initial, "true");
    if (info->type == OPTION_STRING && info->initial[0])
      value->string = strdup(info->initial);
    else if (info->type != OPTION_BOOLEAN)
      parse_integer(info->initial, &value->integer);
  }
  apply_environment(options);
  Parser environment = {.options = options, .program = argv[0], .environment = true};
  const char *text = getenv("NODE_OPTIONS");
  if (text)
    parse_environment(&environment, text);
  if (environment.errors)
    return 9;
  Parser parser = {.options = options, .program = argv[0]};
  for (int i = 1; i < argc; i++)
    append(&parser.queue, &parser.queue_count, argv[i]);
  if (!parser.queue)
    parser.queue = calloc(1, sizeof(char *));
  parse_queue(&parser);
  if (!parser.errors)
    check(&parser);
  options->arguments = parser.queue;
  options->arguments_count = parser.queue_count;
  return parser.errors ? 9 : 0;
}
