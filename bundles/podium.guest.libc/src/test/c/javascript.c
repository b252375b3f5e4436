// libs: qjs m
#include "check.h"
#include <quickjs.h>

static const char *const programs[] = {
	"6 * 7",
	"[1, 2, 3].map(x => x ** 2).join()",
	"let s = 0; for (let i = 0; i < 100000; i++) s = (s * 31 + i) % 1000003; s",
	"JSON.stringify({ a: [1, 'two', null], b: { c: 0.1 + 0.2 } })",
	"'caf\\u00e9'.normalize('NFD').length + ' ' + /(\\d+)-(?<word>\\w+)/.exec('x 12-ab y').groups.word",
	"(function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); })(18)",
	"try { null.x } catch (e) { e instanceof TypeError }",
	"(function f() { return f() + 1; }); try { (function f() { return f() + 1; })() } catch (e) { e instanceof RangeError || String(e) }",
	"[...(function* () { yield* [3, 1, 2]; })()].sort().toString()",
	"2n ** 100n + ''",
	"new Date(0).toISOString() + ' ' + (1e21 + 1) + ' ' + (0.1).toFixed(20) + ' ' + (255).toString(2)",
	"new Uint8Array(new Float64Array([1.5]).buffer).join()",
	"throw new Error('on purpose')",
	"syntax error here",
};

int main(void)
{
	JSRuntime *runtime = JS_NewRuntime();
	JS_SetMaxStackSize(runtime, 256 * 1024);
	JSContext *context = JS_NewContext(runtime);
	for (unsigned i = 0; i < sizeof programs / sizeof *programs; i++) {
		JSValue value = JS_Eval(context, programs[i], strlen(programs[i]), "test", JS_EVAL_TYPE_GLOBAL);
		int thrown = JS_IsException(value);
		if (thrown) value = JS_GetException(context);
		const char *text = JS_ToCString(context, value);
		printf("%s%s\n", thrown ? "throws " : "", text);
		JS_FreeCString(context, text);
		JS_FreeValue(context, value);
	}
	JS_FreeContext(context);
	JS_FreeRuntime(runtime);
	return 0;
}
