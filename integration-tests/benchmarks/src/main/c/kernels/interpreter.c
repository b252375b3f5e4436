// An interpreter of bytecode for a stack machine; its program sums up the lengths of Collatz sequences.
#include "kernel.h"

enum operation { PUSH, LOAD, STORE, ADD, MULTIPLY, HALVE, IS_ODD, EQUAL, LESS, JUMP, JUMP_IF, HALT };
enum variable { START, VALUE, SUM, VARIABLES };
enum { LIMIT = 3000 };

struct instruction {
  int32_t operation, operand;
};

static const struct instruction program[] = {
  // 0: for start = 1
  {PUSH, 1}, {STORE, START},
  // 2: value = start
  {LOAD, START}, {STORE, VALUE},
  // 4: while value != 1
  {LOAD, VALUE}, {PUSH, 1}, {EQUAL, 0}, {JUMP_IF, 25},
  // 8: sum = sum + 1
  {LOAD, SUM}, {PUSH, 1}, {ADD, 0}, {STORE, SUM},
  // 12: if value is odd
  {LOAD, VALUE}, {IS_ODD, 0}, {JUMP_IF, 19},
  // 15: value = value / 2
  {LOAD, VALUE}, {HALVE, 0}, {STORE, VALUE}, {JUMP, 4},
  // 19: else value = value * 3 + 1
  {LOAD, VALUE}, {PUSH, 3}, {MULTIPLY, 0}, {PUSH, 1}, {ADD, 0}, {JUMP, 32},
  // 25: start = start + 1, while it is less than the limit
  {LOAD, START}, {PUSH, 1}, {ADD, 0}, {STORE, START}, {LOAD, START}, {PUSH, LIMIT}, {JUMP, 34},
  // 32: (the rest of 19)
  {STORE, VALUE}, {JUMP, 4},
  // 34: (the rest of 25)
  {LESS, 0}, {JUMP_IF, 2}, {LOAD, SUM}, {HALT, 0},
};

static int32_t interpret(const struct instruction *code) {
  int32_t stack[16], variables[VARIABLES] = {0};
  int top = 0;
  for (int at = 0;;) {
    int32_t operand = code[at].operand;
    switch (code[at++].operation) {
      case PUSH: stack[top++] = operand; break;
      case LOAD: stack[top++] = variables[operand]; break;
      case STORE: variables[operand] = stack[--top]; break;
      case ADD: top--; stack[top - 1] += stack[top]; break;
      case MULTIPLY: top--; stack[top - 1] *= stack[top]; break;
      case HALVE: stack[top - 1] >>= 1; break;
      case IS_ODD: stack[top - 1] &= 1; break;
      case EQUAL: top--; stack[top - 1] = stack[top - 1] == stack[top]; break;
      case LESS: top--; stack[top - 1] = stack[top - 1] < stack[top]; break;
      case JUMP: at = operand; break;
      case JUMP_IF: if (stack[--top]) at = operand; break;
      case HALT: return stack[top - 1];
      default: return -1;
    }
  }
}

KERNEL int run(void) { return interpret(program); }
