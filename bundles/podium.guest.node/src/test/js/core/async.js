// Async context and hooks.
const { AsyncLocalStorage, executionAsyncId, triggerAsyncId, createHook, AsyncResource } = require('async_hooks');
const als = new AsyncLocalStorage();
als.run('a', () => {
  setTimeout(() => console.log('timeout', als.getStore()), 500);
  setImmediate(() => console.log('immediate', als.getStore()));
  process.nextTick(() => console.log('tick', als.getStore()));
  Promise.resolve().then(() => console.log('then', als.getStore()));
  queueMicrotask(() => console.log('microtask', als.getStore()));
  (async () => { await 1; console.log('await', als.getStore()); await new Promise((r) => setTimeout(r, 800)); console.log('await 2', als.getStore()); })();
});
als.run('b', async () => { als.enterWith('c'); await null; console.log(als.getStore()); });
console.log(als.getStore());
const p = als.run('d', () => new Promise((r) => setTimeout(r, 1200)));
p.then(() => console.log('outside', als.getStore()));
als.run('e', () => p.then(() => console.log('inside', als.getStore())));
const snap = als.run('snap', () => AsyncLocalStorage.snapshot());
console.log(snap(() => als.getStore()), als.getStore());
console.log(executionAsyncId(), triggerAsyncId());
const events = [];
const hook = createHook({ init(id, type) { events.push(type); } }).enable();
setTimeout(() => {}, 1); setImmediate(() => {}); Promise.resolve().then(() => {}); new AsyncResource('Mine');
hook.disable();
console.log(events.join());
class R extends AsyncResource { constructor() { super('R'); } }
new R().runInAsyncScope(() => console.log(executionAsyncId() > 1));
