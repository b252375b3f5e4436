// Times a kernel on this machine, just as Kernels.java does: ROUNDS NAME
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "kernel.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double milliseconds(double at_least) {
  double from = now(), took;
  int runs = 0;
  do {
    run();
    runs++;
    took = now() - from;
  } while (took < at_least);
  return took / runs;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  double times[99];
  int rounds = argc == 3 ? atoi(argv[1]) : 0;
  if (rounds < 1 || rounds > 99) return 2;
  milliseconds(500);
  for (int i = 0; i < rounds; i++) times[i] = milliseconds(200);
  qsort(times, rounds, sizeof *times, ascending);
  printf("%s %f %d\n", argv[2], times[rounds / 2], run());
  return 0;
}
