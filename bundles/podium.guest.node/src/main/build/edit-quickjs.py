#!/usr/bin/env python3
"""edit-quickjs.py IN OUT: the seams Node needs in quickjs.c, made as exact, counted text replacements.

Every entry is (why, count, old, new). An anchor that is not found exactly `count` times stops the build:
a new QuickJS release is looked at, not guessed at. What the seams call is in engine/*.c, which is compiled
in one unit with the edited file.
"""
import sys

EDITS = [
    # --- stack traces: captured eagerly as frames, formatted on the first read of `stack` -------------------------
    ("the text backtrace is replaced by engine_capture_stack", 1,
     "static void build_backtrace(JSContext *ctx, JSValueConst error_val,",
     "static void build_backtrace(JSContext *ctx, JSValueConst error_val,\n"
     "    JSValueConst filter_func, const char *filename, int line_num, int col_num, int backtrace_flags);\n"
     "__attribute__((unused)) static void build_text_backtrace(JSContext *ctx, JSValueConst error_val,"),
    ("a fifth kind of lazy property: the formatted stack", 1,
     "    JS_AUTOINIT_ID_BYTECODE,\n}", "    JS_AUTOINIT_ID_BYTECODE,\n    JS_AUTOINIT_ID_STACK,\n}"),
    ("the lazy property's kind needs three bits", 1, "(pr->u.init.realm_and_id & ~3)", "(pr->u.init.realm_and_id & ~7)"),
    ("the lazy property's kind needs three bits", 1, "return pr->u.init.realm_and_id & 3;",
     "return pr->u.init.realm_and_id & 7;"),
    ("the lazy property's kind needs three bits", 1, "assert((pr->u.init.realm_and_id & 3) == 0);",
     "assert((pr->u.init.realm_and_id & 7) == 0);"),
    ("the lazy property's kind needs three bits", 1, "assert(id <= 3);", "assert(id <= 7);"),
    ("a captured stack is owned by its property", 1,
     "    JS_FreeContext(js_autoinit_get_realm(pr));\n",
     "    if (js_autoinit_get_id(pr) == JS_AUTOINIT_ID_STACK)\n        engine_free_stack(rt, pr->u.init.opaque);\n"
     "    JS_FreeContext(js_autoinit_get_realm(pr));\n"),
    ("a captured stack refers to functions and receivers", 1,
     "    mark_func(rt, &js_autoinit_get_realm(pr)->header);\n",
     "    mark_func(rt, &js_autoinit_get_realm(pr)->header);\n"
     "    if (js_autoinit_get_id(pr) == JS_AUTOINIT_ID_STACK)\n"
     "        engine_mark_stack(rt, pr->u.init.opaque, mark_func);\n"),
    ("forward declarations of the above", 1,
     "static JSContext *js_autoinit_get_realm(JSProperty *pr)\n",
     "static void engine_free_stack(JSRuntime *rt, void *opaque);\n"
     "static void engine_mark_stack(JSRuntime *rt, void *opaque, JS_MarkFunc *mark_func);\n"
     "static int engine_materialize_stack(JSContext *ctx, JSObject *p, JSAtom prop, JSProperty *pr, JSShapeProperty *prs);\n"
     "static bool engine_is_to_redefine(const JSProperty *pr, int flags);\n"
     "static int engine_redefine_stack(JSContext *ctx, JSObject *p, JSProperty *pr, JSShapeProperty *prs, int flags);\n"
     "static JSContext *js_autoinit_get_realm(JSProperty *pr)\n"),
    ("formatting runs user code, which may change the object", 1,
     "    realm = js_autoinit_get_realm(pr);\n    func = js_autoinit_func_table",
     "    if (js_autoinit_get_id(pr) == JS_AUTOINIT_ID_STACK)\n"
     "        return engine_materialize_stack(ctx, p, prop, pr, prs);\n"
     "    realm = js_autoinit_get_realm(pr);\n    func = js_autoinit_func_table"),
    ("a stack that is replaced is not formatted", 1,
     "            /* Instantiate property and retry */\n            if (JS_AutoInitProperty(ctx, p, prop, pr, prs))\n"
     "                return -1;\n            goto redo_prop_update;\n        }\n\n        if (flags & (JS_PROP_HAS_VALUE",
     "            /* Instantiate property and retry */\n"
     "            if (engine_is_to_redefine(pr, flags) ? engine_redefine_stack(ctx, p, pr, prs, flags)\n"
     "                                                : JS_AutoInitProperty(ctx, p, prop, pr, prs))\n"
     "                return -1;\n            goto redo_prop_update;\n        }\n\n        if (flags & (JS_PROP_HAS_VALUE"),
    ("`stack` is an own property, as in V8", 1,
     '    JS_CGETSET_DEF("stack", js_error_get_stack, js_error_set_stack ),\n', ""),
    ("frames know their receiver", 1,
     "    bool is_constructor; /* true if invoked as a constructor (new) */\n",
     "    bool is_constructor; /* true if invoked as a constructor (new) */\n    JSValueConst receiver;\n"),
    ("frames know their receiver", 2,
     "    sf->cur_func = unsafe_unconst(func_obj);\n    sf->arg_count = argc;\n    ret = s->func(",
     "    sf->cur_func = unsafe_unconst(func_obj);\n    sf->arg_count = argc;\n    sf->receiver = this_val;\n"
     "    ret = s->func("),
    ("frames know their receiver", 1,
     "    sf->arg_count = argc;\n    arg_buf = argv;\n",
     "    sf->arg_count = argc;\n    sf->receiver = this_obj;\n    arg_buf = argv;\n"),
    ("frames know their receiver", 1,
     "    arg_buf = (JSValue *)argv;\n    sf->arg_count = argc;\n",
     "    arg_buf = (JSValue *)argv;\n    sf->arg_count = argc;\n    sf->receiver = this_obj;\n"),
    ("frames know their receiver", 1,
     "    sf->is_constructor = false;\n    sf->cur_pc = b->byte_code_buf;\n",
     "    sf->is_constructor = false;\n    sf->receiver = this_obj;\n    sf->cur_pc = b->byte_code_buf;\n"),
    ("where an exception was thrown", 1,
     "            JS_Throw(ctx, *--sp);\n            goto exception;\n",
     "            JS_Throw(ctx, *--sp);\n            sf->cur_pc = pc;\n            engine_note_throw(ctx);\n            goto exception;\n"),
    ("where an exception was thrown", 1,
     " exception:\n    if (needs_backtrace(rt->current_exception)\n    || JS_IsUndefined(ctx->error_back_trace)) {\n",
     " exception:\n    if (needs_backtrace(rt->current_exception)) {\n"),
    ("where an exception was thrown", 1,
     "static bool needs_backtrace(JSValue exc)\n",
     "static void engine_note_throw(JSContext *ctx);\nstatic bool needs_backtrace(JSValue exc)\n"),
    ("functions of bindings do not show in stack traces", 1,
     "    uint8_t is_constructor : 1; /*", "    uint8_t is_binding : 1;\n    uint8_t is_constructor : 1; /*"),

    ("functions of bindings do not show in stack traces", 1,
     "    p->is_uncatchable_error = 0;\n", "    p->is_uncatchable_error = 0;\n    p->is_binding = 0;\n"),

    ("`stack` comes before `message`, as in V8", 1,
     "    switch (magic) {\n    case JS_AGGREGATE_ERROR:\n        message = argv[1];\n",
     "    /* skip the Error() function in the backtrace */\n"
     "    build_backtrace(ctx, obj, JS_UNDEFINED, NULL, 0, 0, JS_BACKTRACE_FLAG_SKIP_FIRST_LEVEL);\n"
     "    switch (magic) {\n    case JS_AGGREGATE_ERROR:\n        message = argv[1];\n"),
    ("`stack` comes before `message`, as in V8", 1,
     "    /* skip the Error() function in the backtrace */\n"
     "    build_backtrace(ctx, obj, JS_UNDEFINED, NULL, 0, 0, JS_BACKTRACE_FLAG_SKIP_FIRST_LEVEL);\n    return obj;\n",
     "    return obj;\n"),

    # --- positions as in V8: a call is at its last name (or at its parenthesis), `new` and `throw` at the keyword ----
    ("where a call is", 1,
     "    bool accept_lparen = (parse_flags & PF_POSTFIX_CALL) != 0;\n",
     "    bool accept_lparen = (parse_flags & PF_POSTFIX_CALL) != 0;\n"
     "    int new_line = s->token.line_num, new_col = s->token.col_num, call_line = 0, call_col = 0;\n"),
    ("where a call is", 1,
     "        parse_func_call:\n            if (next_token(s))\n",
     "        parse_func_call:\n"
     "            call_line = s->token.line_num;\n            call_col = s->token.col_num;\n"
     "            if (call_type == FUNC_CALL_NEW) {\n"
     "                call_line = new_line;\n                call_col = new_col;\n"
     "            } else if (s->last_ptr > s->buf_start && engine_is_word((char)s->last_ptr[-1])) {\n"
     "                call_line = s->last_line_num;\n                call_col = s->last_col_num;\n            }\n"
     "            if (next_token(s))\n"),
    ("where a call is", 1,
     "static __exception int js_parse_left_hand_side_expr(JSParseState *s)\n{\n",
     "static bool engine_is_word(char c);\nstatic char *engine_eval_file(JSContext *ctx);\n"
     "static __exception int js_parse_left_hand_side_expr(JSParseState *s)\n{\n"),
    ("where a call is", 1,
     "                /* apply function call */\n",
     "                /* apply function call */\n"
     "                if (call_line)\n                    emit_source_loc_at(s, call_line, call_col);\n"),
    ("where a call is", 1,
     "            emit_func_call:\n",
     "            emit_func_call:\n"
     "                if (call_line)\n                    emit_source_loc_at(s, call_line, call_col);\n"),
    ("where a construction is", 1,
     "                /* new operator on an object */\n",
     "                /* new operator on an object */\n                emit_source_loc_at(s, new_line, new_col);\n"),
    ("where a property is read", 1,
     "                    emit_op(s, OP_get_field);\n                    emit_atom(s, s->token.u.ident.atom);\n",
     "                    emit_source_loc(s);\n"
     "                    emit_op(s, OP_get_field);\n                    emit_atom(s, s->token.u.ident.atom);\n"),
    ("where an element is read", 1,
     "        parse_array_access:\n            prev_op = get_prev_opcode(fd);\n",
     "        parse_array_access:\n            prev_op = get_prev_opcode(fd);\n"
     "            call_line = s->token.line_num;\n            call_col = s->token.col_num;\n"),
    ("where an element is read", 1,
     "            } else {\n                emit_op(s, OP_get_array_el);\n            }\n        } else {\n            break;\n",
     "            } else {\n                emit_source_loc_at(s, call_line, call_col);\n"
     "                emit_op(s, OP_get_array_el);\n            }\n        } else {\n            break;\n"),
    ("throwing again in a finally keeps the place of the first throw", 8,
     "emit_op(s, OP_throw);\n", "engine_emit_rethrow(s);\n"),
    ("throwing again in a finally keeps the place of the first throw", 1,
     "static void emit_source_loc(JSParseState *s)\n{\n",
     "static void emit_op(JSParseState *s, uint8_t val);\n"
     "static void engine_emit_rethrow(JSParseState *s)\n{\n"
     "    emit_source_loc_at(s, 0, 0);\n    emit_op(s, OP_throw);\n}\n\n"
     "static void emit_source_loc(JSParseState *s)\n{\n"),
    ("a token's column is where it starts", 1,
     "    s->token.col_num = max_int(1, s->mark - s->eol);\n",
     "    if (s->token.ptr > s->eol) {\n        s->token.col_num = (int)(s->token.ptr - s->eol);\n    } else {\n"
     "        const uint8_t *start = s->token.ptr;\n"
     "        while (start > s->buf_start && start[-1] != '\\n')\n            start--;\n"
     "        s->token.col_num = (int)(s->token.ptr - start) + 1 - (start == s->buf_start ? engine_source_prefix : 0);\n"
     "    }\n"),
    ("where a throw is", 1,
     "    case TOK_THROW:\n        if (next_token(s))\n",
     "    case TOK_THROW: {\n        int throw_line = s->token.line_num, throw_col = s->token.col_num;\n"
     "        if (next_token(s))\n"),
    ("where a throw is", 1,
     "        engine_emit_rethrow(s);\n        if (js_parse_expect_semi(s))\n",
     "        emit_source_loc_at(s, throw_line, throw_col);\n        emit_op(s, OP_throw);\n        }\n"
     "        if (js_parse_expect_semi(s))\n"),
    ("columns of names count as all others do", 1,
     "(int)(s->token.ptr - s->line_start) + 1;", "s->token.col_num;"),

    # --- V8's wording ---------------------------------------------------------------------------------------------
    ("V8's wording", 2, '"cannot read property \'%s\' of null"', '"Cannot read properties of null (reading \'%s\')"'),
    ("V8's wording", 2, '"cannot read property \'%s\' of undefined"', '"Cannot read properties of undefined (reading \'%s\')"'),
    ("V8's wording", 1, '"cannot set property \'%s\' of null"', '"Cannot set properties of null (setting \'%s\')"'),
    ("V8's wording", 1, '"cannot set property \'%s\' of undefined"', '"Cannot set properties of undefined (setting \'%s\')"'),
    ("V8's wording", 1, '"%s is not initialized"', '"Cannot access \'%s\' before initialization"'),
    ("V8's wording", 1,
     '    return JS_ThrowTypeError(ctx, "not a function");\n}\n',
     "    return engine_throw_not_a_function(ctx);\n}\n"),
    ("V8's wording", 1,
     "static JSValue JS_ThrowTypeErrorNotAFunction(JSContext *ctx)\n",
     "static JSValue engine_throw_not_a_function(JSContext *ctx);\n"
     "static JSValue engine_throw_no_new(JSContext *ctx, JSValueConst function);\n"
     "static JSValue engine_throw_not_a_constructor(JSContext *ctx);\n"
     "static JSValue JS_ThrowTypeErrorNotAFunction(JSContext *ctx)\n"),
    ("V8's wording", 1,
     'fini:\n    return JS_ThrowTypeError(ctx, "not a constructor");\n',
     "fini:\n    return engine_throw_not_a_constructor(ctx);\n"),
    ("forward declaration", 1,
     "static JSValue JS_ThrowTypeErrorNotAConstructor(JSContext *ctx,\n",
     "static JSValue engine_throw_not_a_constructor(JSContext *ctx);\n"
     "static JSValue JS_ThrowTypeErrorNotAConstructor(JSContext *ctx,\n"),

    ("syntax errors name what was not expected, as V8 does", 1,
     "        return js_parse_error(s, \"expecting '%c'\", ';');\n", "        return js_parse_expect(s, ';');\n"),
    ("syntax errors name what was not expected, as V8 does", 1,
     "        return js_parse_error(s, \"unexpected token in expression: '%.*s'\",\n"
     "                              (int)(s->buf_ptr - s->token.ptr), s->token.ptr);\n",
     "        return js_parse_expect(s, -1);\n"),
    ("the end of the wrapped text is the end of the input", 1,
     "    switch(s->token.val) {\n    case TOK_EOF:\n        return js_parse_error(s, \"Unexpected end of input\");\n",
     "    if (engine_source_end && s->token.ptr - s->buf_start >= engine_source_end)\n"
     "        return js_parse_error(s, \"Unexpected end of input\");\n"
     "    switch(s->token.val) {\n    case TOK_EOF:\n        return js_parse_error(s, \"Unexpected end of input\");\n"),
    ("where and how long a syntax error is", 1,
     "    if (s->token.ptr && s->token.ptr >= s->token.line_start)\n"
     "        err_col_num = (int)(s->token.ptr - s->token.line_start) + 1;\n",
     "    if (s->token.ptr) {\n"
     "        const uint8_t *start = s->token.ptr;\n"
     "        while (start > s->buf_start && start[-1] != '\\n')\n            start--;\n"
     "        err_col_num = (int)(s->token.ptr - start) + 1 - (start == s->buf_start ? engine_source_prefix : 0);\n"
     "        engine_syntax_span = s->buf_ptr > s->token.ptr ? (int)(s->buf_ptr - s->token.ptr) : 1;\n    }\n"),
    ("where and how long a syntax error is", 1,
     "int JS_PRINTF_FORMAT_ATTR(2, 3) js_parse_error(JSParseState *s, JS_PRINTF_FORMAT const char *fmt, ...)\n{\n",
     "static _Thread_local int engine_source_prefix, engine_source_end, engine_syntax_span;\n"
     "int JS_PRINTF_FORMAT_ATTR(2, 3) js_parse_error(JSParseState *s, JS_PRINTF_FORMAT const char *fmt, ...)\n{\n"),

    ("V8's wording", 1, "JS_ThrowTypeErrorReadOnly(ctx, JS_PROP_THROW, atom);\n                else\n",
     "JS_ThrowTypeError(ctx, \"Assignment to constant variable.\");\n                else\n"),
    ("V8's wording", 3, "JS_ThrowRangeError(ctx, \"invalid array length\")", "JS_ThrowRangeError(ctx, \"Invalid array length\")"),
    ("V8's wording", 1, "\"'%s' is read-only\"", "\"Cannot assign to read only property '%s' of object '#<Object>'\""),
    ("V8's wording", 1, "JS_ThrowTypeError(ctx, \"empty array\")",
     "JS_ThrowTypeError(ctx, \"Reduce of empty array with no initial value\")"),

    ("V8's wording", 1, '"cannot convert BigInt to number"', '"Cannot convert a BigInt value to a number"'),
    ("V8's wording", 2, '"bigint argument with unary +"', '"Cannot convert a BigInt value to a number"'),
    ("V8's wording", 1, '"BigInt operands are forbidden for >>>"', '"BigInts have no unsigned right shift, use >> instead"'),
    ("V8's wording", 1, '"Date value is NaN"', '"Invalid time value"'),
    ("V8's wording", 2, '"not a Date object"', '"this is not a Date object."'),
    ("V8's wording", 1, '"bad normalization form"', '"The normalization form should be one of NFC, NFD, NFKC, NFKD."'),
    ("V8's wording", 1, '"expecting hex digit"', '"URI malformed"'),
    ("V8's wording", 1, "\"invalid value used as %s key\", is_set ? \"WeakSet\" : \"WeakMap\"",
     "\"Invalid value used %s\", is_set ? \"in weak set\" : \"as weak map key\""),
    ("V8's wording", 1, '"invalid value used as WeakMap key"', '"Invalid value used as weak map key"'),
    ("V8's wording", 1,
     "            JS_VALUE_GET_TAG(val) == JS_TAG_UNDEFINED)\n            return JS_ThrowTypeErrorNotAnObject(ctx);\n",
     "            JS_VALUE_GET_TAG(val) == JS_TAG_UNDEFINED)\n"
     "            return magic ? JS_ThrowTypeError(ctx, \"Reflect.getPrototypeOf called on non-object\")\n"
     "                : JS_ThrowTypeError(ctx, \"Cannot convert undefined or null to object\");\n"),
    ("V8's wording", 1,
     "            bad_flags:\n                JS_FreeCString(ctx, str);\n"
     "                return JS_ThrowSyntaxError(ctx, \"invalid regular expression flags\");\n",
     "            bad_flags:\n                JS_FreeCString(ctx, str);\n                return engine_throw_regexp_flags(ctx, flags);\n"),
    ("V8's wording", 1,
     "        if (re_flags & LRE_FLAG_UNICODE_SETS)\n"
     "            return JS_ThrowSyntaxError(ctx, \"invalid regular expression flags\");\n",
     "        if (re_flags & LRE_FLAG_UNICODE_SETS)\n            return engine_throw_regexp_flags(ctx, flags);\n"),
    ("V8's wording", 1, "        JS_ThrowSyntaxError(ctx, \"%s\", error_msg);\n        return JS_EXCEPTION;\n    }\n\n    ret = js_new_string8_len",
     "        return engine_throw_regexp(ctx, pattern, flags, error_msg);\n    }\n\n    ret = js_new_string8_len"),
    ("V8's wording", 1, "static JSValue js_compile_regexp(JSContext *ctx, JSValueConst pattern,\n                                 JSValueConst flags)\n{\n",
     "static JSValue engine_throw_regexp_flags(JSContext *ctx, JSValueConst flags);\n"
     "static JSValue engine_throw_regexp(JSContext *ctx, JSValueConst pattern, JSValueConst flags, const char *what);\n"
     "static JSValue engine_compile_literal(JSContext *ctx, JSValueConst pattern, JSValueConst flags);\n"
     "static JSValue js_compile_regexp(JSContext *ctx, JSValueConst pattern,\n                                 JSValueConst flags)\n{\n"),
    ("literals have words of their own", 1, "    ctx->compile_regexp = js_compile_regexp;\n",
     "    ctx->compile_regexp = engine_compile_literal;\n"),
    ("V8's wording", 1, '"cannot convert symbol to string"', '"Cannot convert a Symbol value to a string"'),
    ("V8's wording", 1, '"cannot convert symbol to number"', '"Cannot convert a Symbol value to a number"'),
    ("V8's wording", 1, "\"private class field '%s' does not exist\"",
     '"Cannot read private member %s from an object whose class did not declare it"'),
    ("V8's wording", 1, 'js_parse_error(s, "property constructor appears more than once")',
     'js_parse_error(s, "A class may only have one constructor")'),
    ("V8's wording", 2, 'js_parse_error(s, "unexpected end of string")',
     'js_parse_error(s, "Invalid or unexpected token")'),
    ("V8's wording", 1, 'js_parse_error(s, "unexpected end of comment")',
     'js_parse_error(s, "Invalid or unexpected token")'),
    ("V8's wording", 1, 'js_parse_error(s, "invalid number literal")',
     'js_parse_error(s, "Invalid or unexpected token")'),
    ("V8's wording", 1, 'js_parse_error(s, "unexpected character")',
     'js_parse_error(s, "Invalid or unexpected token")'),
    ("V8's wording", 1, 'js_parse_error(s, "invalid keyword: with")',
     'js_parse_error(s, "Strict mode code may not include a with statement")'),
    ("V8's wording", 1, 'js_parse_error(s, "expecting catch or finally")',
     'js_parse_error(s, "Missing catch or finally after try")'),
    ("V8's wording", 1, 'js_parse_error(s, "function name expected")',
     'js_parse_error(s, "Function statements require a function name")'),
    ("V8's wording", 1, 'js_parse_error(s, "super() is only valid in a derived class constructor")',
     "js_parse_error(s, \"'super' keyword unexpected here\")"),
    ("V8's wording", 1, 'js_parse_error(s, "invalid redefinition of global identifier in module code")',
     "engine_error_before(s, \"Identifier '%s' has already been declared\", func_name)"),
    ("V8's wording", 1, "JS_ThrowSyntaxErrorAtom(ctx, \"exported variable '%s' does not exist\"",
     "JS_ThrowSyntaxErrorAtom(ctx, \"Export '%s' is not defined in module\""),
    ("V8's wording", 1, '        JS_ThrowRangeError(ctx, "invalid repeat count");\n',
     '        engine_throw_count(ctx, argv[0]);\n'),
    ("V8's wording", 1, 'static JSValue js_string_repeat(',
     'static void engine_throw_count(JSContext *ctx, JSValueConst count);\nstatic JSValue js_string_repeat('),
    ("V8's wording", 1, 'JS_ThrowRangeError(ctx, "BigInt is too large")',
     'JS_ThrowRangeError(ctx, "Maximum BigInt size exceeded")'),
    ("V8's wording", 4, 'JS_ThrowRangeError(ctx, "BigInt is too large to allocate")',
     'JS_ThrowRangeError(ctx, "Maximum BigInt size exceeded")'),
    ("V8's wording", 1, '    if (f < 0 || f > 100)\n        return JS_ThrowRangeError(ctx, "invalid number of digits");\n    if (fabs',
     '    if (f < 0 || f > 100)\n        return JS_ThrowRangeError(ctx, "toFixed() digits argument must be between 0 and 100");\n    if (fabs'),
    ("V8's wording", 1, '        if (f < 0 || f > 100)\n            return JS_ThrowRangeError(ctx, "invalid number of digits");\n',
     '        if (f < 0 || f > 100)\n            return JS_ThrowRangeError(ctx, "toExponential() argument must be between 0 and 100");\n'),
    ("V8's wording", 1, '    if (p < 1 || p > 100)\n        return JS_ThrowRangeError(ctx, "invalid number of digits");\n',
     '    if (p < 1 || p > 100)\n        return JS_ThrowRangeError(ctx, "toPrecision() argument must be between 1 and 100");\n'),
    ("V8's wording, with a piece of the text", 1,
     "    return val;\n fail:\n    JS_FreeValue(ctx, val);\n    free_token(s, &s->token);\n    return JS_EXCEPTION;\n}\n\n"
     "/* 'buf' must be zero terminated",
     "    return val;\n fail:\n    JS_FreeValue(ctx, val);\n    free_token(s, &s->token);\n"
     "    engine_reword_json_error(ctx, buf, buf_len);\n    return JS_EXCEPTION;\n}\n\n"
     "/* 'buf' must be zero terminated"),
    ("V8's wording, with a piece of the text", 1,
     "static JSValue JS_ParseJSON_internal(JSContext *ctx, const char *buf, size_t buf_len,\n",
     "static void engine_reword_json_error(JSContext *ctx, const char *text, size_t length);\n"
     "static JSValue JS_ParseJSON_internal(JSContext *ctx, const char *buf, size_t buf_len,\n"),
    ("V8's wording, with the circle", 1, '            JS_ThrowTypeError(ctx, "circular reference");\n',
     "            engine_throw_circular(ctx, jsc->stack, val);\n"),
    ("V8's wording, with the circle", 1,
     "static int js_json_to_str(JSContext *ctx, JSONStringifyContext *jsc,\n",
     "static void engine_throw_circular(JSContext *ctx, JSValueConst stack, JSValueConst value);\n"
     "static int js_json_to_str(JSContext *ctx, JSONStringifyContext *jsc,\n"),
    ("V8's wording", 1, '"BigInt are forbidden in JSON.stringify"', '"Do not know how to serialize a BigInt"'),

    ("V8's wording, with the name", 1,
     "        /* property already exists */\n        if (!check_define_prop_flags(prs->flags, flags)) {\n        not_configurable:\n"
     "            return JS_ThrowTypeErrorOrFalse(ctx, flags, \"property is not configurable\");\n",
     "        /* property already exists */\n        if (!check_define_prop_flags(prs->flags, flags)) {\n        not_configurable:\n"
     "            return engine_throw_property(ctx, flags, \"Cannot redefine property: %s\", prop);\n"),
    ("V8's wording, with the name", 1,
     "    not_extensible:\n        return JS_ThrowTypeErrorOrFalse(ctx, flags, \"object is not extensible\");\n",
     "    not_extensible:\n        return engine_throw_property(ctx, flags,\n"
     "            \"Cannot define property %s, object is not extensible\", prop);\n"),
    ("V8's wording, with the name", 2,
     "ret = JS_ThrowTypeErrorOrFalse(ctx, flags, \"object is not extensible\");",
     "ret = engine_throw_property(ctx, flags, \"Cannot add property %s, object is not extensible\", prop);"),
    ("V8's wording, with name and object", 2,
     "return call_setter(ctx, pr->u.getset.setter, this_obj, val, flags);",
     "return engine_call_setter(ctx, pr->u.getset.setter, this_obj, prop, val, flags);"),
    ("V8's wording, with name and object", 1,
     "ret = call_setter(ctx, setter, this_obj, val, flags);",
     "ret = engine_call_setter(ctx, setter, this_obj, prop, val, flags);"),
    ("forward declarations of the above", 1,
     "static int JS_SetPropertyInternal2(JSContext *ctx, JSValueConst obj, JSAtom prop,\n"
     "                                   JSValue val, JSValueConst this_obj, int flags)\n{\n",
     "static int engine_throw_property(JSContext *ctx, int flags, const char *format, JSAtom name);\n"
     "static int engine_call_setter(JSContext *ctx, JSObject *setter, JSValueConst object, JSAtom name, JSValue value, int flags);\n"
     "static int JS_SetPropertyInternal2(JSContext *ctx, JSValueConst obj, JSAtom prop,\n"
     "                                   JSValue val, JSValueConst this_obj, int flags)\n{\n"),
    ("V8's wording, with name and object", 1,
     "        JS_ThrowTypeError(ctx, \"could not delete property\");\n", "        engine_throw_delete(ctx, obj, prop);\n"),
    ("forward declaration of the above", 1,
     "int JS_DeleteProperty(JSContext *ctx, JSValueConst obj, JSAtom prop, int flags)\n{\n",
     "static void engine_throw_delete(JSContext *ctx, JSValueConst object, JSAtom name);\n"
     "int JS_DeleteProperty(JSContext *ctx, JSValueConst obj, JSAtom prop, int flags)\n{\n"),
    ("V8's wording, with the class", 1,
     "                    JS_ThrowTypeError(ctx, \"invalid brand on object\");\n",
     "                    engine_throw_brand(ctx, sp[-1]);\n"),
    ("forward declaration of the above", 1,
     "static int JS_CheckBrand(JSContext *ctx, JSValue obj, JSValue func)\n",
     "static void engine_throw_brand(JSContext *ctx, JSValueConst method);\n"
     "static int JS_CheckBrand(JSContext *ctx, JSValue obj, JSValue func)\n"),
    ("V8's wording, with the name", 1,
     "JS_ThrowTypeError(ctx, \"proxy: target property must be present in proxy ownKeys\");",
     "JS_ThrowTypeErrorAtom(ctx, \"'ownKeys' on proxy: trap result did not include '%s'\", tab2[i].atom);"),
    ("strings are as long as in V8", 1, "#define JS_STRING_LEN_MAX ((1 << 30) - 1)\n", "#define JS_STRING_LEN_MAX ((1 << 29) - 24)\n"),

    ("V8's wording, with the number", 1,
     "        if (JS_ToIndex(ctx, &len, argv[0]))\n            return JS_EXCEPTION;\n        buffer = js_array_buffer_constructor1(",
     "        if (engine_to_array_length(ctx, &len, argv[0]))\n            return JS_EXCEPTION;\n"
     "        buffer = js_array_buffer_constructor1("),
    ("forward declaration of the above", 1,
     "static int JS_CheckBrand(JSContext *ctx, JSValue obj, JSValue func)\n",
     "static int engine_to_array_length(JSContext *ctx, uint64_t *length, JSValueConst value);\n"
     "static int JS_CheckBrand(JSContext *ctx, JSValue obj, JSValue func)\n"),
    ("V8's wording", 1, '"unsupported keyword: %s"', '"Unexpected token \'%s\'"'),

    # --- syntax errors: V8's wording, and the token it blames ---------------------------------------------------------
    ("syntax errors that blame the token before", 1,
     "static int js_parse_expect(JSParseState *s, int tok)\n{\n",
     "static int engine_error_before(JSParseState *s, const char *format, JSAtom name);\n"
     "static int engine_error_at(JSParseState *s, const uint8_t *ptr, const char *message);\n"
     "static bool engine_follows(JSParseState *s, const char *word);\n"
     "static int js_parse_expect(JSParseState *s, int tok)\n{\n"),
    ("syntax errors that blame the token before", 1,
     "            return 0;\n        }\n        return js_parse_expect(s, ';');",
     "            return 0;\n        }\n        if (s->token.val == TOK_IDENT && engine_follows(s, \"await\"))\n"
     "            return engine_error_before(s, \"await is only valid in async functions and the top level bodies of modules\", 0);\n"
     "        return js_parse_expect(s, ';');"),
    ("syntax errors that blame the token before", 1,
     "                if (s->token.val == ')')\n                    break;\n                /* accept a trailing comma before the ')' */\n"
     "                if (js_parse_expect(s, ','))\n                    return -1;\n            }\n            if (s->token.val == TOK_ELLIPSIS) {\n",
     "                if (s->token.val == ')')\n                    break;\n                /* accept a trailing comma before the ')' */\n"
     "                if (s->token.val != ',')\n"
     "                    return engine_error_before(s, \"missing ) after argument list\", 0);\n"
     "                if (next_token(s))\n                    return -1;\n            }\n            if (s->token.val == TOK_ELLIPSIS) {\n"),
    ("syntax errors that blame the token before", 2, "js_parse_error(s, \"invalid redefinition of lexical identifier\")",
     "engine_error_before(s, \"Identifier '%s' has already been declared\", name)"),
    ("syntax errors that blame the token before", 1, "js_parse_error(s, \"invalid redefinition of parameter name\")",
     "engine_error_before(s, \"Identifier '%s' has already been declared\", name)"),
    ("syntax errors that blame the token before", 1, "js_parse_error(s, \"invalid redefinition of a variable\")",
     "engine_error_before(s, \"Identifier '%s' has already been declared\", name)"),
    ("syntax errors that blame the token before", 1,
     "return js_parse_error(s, \"invalid redefinition of global identifier\");\n            }\n        }\n\n        if (fd->is_eval &&",
     "return engine_error_before(s, \"Identifier '%s' has already been declared\", name);\n            }\n        }\n\n        if (fd->is_eval &&"),
    ("V8's wording", 1, 'js_parse_error(s, "invalid redefinition of global identifier")',
     "engine_error_before(s, \"Identifier '%s' has already been declared\", func_name)"),
    ("syntax errors that blame the token before", 1, "js_parse_error(s, \"missing initializer for variable\")",
     "engine_error_before(s, \"Missing initializer in const declaration\", 0)"),
    ("V8's wording", 1, "\"return not in a function\"", "\"Illegal return statement\""),
    ("V8's wording", 1, "\"unexpected 'await' keyword\"", "\"Unexpected reserved word\""),
    ("V8's wording", 1, "js_parse_error(s, \"continue must be inside loop\")",
     "engine_error_before(s, \"Illegal continue statement: no surrounding iteration statement\", 0)"),
    ("V8's wording", 1, "js_parse_error(s, \"break must be inside loop or switch\")",
     "engine_error_before(s, \"Illegal break statement\", 0)"),
    ("V8's wording", 1, "        js_parse_error(s, \"class statement requires a name\");\n",
     "        js_parse_expect(s, -1);\n"),
    ("V8's wording", 1, "\"invalid assignment left-hand side\"", "\"Invalid left-hand side in assignment\""),
    ("V8's wording", 1, "\"import.meta only valid in module code\"", "\"Cannot use 'import.meta' outside a module\""),
    ("V8's wording", 1,
     "    case TOK_IMPORT:\n        if (next_token(s))\n            return -1;\n        if (s->token.val == '.') {\n",
     "    case TOK_IMPORT: {\n        const uint8_t *import_ptr = s->token.ptr;\n        if (next_token(s))\n            return -1;\n"
     "        if (s->token.val == TOK_STRING || s->token.val == TOK_IDENT || s->token.val == '{' || s->token.val == '*')\n"
     "            return engine_error_at(s, import_ptr, \"Cannot use import statement outside a module\");\n"
     "        }\n        if (s->token.val == '.') {\n"),

    # --- code of eval() and new Function: it is called after the place that made it, and keeps its text ----------------
    ("where evaluated code comes from", 1,
     "    ret = JS_EvalInternal(ctx, this_obj, str, len, \"<input>\", 1, flags, scope_idx);\n",
     "    char *file = engine_eval_file(ctx);\n"
     "    ret = JS_EvalInternal(ctx, this_obj, str, len, file ? file : \"<input>\", 1, flags, scope_idx);\n"
     "    js_free(ctx, file);\n"),
    ("where evaluated code comes from", 1,
     "    s->cur_func = fd;\n    fd->eval_type = eval_type;\n",
     "    s->cur_func = fd;\n    fd->eval_type = eval_type;\n"
     "    if (eval_type == JS_EVAL_TYPE_DIRECT || eval_type == JS_EVAL_TYPE_INDIRECT) {\n"
     "        fd->source = js_strndup(ctx, input, input_len);\n        fd->source_len = fd->source ? (int)input_len : 0;\n    }\n"),

    ("who made an object whose prototypes do not say", 1,
     "    if (js_shape_prepare_update(ctx, p, NULL))\n        return -1;\n    sh = p->shape;\n    if (sh->proto)\n"
     "        JS_FreeValue(ctx, JS_MKPTR(JS_TAG_OBJECT, sh->proto));\n    sh->proto = proto;\n",
     "    if (engine_keep_constructor_name(ctx, obj, proto))\n        return -1;\n"
     "    if (js_shape_prepare_update(ctx, p, NULL))\n        return -1;\n    sh = p->shape;\n    if (sh->proto)\n"
     "        JS_FreeValue(ctx, JS_MKPTR(JS_TAG_OBJECT, sh->proto));\n    sh->proto = proto;\n"),
    ("who made an object whose prototypes do not say", 1,
     "static int JS_SetPrototypeInternal(JSContext *ctx, JSValueConst obj,\n                                   JSValueConst proto_val, bool throw_flag)\n{\n",
     "static int engine_keep_constructor_name(JSContext *ctx, JSValueConst object, JSObject *proto);\n"
     "static int JS_SetPrototypeInternal(JSContext *ctx, JSValueConst obj,\n                                   JSValueConst proto_val, bool throw_flag)\n{\n"),

    ("who made an object whose prototypes do not say", 1,
     "    obj = JS_NewObjectProtoClass(ctx, proto, class_id);\n    JS_FreeValue(ctx, proto);\n    return obj;\n}\n\n/* argv[] is modified",
     "    obj = JS_NewObjectProtoClass(ctx, proto, class_id);\n    JS_FreeValue(ctx, proto);\n"
     "    if (class_id == JS_CLASS_OBJECT)\n        engine_note_constructor(ctx, obj, ctor);\n"
     "    return obj;\n}\n\n/* argv[] is modified"),
    ("who made an object whose prototypes do not say", 1,
     "static JSValue js_create_from_ctor(JSContext *ctx, JSValueConst ctor,\n                                   int class_id)\n{\n",
     "static void engine_note_constructor(JSContext *ctx, JSValueConst object, JSValueConst constructor);\n"
     "static JSValue js_create_from_ctor(JSContext *ctx, JSValueConst ctor,\n                                   int class_id)\n{\n"),

    # --- async functions: who awaits --------------------------------------------------------------------------------------
    ("where an await is", 1,
     "            return js_parse_error(s, \"await in default expression\");\n        if (next_token(s))\n            return -1;\n"
     "        if (js_parse_unary(s, PF_POW_FORBIDDEN))\n            return -1;\n        emit_op(s, OP_await);\n",
     "            return js_parse_error(s, \"await in default expression\");\n"
     "        {\n        int await_line = s->token.line_num, await_col = s->token.col_num;\n        if (next_token(s))\n            return -1;\n"
     "        if (js_parse_unary(s, PF_POW_FORBIDDEN))\n            return -1;\n"
     "        emit_source_loc_at(s, await_line, await_col);\n        }\n        emit_op(s, OP_await);\n"),

    # --- calls --------------------------------------------------------------------------------------------------------
    ("as many arguments as V8's stack has room for: Node's library spreads 65536", 1,
     "    if (len > JS_MAX_LOCAL_VARS) {\n        // XXX: check for stack overflow?\n"
     "        JS_ThrowRangeError(ctx, \"too many arguments in function call (only %d allowed)\",\n"
     "                           JS_MAX_LOCAL_VARS);\n",
     "    if (len > 120000) {\n        JS_ThrowRangeError(ctx, \"Maximum call stack size exceeded\");\n"),

    # --- eval and its like, which a context may forbid ----------------------------------------------------------------
    ("may text be run?", 1,
     "    if (!JS_IsString(val))\n        return js_dup(val);\n    str = JS_ToCStringLen(ctx, &len, val);\n",
     "    if (ctx->engine_no_eval)\n        return engine_throw_no_eval(ctx);\n"
     "    if (!JS_IsString(val))\n        return js_dup(val);\n    str = JS_ToCStringLen(ctx, &len, val);\n"),
    ("may text be run?", 1,
     "static JSValue JS_EvalObject(JSContext *ctx, JSValueConst this_obj,\n                             JSValueConst val, int flags, int scope_idx)\n{\n",
     "static JSValue engine_throw_no_eval(JSContext *ctx);\n"
     "static JSValue JS_EvalObject(JSContext *ctx, JSValueConst this_obj,\n                             JSValueConst val, int flags, int scope_idx)\n{\n"),

    # --- collections, which performance entries tell of ---------------------------------------------------------------
    ("who asked for a collection", 1,
     "        JS_RunGC(rt);\n        rt->malloc_gc_threshold = rt->malloc_state.malloc_size +\n",
     "        engine_collect(rt, false);\n        rt->malloc_gc_threshold = rt->malloc_state.malloc_size +\n"),
    ("who asked for a collection", 1,
     "static void js_trigger_gc(JSRuntime *rt, size_t size)\n{\n",
     "static void engine_collect(JSRuntime *rt, bool forced);\nstatic void js_trigger_gc(JSRuntime *rt, size_t size)\n{\n"),
    ("a collection has a beginning and an end", 1,
     "void JS_RunGC(JSRuntime *rt)\n{\n", "static void engine_run_gc(JSRuntime *rt)\n{\n"),

    # --- memory: what V8 has no exception for ends the process; buffers are an error the script may catch ------------
    ("out of memory is the end, as in V8", 1,
     "JSValue JS_ThrowOutOfMemory(JSContext *ctx)\n{\n    JSRuntime *rt = ctx->rt;\n",
     "static void engine_out_of_memory(JSRuntime *rt);\nstatic JSValue engine_throw_no_buffer(JSContext *ctx);\n"
     "JSValue JS_ThrowOutOfMemory(JSContext *ctx)\n{\n    JSRuntime *rt = ctx->rt;\n    engine_out_of_memory(rt);\n"),
    ("but for the bytes of buffers", 1,
     "            abuf->data = js_mallocz(ctx, max_int(len, 1));\n            if (!abuf->data)\n                goto fail;\n",
     "            abuf->data = js_mallocz_rt(rt, max_int(len, 1));\n            if (!abuf->data) {\n"
     "                engine_throw_no_buffer(ctx);\n                goto fail;\n            }\n"),
    ("but for the bytes of buffers", 1,
     "        JS_ThrowRangeError(ctx, \"invalid array buffer length\");\n        goto fail;\n    }\n    if (max_len &&",
     "        engine_throw_no_buffer(ctx);\n        goto fail;\n    }\n    if (max_len &&"),
    ("but for the bytes of buffers", 1,
     "        if (!new_bs)\n            return JS_ThrowOutOfMemory(ctx);\n",
     "        if (!new_bs)\n            return engine_throw_no_buffer(ctx);\n"),
    ("but for the bytes of buffers", 1,
     "                                  max_int(len, 1));\n        if (!data)\n            return JS_ThrowOutOfMemory(ctx);\n",
     "                                  max_int(len, 1));\n        if (!data)\n            return engine_throw_no_buffer(ctx);\n"),
    ("V8's wording", 6, '"invalid string length"', '"Invalid string length"'),
    ("V8's wording", 1, 'JS_ThrowInternalError(ctx, "string too long")', 'JS_ThrowRangeError(ctx, "Invalid string length")'),

    # --- async context: what was current when a reaction or job was made is current when it runs ------------------
    ("the current async context", 1,
     "    JSPromiseHook *promise_hook;\n",
     "    JSPromiseHook *promise_hook;\n    JSValue continuation_data;\n    struct EngineRuntime *engine;\n"),
    ("reactions remember it", 1,
     "    JSValue resolving_funcs[2];\n    JSValue handler;\n} JSPromiseReactionData;",
     "    JSValue resolving_funcs[2];\n    JSValue handler;\n    JSValue continuation_data;\n} JSPromiseReactionData;"),
    ("reactions remember it", 1,
     "    JS_FreeValueRT(rt, rd->handler);\n    js_free_rt(rt, rd);\n",
     "    JS_FreeValueRT(rt, rd->handler);\n    JS_FreeValueRT(rt, rd->continuation_data);\n    js_free_rt(rt, rd);\n"),
    ("reactions remember it", 1,
     "        rd->handler = js_dup(handler);\n",
     "        rd->handler = js_dup(handler);\n        rd->continuation_data = js_dup(ctx->rt->continuation_data);\n"),
    ("reactions remember it", 1,
     "            JS_MarkValue(rt, rd->handler, mark_func);\n",
     "            JS_MarkValue(rt, rd->handler, mark_func);\n            JS_MarkValue(rt, rd->continuation_data, mark_func);\n"),
    ("a reaction's job runs with the reaction's context", 1,
     "        args[4] = value;\n        JS_EnqueueJob(ctx, promise_reaction_job, 5, args);\n",
     "        args[4] = value;\n"
     "        JSValue settling_data = ctx->rt->continuation_data;\n"
     "        ctx->rt->continuation_data = rd->continuation_data;\n"
     "        JS_EnqueueJob(ctx, promise_reaction_job, 5, args);\n"
     "        ctx->rt->continuation_data = settling_data;\n"),
    ("jobs carry it", 1,
     "    e = js_malloc(ctx, sizeof(*e) + argc * sizeof(JSValue));\n",
     "    e = js_malloc(ctx, sizeof(*e) + (argc + 1) * sizeof(JSValue));\n"),
    ("jobs carry it", 1,
     "    list_add_tail(&e->link, &rt->job_list);\n",
     "    e->argv[argc] = js_dup(rt->continuation_data);\n    list_add_tail(&e->link, engine_job_list(ctx));\n"),
    ("some contexts run their jobs themselves", 1,
     "int JS_EnqueueJob(JSContext *ctx, JSJobFunc *job_func,\n",
     "static struct list_head *engine_job_list(JSContext *ctx);\nint JS_EnqueueJob(JSContext *ctx, JSJobFunc *job_func,\n"),
    ("some contexts run their jobs themselves", 1,
     "    JSValue global_obj; /* global object */\n",
     "    JSValue global_obj; /* global object */\n    bool engine_own_jobs, engine_no_eval;\n"),
    ("jobs carry it", 1,
     "    res = e->job_func(e->ctx, e->argc, vc(e->argv));\n",
     "    JSValue outer_data = rt->continuation_data;\n    rt->continuation_data = e->argv[e->argc];\n"
     "    res = e->job_func(e->ctx, e->argc, vc(e->argv));\n"
     "    JS_FreeValueRT(rt, rt->continuation_data);\n    rt->continuation_data = outer_data;\n"),
    ("undefined at first", 1,
     "    rt->current_exception = JS_UNINITIALIZED;\n\n    return rt;",
     "    rt->current_exception = JS_UNINITIALIZED;\n    rt->continuation_data = JS_UNDEFINED;\n\n    return rt;"),

    # --- promise hooks as V8 has them ------------------------------------------------------------------------------
    ("forward declarations of the below", 1,
     "/* AsyncFunction */\n\nstatic void js_async_function_terminate(",
     "static JSValue engine_awaited_promise(JSContext *ctx, JSValueConst value, JSValueConst outer_resolve);\n"
     "static void engine_follow_awaited(JSContext *ctx, JSValueConst awaited, JSValue *resolving_funcs);\n"
     "static JSValueConst engine_promise_of(JSRuntime *rt, JSValueConst resolve);\n"
     "static void engine_note_capability(JSContext *ctx, JSValueConst promise, JSValueConst resolve);\n"
     "static void engine_promise_hook(JSContext *ctx, JSPromiseHookType type, JSValueConst promise);\n"
     "static int engine_promise_init_hook(JSContext *ctx, JSValueConst promise);\n"
     "static void engine_settled_again(JSContext *ctx, JSValueConst promise, JSValueConst value, bool is_reject);\n"
     "/* AsyncFunction */\n\nstatic void js_async_function_terminate("),
    ("a parent is that of one promise", 1,
     "        JSValueConst parent_promise = JS_UNDEFINED;\n        if (rt->parent_promise)\n"
     "            parent_promise = rt->parent_promise->value;\n"
     "        rt->promise_hook(ctx, JS_PROMISE_HOOK_INIT, obj, parent_promise,\n"
     "                         rt->promise_hook_opaque);\n",
     "        if (engine_promise_init_hook(ctx, obj)) {\n"
     "            JS_FreeValue(ctx, resolving_funcs[0]);\n            JS_FreeValue(ctx, resolving_funcs[1]);\n"
     "            resolving_funcs[0] = resolving_funcs[1] = JS_UNDEFINED;\n"
     "            JS_FreeValue(ctx, obj);\n            return JS_EXCEPTION;\n        }\n"),
    ("an async function makes promises of its own realm", 1,
     "    bool is_success = true;\n    JSValue func_ret, ret2;\n\n    func_ret = async_func_resume(ctx, &s->func_state);\n",
     "    bool is_success = true;\n    JSValue func_ret, ret2;\n\n"
     "    ctx = JS_GetFunctionRealm(ctx, s->func_state.frame.cur_func);\n"
     "    func_ret = async_func_resume(ctx, &s->func_state);\n"),
    ("an async function makes promises of its own realm", 1,
     "    promise = JS_NewPromiseCapability(ctx, s->resolving_funcs);\n",
     "    promise = JS_NewPromiseCapability(JS_GetFunctionRealm(ctx, func_obj), s->resolving_funcs);\n"),
    ("what a class of its own makes has no parent", 1,
     "    // always restore, even if js_new_promise_capability callee removes hook\n"
     "    have_promise_hook = (rt->promise_hook != NULL);\n",
     "    // always restore, even if js_new_promise_capability callee removes hook\n"
     "    have_promise_hook = rt->promise_hook && (JS_IsUndefined(ctor) || js_same_value(ctx, ctor, ctx->promise_ctor));\n"),
    ("whose resolving functions a class hands out", 1,
     "    for(i = 0; i < 2; i++)\n        resolving_funcs[i] = js_dup(s->data[i]);\n"
     "    JS_FreeValue(ctx, executor);\n    return result_promise;\n",
     "    for(i = 0; i < 2; i++)\n        resolving_funcs[i] = js_dup(s->data[i]);\n"
     "    JS_FreeValue(ctx, executor);\n    engine_note_capability(ctx, result_promise, resolving_funcs[0]);\n"
     "    return result_promise;\n"),
    ("before a promise is settled, be it rejected", 1,
     "        return; /* should never happen */\n    set_value(ctx, &s->promise_result, js_dup(value));\n",
     "        return; /* should never happen */\n    engine_promise_hook(ctx, JS_PROMISE_HOOK_RESOLVE, promise);\n"
     "    set_value(ctx, &s->promise_result, js_dup(value));\n"),
    ("before a promise is settled, be it rejected", 1,
     "    if (s->promise_state == JS_PROMISE_FULFILLED) {\n        JSRuntime *rt = ctx->rt;\n"
     "        if (rt->promise_hook) {\n            rt->promise_hook(ctx, JS_PROMISE_HOOK_RESOLVE, promise,\n"
     "                             JS_UNDEFINED, rt->promise_hook_opaque);\n        }\n    }\n\n", ""),
    ("around the job of a reaction", 1,
     "    promise_trace(ctx, \"promise_reaction_job: is_reject=%d\\n\", is_reject);\n",
     "    promise_trace(ctx, \"promise_reaction_job: is_reject=%d\\n\", is_reject);\n"
     "    engine_promise_hook(ctx, JS_PROMISE_HOOK_BEFORE, engine_promise_of(ctx->rt, argv[0]));\n"),
    ("around the job of a reaction", 1,
     "    } else {\n        res2 = JS_UNDEFINED;\n    }\n    JS_FreeValue(ctx, res);\n\n    return res2;\n",
     "    } else {\n        res2 = JS_UNDEFINED;\n    }\n    JS_FreeValue(ctx, res);\n"
     "    engine_promise_hook(ctx, JS_PROMISE_HOOK_AFTER, engine_promise_of(ctx->rt, argv[0]));\n\n    return res2;\n"),
    ("around all of a thenable's job", 1,
     "    if (rt->promise_hook) {\n        rt->promise_hook(ctx, JS_PROMISE_HOOK_AFTER, promise, JS_UNDEFINED,\n"
     "                         rt->promise_hook_opaque);\n    }\n    if (JS_IsException(res)) {\n"
     "        JSValue error = JS_GetException(ctx);\n"
     "        res = JS_Call(ctx, args[1], JS_UNDEFINED, 1, vc(&error));\n        JS_FreeValue(ctx, error);\n    }\n",
     "    if (JS_IsException(res)) {\n        JSValue error = JS_GetException(ctx);\n"
     "        res = JS_Call(ctx, args[1], JS_UNDEFINED, 1, vc(&error));\n        JS_FreeValue(ctx, error);\n    }\n"
     "    engine_promise_hook(ctx, JS_PROMISE_HOOK_AFTER, promise);\n"),
    ("what await makes besides", 1,
     "            promise = js_promise_resolve(ctx, ctx->promise_ctor,\n"
     "                                         1, vc(&value), 0);\n            JS_FreeValue(ctx, value);\n",
     "            promise = engine_awaited_promise(ctx, value, s->resolving_funcs[0]);\n            JS_FreeValue(ctx, value);\n"),
    ("what await makes besides", 1,
     "            for(i = 0; i < 2; i++)\n                resolving_funcs1[i] = JS_UNDEFINED;\n"
     "            res = perform_promise_then(ctx, promise,\n                                       vc(resolving_funcs),\n"
     "                                       vc(resolving_funcs1));\n            JS_FreeValue(ctx, promise);\n"
     "            for(i = 0; i < 2; i++)\n                JS_FreeValue(ctx, resolving_funcs[i]);\n",
     "            engine_follow_awaited(ctx, promise, resolving_funcs1);\n"
     "            res = perform_promise_then(ctx, promise,\n                                       vc(resolving_funcs),\n"
     "                                       vc(resolving_funcs1));\n            JS_FreeValue(ctx, promise);\n"
     "            for(i = 0; i < 2; i++) {\n                JS_FreeValue(ctx, resolving_funcs[i]);\n"
     "                JS_FreeValue(ctx, resolving_funcs1[i]);\n            }\n"),
    ("what await makes besides", 1,
     "    promise = js_promise_resolve(ctx, ctx->promise_ctor,\n                                 1, vc(&value), 0);\n"
     "    if (JS_IsException(promise))\n        goto fail;\n",
     "    promise = engine_awaited_promise(ctx, value,\n"
     "        list_entry(s->queue.next, JSAsyncGeneratorRequest, link)->resolving_funcs[0]);\n"
     "    if (JS_IsException(promise))\n        goto fail;\n"),
    ("what await makes besides", 1,
     "    for(i = 0; i < 2; i++)\n        resolving_funcs1[i] = JS_UNDEFINED;\n"
     "    res = perform_promise_then(ctx, promise,\n                               vc(resolving_funcs),\n"
     "                               vc(resolving_funcs1));\n    JS_FreeValue(ctx, promise);\n"
     "    for(i = 0; i < 2; i++)\n        JS_FreeValue(ctx, resolving_funcs[i]);\n",
     "    engine_follow_awaited(ctx, promise, resolving_funcs1);\n"
     "    res = perform_promise_then(ctx, promise,\n                               vc(resolving_funcs),\n"
     "                               vc(resolving_funcs1));\n    JS_FreeValue(ctx, promise);\n"
     "    for(i = 0; i < 2; i++) {\n        JS_FreeValue(ctx, resolving_funcs[i]);\n"
     "        JS_FreeValue(ctx, resolving_funcs1[i]);\n    }\n"),
    ("what await makes besides", 1,
     "    promise = js_promise_resolve(ctx, ctx->promise_ctor, 1, vc(&value),\n"
     "                                 /*is_reject*/0);\n",
     "    promise = engine_awaited_promise(ctx, value,\n"
     "        list_entry(s->queue.next, JSAsyncGeneratorRequest, link)->resolving_funcs[0]);\n"),
    ("what await makes besides", 1,
     "    resolving_funcs[0] = JS_UNDEFINED;\n    resolving_funcs[1] = JS_UNDEFINED;\n"
     "    res = perform_promise_then(ctx, promise,\n                               vc(resolving_funcs1),\n"
     "                               vc(resolving_funcs));\n",
     "    engine_follow_awaited(ctx, promise, resolving_funcs);\n"
     "    res = perform_promise_then(ctx, promise,\n                               vc(resolving_funcs1),\n"
     "                               vc(resolving_funcs));\n"
     "    JS_FreeValue(ctx, resolving_funcs[0]);\n    JS_FreeValue(ctx, resolving_funcs[1]);\n"),
    ("who settles a promise again is told of", 1,
     "    if (!s || s->presolved->already_resolved)\n        return JS_UNDEFINED;\n"
     "    s->presolved->already_resolved = true;\n"
     "    is_reject = p->class_id - JS_CLASS_PROMISE_RESOLVE_FUNCTION;\n"
     "    if (argc > 0)\n        resolution = argv[0];\n    else\n        resolution = JS_UNDEFINED;\n",
     "    if (!s)\n        return JS_UNDEFINED;\n"
     "    is_reject = p->class_id - JS_CLASS_PROMISE_RESOLVE_FUNCTION;\n"
     "    if (argc > 0)\n        resolution = argv[0];\n    else\n        resolution = JS_UNDEFINED;\n"
     "    if (s->presolved->already_resolved) {\n"
     "        engine_settled_again(ctx, s->promise, resolution, is_reject);\n        return JS_UNDEFINED;\n    }\n"
     "    s->presolved->already_resolved = true;\n"),
    ("V8's wording", 1, '"promise self resolution"', '"Chaining cycle detected for promise #<Promise>"'),

    # --- a `for await` whose body throws awaits the iterator's end ----------------------------------------------------
    ("forward declarations of the below", 1,
     "static __exception int js_parse_for_in_of(JSParseState *s, int label_name,\n",
     "typedef struct EngineForAwait {\n    int variable, label_catch;\n} EngineForAwait;\n"
     "static int engine_begin_for_await(JSParseState *s, EngineForAwait *loop);\n"
     "static void engine_mark_for_await(JSParseState *s, const EngineForAwait *loop, bool asks);\n"
     "static void engine_end_for_await(JSParseState *s, const EngineForAwait *loop);\n"
     "static __exception int js_parse_for_in_of(JSParseState *s, int label_name,\n"),
    ("the iterator is closed by code, which can await", 1,
     "    bool has_initializer, is_for_of, has_destructuring;\n",
     "    bool has_initializer, is_for_of, has_destructuring;\n    EngineForAwait for_await = {0};\n"),
    ("the iterator is closed by code, which can await", 1,
     "        if (is_async)\n            emit_op(s, OP_for_await_of_start);\n        else\n            emit_op(s, OP_for_of_start);\n"
     "        /* on stack: enum_rec */\n",
     "        emit_op(s, is_async ? OP_for_await_of_start : OP_for_of_start);\n"
     "        if (is_async && engine_begin_for_await(s, &for_await))\n            return -1;\n"
     "        /* on stack: enum_rec */\n"),
    ("the iterator is closed by code, which can await", 1,
     "            /* stack: iter_obj next catch_offset */\n            emit_op(s, OP_dup3);\n",
     "            /* stack: iter_obj next catch_offset */\n            engine_mark_for_await(s, &for_await, true);\n"
     "            emit_op(s, OP_dup3);\n"),
    ("the iterator is closed by code, which can await", 1,
     "            emit_op(s, OP_iterator_get_value_done);\n        } else {\n            emit_op(s, OP_for_of_next);\n",
     "            emit_op(s, OP_iterator_get_value_done);\n            engine_mark_for_await(s, &for_await, false);\n"
     "        } else {\n            emit_op(s, OP_for_of_next);\n"),
    ("the iterator is closed by code, which can await", 1,
     "        emit_iterator_close(s, is_async, false);\n    } else {\n        emit_op(s, OP_drop);\n    }\n"
     "    pop_break_entry(s->cur_func);\n",
     "        emit_iterator_close(s, is_async, false);\n        if (is_async)\n            engine_end_for_await(s, &for_await);\n"
     "    } else {\n        emit_op(s, OP_drop);\n    }\n    pop_break_entry(s->cur_func);\n"),

    # --- compiling: a wrapper around the source must not move its columns ------------------------------------------
    ("columns count from the start of the user's text", 1,
     "    s->eol = s->buf_ptr;\n    s->token.val",
     "    s->eol = s->buf_ptr + engine_source_prefix - 1;\n    s->token.val"),
    ("a module is linked by its owner, not when it is compiled", 1,
     "        if (js_resolve_module(ctx, m) < 0)\n            goto fail1;\n        fun_obj = JS_NewModuleValue",
     "        if (!engine_defers_linking && js_resolve_module(ctx, m) < 0)\n            goto fail1;\n"
     "        fun_obj = JS_NewModuleValue"),
    ("a module is linked by its owner, not when it is compiled", 1,
     "static JSValue JS_EvalFunctionInternal(JSContext *ctx, JSValue fun_obj,\n                                       JSValueConst this_obj,\n                                       JSVarRef **var_refs, JSStackFrame *sf)\n{\n",
     "static _Thread_local bool engine_defers_linking;\n"
     "static JSValue JS_EvalFunctionInternal(JSContext *ctx, JSValue fun_obj,\n                                       JSValueConst this_obj,\n                                       JSVarRef **var_refs, JSStackFrame *sf)\n{\n"),
    ("the owner fills in import.meta", 1,
     "        m->meta_obj = obj;\n",
     "        m->meta_obj = obj;\n        if (engine_init_import_meta(ctx, m, obj))\n            return JS_EXCEPTION;\n"),
    ("the owner fills in import.meta", 1,
     "JSValue JS_GetImportMeta(JSContext *ctx, JSModuleDef *m)\n{\n",
     "static int engine_init_import_meta(JSContext *ctx, JSModuleDef *m, JSValueConst meta);\n"
     "JSValue JS_GetImportMeta(JSContext *ctx, JSModuleDef *m)\n{\n"),
    ("V8's wording, with the specifier", 1,
     "                    js_resolve_export_throw_error(ctx, ret, m1, mi->import_name);\n",
     "                    engine_missing_specifier = m->req_module_entries[mi->req_module_idx].module_name;\n"
     "                    js_resolve_export_throw_error(ctx, ret, m1, mi->import_name);\n"),
    ("V8's wording, with the specifier", 1,
     "        JS_ThrowSyntaxError(ctx, \"Could not find export '%s' in module '%s'\",\n"
     "                            JS_AtomGetStr(ctx, buf1, sizeof(buf1), export_name),\n"
     "                            JS_AtomGetStr(ctx, buf2, sizeof(buf2), m->module_name));\n",
     "        JS_ThrowSyntaxError(ctx, \"The requested module '%s' does not provide an export named '%s'\",\n"
     "                            JS_AtomGetStr(ctx, buf2, sizeof(buf2), engine_missing_specifier ?\n"
     "                                          engine_missing_specifier : m->module_name),\n"
     "                            JS_AtomGetStr(ctx, buf1, sizeof(buf1), export_name));\n"
     "        engine_missing_specifier = JS_ATOM_NULL;\n"),
    ("V8's wording, with the specifier", 1,
     "static void js_resolve_export_throw_error(JSContext *ctx,\n",
     "static _Thread_local JSAtom engine_missing_specifier;\n"
     "static void js_resolve_export_throw_error(JSContext *ctx,\n"),
    ("import() asks the host", 1,
     "    JS_EnqueueJob(ctx, js_dynamic_import_job, 5, vc(args));\n",
     "    if (asks_host) {\n"
     "        promise = engine_dynamic_import(ctx, args);\n        goto done;\n    }\n"
     "    JS_EnqueueJob(ctx, js_dynamic_import_job, 5, vc(args));\n"),
    ("import() makes its promise when the host has been asked, as Node does", 1,
     "    promise = JS_NewPromiseCapability(ctx, resolving_funcs);\n    if (JS_IsException(promise)) {\n"
     "        JS_FreeValue(ctx, basename_val);\n        return promise;\n    }\n\n"
     "    /* the string conversion must occur here */\n",
     "    bool asks_host = ctx->rt->engine && engine_has_dynamic_import(ctx->rt);\n"
     "    resolving_funcs[0] = resolving_funcs[1] = JS_UNDEFINED;\n"
     "    promise = asks_host ? JS_UNDEFINED : JS_NewPromiseCapability(ctx, resolving_funcs);\n"
     "    if (JS_IsException(promise)) {\n        JS_FreeValue(ctx, basename_val);\n        return promise;\n    }\n\n"
     "    /* the string conversion must occur here */\n"),
    ("import() makes its promise when the host has been asked, as Node does", 1,
     " exception:\n    JS_FreeValue(ctx, attributes_obj);\n    err = JS_GetException(ctx);\n"
     "    ret = JS_Call(ctx, resolving_funcs[1]",
     " exception:\n    JS_FreeValue(ctx, attributes_obj);\n    err = JS_GetException(ctx);\n"
     "    if (asks_host)\n        promise = JS_NewPromiseCapability(ctx, resolving_funcs);\n"
     "    ret = JS_Call(ctx, resolving_funcs[1]"),
    ("import() asks the host", 1,
     "static JSValue js_dynamic_import_job(JSContext *ctx,\n",
     "static bool engine_has_dynamic_import(JSRuntime *rt);\n"
     "static JSValue engine_dynamic_import(JSContext *ctx, JSValue *args);\n"
     "static JSValue js_dynamic_import_job(JSContext *ctx,\n"),

    # --- contexts of their own: a global object that shows a sandbox -------------------------------------------------
    ("variables of a context with a sandbox", 1,
     "    prs = find_own_property(&pr, p, prop);\n    if (prs) {\n        if (likely((prs->flags & JS_PROP_TMASK) == 0))\n"
     "            return js_dup(pr->u.value);\n    }\n    return JS_GetPropertyInternal(ctx, ctx->global_obj, prop,\n",
     "    prs = find_own_property(&pr, p, prop);\n    if (prs) {\n        if (likely((prs->flags & JS_PROP_TMASK) == 0))\n"
     "            return js_dup(pr->u.value);\n    }\n    if (unlikely(p->is_exotic))\n"
     "        return engine_get_global_var(ctx, prop, throw_ref_error);\n"
     "    return JS_GetPropertyInternal(ctx, ctx->global_obj, prop,\n"),
    ("variables of a context with a sandbox", 1,
     "        p = JS_VALUE_GET_OBJ(ctx->global_obj);\n        flags = JS_PROP_ENUMERABLE | JS_PROP_WRITABLE |\n",
     "        p = JS_VALUE_GET_OBJ(ctx->global_obj);\n        if (unlikely(p->is_exotic))\n"
     "            return engine_define_global_var(ctx, prop, def_flags);\n"
     "        flags = JS_PROP_ENUMERABLE | JS_PROP_WRITABLE |\n"),
    ("forward declarations of the above", 1,
     "static JSValue JS_ThrowSyntaxErrorVarRedeclaration(JSContext *ctx, JSAtom prop)\n{\n",
     "static JSValue engine_get_global_var(JSContext *ctx, JSAtom name, bool throw_ref_error);\n"
     "static int engine_define_global_var(JSContext *ctx, JSAtom name, int flags);\n"
     "static JSValue JS_ThrowSyntaxErrorVarRedeclaration(JSContext *ctx, JSAtom prop)\n{\n"),

    ("strings are compared as dictionaries do", 1,
     '    JS_CFUNC_DEF("localeCompare", 1, js_string_localeCompare ),\n',
     '    JS_CFUNC_DEF("localeCompare", 1, engine_locale_compare ),\n'),
    ("strings are compared as dictionaries do", 1,
     "static JSValue js_string_localeCompare(JSContext *ctx, JSValueConst this_val,\n",
     "static JSValue engine_locale_compare(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv);\n"
     "__attribute__((unused)) static JSValue js_string_localeCompare(JSContext *ctx, JSValueConst this_val,\n"),

    ("V8's wording, with the class", 1,
     '                JS_ThrowTypeError(ctx, "class constructors must be invoked with \'new\'");\n',
     '                engine_throw_no_new(ctx, sf->cur_func);\n'),
    ("V8's wording, with the class", 1,
     '                ret_val = JS_ThrowTypeError(ctx, "must be called with new");\n',
     '                ret_val = engine_throw_no_new(ctx, func_obj);\n'),
    ("V8's wording, with the class", 4,
     'return JS_ThrowTypeError(ctx, "constructor requires \'new\'");',
     'return engine_throw_no_new(ctx, ctx->rt->current_stack_frame->cur_func);'),

    ("dates tell the name of the zone", 1,
     "            /* XXX: tack the time zone code? */\n",
     "            pos += engine_put_zone(buf + pos, sizeof(buf) - pos, JS_VALUE_GET_OBJ(this_val)->u.object_data);\n"),
    ("dates tell the name of the zone", 1,
     "    // _string(obj, fmt, part)\n    char buf[64];\n", "    // _string(obj, fmt, part)\n    char buf[128];\n"),
    ("forward declaration of the above", 1,
     "static JSValue get_date_string(JSContext *ctx, JSValueConst this_val,\n                               int argc, JSValueConst *argv, int magic)\n{\n",
     "static int engine_put_zone(char *out, size_t size, JSValueConst milliseconds);\n"
     "static JSValue get_date_string(JSContext *ctx, JSValueConst this_val,\n                               int argc, JSValueConst *argv, int magic)\n{\n"),

    # --- what a WeakRef gave stays until the job ends ----------------------------------------------------------------
    ("objects know that they are among the kept ones", 1,
     "    uint8_t is_HTMLDDA : 1; /* specific annex B IsHtmlDDA behavior */\n",
     "    uint8_t is_HTMLDDA : 1; /* specific annex B IsHtmlDDA behavior */\n    uint8_t is_kept : 1;\n"),
    ("objects know that they are among the kept ones", 1,
     "    p->is_HTMLDDA = 0;\n", "    p->is_HTMLDDA = 0;\n    p->is_kept = 0;\n"),
    ("what a new WeakRef is of is kept", 1,
     "    wrd->target = arg;\n    wrd->obj = obj;\n",
     "    wrd->target = arg;\n    wrd->obj = obj;\n    engine_keep_during_job(ctx, arg);\n"),
    ("what a WeakRef gives is kept", 1,
     "    return js_dup(wrd->target);\n",
     "    engine_keep_during_job(ctx, wrd->target);\n    return js_dup(wrd->target);\n"),
    ("forward declarations of the above", 1,
     "static JSWeakRefData js_weakref_sentinel;\n",
     "static void engine_keep_during_job(JSContext *ctx, JSValueConst target);\n"
     "static JSWeakRefData js_weakref_sentinel;\n"),

    # --- speed ------------------------------------------------------------------------------------------------------
    ("WebAssembly has no computed goto: it would become a table look-up before the switch", 1,
     "#define DIRECT_DISPATCH  1\n", "#ifdef __wasm__\n#define DIRECT_DISPATCH  0\n#else\n#define DIRECT_DISPATCH  1\n#endif\n"),
    ("a prime, so that it ends at each branch of a loop in turn, the one back included, and not at another one for good", 1,
     "#define JS_INTERRUPT_COUNTER_INIT 10000\n", "#define JS_INTERRUPT_COUNTER_INIT 9973\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "typedef struct JSFunctionBytecode {\n",
     "#include <podium/interpreter.h>\ntypedef struct JSFunctionBytecode {\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "    /* XXX: 5 bits available */\n    uint8_t *byte_code_buf; /* (self pointer) */\n",
     "    uint8_t is_specialised : 1; /* may be, somewhere in it */\n"
     "    uint8_t is_resumed : 1; /* often enough to be so in specialised code */\n"
     "    uint8_t *byte_code_buf; /* (self pointer) */\n"
     "    uint32_t code; /* for podium_interpreter_enter, or 0 */\n"
     "    uint16_t calls, resumptions, rounds, loops; /* see specialise.c */\n"
     "    uint32_t round_ended; /* ms */\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "#define SWITCH(pc)      DUMP_BYTECODE_OR_DONT(pc) switch (opcode = *pc++)",
     "#define SWITCH(pc)      pc = (uint8_t *)podium_interpreter_dispatch(pc); switch (opcode = *pc++)"),
    ("the engine may specialise the interpreter for a function", 1,
     "    size_t alloca_size;\n\n#ifdef ENABLE_DUMPS // JS_DUMP_BYTECODE_STEP\n#define",
     "    size_t alloca_size;\n    uint32_t code;\n\n"
     "/* A way from here back to the beginning would be a loop around the loop, through which all variables have to pass. */\n"
     "#define GO_ON_IN_CODE                                                                               \\\n"
     "    do {                                                                                            \\\n"
     "        sf->cur_pc = pc;                                                                            \\\n"
     "        sf->cur_sp = sp;                                                                            \\\n"
     "        return JS_CallInternal(ctx, JS_MKPTR(JS_TAG_INT, sf), this_obj, new_target, argc, argv,     \\\n"
     "                               flags + ENGINE_AGAIN);                                               \\\n"
     "    } while (0)\n\n"
     "#ifdef ENABLE_DUMPS // JS_DUMP_BYTECODE_STEP\n#define"),
    ("the engine may specialise the interpreter for a function", 1,
     "        if (flags & JS_CALL_FLAG_GENERATOR) {\n            JSAsyncFunctionState *s",
     "        if (flags >= ENGINE_AGAIN) {\n"
     "            /* what ran in another call, which returns what this one does */\n"
     "            sf = JS_VALUE_GET_PTR(func_obj);\n"
     "            p = JS_VALUE_GET_OBJ(sf->cur_func);\n"
     "            b = p->u.func.function_bytecode;\n"
     "            ctx = b->realm;\n"
     "            var_refs = p->u.func.var_refs;\n"
     "            arg_buf = sf->arg_buf;\n"
     "            var_buf = sf->var_buf;\n"
     "            local_buf = arg_buf == (JSValue *)argv ? var_buf : arg_buf;\n"
     "            stack_buf = var_buf + b->var_count;\n"
     "            sp = sf->cur_sp;\n"
     "            sf->cur_sp = NULL;\n"
     "            pc = sf->cur_pc;\n"
     "            code = engine_ask(b, pc);\n"
     "            goto enter;\n"
     "        }\n"
     "        if (flags & JS_CALL_FLAG_GENERATOR) {\n            JSAsyncFunctionState *s"),
    ("the engine may specialise the interpreter for a function", 1,
     "                goto exception;\n            else\n                goto restart;\n        } else {\n",
     "                goto exception;\n            code = engine_code_behind(b, pc);\n"
     "            goto enter;\n        } else {\n"),
    ("the engine may specialise the interpreter for a function", 1,
     " restart:\n    for(;;) {\n        int call_argc;\n",
     "    if (unlikely(++b->calls == ENGINE_ROUND))\n        engine_note_calls(b);\n"
     "    code = b->code;\n enter:\n    if (code)\n        pc = (uint8_t *)podium_interpreter_enter(pc, code);\n\n restart:\n"
     "    for(;;) {\n        int call_argc;\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "            pc += (int32_t)get_u32(pc);\n            if (unlikely(js_poll_interrupts(ctx)))\n"
     "                goto exception;\n            BREAK;\n",
     "            i = (int32_t)get_u32(pc);\n            pc += i;\n            goto jumped;\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "            pc += (int16_t)get_u16(pc);\n            if (unlikely(js_poll_interrupts(ctx)))\n"
     "                goto exception;\n            BREAK;\n",
     "            i = (int16_t)get_u16(pc);\n            pc += i;\n            goto jumped;\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "            pc += (int8_t)pc[0];\n            if (unlikely(js_poll_interrupts(ctx)))\n"
     "                goto exception;\n            BREAK;\n",
     "            i = (int8_t)pc[0];\n            pc += i;\n            goto jumped;\n"),
    ("the engine may specialise the interpreter for a function", 4,
     "                if (unlikely(js_poll_interrupts(ctx)))\n                    goto exception;\n            }\n            BREAK;\n",
     "            }\n            goto jumped;\n"),
    ("the way back of a loop may be a condition", 4,
     "                int res;\n                JSValue op1;\n\n                op1 = sp[-1];\n                pc += ",
     "                int res;\n                JSValue op1;\n\n                i = 0;\n                op1 = sp[-1];\n                pc += "),
    ("the way back of a loop may be a condition", 2,
     "                    pc += (int32_t)get_u32(pc - 4) - 4;\n",
     "                    i = (int32_t)get_u32(pc - 4) - 4;\n                    pc += i;\n"),
    ("the way back of a loop may be a condition", 2,
     "                    pc += (int8_t)pc[-1] - 1;\n",
     "                    i = (int8_t)pc[-1] - 1;\n                    pc += i;\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "        CASE(OP_catch):\n",
     "        jumped:\n"
     "            if (likely(--ctx->interrupt_counter > 0))\n                BREAK;\n"
     "            if (__js_poll_interrupts(ctx))\n                goto exception;\n"
     "            if (!podium_interpreter_specialised() && i < 0 && engine_may_go_on(ctx, flags) && engine_code_in_loop(b, pc, flags))\n"
     "                GO_ON_IN_CODE;\n"
     "            BREAK;\n"
     "        CASE(OP_catch):\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "                    pc = b->byte_code_buf + pos;\n                    goto restart;\n",
     "                    pc = b->byte_code_buf + pos;\n"
     "                    if (flags < ENGINE_AGAIN && engine_may_go_on(ctx, flags) && engine_code_behind(b, pc))\n"
     "                        GO_ON_IN_CODE;\n"
     "                    goto restart;\n"),
    ("the engine may specialise the interpreter for a function", 1,
     "static void free_function_bytecode(JSRuntime *rt, JSFunctionBytecode *b)\n{\n    int i;\n\n",
     "static void free_function_bytecode(JSRuntime *rt, JSFunctionBytecode *b)\n{\n    int i;\n\n"
     "    if (b->is_specialised)\n        engine_forget_code(b);\n"),
    ("forward declarations of the above", 1,
     "static JSValue JS_CallInternal(JSContext *caller_ctx, JSValueConst func_obj,\n",
     "#define ENGINE_ROUND 256\n"
     "/* in flags: what has gone on in another call so many times */\n"
     "#define ENGINE_AGAIN 0x100\n"
     "static void engine_note_calls(JSFunctionBytecode *b);\n"
     "static bool engine_may_go_on(JSContext *ctx, int flags);\n"
     "static uint32_t engine_ask(JSFunctionBytecode *b, const uint8_t *pc);\n"
     "static uint32_t engine_code_in_loop(JSFunctionBytecode *b, const uint8_t *pc, int flags);\n"
     "static uint32_t engine_code_behind(JSFunctionBytecode *b, const uint8_t *pc);\n"
     "static void engine_forget_code(JSFunctionBytecode *b);\n"
     "static JSValue JS_CallInternal(JSContext *caller_ctx, JSValueConst func_obj,\n"),
    ("debug output that nobody can ask for, which is looked for before every instruction", 1,
     "#define ENABLE_DUMPS\n", ""),
    ("numbers and addresses differ in their upper bits, and buckets are chosen by the lower ones", 1,
     "    return h ^ ctx->hash_seed ^ hash32(tag);\n", "    h = hash32(h ^ h >> 16);\n    return h ^ h >> 15 ^ ctx->hash_seed ^ hash32(tag);\n"),
]


def main():
    source, target = sys.argv[1:3]
    text = open(source, encoding="utf-8").read()
    for why, count, old, new in EDITS:
        found = text.count(old)
        if found != count:
            sys.exit(f"edit-quickjs: {source}: expected {count} x {old!r} ({why}), found {found}")
        text = text.replace(old, new)
    with open(target, "w", encoding="utf-8") as out:
        out.write(text)


if __name__ == "__main__":
    main()
