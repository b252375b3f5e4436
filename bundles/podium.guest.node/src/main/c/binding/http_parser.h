/* The HTTP parser object and the list a server keeps of its connections' parsers. */
#ifndef PODIUM_NODE_HTTP_PARSER_H
#define PODIUM_NODE_HTTP_PARSER_H

#include <llhttp.h>

#include "../stream.h"

typedef struct ConnectionsList ConnectionsList;
typedef struct Parser Parser;

/* A piece of Parser.text. */
typedef struct Span {
  size_t at, length;
} Span;

enum { PARSER_HEADERS = 32 };

struct Parser {
  AsyncWrap async;
  llhttp_t llhttp;
  StreamListener listener;
  bool consuming;          /* a stream: then the listener is the stream's, and holds the object */
  char *text;              /* what was seen of URL, status and headers: input comes in pieces */
  size_t text_length, text_capacity;
  Span fields[PARSER_HEADERS], values[PARSER_HEADERS], url, status;
  int field_count, value_count;
  bool have_flushed, headers_completed, freed, failed;
  JSValue exception; /* thrown in a callback; UNINITIALIZED if none */
  double max_header_pairs; /* -1: not asked for yet */
  size_t header_pairs;
  uint64_t header_size, max_header_size, chunk_extension_size;
  uint64_t message_start; /* 0 while idle */
  const char *current; /* the input, during callbacks */
  size_t current_length;
  JSValue list_object; /* keeps the list */
  ConnectionsList *list;
  bool active;
  Parser *previous, *next; /* in the list */
};

struct ConnectionsList {
  BaseObject base;
  Parser *first;
};

void connections_add(Parser *parser, ConnectionsList *list, JSValueConst object);
void connections_remove(Parser *parser);
void connections_define(Env *env, JSContext *ctx, JSValueConst target);
ConnectionsList *connections_list_of(JSValueConst object);

#endif
