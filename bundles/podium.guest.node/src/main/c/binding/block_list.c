/* block_list: SocketAddress, and lists of addresses, subnets and ranges that an address is looked up in. */
#include <stdlib.h>
#include <string.h>

#include "../messaging.h"

/* --- addresses ------------------------------------------------------------------------------------------------------ */

enum { BYTES = 16, MAPPED = 12 };

static const uint8_t mapped_prefix[MAPPED] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* An address of IPv4 is kept as the one of IPv6 that stands for it, ::ffff:a.b.c.d. */
typedef struct Address {
  int family;
  uint8_t bytes[BYTES];
} Address;

static bool is_mapped(const Address *address) { return !memcmp(address->bytes, mapped_prefix, MAPPED); }

static bool parse_address(const char *text, int family, Address *address)
{
  address->family = family;
  memcpy(address->bytes, mapped_prefix, MAPPED);
  return uv_inet_pton(family, text, address->bytes + (family == AF_INET ? MAPPED : 0)) == 0;
}

static const char *address_text(const Address *address, char *text, size_t size)
{
  uv_inet_ntop(address->family, address->bytes + (address->family == AF_INET ? MAPPED : 0), text, size);
  return text;
}

typedef struct SocketAddress {
  BaseObject base;
  Address address;
  int port;
  uint32_t flow_label;
} SocketAddress;

static const BaseType socket_address_type = {"SocketAddress", NULL, NULL, NULL};
static JSValue socket_address_class;

/* (address, port, family, flowlabel) */
static JSValue new_socket_address(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  Address address;
  const char *text = JS_ToCString(ctx, argv[0]);
  if (!text)
    return JS_EXCEPTION;
  bool valid = parse_address(text, arg_int32(ctx, argv[2]), &address);
  JS_FreeCString(ctx, text);
  if (!valid)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_ADDRESS", "Invalid address");
  SocketAddress *made;
  JSValue object = base_object_new(ctx, new_target, &socket_address_type, sizeof(*made), &made);
  if (!JS_IsException(object)) {
    made->address = address;
    made->port = arg_int32(ctx, argv[1]);
    made->flow_label = arg_uint32(ctx, argv[3]);
  }
  return object;
}

/* Sets the members of its argument. */
static JSValue detail(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  SocketAddress *address = base_object_get(ctx, self, &socket_address_type);
  char text[64];
  if (!address)
    return JS_EXCEPTION;
  JS_SetPropertyStr(ctx, argv[0], "address", JS_NewString(ctx, address_text(&address->address, text, sizeof(text))));
  JS_SetPropertyStr(ctx, argv[0], "port", JS_NewInt32(ctx, address->port));
  JS_SetPropertyStr(ctx, argv[0], "family", JS_NewInt32(ctx, address->address.family));
  JS_SetPropertyStr(ctx, argv[0], "flowlabel", JS_NewUint32(ctx, address->flow_label));
  return JS_DupValue(ctx, argv[0]);
}

static JSValue flow_label(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  SocketAddress *address = base_object_get(ctx, self, &socket_address_type);
  return address ? JS_NewUint32(ctx, address->flow_label) : JS_EXCEPTION;
}

/* --- rules ---------------------------------------------------------------------------------------------------------- */

/* In the order in which they are listed. */
typedef enum RuleKind { ADDRESS, SUBNET, RANGE } RuleKind;

/* All addresses from the first to the last. */
typedef struct Rule {
  RuleKind kind;
  Address first, last;
  int prefix; /* of a subnet */
} Rule;

/* Shared by the copies of a list. */
typedef struct Rules {
  int references;
  Rule *rules; /* the newest last */
  int count, capacity;
} Rules;

static bool rule_has(const Rule *rule, const Address *address)
{
  /* Families meet only in what stands for addresses of IPv4. */
  bool same = rule->first.family == address->family;
  if (!same && !(is_mapped(&rule->first) && is_mapped(&rule->last) && is_mapped(address)))
    return false;
  return memcmp(address->bytes, rule->first.bytes, BYTES) >= 0 && memcmp(address->bytes, rule->last.bytes, BYTES) <= 0;
}

static bool rules_have(const Rules *rules, const Address *address)
{
  for (int i = 0; i < rules->count; i++)
    if (rule_has(&rules->rules[i], address))
      return true;
  return false;
}

