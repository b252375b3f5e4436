// A kernel is one function without libraries: it does the same work each time and returns a number that proves it.
#include <stdint.h>

#ifdef __wasm__
#define KERNEL __attribute__((export_name("run")))
#else
#define KERNEL
#endif

int run(void);
