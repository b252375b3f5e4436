/* The parts of the binding `performance`. */
#ifndef PODIUM_NODE_PERF_H
#define PODIUM_NODE_PERF_H

#include "../wrap.h"

/* Histogram and createELDHistogram. */
void perf_init_histograms(Env *env, JSContext *ctx, JSValueConst target);

#endif
