/* Which number an object has. */
#include "object_ids.h"

#include <stdlib.h>

static uint32_t hash_of(JSValueConst object, uint32_t capacity)
{
  uintptr_t address = (uintptr_t)JS_VALUE_GET_PTR(object);
  return (uint32_t)((address >> 4) * 2654435761u) & (capacity - 1);
}

static uint32_t slot_of(const ObjectIds *ids, JSValueConst object)
{
  uint32_t i = hash_of(object, ids->capacity);
  while (!JS_IsUndefined(ids->slots[i].object) &&
         JS_VALUE_GET_PTR(ids->slots[i].object) != JS_VALUE_GET_PTR(object))
    i = (i + 1) & (ids->capacity - 1);
  return i;
}

static bool ids_resize(ObjectIds *ids, uint32_t capacity)
{
  ObjectIds grown = {.slots = malloc(capacity * sizeof(*ids->slots)), .capacity = capacity, .count = ids->count};
  if (!grown.slots)
    return false;
  for (uint32_t i = 0; i < capacity; i++)
    grown.slots[i].object = JS_UNDEFINED;
  for (uint32_t i = 0; i < ids->capacity; i++) {
    if (!JS_IsUndefined(ids->slots[i].object))
      grown.slots[slot_of(&grown, ids->slots[i].object)] = ids->slots[i];
  }
  free(ids->slots);
  *ids = grown;
  return true;
}

bool ids_find(const ObjectIds *ids, JSValueConst object, uint32_t *id)
{
  if (!ids->count)
    return false;
  uint32_t i = slot_of(ids, object);
  *id = ids->slots[i].id;
  return !JS_IsUndefined(ids->slots[i].object);
}

bool ids_add(JSContext *ctx, ObjectIds *ids, JSValueConst object, uint32_t id)
{
  if (ids->count * 2 >= ids->capacity && !ids_resize(ids, ids->capacity ? ids->capacity * 2 : 16)) {
    JS_ThrowOutOfMemory(ctx);
    return false;
  }
  uint32_t i = slot_of(ids, object);
  if (JS_IsUndefined(ids->slots[i].object)) {
    ids->slots[i].object = JS_DupValue(ctx, object);
    ids->count++;
  }
  ids->slots[i].id = id;
  return true;
}

void ids_clear(ObjectIds *ids, JSRuntime *rt)
{
  for (uint32_t i = 0; i < ids->capacity; i++)
    JS_FreeValueRT(rt, ids->slots[i].object);
  free(ids->slots);
  *ids = (ObjectIds){0};
}

void ids_mark(const ObjectIds *ids, JSRuntime *rt, JS_MarkFunc *mark)
{
  for (uint32_t i = 0; i < ids->capacity; i++)
    JS_MarkValue(rt, ids->slots[i].object, mark);
}
