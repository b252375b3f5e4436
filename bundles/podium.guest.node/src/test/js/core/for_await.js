// `for await`: when the iterator is closed, that is awaited; what it throws then.
(async () => {
  const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: async () => { console.log('return'); throw new Error('from return'); } }; } };
  try { for await (const x of it) throw new Error('body'); } catch (e) { console.log(1, e.message); }
  try { for await (const x of it) break; } catch (e) { console.log(2, e.message); }
  const it2 = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return() { console.log('return'); throw new Error('sync return'); } }; } };
  try { for await (const x of it2) throw new Error('body'); } catch (e) { console.log(3, e.message); }
  const f = async () => { for await (const x of it) return 5; };
  await f().catch((e) => console.log(4, e.message));
  const g = async function* () { for await (const x of it) yield 5; };
  const gi = g(); await gi.next(); await gi.return().catch((e) => console.log(5, e.message));
  const gj = g(); await gj.next(); await gj.throw(new Error('thrown in')).catch((e) => console.log('5b', e.message));
  let waited = false;
  const it3 = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: () => new Promise((r) => setTimeout(() => { waited = true; r({}); }, 5)) }; } };
  try { for await (const x of it3) throw new Error('body'); } catch (e) { console.log(6, e.message, waited); }
  waited = false; for await (const x of it3) break; console.log(7, waited);
  for (const next of [() => { throw new Error('next throws'); }, async () => { throw new Error('next rejects'); }, () => ({ get done() { throw new Error('done throws'); } }), () => ({ done: false, get value() { throw new Error('value throws'); } })])
    try { for await (const x of { [Symbol.asyncIterator]: () => ({ next, return() { console.log('closed'); return {}; } }) }) console.log('body'); } catch (e) { console.log(8, e.message); }
  for (const none of [undefined, null]) try { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({}), return: none }) }) throw new Error('body'); } catch (e) { console.log(9, e.message); }
  try { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({}), get return() { throw new Error('getter'); } }) }) throw new Error('body'); } catch (e) { console.log(10, e.message); }
  try { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({}), return: 5 }) }) throw new Error('body'); } catch (e) { console.log(11, e.message); }
  outer: for await (const a of [1, 2]) { for await (const b of it3) { if (a === 1) continue outer; break outer; } }
  console.log(12, waited);
  try { for await (const a of [1]) for await (const b of it3) try { throw new Error('inner'); } finally { console.log('finally'); } } catch (e) { console.log(13, e.message); }
  for await (const { a = (() => { throw new Error('pattern'); })() } of it3) ; 
})().catch((e) => console.log(14, e.message)).then(async () => {
  const fns = []; for await (const i of [1, 2, 3]) fns.push(() => i); console.log(fns.map((f) => f()).join());
  async function* nested() { for await (const x of [1, 2]) for await (const y of [3, 4]) { try { yield x * y; } catch (e) { console.log('got', e); } } }
  const n = nested(); await n.next(); console.log(await n.throw('t'), await n.return(9), await n.next());
  const e = eval('(async () => { for await (const x of [1]) { eval("x"); throw new Error("ev"); } })'); await e().catch((x) => console.log(x.message, x.stack.split('\n').length > 1));
  const o = { async *[Symbol.asyncIterator]() { try { yield 1; } finally { await null; console.log('generator closed'); } } };
  try { for await (const x of o) throw new Error('last'); } catch (x) { console.log(x.message); }
  for (let i = 0; i < 3; i++) try { for await (const x of o) { if (i === 1) continue; if (i === 2) break; throw i; } } catch (x) { console.log('caught', x); }
});
