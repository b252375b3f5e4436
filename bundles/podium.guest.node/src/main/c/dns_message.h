/* DNS messages (RFC 1035 and what came after): a question to bytes, and answers to what the library makes of them. */
#ifndef PODIUM_NODE_DNS_MESSAGE_H
#define PODIUM_NODE_DNS_MESSAGE_H

#include "env.h"

enum { DNS_PORT = 53, DNS_QUESTION_MAX = 12 + 256 + 4 };

typedef enum DnsType {
  DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28,
  DNS_SRV = 33, DNS_NAPTR = 35, DNS_TLSA = 52, DNS_ANY = 255, DNS_CAA = 257
} DnsType;

/* A whole message that asks for `name`; its length, or 0 if that is no name. `out` has room for DNS_QUESTION_MAX bytes. */
size_t dns_question(uint8_t *out, uint16_t id, const char *name, DnsType type);
/* Is it an answer to the message? */
bool dns_answers(const uint8_t *message, size_t length, const uint8_t *question, size_t question_length);
bool dns_is_truncated(const uint8_t *message);
/* Is another server to be asked, the error being this one's alone? */
bool dns_is_refusal(const uint8_t *message);
/* What `resolve` of the type gives, and the times to live of addresses (else undefined). A code such as ENOTFOUND and
   nothing else if there is no such answer; NULL if there is. */
const char *dns_result(JSContext *ctx, const uint8_t *message, size_t length, DnsType type, JSValue *result, JSValue *ttls);

#endif
