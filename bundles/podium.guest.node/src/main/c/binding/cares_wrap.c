/* cares_wrap: names to addresses and back, by the resolver of the C library; what else has to do with names. */
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "../url.h"
#include "../wrap.h"
#include "cares_wrap.h"

enum { ORDER_VERBATIM, ORDER_IPV4_FIRST, ORDER_IPV6_FIRST };

typedef struct LookupWrap {
  ReqWrap req;
  union {
    uv_getaddrinfo_t address;
    uv_getnameinfo_t name;
  } uv;
  int order;
} LookupWrap;

static const BaseType lookup_type = {"LookupReqWrap", &req_wrap_type, async_wrap_finalize, async_wrap_mark};

static JSValue construct_lookup(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LookupWrap *lookup;
  return base_object_new(ctx, self, &lookup_type, sizeof(*lookup), &lookup);
}

char *arg_domain(JSContext *ctx, JSValueConst value)
{
  size_t length;
  char *name = arg_utf8(ctx, value, &length);
  bool plain = true;
  for (size_t i = 0; name && i < length; i++)
    plain &= (unsigned char)name[i] < 0x80;
  if (!name || plain)
    return name;
  UrlText ascii = {0};
  url_parse_domain(name, length, &ascii);
  JSValue text = JS_NewString(ctx, text_of(&ascii));
  arg_free(name);
  name = arg_utf8(ctx, text, NULL);
  JS_FreeValue(ctx, text);
  text_free(&ascii);
  return name;
}

/* --- getaddrinfo ---------------------------------------------------------------------------------------------------- */

static void add_addresses(JSContext *ctx, JSValueConst array, uint32_t *n, const struct addrinfo *list, bool v4, bool v6)
{
  for (; list; list = list->ai_next) {
    char text[INET6_ADDRSTRLEN];
    const void *address;
    if (v4 && list->ai_family == AF_INET)
      address = &((const struct sockaddr_in *)list->ai_addr)->sin_addr;
    else if (v6 && list->ai_family == AF_INET6)
      address = &((const struct sockaddr_in6 *)list->ai_addr)->sin6_addr;
    else
      continue;
    if (uv_inet_ntop(list->ai_family, address, text, sizeof(text)) == 0)
      JS_SetPropertyUint32(ctx, array, (*n)++, JS_NewString(ctx, text));
  }
}

static void on_addresses(uv_getaddrinfo_t *req, int status, struct addrinfo *list)
{
  LookupWrap *lookup = req->data;
  JSContext *ctx = the_env->ctx;
  JSValue addresses = JS_NULL;
  if (status == 0) {
    uint32_t n = 0;
    addresses = JS_NewArray(ctx);
    bool v6_first = lookup->order == ORDER_IPV6_FIRST, both = lookup->order == ORDER_VERBATIM;
    add_addresses(ctx, addresses, &n, list, both || !v6_first, both || v6_first);
    if (!both)
      add_addresses(ctx, addresses, &n, list, v6_first, !v6_first);
    if (n == 0)
      status = UV_EAI_NODATA;
  }
  uv_freeaddrinfo(list);
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), addresses};
  req_wrap_complete(&lookup->req, 2, arguments);
  JS_FreeValue(ctx, addresses);
  req_wrap_release(&lookup->req);
}

/* getaddrinfo(request, hostname, family, flags, order) */
static JSValue get_address_info(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  LookupWrap *lookup = base_object_get(ctx, argv[0], &lookup_type);
  char *name = lookup ? arg_domain(ctx, argv[1]) : NULL;
  if (!name)
    return JS_EXCEPTION;
  int family = arg_int32(ctx, argv[2]);
  struct addrinfo hints = {.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC,
                           .ai_socktype = SOCK_STREAM,
                           .ai_flags = arg_int32(ctx, argv[3])};
  lookup->order = arg_int32(ctx, argv[4]);
  async_wrap_init(env, &lookup->req.async, PROVIDER_GETADDRINFOREQWRAP);
  int error = uv_getaddrinfo(env->loop, &lookup->uv.address, on_addresses, name, NULL, &hints);
  arg_free(name);
  if (!error)
    req_wrap_dispatched(&lookup->req, (uv_req_t *)&lookup->uv.address);
  return JS_NewInt32(ctx, error);
}

/* --- getnameinfo ---------------------------------------------------------------------------------------------------- */

