// Stacks and messages in V8's form.
function show(f) {
  try {
    f();
  } catch (e) {
    console.log(`${e.name}: ${e.message}`);
    console.log(e.stack.split('\n').slice(0, 3).join('\n'));
  }
}
class Base { method() { throw new Error('in method'); } static make() { return new this(); } }
class Derived extends Base { constructor() { super(); this.fail(); } fail() { throw new TypeError('in constructor'); } }
show(() => new Base().method());
show(() => new Derived());
show(() => Derived.make());
show(() => undefinedName);
show(() => { const o = { a: {} }; o.a.b.c(); });
show(() => { const o = { a: {} }; o.a.b(); });
show(() => { let f = 3; f(); });
show(() => { new (class A { constructor() { null.foo; } })(); });
show(() => { tdz; let tdz = 1; });
show(() => [1].map((x) => x.y.z));
show(() => JSON.parse('{"a":}'));
show(() => [].reduce((a) => a));
show(() => new (() => {})());
const o = {}; Error.captureStackTrace(o);
console.log(typeof o.stack, o.stack.split('\n').length > 1);
function outer() { inner(); }
function inner() { const e = {}; Error.captureStackTrace(e, outer); console.log(e.stack.includes('inner'), e.stack.includes('outer')); }
outer();
const saved = Error.prepareStackTrace;
Error.prepareStackTrace = (e, sites) => sites.map((s) => [s.getFunctionName(), s.getLineNumber(), s.getColumnNumber(), s.getTypeName(), s.isConstructor(), s.isToplevel(), s.isNative(), s.isEval()].join());
console.log(new Error('sites').stack.slice(0, 1));
(function named() { console.log(new Error('sites').stack.slice(0, 2)); })();
Error.prepareStackTrace = saved;
Error.stackTraceLimit = 1;
console.log(new Error('limited').stack.split('\n').length);
Error.stackTraceLimit = 0;
console.log(new Error('none').stack);
console.log(Object.getOwnPropertyDescriptor(new Error('d'), 'stack') !== undefined);
