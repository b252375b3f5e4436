// Bodies that attract one another: doubles, divisions, square roots.
#include "kernel.h"

enum { BODIES = 5, STEPS = 60000 };
static struct {
  double x[3], v[3], mass;
} bodies[BODIES];

static void step(double dt) {
  for (int i = 0; i < BODIES; i++)
    for (int j = i + 1; j < BODIES; j++) {
      double d[3], square = 0;
      for (int k = 0; k < 3; k++) {
        d[k] = bodies[i].x[k] - bodies[j].x[k];
        square += d[k] * d[k];
      }
      double pull = dt / (square * __builtin_sqrt(square));
      for (int k = 0; k < 3; k++) {
        bodies[i].v[k] -= d[k] * bodies[j].mass * pull;
        bodies[j].v[k] += d[k] * bodies[i].mass * pull;
      }
    }
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++) bodies[i].x[k] += dt * bodies[i].v[k];
}

KERNEL int run(void) {
  for (int i = 0; i < BODIES; i++) {
    for (int k = 0; k < 3; k++) {
      bodies[i].x[k] = (i + 1) * (k + 2) % 7 * 1.5 + i;
      bodies[i].v[k] = (i * 5 + k * 3) % 11 * 0.02 - 0.1;
    }
    bodies[i].mass = i == 0 ? 30 : 0.01 * i;
  }
  for (int i = 0; i < STEPS; i++) step(0.001);
  return (int)(bodies[1].x[0] * 1000) ^ (int)(bodies[4].x[2] * 1000);
}
