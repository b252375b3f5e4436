/* Which number an object has: a table by identity. */
#ifndef PODIUM_NODE_OBJECT_IDS_H
#define PODIUM_NODE_OBJECT_IDS_H

#include <quickjs.h>
#include <stdbool.h>
#include <stdint.h>

/* Open addressing over the objects' addresses; the objects are held, so an address means one object. */
typedef struct ObjectIds {
  struct { JSValue object; uint32_t id; } *slots;
  uint32_t capacity, count; /* a power of two */
} ObjectIds;

bool ids_find(const ObjectIds *ids, JSValueConst object, uint32_t *id);
/* Adds the object or changes its number. False with an exception. */
bool ids_add(JSContext *ctx, ObjectIds *ids, JSValueConst object, uint32_t id);
void ids_clear(ObjectIds *ids, JSRuntime *rt);
void ids_mark(const ObjectIds *ids, JSRuntime *rt, JS_MarkFunc *mark);

#endif
