// Flags: --expose-gc
// What a WeakRef was made of or gave stays until the job ends; then it may go.
'use strict';
const { setTimeout: sleep } = require('timers/promises');

const lonely = new WeakRef({ name: 'lonely' });
console.log(lonely.deref()?.name, lonely.deref() === lonely.deref());
const symbol = new WeakRef(Symbol('lonely'));
console.log(symbol.deref()?.description);

let count = 0;
const registry = new FinalizationRegistry((held) => { count++; });
{
  let held = {};
  const reference = new WeakRef(held);
  held = undefined;
  let same = true;
  const first = reference.deref();
  for (let i = 0; i < 100_000; i++) same &&= reference.deref() === first;
  console.log(same);
  registry.register(new WeakRef({}).deref(), 'gone');
}

Promise.resolve().then(() => {
  console.log('microtask', lonely.deref()?.name); // of the same job as far as a program can tell
  process.nextTick(() => new WeakRef({}).deref().x = 1);
});

(async () => {
  const refs = [];
  for (let n = 0; n < 100; n++) {
    const made = new WeakRef({ n });
    refs.push(made);
    if (made.deref()?.n !== n) console.log('lost', n);
  }
  for (let round = 0; round < 50 && count === 0; round++) {
    globalThis.gc?.();
    await sleep(1);
  }
  console.log(refs.some((ref) => ref.deref() !== undefined) ? 'some are left' : 'all are gone', count);
})();

// --- constructors called as functions

for (const construct of [class Plain {}, class extends Array {}, class { static name() {} }, Map, WeakMap, Promise, Proxy, Uint8Array,
                         WeakRef, FinalizationRegistry, DataView, ArrayBuffer])
  try {
    construct();
  } catch (error) {
    console.log(error.name, error.message);
  }
