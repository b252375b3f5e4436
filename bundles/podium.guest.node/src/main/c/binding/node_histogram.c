/* performance: Histogram. */
#include "node_histogram.h"

#include "../messaging.h"
#include "node_perf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* --- the objects ------------------------------------------------------------------------------------------------- */

/* What createHistogram has, and copies of either. */
typedef struct HistogramObject {
  BaseObject base;
  Histogram *histogram;
} HistogramObject;

static void object_finalize(BaseObject *base) { histogram_release(((HistogramObject *)base)->histogram); }

static const BaseType histogram_type = {"Histogram", NULL, object_finalize, NULL};
static JSValue histogram_class = JS_UNDEFINED;

/* NULL with an exception if it is none. */
static Histogram *histogram_of(JSContext *ctx, JSValueConst object)
{
  Histogram *of_loop = loop_delays_of(object);
  if (of_loop)
    return of_loop;
  HistogramObject *state = base_object_get(ctx, object, &histogram_type);
  return state ? state->histogram : NULL;
}

/* A number as an integer; what is out of 64 bits is as far as they go. */
static int64_t bounded(JSContext *ctx, JSValueConst number)
{
  double value = arg_double(ctx, number);
  if (value >= 0x1p63 || value < -0x1p63)
    return value < 0 ? INT64_MIN : INT64_MAX;
  return isnan(value) ? 0 : (int64_t)value;
}

/* --- what was recorded ------------------------------------------------------------------------------------------- */

#define QUERY(name, expression)                                                                                        \
  static JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                                \
  {                                                                                                                    \
    Histogram *histogram = histogram_of(ctx, self);                                                                    \
    return histogram ? expression : JS_EXCEPTION;                                                                      \
  }
QUERY(get_count, JS_NewNumber(ctx, (double)histogram->counts->total_count))
QUERY(get_count_bigint, JS_NewBigInt64(ctx, histogram->counts->total_count))
QUERY(get_exceeds, JS_NewNumber(ctx, (double)histogram->exceeds))
QUERY(get_exceeds_bigint, JS_NewBigUint64(ctx, histogram->exceeds))
QUERY(get_min, JS_NewNumber(ctx, (double)hdr_min(histogram->counts)))
QUERY(get_min_bigint, JS_NewBigInt64(ctx, hdr_min(histogram->counts)))
QUERY(get_max, JS_NewNumber(ctx, (double)hdr_max(histogram->counts)))
QUERY(get_max_bigint, JS_NewBigInt64(ctx, hdr_max(histogram->counts)))
QUERY(get_mean, JS_NewNumber(ctx, hdr_mean(histogram->counts)))
QUERY(get_stddev, JS_NewNumber(ctx, hdr_stddev(histogram->counts)))
QUERY(get_skewness, JS_NewNumber(ctx, histogram_skewness(histogram)))
QUERY(get_kurtosis, JS_NewNumber(ctx, histogram_kurtosis(histogram)))
QUERY(get_ewma_mean, JS_NewNumber(ctx, histogram->recent.mean))
QUERY(get_ewma_stddev, JS_NewNumber(ctx, sqrt(histogram->recent.variance)))
QUERY(get_ewma_error_rate, JS_NewNumber(ctx, histogram->recent.error_rate))
QUERY(get_percentile, JS_NewNumber(ctx, (double)hdr_value_at_percentile(histogram->counts, arg_double(ctx, argv[0]))))
QUERY(get_percentile_bigint, JS_NewBigInt64(ctx, hdr_value_at_percentile(histogram->counts, arg_double(ctx, argv[0]))))
QUERY(get_cdf, JS_NewNumber(ctx, histogram_cdf(histogram, bounded(ctx, argv[0]))))
QUERY(get_count_at, JS_NewNumber(ctx, (double)histogram_count_at(histogram, bounded(ctx, argv[0]))))
QUERY(reset, (histogram_reset(histogram), JS_UNDEFINED))

/* --- maps of it -------------------------------------------------------------------------------------------------- */

/* Sets an entry of the map; takes the value. False with an exception. */
static bool set_entry(JSContext *ctx, JSValueConst map, double key, JSValue value)
{
  bool set = engine_map_set(ctx, map, JS_NewNumber(ctx, key), value) == 0;
  JS_FreeValue(ctx, value);
  return set;
}

