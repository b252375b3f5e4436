// A program that interprets another, and tells the engine so: what it computes is the same.
#include "check.h"
#include <podium/interpreter.h>

/* A stack machine: instructions are a byte, some with a byte or two behind it. */
enum { PUSH, LOAD, STORE, ADD, MULTIPLY, REMAINDER, LESS, UNLESS, JUMP, RETURN };

static long run(const unsigned char *pc, int code)
{
	long variables[4] = { 0 }, stack[16], *top = stack;
	pc = podium_interpreter_enter(pc, code);
	for (;;) {
		pc = podium_interpreter_dispatch(pc);
		switch (*pc) {
		case PUSH: *top++ = pc[1]; pc += 2; break;
		case LOAD: *top++ = variables[pc[1]]; pc += 2; break;
		case STORE: variables[pc[1]] = *--top; pc += 2; break;
		case ADD: top--; top[-1] += *top; pc++; break;
		case MULTIPLY: top--; top[-1] *= *top; pc++; break;
		case REMAINDER: top--; top[-1] %= *top; pc++; break;
		case LESS: top--; top[-1] = top[-1] < *top; pc++; break;
		case UNLESS: pc += *--top ? 2 : (signed char)pc[1]; break;
		case JUMP: pc += (signed char)pc[1]; break;
		case RETURN: return top[-1];
		}
	}
}

/* sum = 0; for (i = 0; i < 100 * 100; i++) sum = (sum + i * i) % 251; return sum */
static unsigned char squares[] = {
	PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
	LOAD, 1, PUSH, 100, PUSH, 100, MULTIPLY, LESS, UNLESS, 24,
	LOAD, 0, LOAD, 1, LOAD, 1, MULTIPLY, ADD, PUSH, 251, REMAINDER, STORE, 0,
	LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, -30,
	LOAD, 0, RETURN,
};

int main(void)
{
	long before, after = 0;
	int code;
	before = run(squares, 0);
	show(before);
	code = podium_interpreter_specialise(squares, sizeof(squares), squares);
	for (int i = 0; i < 300; i++) after += run(squares, code);
	show(after == 300 * before);
	podium_interpreter_forget(squares, sizeof(squares));
	squares[27] = 253; /* the modulus */
	before = run(squares, code);
	show(before);
	code = podium_interpreter_specialise(squares, sizeof(squares), squares);
	for (int i = 0; i < 100; i++)
		if (run(squares, code) != before) after = -1;
	show(after < 0);
	return 0;
}
