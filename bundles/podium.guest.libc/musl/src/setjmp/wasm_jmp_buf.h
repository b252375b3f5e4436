#include <stdint.h>

/* Laid over jmp_buf. The thrown value is the address of "thrown", whose layout the compiler knows. */
struct wasm_jmp_buf {
	void *activation;
	uint32_t label;
	struct {
		void *env;
		int value;
	} thrown;
};