static Rule make_rule(RuleKind kind, const Address *first, const Address *last, int prefix)
{
  Rule rule = {kind, *first, *last, prefix};
  if (kind != SUBNET)
    return rule;
  for (int bit = prefix + (first->family == AF_INET ? 8 * MAPPED : 0); bit < 8 * BYTES; bit++) {
    rule.first.bytes[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
    rule.last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
  }
  return rule;
}

static int find_rule(const Rules *rules, const Rule *rule)
{
  for (int i = rules->count - 1; i >= 0; i--) {
    const Rule *other = &rules->rules[i];
    if (other->kind == rule->kind && other->first.family == rule->first.family && other->prefix == rule->prefix &&
        !memcmp(other->first.bytes, rule->first.bytes, BYTES) && !memcmp(other->last.bytes, rule->last.bytes, BYTES))
      return i;
  }
  return -1;
}

static bool add_rule(JSContext *ctx, Rules *rules, Rule rule)
{
  if (rule.kind == ADDRESS && find_rule(rules, &rule) >= 0)
    return true;
  if (rules->count == rules->capacity) {
    int capacity = rules->capacity * 2 + 8;
    Rule *grown = realloc(rules->rules, (size_t)capacity * sizeof(*grown));
    if (!grown) {
      JS_ThrowOutOfMemory(ctx);
      return false;
    }
    rules->rules = grown;
    rules->capacity = capacity;
  }
  rules->rules[rules->count++] = rule;
  return true;
}

static void remove_rule(Rules *rules, Rule rule)
{
  int i = find_rule(rules, &rule);
  if (i < 0)
    return;
  rules->count--;
  memmove(&rules->rules[i], &rules->rules[i + 1], (size_t)(rules->count - i) * sizeof(rule));
}

static void release_rules(Rules *rules)
{
  if (!rules || --rules->references)
    return;
  free(rules->rules);
  free(rules);
}

/* --- BlockList ------------------------------------------------------------------------------------------------------ */

typedef struct BlockList {
  BaseObject base;
  Rules *rules;
} BlockList;

static void block_list_finalize(BaseObject *base) { release_rules(((BlockList *)base)->rules); }

static const BaseType block_list_type = {"BlockList", NULL, block_list_finalize, NULL};
static JSValue block_list_class;

/* Takes the reference. */
static JSValue make_block_list(JSContext *ctx, JSValueConst new_target, Rules *rules)
{
  BlockList *list;
  JSValue object = base_object_new(ctx, new_target, &block_list_type, sizeof(*list), &list);
  if (JS_IsException(object))
    release_rules(rules);
  else
    list->rules = rules;
  return object;
}

static JSValue new_block_list(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  Rules *rules = calloc(1, sizeof(*rules));
  if (!rules)
    return JS_ThrowOutOfMemory(ctx);
  rules->references = 1;
  return make_block_list(ctx, new_target, rules);
}

static Rules *rules_of(JSContext *ctx, JSValueConst self)
{
  BlockList *list = base_object_get(ctx, self, &block_list_type);
  return list ? list->rules : NULL;
}

static const Address *address_of(JSContext *ctx, JSValueConst object)
{
  SocketAddress *address = base_object_get(ctx, object, &socket_address_type);
  return address ? &address->address : NULL;
}

/* The rule that the arguments of add... and remove... tell. False with an exception. */
static bool rule_of(JSContext *ctx, RuleKind kind, JSValueConst *argv, Rule *rule)
{
  const Address *first = address_of(ctx, argv[0]), *last = first && kind == RANGE ? address_of(ctx, argv[1]) : first;
  if (!first || !last)
    return false;
  *rule = make_rule(kind, first, last, kind == SUBNET ? arg_int32(ctx, argv[1]) : 0);
  return true;
}

static JSValue add(JSContext *ctx, JSValueConst self, RuleKind kind, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  Rule rule;
  if (!rules || !rule_of(ctx, kind, argv, &rule))
    return JS_EXCEPTION;
  if (kind == RANGE && memcmp(rule.first.bytes, rule.last.bytes, BYTES) > 0)
    return JS_FALSE;
  return add_rule(ctx, rules, rule) ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue take_away(JSContext *ctx, JSValueConst self, RuleKind kind, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  Rule rule;
  if (!rules || !rule_of(ctx, kind, argv, &rule))
    return JS_EXCEPTION;
  remove_rule(rules, rule);
  return JS_UNDEFINED;
}

#define CHANGES(name, kind)                                                                                            \
  static JSValue add_##name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                          \
  {                                                                                                                    \
    return add(ctx, self, kind, argv);                                                                                 \
  }                                                                                                                    \
  static JSValue remove_##name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                       \
  {                                                                                                                    \
    return take_away(ctx, self, kind, argv);                                                                           \
  }
CHANGES(address, ADDRESS)
CHANGES(subnet, SUBNET)
CHANGES(range, RANGE)

static JSValue add_addresses(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int64_t count;
  if (JS_GetLength(ctx, argv[0], &count))
    return JS_EXCEPTION;
  for (int64_t i = 0; i < count; i++) {
    JSValue address = JS_GetPropertyInt64(ctx, argv[0], i);
    JSValue result = add(ctx, self, ADDRESS, (JSValueConst *)&address);
    JS_FreeValue(ctx, address);
    if (JS_IsException(result))
      return result;
  }
  return JS_UNDEFINED;
}

static JSValue check(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  const Address *address = rules ? address_of(ctx, argv[0]) : NULL;
  return address ? JS_NewBool(ctx, rules_have(rules, address)) : JS_EXCEPTION;
}

/* (text, family): what is no address is in no list. */
static JSValue check_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  const char *text = rules ? JS_ToCString(ctx, argv[0]) : NULL;
  Address address;
  if (!text)
    return JS_EXCEPTION;
  bool found = parse_address(text, arg_int32(ctx, argv[1]), &address) && rules_have(rules, &address);
  JS_FreeCString(ctx, text);
  return JS_NewBool(ctx, found);
}

static JSValue rule_text(JSContext *ctx, const Rule *rule)
{
  static const char *const kinds[] = {"Address", "Subnet", "Range"};
  char text[200], first[64], last[64];
  int length = snprintf(text, sizeof(text), "%s: %s %s", kinds[rule->kind],
                        rule->first.family == AF_INET ? "IPv4" : "IPv6", address_text(&rule->first, first, sizeof(first)));
  if (rule->kind == SUBNET)
    snprintf(text + length, sizeof(text) - (size_t)length, "/%d", rule->prefix);
  if (rule->kind == RANGE)
    snprintf(text + length, sizeof(text) - (size_t)length, "-%s", address_text(&rule->last, last, sizeof(last)));
  return JS_NewString(ctx, text);
}

static JSValue get_rules(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  if (!rules)
    return JS_EXCEPTION;
  JSValue list = JS_NewArray(ctx);
  uint32_t count = 0;
  for (RuleKind kind = ADDRESS; kind <= RANGE; kind++)
    for (int i = rules->count - 1; i >= 0; i--)
      if (rules->rules[i].kind == kind)
        JS_SetPropertyUint32(ctx, list, count++, rule_text(ctx, &rules->rules[i]));
  return list;
}

static JSValue get_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  return rules ? JS_NewInt32(ctx, rules->count) : JS_EXCEPTION;
}