/* percentiles(map), percentilesBigInt(map): what scripts get in steps that halve towards 100. */
static JSValue fill_percentiles(JSContext *ctx, JSValueConst self, JSValueConst map, bool bigint)
{
  Histogram *histogram = histogram_of(ctx, self);
  struct hdr_iter iter;
  if (!histogram)
    return JS_EXCEPTION;
  hdr_iter_percentile_init(&iter, histogram->counts, 1);
  while (hdr_iter_next(&iter)) {
    JSValue value = bigint ? JS_NewBigInt64(ctx, iter.value) : JS_NewNumber(ctx, (double)iter.value);
    if (!set_entry(ctx, map, iter.specifics.percentiles.percentile, value))
      return JS_EXCEPTION;
  }
  return JS_UNDEFINED;
}

static JSValue percentiles(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return fill_percentiles(ctx, self, argv[0], false);
}

static JSValue percentiles_bigint(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return fill_percentiles(ctx, self, argv[0], true);
}

/* percentilesAt(map, percentiles): a Float64Array in order */
static JSValue percentiles_at(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  EngineView view;
  if (!histogram)
    return JS_EXCEPTION;
  if (!engine_view(argv[1], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "percentiles must be a Float64Array");
  const double *wanted = (const double *)view.data;
  size_t count = view.length / sizeof(*wanted);
  int64_t *values = js_malloc(ctx, (count ? count : 1) * sizeof(*values));
  bool filled = values != NULL;
  if (filled)
    hdr_value_at_percentiles(histogram->counts, wanted, values, count);
  for (size_t i = 0; filled && i < count; i++)
    filled = set_entry(ctx, argv[0], wanted[i], JS_NewNumber(ctx, (double)values[i]));
  js_free(ctx, values);
  return filled ? JS_UNDEFINED : JS_EXCEPTION;
}

/* One more bucket, for what is beyond the last bound that 64 bits can tell. */
static JSValue set_rest(JSContext *ctx, JSValueConst map, const struct hdr_iter *iter)
{
  int64_t rest = iter->total_count - iter->cumulative_count;
  double value = (double)hdr_lowest_equivalent_value(iter->h, hdr_max(iter->h));
  return !rest || set_entry(ctx, map, value, JS_NewNumber(ctx, (double)rest)) ? JS_UNDEFINED : JS_EXCEPTION;
}

/* linearBuckets(step, map) */
static JSValue linear_buckets(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  int64_t step = arg_int64(ctx, argv[0]);
  struct hdr_iter iter;
  if (!histogram)
    return JS_EXCEPTION;
  hdr_iter_linear_init(&iter, histogram->counts, step);
  while (iter.specifics.linear.next_value_reporting_level <= INT64_MAX - step && hdr_iter_next(&iter)) {
    JSValue count = JS_NewNumber(ctx, (double)iter.specifics.linear.count_added_in_this_iteration_step);
    if (!set_entry(ctx, argv[1], (double)iter.value, count))
      return JS_EXCEPTION;
  }
  return set_rest(ctx, argv[1], &iter);
}

/* logBuckets(first, base, map); the library counts in whole numbers, and never gets on with the base 1 */
static JSValue log_buckets(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  int64_t base = bounded(ctx, argv[1]);
  struct hdr_iter iter;
  if (!histogram)
    return JS_EXCEPTION;
  if (base < 2)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE",
                            "The value of \"base\" is out of range. It must be >= 2. Received %g", arg_double(ctx, argv[1]));
  hdr_iter_log_init(&iter, histogram->counts, arg_int64(ctx, argv[0]), (double)base);
  while (iter.specifics.log.next_value_reporting_level <= INT64_MAX / base && hdr_iter_next(&iter)) {
    JSValue count = JS_NewNumber(ctx, (double)iter.specifics.log.count_added_in_this_iteration_step);
    if (!set_entry(ctx, argv[2], (double)iter.value, count))
      return JS_EXCEPTION;
  }
  return set_rest(ctx, argv[2], &iter);
}

/* --- statistics -------------------------------------------------------------------------------------------------- */

static JSValue numbers(JSContext *ctx, const double *values, int count)
{
  JSValue array = JS_NewArray(ctx);
  for (int i = 0; i < count && !JS_IsException(array); i++)
    JS_DefinePropertyValueUint32(ctx, array, (uint32_t)i, JS_NewNumber(ctx, values[i]), JS_PROP_C_W_E);
  return array;
}

