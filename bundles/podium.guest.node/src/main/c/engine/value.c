/* Direct access to values: classes, strings, buffers, collections. */

EngineKind engine_kind(JSValueConst value)
{
  if (JS_VALUE_GET_TAG(value) != JS_TAG_OBJECT)
    return ENGINE_NOT_OBJECT;
  switch (JS_VALUE_GET_OBJ(value)->class_id) {
  case JS_CLASS_ARRAY: return ENGINE_ARRAY;
  case JS_CLASS_ERROR: return ENGINE_ERROR;
  case JS_CLASS_NUMBER: return ENGINE_NUMBER_OBJECT;
  case JS_CLASS_STRING: return ENGINE_STRING_OBJECT;
  case JS_CLASS_BOOLEAN: return ENGINE_BOOLEAN_OBJECT;
  case JS_CLASS_SYMBOL: return ENGINE_SYMBOL_OBJECT;
  case JS_CLASS_BIG_INT: return ENGINE_BIGINT_OBJECT;
  case JS_CLASS_ARGUMENTS: case JS_CLASS_MAPPED_ARGUMENTS: return ENGINE_ARGUMENTS;
  case JS_CLASS_DATE: return ENGINE_DATE;
  case JS_CLASS_MODULE_NS: return ENGINE_MODULE_NS;
  case JS_CLASS_C_FUNCTION: case JS_CLASS_BYTECODE_FUNCTION: case JS_CLASS_BOUND_FUNCTION:
  case JS_CLASS_C_FUNCTION_DATA: case JS_CLASS_C_CLOSURE: return ENGINE_FUNCTION;
  case JS_CLASS_GENERATOR_FUNCTION: return ENGINE_GENERATOR_FUNCTION;
  case JS_CLASS_ASYNC_FUNCTION: return ENGINE_ASYNC_FUNCTION;
  case JS_CLASS_ASYNC_GENERATOR_FUNCTION: return ENGINE_ASYNC_GENERATOR_FUNCTION;
  case JS_CLASS_REGEXP: return ENGINE_REGEXP;
  case JS_CLASS_ARRAY_BUFFER: return ENGINE_ARRAY_BUFFER;
  case JS_CLASS_SHARED_ARRAY_BUFFER: return ENGINE_SHARED_ARRAY_BUFFER;
  case JS_CLASS_DATAVIEW: return ENGINE_DATA_VIEW;
  case JS_CLASS_MAP: return ENGINE_MAP;
  case JS_CLASS_SET: return ENGINE_SET;
  case JS_CLASS_WEAKMAP: return ENGINE_WEAK_MAP;
  case JS_CLASS_WEAKSET: return ENGINE_WEAK_SET;
  case JS_CLASS_MAP_ITERATOR: return ENGINE_MAP_ITERATOR;
  case JS_CLASS_SET_ITERATOR: return ENGINE_SET_ITERATOR;
  case JS_CLASS_GENERATOR: case JS_CLASS_ASYNC_GENERATOR: return ENGINE_GENERATOR;
  case JS_CLASS_PROXY: return ENGINE_PROXY;
  case JS_CLASS_PROMISE: return ENGINE_PROMISE;
  case JS_CLASS_WEAK_REF: return ENGINE_WEAK_REF;
  default: return is_typed_array(JS_VALUE_GET_OBJ(value)->class_id) ? ENGINE_TYPED_ARRAY : ENGINE_OBJECT;
  }
}

bool engine_same_object(JSValueConst a, JSValueConst b)
{
  return JS_VALUE_GET_TAG(a) == JS_TAG_OBJECT && JS_VALUE_GET_TAG(b) == JS_TAG_OBJECT &&
         JS_VALUE_GET_OBJ(a) == JS_VALUE_GET_OBJ(b);
}

JSValue engine_new_private_symbol(JSContext *ctx, const char *description)
{
  JSAtom name = JS_NewAtom(ctx, description);
  JSValue symbol = JS_NewSymbolFromAtom(ctx, name, JS_ATOM_TYPE_PRIVATE);
  JS_FreeAtom(ctx, name);
  return symbol;
}

