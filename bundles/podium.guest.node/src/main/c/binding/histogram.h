/*
 * Histograms: how often which values were recorded, by HdrHistogram, with an average that forgets; and what statistics tell of one
 * or of two. Shared by all copies of the object that scripts have.
 */
#ifndef PODIUM_NODE_HISTOGRAM_H
#define PODIUM_NODE_HISTOGRAM_H

#include <hdr/hdr_histogram.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct HistogramOptions {
  int64_t lowest, highest;
  int figures;
  double half_life;  /* in recordings; 0: nothing is averaged */
  int64_t threshold; /* above it is an error; 0: none is */
} HistogramOptions;

typedef struct Histogram {
  int references;
  struct hdr_histogram *counts;
  uint64_t previous; /* time of the last delta, ns; 0: none yet */
  uint64_t exceeds;  /* recordings that were out of range */
  /* The average in which a recording's weight halves with every `half_life` recordings after it. */
  struct {
    double alpha; /* weight of the newest; 0: not kept */
    int64_t threshold;
    bool started;
    double mean, variance, error_rate;
  } recent;
} Histogram;

/* With one reference. `*result` is 0, or EINVAL, or ENOMEM, and then it is NULL. */
Histogram *histogram_new(const HistogramOptions *options, int *result);
Histogram *histogram_reference(Histogram *histogram);
void histogram_release(Histogram *histogram);

void histogram_record(Histogram *histogram, int64_t value);
/* The time since the last call, if there was one. */
void histogram_record_delta(Histogram *histogram, uint64_t now);
/* Also those below `value` that would have been recorded at this interval had nothing stalled. */
void histogram_record_corrected(Histogram *histogram, int64_t value, int64_t interval);
/* These give the count of what could not be taken over. */
int64_t histogram_add(Histogram *histogram, const Histogram *other);
int64_t histogram_subtract(Histogram *histogram, const Histogram *other);
void histogram_reset(Histogram *histogram);
/* How many recordings are not told apart from `value`. */
int64_t histogram_count_at(const Histogram *histogram, int64_t value);

/* --- statistics -------------------------------------------------------------------------------------------------- */

/* The share of recordings up to `value`. */
double histogram_cdf(const Histogram *histogram, int64_t value);
double histogram_skewness(const Histogram *histogram);
double histogram_kurtosis(const Histogram *histogram);

enum { WELCH_RESULTS = 5, MANN_WHITNEY_RESULTS = 3, PERCENTILE_RESULTS = 3 };

/* The Kolmogorov-Smirnov statistic. */
double histogram_distance(const Histogram *a, const Histogram *b);
/* t, degrees of freedom, two-sided p, and the bounds of the difference of the means. */
void histogram_welch(const Histogram *a, const Histogram *b, double confidence, double results[WELCH_RESULTS]);
/* U, z and two-sided p. */
void histogram_mann_whitney(const Histogram *a, const Histogram *b, double results[MANN_WHITNEY_RESULTS]);
double histogram_cohens_d(const Histogram *a, const Histogram *b);
double histogram_cliffs_delta(const Histogram *a, const Histogram *b);
/* The value at a percentile and its bounds. */
void histogram_percentile_interval(const Histogram *histogram, double percentile, double confidence,
                                   int64_t results[PERCENTILE_RESULTS]);

#endif
