// The product of two matrices of doubles.
#include "kernel.h"

enum { SIZE = 200 };
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

KERNEL int run(void) {
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = (i * 3 + j * 5) % 17 - 8;
      b[i][j] = (i * 7 + j * 11) % 19 - 9;
    }
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++) {
      double sum = 0;
      for (int k = 0; k < SIZE; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  double check = 0;
  for (int i = 0; i < SIZE; i++) check += c[i][i] * (i & 7);
  return (int)check;
}