static void on_name(uv_getnameinfo_t *req, int status, const char *host, const char *service)
{
  LookupWrap *lookup = req->data;
  JSContext *ctx = the_env->ctx;
  JSValue name = status ? JS_NULL : JS_NewString(ctx, host), kind = status ? JS_NULL : JS_NewString(ctx, service);
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), name, kind};
  req_wrap_complete(&lookup->req, 3, arguments);
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, kind);
  req_wrap_release(&lookup->req);
}

/* getnameinfo(request, address, port) */
static JSValue get_name_info(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  struct sockaddr_storage address;
  LookupWrap *lookup = base_object_get(ctx, argv[0], &lookup_type);
  char *text = lookup ? arg_utf8(ctx, argv[1], NULL) : NULL;
  if (!text)
    return JS_EXCEPTION;
  int port = arg_int32(ctx, argv[2]);
  int error = uv_ip4_addr(text, port, (struct sockaddr_in *)&address);
  if (error)
    error = uv_ip6_addr(text, port, (struct sockaddr_in6 *)&address);
  arg_free(text);
  if (!error) {
    async_wrap_init(env, &lookup->req.async, PROVIDER_GETNAMEINFOREQWRAP);
    error = uv_getnameinfo(env->loop, &lookup->uv.name, on_name, (struct sockaddr *)&address, NI_NAMEREQD);
  }
  if (!error)
    req_wrap_dispatched(&lookup->req, (uv_req_t *)&lookup->uv.name);
  return JS_NewInt32(ctx, error);
}

/* --- addresses as text ----------------------------------------------------------------------------------------------- */

static JSValue canonicalize_ip(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  unsigned char address[16];
  char canonical[INET6_ADDRSTRLEN];
  const char *text = JS_ToCString(ctx, argv[0]);
  if (!text)
    return JS_EXCEPTION;
  int family = uv_inet_pton(AF_INET, text, address) == 0    ? AF_INET
               : uv_inet_pton(AF_INET6, text, address) == 0 ? AF_INET6
                                                            : 0;
  JS_FreeCString(ctx, text);
  if (!family || uv_inet_ntop(family, address, canonical, sizeof(canonical)))
    return JS_UNDEFINED;
  return JS_NewString(ctx, canonical);
}

static JSValue convert_ipv6(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  unsigned char address[16];
  const char *text = JS_ToCString(ctx, argv[0]);
  if (!text)
    return JS_EXCEPTION;
  int error = uv_inet_pton(AF_INET6, text, address);
  JS_FreeCString(ctx, text);
  return error ? JS_ThrowPlainError(ctx, "Invalid IPv6 address") : new_buffer(env_of(ctx), address, sizeof(address));
}

static JSValue error_text(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int code = arg_int32(ctx, argv[0]);
  return JS_NewString(ctx, code == DNS_PENDING_QUERIES ? "There are pending queries." : ares_strerror(code));
}

void init_cares_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getaddrinfo", get_address_info, 5},
      {"getnameinfo", get_name_info, 3},
      {"canonicalizeIP", canonicalize_ip, 1},
      {"convertIpv6StringToBuffer", convert_ipv6, 1},
      {"strerror", error_text, 1},
  };
  static const BindingConstant constants[] = {
      {"AF_INET", AF_INET},
      {"AF_INET6", AF_INET6},
      {"AF_UNSPEC", AF_UNSPEC},
      {"AI_ADDRCONFIG", AI_ADDRCONFIG},
      {"AI_ALL", AI_ALL},
      {"AI_V4MAPPED", AI_V4MAPPED},
      {"DNS_ORDER_VERBATIM", ORDER_VERBATIM},
      {"DNS_ORDER_IPV4_FIRST", ORDER_IPV4_FIRST},
      {"DNS_ORDER_IPV6_FIRST", ORDER_IPV6_FIRST},
  };
  static const char *const requests[] = {"GetAddrInfoReqWrap", "GetNameInfoReqWrap"};
  DEFINE_FUNCTIONS(ctx, target, functions);
  DEFINE_CONSTANTS(ctx, target, constants);
  for (int i = 0; i < COUNT_OF(requests); i++)
    define_class(ctx, target, requests[i], construct_lookup, req_wrap_constructor(env), NULL, 0);
  define_channel(env, ctx, target);
  define_queries(env, ctx, target);
}