/* percentileCI(percentile, confidence): value, lower and upper */
static JSValue percentile_interval(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  int64_t values[PERCENTILE_RESULTS];
  double results[PERCENTILE_RESULTS];
  if (!histogram)
    return JS_EXCEPTION;
  histogram_percentile_interval(histogram, arg_double(ctx, argv[0]), arg_double(ctx, argv[1]), values);
  for (int i = 0; i < PERCENTILE_RESULTS; i++)
    results[i] = (double)values[i];
  return numbers(ctx, results, PERCENTILE_RESULTS);
}

/* The receiver and the first argument. False with an exception. */
static bool two_histograms(JSContext *ctx, JSValueConst self, JSValueConst *argv, Histogram **a, Histogram **b)
{
  *a = histogram_of(ctx, self);
  *b = *a ? histogram_of(ctx, argv[0]) : NULL;
  return *b != NULL;
}

#define COMPARISON(name, expression)                                                                                   \
  static JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                                \
  {                                                                                                                    \
    Histogram *a, *b;                                                                                                  \
    return two_histograms(ctx, self, argv, &a, &b) ? JS_NewNumber(ctx, expression) : JS_EXCEPTION;                     \
  }
COMPARISON(ks_test, histogram_distance(a, b))
COMPARISON(cohens_d, histogram_cohens_d(a, b))
COMPARISON(cliffs_d, histogram_cliffs_delta(a, b))
COMPARISON(add, (double)histogram_add(a, b))
COMPARISON(subtract, (double)histogram_subtract(a, b))

/* welchTest(other, confidence) */
static JSValue welch_test(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *a, *b;
  double results[WELCH_RESULTS];
  if (!two_histograms(ctx, self, argv, &a, &b))
    return JS_EXCEPTION;
  histogram_welch(a, b, arg_double(ctx, argv[1]), results);
  return numbers(ctx, results, WELCH_RESULTS);
}

static JSValue mann_whitney_test(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *a, *b;
  double results[MANN_WHITNEY_RESULTS];
  if (!two_histograms(ctx, self, argv, &a, &b))
    return JS_EXCEPTION;
  histogram_mann_whitney(a, b, results);
  return numbers(ctx, results, MANN_WHITNEY_RESULTS);
}

/* --- recording --------------------------------------------------------------------------------------------------- */

/* A number, or a BigInt of 64 bits. False with an exception that names it. */
static bool integer_of(JSContext *ctx, JSValueConst value, const char *name, int64_t least, int64_t *result)
{
  *result = arg_int64(ctx, value);
  JSValue same = JS_IsBigInt(value) ? JS_NewBigInt64(ctx, *result) : JS_UNDEFINED;
  bool whole = !JS_IsBigInt(value) || JS_IsStrictEqual(ctx, value, same);
  JS_FreeValue(ctx, same);
  if (whole && *result >= least)
    return true;
  throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "%s is out of range", name);
  return false;
}

static JSValue record(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  int64_t value;
  if (!histogram || !integer_of(ctx, argv[0], "value", 1, &value))
    return JS_EXCEPTION;
  histogram_record(histogram, value);
  return JS_UNDEFINED;
}

static JSValue record_delta(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  if (!histogram)
    return JS_EXCEPTION;
  histogram_record_delta(histogram, uv_hrtime());
  return JS_UNDEFINED;
}

static JSValue record_corrected(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Histogram *histogram = histogram_of(ctx, self);
  int64_t value, interval;
  if (!histogram || !integer_of(ctx, argv[0], "value", 1, &value) ||
      !integer_of(ctx, argv[1], "expected_interval", 1, &interval))
    return JS_EXCEPTION;
  histogram_record_corrected(histogram, value, interval);
  return JS_UNDEFINED;
}

