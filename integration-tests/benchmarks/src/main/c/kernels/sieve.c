// Counts the primes below two million.
#include "kernel.h"

enum { LIMIT = 2000000 };
static uint8_t composite[LIMIT];

KERNEL int run(void) {
  int count = 0;
  for (int i = 0; i < LIMIT; i++) composite[i] = 0;
  for (int i = 2; i < LIMIT; i++) {
    if (composite[i]) continue;
    count++;
    for (long long j = (long long)i * i; j < LIMIT; j += i) composite[j] = 1;
  }
  return count;
}
