/* What the two classes of histograms share. */
#ifndef PODIUM_NODE_NODE_HISTOGRAM_H
#define PODIUM_NODE_NODE_HISTOGRAM_H

#include "../wrap.h"
#include "histogram.h"

/* NULL with an exception. */
Histogram *make_histogram(JSContext *ctx, const HistogramOptions *options);
/* Gives a class its methods, when the first object of it is made: most programs make none. */
void complete_histogram_class(JSContext *ctx, JSValueConst class, const BindingFunction *own, int own_count);

/* The class that measures the loop. */
extern const BaseType loop_delays_type;
/* NULL if the object is of another. */
Histogram *loop_delays_of(JSValueConst object);
/* createELDHistogram(interval, perIteration) */
JSValue create_loop_delays(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);

#endif