void complete_histogram_class(JSContext *ctx, JSValueConst class, const BindingFunction *own, int own_count)
{
  static const BindingFunction methods[] = {
      {"count", get_count, 0}, {"countBigInt", get_count_bigint, 0},
      {"exceeds", get_exceeds, 0}, {"exceedsBigInt", get_exceeds_bigint, 0},
      {"min", get_min, 0}, {"minBigInt", get_min_bigint, 0},
      {"max", get_max, 0}, {"maxBigInt", get_max_bigint, 0},
      {"mean", get_mean, 0}, {"stddev", get_stddev, 0},
      {"skewness", get_skewness, 0}, {"kurtosis", get_kurtosis, 0},
      {"ewmaMean", get_ewma_mean, 0}, {"ewmaStddev", get_ewma_stddev, 0},
      {"ewmaErrorRate", get_ewma_error_rate, 0}, {"reset", reset, 0},
      {"percentile", get_percentile, 1}, {"percentileBigInt", get_percentile_bigint, 1},
      {"percentiles", percentiles, 1}, {"percentilesBigInt", percentiles_bigint, 1},
      {"percentilesAt", percentiles_at, 2}, {"percentileCI", percentile_interval, 2},
      {"linearBuckets", linear_buckets, 2}, {"logBuckets", log_buckets, 3},
      {"cdf", get_cdf, 1}, {"countAt", get_count_at, 1},
      {"ksTest", ks_test, 1}, {"welchTest", welch_test, 2},
      {"mannWhitneyTest", mann_whitney_test, 1}, {"cohensD", cohens_d, 1},
      {"cliffsD", cliffs_d, 1},
  };
  JSValue prototype = JS_GetPropertyStr(ctx, class, "prototype");
  JSValue known = JS_GetPropertyStr(ctx, prototype, methods[0].name);
  if (JS_IsUndefined(known)) {
    DEFINE_FUNCTIONS(ctx, prototype, methods);
    define_functions(ctx, prototype, own, own_count);
  }
  JS_FreeValues(ctx, known, prototype);
}

/* Takes the reference. */
static JSValue wrap_histogram(JSContext *ctx, JSValueConst new_target, Histogram *histogram)
{
  static const BindingFunction methods[] = {{"record", record, 1},
                                            {"recordDelta", record_delta, 0},
                                            {"recordCorrected", record_corrected, 2},
                                            {"add", add, 1},
                                            {"subtract", subtract, 1}};
  HistogramObject *state;
  complete_histogram_class(ctx, histogram_class, methods, COUNT_OF(methods));
  JSValue object = base_object_new(ctx, new_target, &histogram_type, sizeof(*state), &state);
  if (JS_IsException(object))
    histogram_release(histogram);
  else
    state->histogram = histogram;
  return object;
}

Histogram *make_histogram(JSContext *ctx, const HistogramOptions *options)
{
  int error;
  Histogram *histogram = histogram_new(options, &error);
  if (error == ENOMEM)
    JS_ThrowOutOfMemory(ctx);
  else if (error)
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "the range of the histogram is out of range");
  return histogram;
}

/* new Histogram(lowest, highest, figures, halfLife, threshold) */
static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  HistogramOptions options = {0};
  if (argc < 5)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_MISSING_ARGS", "five arguments are wanted");
  if (!integer_of(ctx, argv[0], "options.lowest", INT64_MIN, &options.lowest) ||
      !integer_of(ctx, argv[1], "options.highest", INT64_MIN, &options.highest))
    return JS_EXCEPTION;
  options.figures = arg_int32(ctx, argv[2]);
  options.half_life = arg_double(ctx, argv[3]);
  options.threshold = bounded(ctx, argv[4]);
  Histogram *histogram = make_histogram(ctx, &options);
  return histogram ? wrap_histogram(ctx, new_target, histogram) : JS_EXCEPTION;
}

/* --- in messages ------------------------------------------------------------------------------------------------- */

typedef struct HistogramTransfer {
  TransferData transfer; /* first */
  Histogram *histogram;
} HistogramTransfer;

static JSValue revive(JSContext *ctx, TransferData *data)
{
  return wrap_histogram(ctx, histogram_class, histogram_reference(((HistogramTransfer *)data)->histogram));
}

static void release(JSRuntime *rt, TransferData *data) { histogram_release(((HistogramTransfer *)data)->histogram); }

static TransferMode cloned(JSContext *ctx, JSValueConst object) { return TRANSFER_CLONES; }

static TransferData *take(JSContext *ctx, JSValueConst object)
{
  HistogramTransfer *transfer = calloc(1, sizeof(*transfer));
  if (!transfer) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *transfer = (HistogramTransfer){{revive, release, false}, histogram_reference(histogram_of(ctx, object))};
  return &transfer->transfer;
}

void perf_init_histograms(Env *env, JSContext *ctx, JSValueConst target)
{
  static const Transferable transferables[] = {{&histogram_type, cloned, take}, {&loop_delays_type, cloned, take}};
  histogram_class = JS_DupValue(ctx, define_class(ctx, target, "Histogram", construct, JS_UNDEFINED, NULL, 0));
  define_value(ctx, target, "createELDHistogram", new_function(ctx, create_loop_delays, "createELDHistogram", 2));
  for (int i = 0; i < COUNT_OF(transferables); i++)
    register_transferable(&transferables[i]);
}
