/* ConnectionsList: a server's view of its connections' parsers. */
#include "http_parser.h"

static void list_finalize(BaseObject *base)
{
  ConnectionsList *list = (ConnectionsList *)base;
  for (Parser *parser = list->first, *next; parser; parser = next) {
    next = parser->next;
    parser->list = NULL;
    parser->previous = parser->next = NULL;
  }
}

static const BaseType list_type = {"ConnectionsList", NULL, list_finalize, NULL};

ConnectionsList *connections_list_of(JSValueConst object) { return base_object_peek(object, &list_type); }

void connections_add(Parser *parser, ConnectionsList *list, JSValueConst object)
{
  connections_remove(parser);
  parser->list_object = JS_DupValue(the_env->ctx, object);
  parser->list = list;
  parser->next = list->first;
  if (list->first)
    list->first->previous = parser;
  list->first = parser;
}

void connections_remove(Parser *parser)
{
  ConnectionsList *list = parser->list;
  parser->list = NULL;
  parser->active = false;
  if (list) {
    if (parser->previous)
      parser->previous->next = parser->next;
    else
      list->first = parser->next;
    if (parser->next)
      parser->next->previous = parser->previous;
    parser->previous = parser->next = NULL;
  }
  JS_FreeValueRT(the_env->rt, parser->list_object);
  parser->list_object = JS_UNDEFINED;
}

static JSValue construct_list(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ConnectionsList *list;
  return base_object_new(ctx, self, &list_type, sizeof(*list), &list);
}

typedef struct Deadlines {
  uint64_t headers, request; /* messages begun before are late; 0: never */
} Deadlines;

typedef bool Choice(Parser *parser, const Deadlines *deadlines);

static bool choose_all(Parser *parser, const Deadlines *deadlines)
{
  (void)parser;
  (void)deadlines;
  return true;
}

static bool choose_idle(Parser *parser, const Deadlines *deadlines)
{
  (void)deadlines;
  return parser->message_start == 0;
}

static bool choose_active(Parser *parser, const Deadlines *deadlines)
{
  (void)deadlines;
  return parser->active;
}

static bool choose_expired(Parser *parser, const Deadlines *deadlines)
{
  bool late = parser->active && ((!parser->headers_completed && parser->message_start < deadlines->headers) ||
                                 parser->message_start < deadlines->request);
  if (late)
    parser->active = false; /* each is told once */
  return late;
}

/* The chosen parsers, the oldest connection first. */
static JSValue choose(JSContext *ctx, JSValueConst self, Choice *choice, const Deadlines *deadlines)
{
  ConnectionsList *list = base_object_get(ctx, self, &list_type);
  if (!list)
    return JS_EXCEPTION;
  JSValue array = JS_NewArray(ctx);
  uint32_t n = 0;
  Parser *last = list->first;
  while (last && last->next)
    last = last->next;
  for (Parser *parser = last; parser; parser = parser->previous) {
    if (choice(parser, deadlines))
      JS_SetPropertyUint32(ctx, array, n++, JS_DupValue(ctx, parser->async.base.object));
  }
  return array;
}

static JSValue list_all(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return choose(ctx, self, choose_all, NULL);
}

static JSValue list_idle(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return choose(ctx, self, choose_idle, NULL);
}

static JSValue list_active(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return choose(ctx, self, choose_active, NULL);
}

/* expired(headersTimeout, requestTimeout), in milliseconds; 0 for none. */
static JSValue list_expired(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint64_t headers = arg_uint32(ctx, argv[0]) * (uint64_t)1000000, request = arg_uint32(ctx, argv[1]) * (uint64_t)1000000;
  if (request > 0 && headers > request) {
    uint64_t longer = headers;
    headers = request;
    request = longer;
  }
  uint64_t now = uv_hrtime();
  Deadlines deadlines = {headers > 0 && now > headers ? now - headers : 0, request > 0 && now > request ? now - request : 0};
  return choose(ctx, self, choose_expired, &deadlines);
}

void connections_define(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"all", list_all, 0}, {"idle", list_idle, 0}, {"active", list_active, 0}, {"expired", list_expired, 2}};
  (void)env;
  define_class(ctx, target, "ConnectionsList", construct_list, JS_UNDEFINED, methods, COUNT_OF(methods));
}
