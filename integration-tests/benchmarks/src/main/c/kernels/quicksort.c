// Sorts numbers, recursively, short stretches by insertion.
#include "kernel.h"

enum { COUNT = 200000 };
static uint32_t numbers[COUNT];

static void insertion(uint32_t *from, int count) {
  for (int i = 1; i < count; i++) {
    uint32_t value = from[i];
    int j = i;
    for (; j > 0 && from[j - 1] > value; j--) from[j] = from[j - 1];
    from[j] = value;
  }
}

static void quicksort(uint32_t *from, int count) {
  if (count < 12) {
    insertion(from, count);
    return;
  }
  uint32_t pivot = from[count / 2];
  int i = 0, j = count - 1;
  while (i <= j) {
    while (from[i] < pivot) i++;
    while (from[j] > pivot) j--;
    if (i > j) break;
    uint32_t kept = from[i];
    from[i++] = from[j];
    from[j--] = kept;
  }
  quicksort(from, j + 1);
  quicksort(from + i, count - i);
}

KERNEL int run(void) {
  uint32_t random = 1, check = 0;
  for (int i = 0; i < COUNT; i++) numbers[i] = random = random * 1664525 + 1013904223;
  quicksort(numbers, COUNT);
  for (int i = 0; i < COUNT; i++) check = check * 31 + numbers[i];
  return check;
}
