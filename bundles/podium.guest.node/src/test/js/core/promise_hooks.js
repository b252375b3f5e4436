// Promise hooks: which promises there are, whose children they are, and in which order what happens to them.
'use strict';
const { promiseHooks } = require('v8');

let lines = [];
let numbers = new Map();
const numberOf = (promise) => {
  if (promise === undefined) return '-';
  if (!numbers.has(promise)) numbers.set(promise, numbers.size + 1);
  return numbers.get(promise);
};
const say = (text) => lines.push(`-- ${text}`);
const hooks = {
  init: (promise, parent) => lines.push(`init ${numberOf(promise)} of ${numberOf(parent)}`),
  before: (promise) => lines.push(`before ${numberOf(promise)}`),
  after: (promise) => lines.push(`after ${numberOf(promise)}`),
  settled: (promise) => lines.push(`settled ${numberOf(promise)}`),
};

const thenable = (value) => ({ then(resolve) { say('then of a thenable'); resolve(value); } });
async function* generator() {
  try {
    yield 1;
    yield Promise.resolve(2);
    await 3;
    yield thenable(4);
  } finally {
    say('finally');
  }
  return 5;
}

const cases = {
  chain() {
    Promise.resolve(1).then((value) => say(value)).then(() => { throw new Error('thrown'); })
      .catch((error) => say(error.message)).finally(() => say('at last')).then(1, 2);
  },
  'async function'() {
    (async () => {
      say('runs at once');
      say(await 1);
      say(await Promise.resolve(2));
      say(await thenable(3));
      await new Promise(setImmediate);
      return Promise.resolve(4);
    })().then(say);
  },
  'async function that throws'() {
    (async () => {
      await Promise.reject(new Error('caught')).catch(() => {});
      try {
        await Promise.reject(new Error('caught'));
      } catch (error) {
        say(error.message);
      }
      throw new Error('thrown');
    })().catch((error) => say(error.message));
    (async () => { throw new Error('at once'); })().catch((error) => say(error.message));
  },
  'rejected'() {
    const promise = Promise.reject(1);
    promise.catch(say);
    new Promise((resolve, reject) => { setImmediate(reject, 2); }).catch(say);
    new Promise(() => { throw 3; }).catch(say);
  },
  'resolved with a promise'() {
    const late = new Promise((resolve) => setImmediate(resolve, 'late'));
    Promise.resolve().then(() => late).then(say);
    new Promise((resolve) => resolve(late)).then(say);
    Promise.resolve(late) === late && say('the same');
  },
  thenables() {
    new Promise((resolve) => resolve({ then() { throw 1; } })).catch(say);
    new Promise((resolve) => resolve({ get then() { throw 2; } })).catch(say);
    new Promise((resolve) => resolve({ then(done) { done(3); throw 4; } })).then(say);
    const self = new Promise((resolve) => setImmediate(() => resolve(self)));
    self.catch((error) => say(error.message));
  },
  'async generator'() {
    (async () => {
      for await (const value of generator()) say(value);
      for await (const value of generator()) if (value === 2) break;
      const early = generator();
      say((await early.return(6)).value);
      say((await early.next()).done);
      const failing = generator();
      await failing.next();
      await failing.throw(7).catch(say);
    })();
  },
  'for await over values'() {
    (async () => { for await (const value of [1, Promise.resolve(2)]) say(value); })();
  },
  'class of its own'() {
    class Mine extends Promise {
      constructor(executor) {
        super(executor);
        new Promise(() => {});
      }
    }
    Mine.resolve(1).then(say);
    new Mine((resolve) => resolve(Promise.resolve(2))).finally(() => say('finally'));
    Mine.all([3]);
  },
  'class with functions of its own'() {
    class Wrapping extends Promise {
      constructor(executor) {
        super((resolve, reject) => executor((value) => resolve(value), (reason) => reject(reason)));
      }
    }
    Wrapping.resolve(1).then(say).then(() => say('then'));
    (async () => { await Wrapping.reject(2); })().catch(say);
  },
  combinations() {
    Promise.all([1, Promise.resolve(2), new Promise((resolve) => setImmediate(resolve, 3))]).then(String).then(say);
    Promise.race([Promise.resolve(4), 5]).then(say);
    Promise.any([Promise.reject(6), 7]).then(say);
    Promise.allSettled([Promise.reject(8), 9]).then((all) => say(all.length));
    Promise.withResolvers().resolve(10);
    Promise.try(() => 11).then(say);
  },
  import() {
    import('node:path').then((path) => say(typeof path.join));
    import('node:nothing').catch((error) => say(error.code));
  },
};

/** Calls back when the loop has turned so often, without a promise. */
const turn = (times, callback) => setImmediate(() => (times > 1 ? turn(times - 1, callback) : callback()));

function record(run, callback) {
  lines = [];
  numbers = new Map();
  const stop = promiseHooks.createHook(hooks);
  run();
  turn(10, () => {
    stop();
    callback();
  });
}

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    await new Promise((resolve) => turn(1, () => record(run, resolve)));
    console.log(`${name}\n  ${lines.join('\n  ')}`);
  }

  // What a hook throws is an uncaught exception, and the promise goes on.
  process.once('uncaughtException', (error) => console.log('uncaught', error.message));
  const stop = promiseHooks.onSettled(() => { throw new Error('of a hook'); });
  Promise.resolve(1);
  stop();

  // Hooks come and go one by one; one that has gone is not called.
  const order = [];
  const stops = ['a', 'b', 'c'].map((name) => promiseHooks.onInit(() => order.push(name)));
  new Promise(() => {});
  stops[1]();
  new Promise(() => {});
  stops.forEach((each) => each());
  new Promise(() => {});
  console.log(order.join());

  // Promises of another context, too.
  const context = require('vm').createContext({ order });
  const stopInit = promiseHooks.onInit(() => order.push('there'));
  require('vm').runInContext('new Promise(() => {}); (async () => {})()', context);
  stopInit();
  console.log(order.join());

  // A promise that is settled once more: an event, later.
  process.on('multipleResolves', (type, promise, value) => console.log(type, value));
  await new Promise((resolve, reject) => { resolve('first'); resolve('second'); reject('third'); resolve('fourth'); });
  await new Promise((resolve) => { resolve(); throw 'thrown after'; });
  await Promise.race([1, Promise.resolve(2)]);
})();