int engine_set_private(JSContext *ctx, JSValueConst object, JSAtom symbol, JSValue value)
{
  JSProperty *property;
  JSObject *p = JS_VALUE_GET_OBJ(object);
  if (find_own_property(&property, p, symbol)) {
    set_value(ctx, &property->u.value, value);
    return 0;
  }
  property = add_property(ctx, p, symbol, JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
  if (!property) {
    JS_FreeValue(ctx, value);
    return -1;
  }
  property->u.value = value;
  return 0;
}

/* --- strings ----------------------------------------------------------------------------------------------------- */

bool engine_string_open(JSContext *ctx, JSValueConst value, EngineString *string)
{
  *string = (EngineString){.ctx = ctx, .owner = JS_UNDEFINED};
  if (!JS_IsString(value)) {
    JS_ThrowTypeError(ctx, "argument must be a string");
    return false;
  }
  string->owner = JS_VALUE_GET_TAG(value) == JS_TAG_STRING_ROPE ? js_linearize_string_rope(ctx, value) : js_dup(value);
  if (JS_IsException(string->owner))
    return false;
  JSString *p = JS_VALUE_GET_STRING(string->owner);
  string->wide = p->is_wide_char;
  string->length = p->len;
  if (p->is_wide_char)
    string->utf16 = str16(p);
  else
    string->latin1 = str8(p);
  return true;
}

void engine_string_close(EngineString *string)
{
  JS_FreeValue(string->ctx, string->owner);
  string->owner = JS_UNDEFINED;
}

JSValue engine_new_latin1(JSContext *ctx, const uint8_t *text, size_t length)
{
  if (length > JS_STRING_LEN_MAX)
    return JS_ThrowRangeError(ctx, "Invalid string length");
  return js_new_string8_len(ctx, (const char *)text, (int)length);
}

static JSValue engine_new_string_buffer(JSContext *ctx, size_t length, bool wide, JSString **out)
{
  if (length > JS_STRING_LEN_MAX)
    return JS_ThrowRangeError(ctx, "Invalid string length");
  *out = js_alloc_string(ctx, (int)length, wide);
  return *out ? JS_MKPTR(JS_TAG_STRING, *out) : JS_EXCEPTION;
}

JSValue engine_new_latin1_buffer(JSContext *ctx, size_t length, uint8_t **text)
{
  JSString *p;
  JSValue string = engine_new_string_buffer(ctx, length, false, &p);
  if (!JS_IsException(string)) {
    *text = str8(p);
    (*text)[length] = 0;
  }
  return string;
}

JSValue engine_new_utf16_buffer(JSContext *ctx, size_t length, uint16_t **text)
{
  JSString *p;
  JSValue string = engine_new_string_buffer(ctx, length, true, &p);
  if (!JS_IsException(string))
    *text = str16(p);
  return string;
}

/* --- buffers ----------------------------------------------------------------------------------------------------- */

bool engine_view(JSValueConst value, EngineView *view)
{
  *view = (EngineView){0};
  if (JS_VALUE_GET_TAG(value) != JS_TAG_OBJECT)
    return false;
  JSObject *p = JS_VALUE_GET_OBJ(value);
  if (p->class_id == JS_CLASS_ARRAY_BUFFER || p->class_id == JS_CLASS_SHARED_ARRAY_BUFFER) {
    JSArrayBuffer *buffer = p->u.array_buffer;
    if (!buffer->detached)
      *view = (EngineView){buffer->data, (size_t)buffer->byte_length};
    return true;
  }
  if (!is_typed_array(p->class_id) && p->class_id != JS_CLASS_DATAVIEW)
    return false;
  JSTypedArray *array = p->u.typed_array;
  JSArrayBuffer *buffer = array->buffer->u.array_buffer;
  if (buffer->detached || array->offset > (uint32_t)buffer->byte_length)
    return true;
  size_t length = array->track_rab ? (size_t)buffer->byte_length - array->offset : array->length;
  if (length > (size_t)buffer->byte_length - array->offset)
    return true; /* the buffer shrank under the view */
  *view = (EngineView){buffer->data + array->offset, length};
  return true;
}

JSValue engine_new_shared_view(JSContext *ctx, void *memory, size_t bytes, JSTypedArrayEnum type)
{
  JSValue buffer = JS_NewArrayBuffer(ctx, memory, bytes, 0, NULL, NULL, false);
  if (JS_IsException(buffer))
    return buffer;
  JSValueConst arguments[] = {buffer, JS_UNDEFINED, JS_UNDEFINED}; /* it reads all three */
  JSValue view = JS_NewTypedArray(ctx, 3, arguments, type);
  JS_FreeValue(ctx, buffer);
  return view;
}

void engine_mark_binding_function(JSValueConst function)
{
  if (JS_VALUE_GET_TAG(function) == JS_TAG_OBJECT)
    JS_VALUE_GET_OBJ(function)->is_binding = true;
}

/* --- collections ------------------------------------------------------------------------------------------------- */

static int engine_push(JSContext *ctx, JSValueConst array, uint32_t *count, JSValueConst value)
{
  return JS_DefinePropertyValueUint32(ctx, array, (*count)++, js_dup(value), JS_PROP_C_W_E);
}

static bool engine_is_below(const JSObject *p, const JSObject *prototype)
{
  do
    p = p->shape->proto;
  while (p && p != prototype);
  return p != NULL;
}

JSValue engine_objects_below(JSContext *ctx, JSValueConst prototype)
{
  JS_RunGC(ctx->rt);
  struct list_head *el;
  uint32_t count = 0;
  JSValue array = JS_NewArray(ctx);
  list_for_each(el, &ctx->rt->gc_obj_list) {
    JSGCObjectHeader *header = list_entry(el, JSGCObjectHeader, link);
    JSObject *p = (JSObject *)header;
    if (JS_GC_TYPE(header) != JS_GC_OBJ_TYPE_JS_OBJECT || p == JS_VALUE_GET_OBJ(array) ||
        !engine_is_below(p, JS_VALUE_GET_OBJ(prototype)))
      continue;
    if (engine_push(ctx, array, &count, JS_MKPTR(JS_TAG_OBJECT, p)) < 0) {
      JS_FreeValue(ctx, array);
      return JS_EXCEPTION;
    }
  }
  return array;
}

static int engine_push_record(JSContext *ctx, JSValueConst array, uint32_t *count, JSMapRecord *record, int kind)
{
  if (kind != JS_ITERATOR_KIND_VALUE && engine_push(ctx, array, count, record->key) < 0)
    return -1;
  if (kind != JS_ITERATOR_KIND_KEY && engine_push(ctx, array, count, record->value) < 0)
    return -1;
  return 0;
}

int engine_map_set(JSContext *ctx, JSValueConst map, JSValueConst key, JSValueConst value)
{
  JSValueConst arguments[] = {key, value};
  JSValue result = js_map_set(ctx, map, 2, arguments, 0);
  JS_FreeValue(ctx, result);
  return JS_IsException(result) ? -1 : 0;
}

JSValue engine_preview_entries(JSContext *ctx, JSValueConst object, bool *pairs)
{
  EngineKind what = engine_kind(object);
  JSMapState *map = NULL;
  struct list_head *el = NULL;
  int kind = JS_ITERATOR_KIND_KEY_AND_VALUE;
  JSObject *p = JS_IsObject(object) ? JS_VALUE_GET_OBJ(object) : NULL;
  if (what == ENGINE_MAP || what == ENGINE_SET) {
    map = p->u.map_state;
    el = map->records.next;
    kind = what == ENGINE_SET ? JS_ITERATOR_KIND_KEY : kind;
  } else if (what == ENGINE_WEAK_MAP || what == ENGINE_WEAK_SET) {
    map = p->u.map_state;
    el = map->records.next;
    kind = what == ENGINE_WEAK_SET ? JS_ITERATOR_KIND_KEY : kind;
  } else if (what == ENGINE_MAP_ITERATOR || what == ENGINE_SET_ITERATOR) {
    JSMapIteratorData *iterator = p->u.map_iterator_data;
    kind = iterator->kind;
    if (what == ENGINE_SET_ITERATOR && kind == JS_ITERATOR_KIND_VALUE)
      kind = JS_ITERATOR_KIND_KEY;
    if (!JS_IsUndefined(iterator->obj)) {
      map = JS_VALUE_GET_OBJ(iterator->obj)->u.map_state;
      el = iterator->cur_record ? iterator->cur_record->link.next : map->records.next;
    }
  } else {
    return JS_UNDEFINED;
  }
  *pairs = kind == JS_ITERATOR_KIND_KEY_AND_VALUE;
  JSValue array = JS_NewArray(ctx);
  uint32_t count = 0;
  for (; map && !JS_IsException(array) && el != &map->records; el = el->next) {
    JSMapRecord *record = list_entry(el, JSMapRecord, link);
    if (record->empty)
      continue;
    if (what == ENGINE_SET_ITERATOR && *pairs) {
      if (engine_push(ctx, array, &count, record->key) < 0 || engine_push(ctx, array, &count, record->key) < 0)
        goto fail;
    } else if (engine_push_record(ctx, array, &count, record, kind) < 0) {
      goto fail;
    }
  }
  return array;
fail:
  JS_FreeValue(ctx, array);
  return JS_EXCEPTION;
}
