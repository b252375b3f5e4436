/* Strings to bytes and back, in Node's encodings. */
#ifndef PODIUM_NODE_STRING_BYTES_H
#define PODIUM_NODE_STRING_BYTES_H

#include "env.h"

enum { STRING_MAX_LENGTH = 0x1fffffe8 }; /* in code units, as V8 has it */

/* The numbers are the library's (internalBinding('string_decoder').encodings). */
typedef enum Encoding { ASCII, UTF8, BASE64, UCS2, LATIN1, HEX, BUFFER, BASE64URL } Encoding;

/* The encoding of a name ("utf-8", "ucs2", ...) or number as the library passes it; `otherwise` if it is none. */
Encoding parse_encoding(JSContext *ctx, JSValueConst value, Encoding otherwise);
/* How many bytes the string takes; for base64 and hex an upper bound. */
size_t string_bytes_size(const EngineString *string, Encoding encoding);
/* Writes at most `room` bytes, whole characters only; gives how many. `*units` (may be NULL) gets how many code units
   of the string were used. */
size_t string_bytes_write(const EngineString *string, Encoding encoding, uint8_t *out, size_t room, size_t *units);
/* The bytes as a string, or as a Buffer. UCS2 ignores an odd last byte. */
JSValue string_bytes_encode(JSContext *ctx, const uint8_t *bytes, size_t length, Encoding encoding);
/* Like the above for a value that is a string or a buffer: the caller frees *bytes. False with an exception. */
bool string_bytes_get(JSContext *ctx, JSValueConst value, Encoding encoding, uint8_t **bytes, size_t *length);
size_t utf8_length(const EngineString *string);
/* Valid UTF-8? (no surrogates, no overlong forms) */
bool is_valid_utf8(const uint8_t *bytes, size_t length);
/* base64 of either alphabet, lenient as Node: skips what is no digit, stops at '='. */
size_t base64_decode(const EngineString *string, uint8_t *out, size_t room);

#endif
