// Adds to a counter: counter NAME DELTA
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((import_module("acme_counters"), import_name("add")))
int64_t counters_add(const char *name, size_t length, int64_t delta);

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: counter NAME DELTA\n");
    return 2;
  }
  printf("%" PRId64 "\n", counters_add(argv[1], strlen(argv[1]), strtoll(argv[2], NULL, 10)));
  return 0;
}
