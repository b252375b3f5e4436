/* How an interpreter tells the engine where it is in its program, so that the engine can make code for that program alone:
   docs/write-an-interpreter.md. Outside of WebAssembly these do nothing. */
#ifndef PODIUM_INTERPRETER_H
#define PODIUM_INTERPRETER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __wasm__

#define PODIUM_INTERPRETER_IMPORT(name) __attribute__((import_module("podium.interpreter"), import_name(name)))

/* Returns `pc`. To be called once in the interpreter's function, where it chooses what the next instruction does, with the
   instruction's address; go on with what it returns. */
PODIUM_INTERPRETER_IMPORT("dispatch") __attribute__((noduplicate, const))
const void *podium_interpreter_dispatch(const void *pc);

/* Returns `pc`, or goes on in code made by podium_interpreter_specialise(), if that is there and is for this `pc`. To be
   called once in the function, on the way to the dispatch; a code of 0 is none. */
PODIUM_INTERPRETER_IMPORT("enter") __attribute__((noduplicate))
const void *podium_interpreter_enter(const void *pc, int code);

/* 1 in such code, else 0. */
PODIUM_INTERPRETER_IMPORT("specialised")
int podium_interpreter_specialised(void);

/* Asks for code for the program in these bytes, to be entered at `pc`. Returns its number, the same each time for the same
   `pc`, or 0 if the engine makes none. It comes later. The bytes must not change before podium_interpreter_forget(). */
PODIUM_INTERPRETER_IMPORT("specialise")
int podium_interpreter_specialise(const void *start, size_t length, const void *pc);

/* The bytes may change now, or be somebody else's: no program that overlaps them has code any more. */
PODIUM_INTERPRETER_IMPORT("forget")
void podium_interpreter_forget(const void *start, size_t length);

#undef PODIUM_INTERPRETER_IMPORT

#else

static inline const void *podium_interpreter_dispatch(const void *pc) { return pc; }
static inline const void *podium_interpreter_enter(const void *pc, int code) { (void)code; return pc; }
static inline int podium_interpreter_specialised(void) { return 0; }
static inline int podium_interpreter_specialise(const void *start, size_t length, const void *pc)
{
	(void)start, (void)length, (void)pc;
	return 0;
}
static inline void podium_interpreter_forget(const void *start, size_t length) { (void)start, (void)length; }

#endif

#ifdef __cplusplus
}
#endif

#endif
