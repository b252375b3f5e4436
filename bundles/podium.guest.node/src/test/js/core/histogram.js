'use strict';
// Histograms of perf_hooks: what they count, and what statistics tell of them.
const { createHistogram, monitorEventLoopDelay, timerify, performance } = require('perf_hooks');

const show = (what, ...values) => console.log(what, ...values.map(rounded));
// Libraries of mathematics agree on what is before the tenth digit.
function rounded(value) {
  if (typeof value === 'number') return Number(value.toPrecision(10));
  if (value instanceof Map) return [...value].map(rounded);
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rounded(member)]));
}
function attempt(what, action) {
  try {
    show(what, action());
  } catch (error) {
    show(what, error.name, error.code, error.message);
  }
}
function filled(values, options) {
  const histogram = createHistogram(options);
  for (const value of values) histogram.record(value);
  return histogram;
}
function* spread(count, seed, scale) {
  for (let i = 0, x = seed; i < count; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
    yield 1 + x % scale;
  }
}
const NUMBERS = ['count', 'exceeds', 'min', 'max', 'mean', 'stddev', 'skewness', 'kurtosis', 'ewmaMean', 'ewmaStddev', 'ewmaErrorRate'];
const summary = (histogram) => NUMBERS.map((name) => histogram[name]);

const empty = createHistogram();
const uniform = filled(spread(1000, 7, 10000));
const slower = filled(spread(700, 11, 14000));
const long = filled([1, 2, 3, 50, 1e6, 2 ** 40]);
const weighted = filled(spread(100, 3, 1000), { halfLife: 10, threshold: 900 });
for (const [name, histogram] of Object.entries({ empty, uniform, slower, long, weighted })) {
  show(name, summary(histogram));
  show('percentiles', histogram.percentiles);
  show('BigInt', histogram.countBigInt, histogram.minBigInt, histogram.maxBigInt, histogram.exceedsBigInt,
       histogram.percentileBigInt(90), histogram.percentilesBigInt);
  show('at', [0.1, 50, 99.99, 100].map((p) => histogram.percentile(p)), histogram.percentilesAt([99, 1, 50]));
  show('cdf', [0, 1, 5000, 2 ** 45].map((v) => [histogram.cdf(v), histogram.ccdf(v), histogram.countAt(v)]));
  show('intervals', histogram.percentileCI(50), histogram.percentileCI(99, { confidence: 0.5 }), histogram.percentileCI(100));
  show('burn', histogram.burnRate(0.99));
  for (const other of [uniform, slower, long, empty]) {
    show('tests', histogram.ksTest(other), histogram.cohensD(other), histogram.cliffsD(other),
         histogram.mannWhitneyTest(other), histogram.welchTest(other), histogram.welchTest(other, { confidence: 0.5 }));
  }
}
show('linear', uniform.linearBuckets(1000));
show('log', uniform.logBuckets(1, 2), uniform.logBuckets(3, 2.5), empty.logBuckets(1, 2));
console.log(uniform);
console.log(JSON.stringify(weighted), '%o', { deep: { deeper: { uniform } } });

const some = filled([5, 10, 15], { lowest: 2, highest: 1000, figures: 2 });
some.record(5000);
some.record(123n);
some.recordCorrected(100, 30);
some.recordCorrected(200n, 70n);
some.recordDelta();
show('some', summary(some), some.percentiles);
some.add(filled([7, 900, 1e6]));
show('added', summary(some), some.percentiles);
some.subtract(filled([5, 5, 5, 900], { lowest: 2, highest: 1000, figures: 2 }));
show('subtracted', summary(some), some.percentiles);
some.add(some);
show('doubled', summary(some));
some.subtract(some);
show('gone', summary(some));
weighted.reset();
show('reset', summary(weighted), weighted.percentiles);

for (const options of [{ lowest: 0 }, { lowest: 10, highest: 19 }, { figures: 6 }, { halfLife: -1 }, { threshold: -1 }, { lowest: '1' },
                       { lowest: 1n, highest: 2n ** 63n }, { lowest: 2n ** 64n + 1n, highest: 2n ** 70n }, null])
  attempt('options', () => summary(createHistogram(options)));
for (const value of [0, -1, 1.5, '1', 0n, -5n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n + 5n, 2 ** 53])
  attempt(`record ${value}`, () => { const histogram = createHistogram(); histogram.record(value); return summary(histogram); });
for (const pair of [[0, 1], [1, 0], [10n, 3], [10n, 0n], [2n ** 64n, 1n], [5n, 2n ** 64n]])
  attempt(`corrected ${pair}`, () => { const histogram = createHistogram(); histogram.recordCorrected(...pair); return summary(histogram); });
attempt('percentile', () => uniform.percentile(0));
attempt('other', () => uniform.ksTest({}));
attempt('add', () => uniform.add(monitorEventLoopDelay()));
attempt('class', () => new uniform.constructor());

// Copies are of the same counts.
const copy = structuredClone(uniform);
copy.record(3);
show('copy', copy.count === uniform.count, copy.constructor.name, Object.getPrototypeOf(copy) === Object.getPrototypeOf(uniform));
const { port1, port2 } = new MessageChannel();
const monitor = monitorEventLoopDelay({ resolution: 1 });
port1.on('message', ({ histogram, delays }) => {
  histogram.record(1);
  show('received', histogram.count === uniform.count, delays.constructor.name, typeof delays.record, delays.count, uniform.ksTest(delays));
  port1.close();
});
port2.postMessage({ histogram: uniform, delays: monitor });

const map = Map.prototype.set;
Map.prototype.set = () => { throw new Error('not to be called'); };
attempt('own map', () => long.percentilesAt([50]).size);
Map.prototype.set = map;

const calls = createHistogram();
const timed = timerify(function work(n) { return n + 1; }, { histogram: calls });
show('timed', timed(1), timed.name, timed.length, calls.count, calls.min > 0);

const turns = monitorEventLoopDelay({ samplePerIteration: true });
show('delays', monitor.enable(), monitor.enable(), turns.enable(), turns.disable(), turns.disable(), turns.enable());
attempt('resolution', () => monitorEventLoopDelay({ resolution: 0 }));
setTimeout(() => {
  const until = performance.now() + 30;
  while (performance.now() < until);
  // On a slow machine both timers could be due at once, and the monitor's not between them.
  setTimeout(late, 40);
}, 5);
function late() {
  show('late', monitor.count > 0, monitor.max > 20e6, turns.count > 0, turns.max > 20e6, monitor.disable(), turns.disable());
  const { count } = monitor;
  monitor.enable();
  show('kept', monitor.count === count);
  monitor.reset();
  show('empty', monitor.count, monitor.disable());
}
