// The order of ticks, microtasks, timers and immediates.
setTimeout(() => {
  console.log('timeout 1');
  Promise.resolve().then(() => console.log('microtask in timeout'));
  process.nextTick(() => console.log('tick in timeout'));
}, 1);
setTimeout(() => console.log('timeout 2'), 1);
setImmediate(() => {
  console.log('immediate 1');
  process.nextTick(() => console.log('tick in immediate'));
});
setImmediate(() => console.log('immediate 2'));
process.nextTick(() => console.log('tick 1'));
Promise.resolve().then(() => {
  console.log('microtask 1');
  process.nextTick(() => console.log('tick in microtask'));
}).then(() => console.log('microtask 2'));
queueMicrotask(() => console.log('microtask 3'));
process.nextTick(() => console.log('tick 2'));
const interval = setInterval(() => {
  console.log('interval');
  clearInterval(interval);
}, 500);
setTimeout(() => console.log('never'), 60000).unref();
(async () => {
  await null;
  console.log('after await');
})();
console.log('main');
// The timers of 1 ms are due when the loop begins, so they come before immediates.
for (const end = Date.now() + 5; Date.now() < end; );
