/* Recording into histograms. */
#include "histogram.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

Histogram *histogram_new(const HistogramOptions *options, int *result)
{
  struct hdr_histogram *counts;
  *result = options->lowest > INT64_MAX / 2 ? EINVAL : hdr_init(options->lowest, options->highest, options->figures, &counts);
  if (*result)
    return NULL;
  Histogram *histogram = calloc(1, sizeof(*histogram));
  if (!histogram) {
    hdr_close(counts);
    *result = ENOMEM;
    return NULL;
  }
  histogram->references = 1;
  histogram->counts = counts;
  if (options->half_life > 0)
    histogram->recent.alpha = 1 - exp(-log(2) / options->half_life);
  histogram->recent.threshold = options->threshold;
  return histogram;
}

Histogram *histogram_reference(Histogram *histogram)
{
  histogram->references++;
  return histogram;
}

void histogram_release(Histogram *histogram)
{
  if (!histogram || --histogram->references)
    return;
  hdr_close(histogram->counts);
  free(histogram);
}

static void forget(Histogram *histogram)
{
  histogram->recent.started = false;
  histogram->recent.mean = histogram->recent.variance = histogram->recent.error_rate = 0;
}

/* Takes a value into the average. */
static void average(Histogram *histogram, double value)
{
  double alpha = histogram->recent.alpha, difference = value - histogram->recent.mean;
  double error = value > (double)histogram->recent.threshold ? 1 : 0;
  if (alpha <= 0)
    return;
  if (!histogram->recent.started) {
    histogram->recent.started = true;
    histogram->recent.mean = value;
    histogram->recent.error_rate = histogram->recent.threshold > 0 ? error : 0;
    return;
  }
  histogram->recent.mean += alpha * difference;
  histogram->recent.variance = (1 - alpha) * (histogram->recent.variance + alpha * difference * difference);
  if (histogram->recent.threshold > 0)
    histogram->recent.error_rate += alpha * (error - histogram->recent.error_rate);
}

static void note(Histogram *histogram, int64_t value, bool recorded)
{
  if (recorded)
    average(histogram, (double)value);
  else
    histogram->exceeds++;
}

void histogram_record(Histogram *histogram, int64_t value)
{
  note(histogram, value, hdr_record_value(histogram->counts, value));
}

void histogram_record_delta(Histogram *histogram, uint64_t now)
{
  if (histogram->previous)
    histogram_record(histogram, (int64_t)(now - histogram->previous));
  histogram->previous = now;
}

void histogram_record_corrected(Histogram *histogram, int64_t value, int64_t interval)
{
  note(histogram, value, hdr_record_corrected_value(histogram->counts, value, interval));
}

int64_t histogram_add(Histogram *histogram, const Histogram *other)
{
  histogram->exceeds += other->exceeds;
  if (other->previous > histogram->previous)
    histogram->previous = other->previous;
  return hdr_add(histogram->counts, other->counts);
}

int64_t histogram_subtract(Histogram *histogram, const Histogram *other)
{
  struct hdr_histogram *counts = histogram->counts;
  int32_t length = counts->counts_len < other->counts->counts_len ? counts->counts_len : other->counts->counts_len;
  int64_t missing = 0;
  for (int32_t i = 0; i < length; i++) {
    int64_t left = counts->counts[i] - other->counts->counts[i];
    missing += left < 0 ? -left : 0;
    counts->counts[i] = left < 0 ? 0 : left;
  }
  hdr_reset_internal_counters(counts);
  histogram->exceeds -= other->exceeds < histogram->exceeds ? other->exceeds : histogram->exceeds;
  return missing;
}

void histogram_reset(Histogram *histogram)
{
  hdr_reset(histogram->counts);
  histogram->exceeds = histogram->previous = 0;
  forget(histogram);
}

int64_t histogram_count_at(const Histogram *histogram, int64_t value)
{
  /* Beyond what was recorded the library would read past its counts. */
  if (value < 0 || value > hdr_max(histogram->counts))
    return 0;
  return hdr_count_at_value(histogram->counts, value);
}
