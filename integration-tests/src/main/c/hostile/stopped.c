/* Programs that do not end, or not well. */
#include "../expect.h"
#include <time.h>

static volatile int sink;

static int deep(volatile int *from) {
  int here = *from + 1;
  return deep(&here) + here;
}

int main(int count, char **arguments) {
  const char *what = arguments[1];
  puts("begun");
  fflush(stdout);
  if (!strcmp(what, "spin"))
    for (;;) sink++;
  if (!strcmp(what, "sleep"))
    for (;;) sleep(1000000);
  if (!strcmp(what, "nanosleep")) nanosleep(&(struct timespec){INT64_MAX / 1000000000 - 1, 0}, 0);
  if (!strcmp(what, "flood"))
    for (;;) puts("a line of no interest, again and again");
  if (!strcmp(what, "errors"))
    for (;;) fputs("and one of standard error\n", stderr);
  if (!strcmp(what, "deep")) return deep(&count);
  if (!strcmp(what, "fill")) __builtin_memset((void *)(0xfff00000u + count), 1, 1 << 19);
  if (!strcmp(what, "copy")) __builtin_memmove((void *)64, (void *)(0xfff00000u + count), 1 << 19);
  if (!strcmp(what, "load")) return *(volatile int *)(0xfffffff0u + count);
  if (!strcmp(what, "unreachable")) __builtin_trap();
  if (!strcmp(what, "divide")) return count / (count - 2);
  if (!strcmp(what, "exit")) exit(atoi(arguments[2]));
  if (!strcmp(what, "abort")) abort();
  return 99;
}
