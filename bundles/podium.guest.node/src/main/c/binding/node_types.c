/* types: what a value is, whatever it says of itself. */
#include "../env.h"

#define IS(name, test)                                                                                                 \
  static JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                                 \
  {                                                                                                                    \
    EngineKind kind = engine_kind(argv[0]);                                                                            \
    (void)kind;                                                                                                        \
    return JS_NewBool(ctx, test);                                                                                      \
  }

IS(is_external, external_address(argv[0], &(uint64_t){0}))
IS(is_date, kind == ENGINE_DATE)
IS(is_arguments, kind == ENGINE_ARGUMENTS)
IS(is_bigint_object, kind == ENGINE_BIGINT_OBJECT)
IS(is_boolean_object, kind == ENGINE_BOOLEAN_OBJECT)
IS(is_number_object, kind == ENGINE_NUMBER_OBJECT)
IS(is_string_object, kind == ENGINE_STRING_OBJECT)
IS(is_symbol_object, kind == ENGINE_SYMBOL_OBJECT)
IS(is_boxed, kind >= ENGINE_NUMBER_OBJECT && kind <= ENGINE_BIGINT_OBJECT)
IS(is_error, kind == ENGINE_ERROR)
IS(is_regexp, kind == ENGINE_REGEXP)
IS(is_async_function, kind == ENGINE_ASYNC_FUNCTION || kind == ENGINE_ASYNC_GENERATOR_FUNCTION)
IS(is_generator_function, kind == ENGINE_GENERATOR_FUNCTION || kind == ENGINE_ASYNC_GENERATOR_FUNCTION)
IS(is_generator, kind == ENGINE_GENERATOR)
IS(is_promise, kind == ENGINE_PROMISE)
IS(is_map, kind == ENGINE_MAP)
IS(is_set, kind == ENGINE_SET)
IS(is_map_iterator, kind == ENGINE_MAP_ITERATOR)
IS(is_set_iterator, kind == ENGINE_SET_ITERATOR)
IS(is_weak_map, kind == ENGINE_WEAK_MAP)
IS(is_weak_set, kind == ENGINE_WEAK_SET)
IS(is_array_buffer, kind == ENGINE_ARRAY_BUFFER)
IS(is_data_view, kind == ENGINE_DATA_VIEW)
IS(is_shared_array_buffer, kind == ENGINE_SHARED_ARRAY_BUFFER)
IS(is_proxy, kind == ENGINE_PROXY)
IS(is_module_namespace, kind == ENGINE_MODULE_NS)
IS(is_any_array_buffer, kind == ENGINE_ARRAY_BUFFER || kind == ENGINE_SHARED_ARRAY_BUFFER)
IS(is_array_buffer_view, kind == ENGINE_TYPED_ARRAY || kind == ENGINE_DATA_VIEW)
IS(is_typed_array, kind == ENGINE_TYPED_ARRAY)
IS(is_uint8_array, JS_GetTypedArrayType(argv[0]) == JS_TYPED_ARRAY_UINT8)
/* The library subclasses EventTarget by a symbol of its own; nothing in C is one. */

void init_types(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"isExternal", is_external, 1},
      {"isDate", is_date, 1},
      {"isArgumentsObject", is_arguments, 1},
      {"isBigIntObject", is_bigint_object, 1},
      {"isBooleanObject", is_boolean_object, 1},
      {"isNumberObject", is_number_object, 1},
      {"isStringObject", is_string_object, 1},
      {"isSymbolObject", is_symbol_object, 1},
      {"isBoxedPrimitive", is_boxed, 1},
      {"isNativeError", is_error, 1},
      {"isRegExp", is_regexp, 1},
      {"isAsyncFunction", is_async_function, 1},
      {"isGeneratorFunction", is_generator_function, 1},
      {"isGeneratorObject", is_generator, 1},
      {"isPromise", is_promise, 1},
      {"isMap", is_map, 1},
      {"isSet", is_set, 1},
      {"isMapIterator", is_map_iterator, 1},
      {"isSetIterator", is_set_iterator, 1},
      {"isWeakMap", is_weak_map, 1},
      {"isWeakSet", is_weak_set, 1},
      {"isArrayBuffer", is_array_buffer, 1},
      {"isDataView", is_data_view, 1},
      {"isSharedArrayBuffer", is_shared_array_buffer, 1},
      {"isProxy", is_proxy, 1},
      {"isModuleNamespaceObject", is_module_namespace, 1},
      {"isAnyArrayBuffer", is_any_array_buffer, 1},
      {"isArrayBufferView", is_array_buffer_view, 1},
      {"isTypedArray", is_typed_array, 1},
      {"isUint8Array", is_uint8_array, 1},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
}
