/* What statistics tell of histograms. Results agree with Node's to the last digits, where the functions of libm do. */
#include "histogram.h"

#include <math.h>

/* --- distributions ----------------------------------------------------------------------------------------------- */

/* A continued fraction as Lentz's method has it: two ratios of successive convergents, and their product so far. */
typedef struct Fraction {
  double above, below, value;
} Fraction;

static double not_zero(double x) { return fabs(x) < 1e-30 ? 1e-30 : x; }

/* One more term, a/(1+...); gives the factor by which the value changed. */
static double fraction_step(Fraction *fraction, double a)
{
  fraction->below = 1 / not_zero(1 + a * fraction->below);
  fraction->above = not_zero(1 + a / fraction->above);
  fraction->value *= fraction->above * fraction->below;
  return fraction->above * fraction->below;
}

/* DLMF 8.17.22; converges fast below (a+1)/(a+b+2). */
static double beta_fraction(double a, double b, double x)
{
  enum { TERMS = 200 };
  Fraction fraction = {1, 1 / not_zero(1 - (a + b) * x / (a + 1)), 0};
  fraction.value = fraction.below;
  for (int m = 1; m <= TERMS; m++) {
    fraction_step(&fraction, m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    double factor = fraction_step(&fraction, -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
    if (fabs(factor - 1) <= 3e-12)
      break;
  }
  return fraction.value;
}

/* The regularized incomplete beta function, I_x(a, b). */
static double incomplete_beta(double a, double b, double x)
{
  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x));
  if (x < (a + 1) / (a + b + 2))
    return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double normal_cdf(double x) { return erfc(-x / sqrt(2)) / 2; }

static double student_cdf(double t, double freedom)
{
  double tail = incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  return t < 0 ? tail : 1 - tail;
}

/* The t with student_cdf(t) = p, for p above one half. */
static double student_quantile(double p, double freedom)
{
  enum { HALVINGS = 100 };
  double low = 0, high = 1e6;
  for (int i = 0; i < HALVINGS; i++) {
    double middle = (low + high) / 2;
    if (student_cdf(middle, freedom) < p)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}

/* That of n tries, each successful with probability p, at most k are. */
static double binomial_cdf(int64_t k, int64_t n, double p)
{
  if (k < 0 || k >= n)
    return k < 0 ? 0 : 1;
  return incomplete_beta((double)(n - k), (double)(k + 1), 1 - p);
}

/* --- of one ------------------------------------------------------------------------------------------------------ */

double histogram_cdf(const Histogram *histogram, int64_t value)
{
  int64_t total = histogram->counts->total_count;
  struct hdr_iter iter;
  if (!total)
    return 0;
  hdr_iter_init(&iter, histogram->counts);
  while (hdr_iter_next(&iter) && iter.highest_equivalent_value < value && iter.cumulative_count < total)
    continue;
  return (double)iter.cumulative_count / (double)total;
}

/* The mean of the deviations from the mean, to the powers two, three and four. */
typedef struct Moments {
  double second, third, fourth;
} Moments;

static Moments central_moments(const struct hdr_histogram *counts)
{
  double mean = hdr_mean(counts), total = (double)counts->total_count;
  Moments sum = {0};
  struct hdr_iter iter;
  hdr_iter_recorded_init(&iter, counts);
  while (hdr_iter_next(&iter)) {
    double deviation = (double)hdr_median_equivalent_value(counts, iter.value) - mean;
    double square = deviation * deviation, count = (double)iter.count;
    sum.second += count * square;
    sum.third += count * square * deviation;
    sum.fourth += count * square * square;
  }
  return (Moments){sum.second / total, sum.third / total, sum.fourth / total};
}

double histogram_skewness(const Histogram *histogram)
{
  if (histogram->counts->total_count < 3)
    return 0;
  Moments moments = central_moments(histogram->counts);
  return moments.second ? moments.third / (moments.second * sqrt(moments.second)) : 0;
}

double histogram_kurtosis(const Histogram *histogram)
{
  if (histogram->counts->total_count < 4)
    return 0;
  Moments moments = central_moments(histogram->counts);
  return moments.second ? moments.fourth / (moments.second * moments.second) - 3 : 0;
}

/* The first k of 1..n at which up to k-1 successes have at least that probability; n + 1 if there is none. */
static int64_t first_rank(int64_t n, double p, double probability)
{
  int64_t low = 1, high = n + 1;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (binomial_cdf(middle - 1, n, p) >= probability)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

void histogram_percentile_interval(const Histogram *histogram, double percentile, double confidence,
                                   int64_t results[PERCENTILE_RESULTS])
{
  int64_t n = histogram->counts->total_count, value = hdr_value_at_percentile(histogram->counts, percentile);
  double p = percentile / 100, tail = (1 - confidence) / 2;
  results[0] = results[1] = results[2] = value;
  if (n < 2)
    return;
  /* Ranks between which the percentile lies with that confidence: the last that is in the lower tail with all below it, and the
     first that leaves no more than the upper one. */
  int64_t lower = first_rank(n, p, nextafter(tail, 1)) - 1, upper = first_rank(n, p, 1 - tail);
  results[1] = hdr_value_at_percentile(histogram->counts, (double)lower / (double)n * 100);
  results[2] = hdr_value_at_percentile(histogram->counts, (double)(upper < n ? upper : n) / (double)n * 100);
}

/* --- of two ------------------------------------------------------------------------------------------------------ */

static int64_t count_at(const Histogram *histogram, int32_t i)
{
  return i < histogram->counts->counts_len ? histogram->counts->counts[i] : 0;
}

/* How many ranges one of them has. */
static int32_t ranges(const Histogram *a, const Histogram *b)
{
  return a->counts->counts_len > b->counts->counts_len ? a->counts->counts_len : b->counts->counts_len;
}

/* Is there nothing to compare, for want of recordings or of a second histogram? */
static bool incomparable(const Histogram *a, const Histogram *b, int64_t least)
{
  return a == b || a->counts->total_count < least || b->counts->total_count < least;
}

double histogram_distance(const Histogram *a, const Histogram *b)
{
  double total_a = (double)a->counts->total_count, total_b = (double)b->counts->total_count, most = 0;
  int64_t up_to_a = 0, up_to_b = 0;
  if (incomparable(a, b, 1))
    return 0;
  for (int32_t i = 0; i < ranges(a, b); i++) {
    up_to_a += count_at(a, i);
    up_to_b += count_at(b, i);
    most = fmax(most, fabs((double)up_to_a / total_a - (double)up_to_b / total_b));
  }
  return most;
}

/* Mean, and variance as estimated from a sample. */
typedef struct Sample {
  double count, mean, variance;
} Sample;

static Sample sample_of(const Histogram *histogram)
{
  double count = (double)histogram->counts->total_count, deviation = hdr_stddev(histogram->counts);
  return (Sample){count, hdr_mean(histogram->counts), deviation * deviation * count / (count - 1)};
}

void histogram_welch(const Histogram *a, const Histogram *b, double confidence, double results[WELCH_RESULTS])
{
  results[0] = results[1] = results[3] = results[4] = 0;
  results[2] = 1;
  if (incomparable(a, b, 2))
    return;
  Sample first = sample_of(a), second = sample_of(b);
  double share_a = first.variance / first.count, share_b = second.variance / second.count, sum = share_a + share_b;
  if (sum == 0)
    return;
  double difference = first.mean - second.mean, error = sqrt(sum), t = difference / error;
  double freedom = sum * sum / (share_a * share_a / (first.count - 1) + share_b * share_b / (second.count - 1));
  double margin = student_quantile(1 - (1 - confidence) / 2, freedom) * error;
  results[0] = t;
  results[1] = freedom;
  results[2] = 2 * student_cdf(-fabs(t), freedom);
  results[3] = difference - margin;
  results[4] = difference + margin;
}

double histogram_cohens_d(const Histogram *a, const Histogram *b)
{
  if (incomparable(a, b, 2))
    return 0;
  Sample first = sample_of(a), second = sample_of(b);
  double pooled = ((first.count - 1) * first.variance + (second.count - 1) * second.variance) / (first.count + second.count - 2);
  return pooled ? (first.mean - second.mean) / sqrt(pooled) : 0;
}

/* Of all pairs of a recording of each: those in which a's is greater, and those in which they are not told apart. */
typedef struct Pairs {
  double all, greater, tied;
} Pairs;

static Pairs count_pairs(const Histogram *a, const Histogram *b)
{
  Pairs pairs = {(double)a->counts->total_count * (double)b->counts->total_count, 0, 0};
  int64_t below = 0;
  for (int32_t i = 0; i < ranges(a, b); i++) {
    double of_a = (double)count_at(a, i);
    int64_t of_b = count_at(b, i);
    pairs.greater += of_a * (double)below;
    pairs.tied += of_a * (double)of_b;
    below += of_b;
  }
  return pairs;
}

/* How much ties take from the variance of U: the sum of t^3 - t over all groups of t equal recordings. */
static double ties(const Histogram *a, const Histogram *b)
{
  double sum = 0;
  for (int32_t i = 0; i < ranges(a, b); i++) {
    double t = (double)(count_at(a, i) + count_at(b, i));
    sum += t * t * t - t;
  }
  return sum;
}

void histogram_mann_whitney(const Histogram *a, const Histogram *b, double results[MANN_WHITNEY_RESULTS])
{
  results[0] = results[1] = 0;
  results[2] = 1;
  if (incomparable(a, b, 1))
    return;
  Pairs pairs = count_pairs(a, b);
  double n = (double)(a->counts->total_count + b->counts->total_count);
  double u = pairs.greater + pairs.tied / 2, variance = pairs.all / 12 * (n + 1 - ties(a, b) / (n * (n - 1)));
  results[0] = u;
  if (variance <= 0)
    return;
  results[1] = (u - pairs.all / 2) / sqrt(variance);
  results[2] = 2 * normal_cdf(-fabs(results[1]));
}

double histogram_cliffs_delta(const Histogram *a, const Histogram *b)
{
  if (incomparable(a, b, 1))
    return 0;
  Pairs pairs = count_pairs(a, b);
  double less = pairs.all - pairs.greater - pairs.tied;
  return (pairs.greater - less) / pairs.all;
}