static JSValue clear(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Rules *rules = rules_of(ctx, self);
  if (!rules)
    return JS_EXCEPTION;
  rules->count = 0;
  return JS_UNDEFINED;
}

/* --- in messages ---------------------------------------------------------------------------------------------------- */

typedef struct Transfer {
  TransferData transfer; /* first */
  Rules *rules;          /* of a list, or */
  SocketAddress address;
} Transfer;

static JSValue revive_list(JSContext *ctx, TransferData *data)
{
  Rules *rules = ((Transfer *)data)->rules;
  rules->references++;
  return make_block_list(ctx, block_list_class, rules);
}

static JSValue revive_address(JSContext *ctx, TransferData *data)
{
  SocketAddress *from = &((Transfer *)data)->address, *address;
  JSValue object = base_object_new(ctx, socket_address_class, &socket_address_type, sizeof(*address), &address);
  if (!JS_IsException(object)) {
    address->address = from->address;
    address->port = from->port;
    address->flow_label = from->flow_label;
  }
  return object;
}

static void release(JSRuntime *rt, TransferData *data) { release_rules(((Transfer *)data)->rules); }

static TransferMode cloned(JSContext *ctx, JSValueConst object) { return TRANSFER_CLONES; }

static TransferData *take(JSContext *ctx, JSValueConst object)
{
  Transfer *transfer = calloc(1, sizeof(*transfer));
  if (!transfer) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  BlockList *list = base_object_peek(object, &block_list_type);
  transfer->transfer = (TransferData){list ? revive_list : revive_address, release, false};
  if (list) {
    transfer->rules = list->rules;
    list->rules->references++;
  } else {
    transfer->address = *(SocketAddress *)base_object_peek(object, &socket_address_type);
  }
  return &transfer->transfer;
}

static const Transferable transferables[] = {{&block_list_type, cloned, take}, {&socket_address_type, cloned, take}};

void init_block_list(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction list_methods[] = {
      {"addAddress", add_address, 1},       {"addAddresses", add_addresses, 1},
      {"addRange", add_range, 2},           {"addSubnet", add_subnet, 2},
      {"removeAddress", remove_address, 1}, {"removeRange", remove_range, 2},
      {"removeSubnet", remove_subnet, 2},   {"check", check, 1},
      {"checkString", check_string, 2},     {"getRules", get_rules, 0},
      {"getSize", get_size, 0},             {"clear", clear, 0},
  };
  static const BindingFunction address_methods[] = {{"detail", detail, 1}, {"flowlabel", flow_label, 0}};
  static const BindingConstant constants[] = {{"AF_INET", AF_INET}, {"AF_INET6", AF_INET6}};
  block_list_class = JS_DupValue(ctx, define_class(ctx, target, "BlockList", new_block_list, JS_UNDEFINED, list_methods,
                                                   COUNT_OF(list_methods)));
  socket_address_class = JS_DupValue(ctx, define_class(ctx, target, "SocketAddress", new_socket_address, JS_UNDEFINED,
                                                       address_methods, COUNT_OF(address_methods)));
  DEFINE_CONSTANTS(ctx, target, constants);
  for (int i = 0; i < COUNT_OF(transferables); i++)
    register_transferable(&transferables[i]);
}
