/* Included before all else: the functions of podium/interpreter.h are then those that do nothing, as on other machines. */
#ifdef __wasm__
#undef __wasm__
#include <podium/interpreter.h>
#define __wasm__ 1
#endif
