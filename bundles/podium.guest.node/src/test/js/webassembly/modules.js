// Modules and instances in JavaScript: exports, imports, memories, tables, globals, traps, exceptions through instances.
'use strict';

// --- a little assembler

const leb = (n) => (n < 128 ? [n] : [n & 127 | 128, ...leb(n >>> 7)]);
const vector = (items) => [...leb(items.length), ...items.flat()];
const name = (text) => [...leb(Buffer.byteLength(text)), ...Buffer.from(text)];
const section = (id, items) => { const bytes = vector(items); return [id, ...leb(bytes.length), ...bytes]; };
const TYPES = { i: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c, r: 0x70, x: 0x6f };
const type = (text) => { const [p, r] = text.split(':'); return [0x60, ...vector([...p].map((t) => [TYPES[t]])), ...vector([...r].map((t) => [TYPES[t]]))]; };
const body = (...code) => { const bytes = [0, ...code, 0x0b]; return [...leb(bytes.length), ...bytes]; };
const assemble = (...sections) => new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()]);
const get = (n) => [0x20, n];

const show = (what, operation) => {
  try {
    console.log(what, operation());
  } catch (error) {
    console.log(what, '!', error?.constructor?.name ?? error, error?.message ?? '');
  }
};

// --- numbers of each type

const numbers = new WebAssembly.Instance(new WebAssembly.Module(assemble(
  section(1, [type('ii:i'), type('jj:j'), type('ff:f'), type('dd:d'), type(':ij'), type('ii:ii')]),
  section(3, [[0], [1], [2], [3], [0], [4], [5]]),
  section(7, [[...name('i'), 0, 0], [...name('j'), 0, 1], [...name('f'), 0, 2], [...name('d'), 0, 3],
    [...name('divide'), 0, 4], [...name('two'), 0, 5], [...name('swap'), 0, 6]]),
  section(10, [body(...get(0), ...get(1), 0x6a), body(...get(0), ...get(1), 0x7c), body(...get(0), ...get(1), 0x92),
    body(...get(0), ...get(1), 0xa0), body(...get(0), ...get(1), 0x6d), body(0x41, 5, 0x42, 6), body(...get(1), ...get(0))])))).exports;
show('exports', () => numbers);
show('tag', () => `${WebAssembly} ${Object.prototype.toString.call(numbers.i)}`);
show('i', () => [numbers.i(1, 2), numbers.i(2 ** 31, 2 ** 31), numbers.i('7', {valueOf: () => 1.9}), numbers.i()]);
show('j', () => [numbers.j(1n, 2n), numbers.j(2n ** 63n, -1n), numbers.j(true, '7')]);
show('j of a number', () => numbers.j(1, 2n));
show('f', () => [numbers.f(0.1, 0.2), numbers.f(1e300, 1)]);
show('d', () => [numbers.d(0.1, 0.2), numbers.d(NaN, 1)]);
show('divide by zero', () => numbers.divide(1, 0));
show('divide too far', () => numbers.divide(-(2 ** 31), -1));
show('two', () => numbers.two());
show('swap', () => numbers.swap(1, 2));
show('a function is itself', () => [numbers.i === numbers.i, numbers.i.name, numbers.i.length, typeof numbers.i.prototype]);
show('no constructor', () => new numbers.i());
show('frozen', () => [Object.isFrozen(numbers), Object.getPrototypeOf(numbers)]);

// --- imports, and what is thrown through an instance

const importing = new WebAssembly.Module(assemble(
  section(1, [type('i:i'), type(':'), type('x:x'), type(':ii')]),
  section(2, [[...name('env'), ...name('call'), 0, 0], [...name('env'), ...name('global'), 3, 0x7f, 0], [...name('env'), ...name('pair'), 0, 3]]),
  section(3, [[0], [1], [2], [0]]),
  section(7, [[...name('run'), 0, 2], [...name('trap'), 0, 3], [...name('same'), 0, 4], [...name('sum'), 0, 5]]),
  section(10, [body(...get(0), 0x10, 0, 0x23, 0, 0x6a), body(0x00), body(...get(0)), body(0x10, 1, 0x6a)])));
show('imports', () => WebAssembly.Module.imports(importing));
show('exports', () => WebAssembly.Module.exports(importing));
const env = { call: (n) => n * 2, global: 40, pair: () => [3, 4] };
const imported = new WebAssembly.Instance(importing, { env }).exports;
show('run', () => imported.run(1));
show('sum', () => imported.sum(0));
show('trap', () => imported.trap());
show('externs', () => [undefined, null, 1, 'text', env, Symbol.iterator].map((value) => imported.same(value) === value));
const thrower = new WebAssembly.Instance(importing, { env: { ...env, call() { throw new RangeError('from within'); } } }).exports;
show('thrown', () => thrower.run(1));
show('thrown again', () => thrower.run(1));
const deep = new WebAssembly.Instance(importing, { env: { ...env, call: (n) => (n === 0 ? 0 : deep.run(n - 1)) } }).exports;
show('nested', () => deep.run(50));
show('wrong pair', () => new WebAssembly.Instance(importing, { env: { ...env, pair: () => [1] } }).exports.sum(0));
show('no imports', () => new WebAssembly.Instance(importing));
show('no module', () => new WebAssembly.Instance(importing, {}));
show('no function', () => new WebAssembly.Instance(importing, { env: {} }));
show('no number', () => new WebAssembly.Instance(importing, { env: { ...env, global: 'x' } }));
show('no module at all', () => new WebAssembly.Instance({}, {}));

// --- memory

const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
const store = new WebAssembly.Instance(new WebAssembly.Module(assemble(
  section(1, [type('ii:'), type('i:i'), type('i:i')]),
  section(2, [[...name('env'), ...name('memory'), 2, 1, 1, 3]]),
  section(3, [[0], [1], [2]]),
  section(7, [[...name('put'), 0, 0], [...name('get'), 0, 1], [...name('grow'), 0, 2], [...name('memory'), 2, 0]]),
  section(10, [body(...get(0), ...get(1), 0x36, 2, 0), body(...get(0), 0x28, 2, 0), body(...get(0), 0x40, 0)]),
  section(11, [[0, 0x41, 8, 0x0b, ...vector([[104], [105]])]]))), { env: { memory } }).exports;
show('the same memory', () => store.memory === memory);
show('data', () => Buffer.from(memory.buffer, 8, 2).toString());
store.put(100, 0x12345678);
show('seen', () => new DataView(memory.buffer).getUint32(100, true).toString(16));
new Uint32Array(memory.buffer)[50] = 77;
show('seen within', () => store.get(200));
const before = memory.buffer;
show('grown within', () => [store.grow(1), before.byteLength, memory.buffer.byteLength, memory.buffer === memory.buffer]);
show('grown by JavaScript', () => [memory.grow(1), memory.buffer.byteLength, store.get(200)]);
show('grown too far', () => memory.grow(1));
show('grown too far within', () => store.grow(1));
show('beyond', () => store.get(3 * 65536));
show('beyond by a byte', () => store.get(3 * 65536 - 3));
show('negative', () => store.get(-1));
show('last', () => store.get(3 * 65536 - 4));
show('zeros', () => new Uint8Array(memory.buffer).reduce((sum, byte) => sum + byte, 0));
const left = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
for (let i = 0; i < 10; i++) new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer).fill(i + 1);
show('a buffer has its memory', () => left.reduce((sum, byte) => sum + byte, 0));
show('bad descriptors', () => [undefined, {}, { initial: -1 }, { initial: 2, maximum: 1 }].map((descriptor) => {
  try { return new WebAssembly.Memory(descriptor); } catch (error) { return error.constructor.name; }
}));
const shared = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
show('shared', () => [shared.buffer instanceof SharedArrayBuffer, shared.buffer.byteLength]);

// --- tables and globals

const table = new WebAssembly.Table({ element: 'anyfunc', initial: 3, maximum: 5 });
const indirect = new WebAssembly.Instance(new WebAssembly.Module(assemble(
  section(1, [type('i:i'), type(':'), type('ii:i')]),
  section(2, [[...name('env'), ...name('table'), 1, 0x70, 1, 3, 5]]),
  section(3, [[0], [0]]),
  section(7, [[...name('call'), 0, 0], [...name('add'), 0, 1], [...name('table'), 1, 0]]),
  section(9, [[0, 0x41, 0, 0x0b, ...vector([[1]])]]),
  section(10, [body(0x41, 5, ...get(0), 0x11, 0, 0), body(...get(0), 0x41, 1, 0x6a)]))), { env: { table } }).exports;
show('element', () => [table.get(0) === indirect.add, table.get(1), table.length, indirect.table === table]);
show('called', () => indirect.call(0));
show('null', () => indirect.call(1));
show('none', () => indirect.call(7));
table.set(1, numbers.i);
show('wrong type', () => indirect.call(1));
table.set(2, indirect.add);
show('set', () => indirect.call(2));
show('no function', () => table.set(0, () => 1));
show('no element', () => table.get(3));
show('table grown', () => [table.grow(2), table.length, table.get(4)]);
show('grown too far', () => table.grow(1));
const things = new WebAssembly.Table({ element: 'externref', initial: 1 }, 'value');
things.grow(1, env);
show('things', () => [things.get(0), things.get(1) === env, things.length]);

const global = new WebAssembly.Global({ value: 'i32', mutable: true }, 42);
const counter = new WebAssembly.Instance(new WebAssembly.Module(assemble(
  section(1, [type(':i')]),
  section(2, [[...name('env'), ...name('global'), 3, 0x7f, 1]]),
  section(3, [[0]]),
  section(6, [[0x7e, 0, 0x42, 9, 0x0b], [0x7c, 1, 0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x0b]]),
  section(7, [[...name('next'), 0, 0], [...name('nine'), 3, 1], [...name('half'), 3, 2], [...name('global'), 3, 0]]),
  section(10, [body(0x23, 0, 0x41, 1, 0x6a, 0x24, 0, 0x23, 0)]))), { env: { global } }).exports;
show('next', () => [counter.next(), global.value, counter.global === global]);
global.value = 7;
show('set', () => [counter.next(), global.valueOf()]);
show('others', () => [counter.nine.value, counter.half.value]);
show('immutable', () => { counter.nine.value = 1n; });
counter.half.value = 2.5;
show('mutable', () => counter.half.value);
show('strange', () => new WebAssembly.Global({ value: 'i31' }));

// --- what is no module

show('no magic', () => new WebAssembly.Module(Buffer.from('<html>')));
show('no version', () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 2, 0, 0, 0])));
show('empty', () => new WebAssembly.Module(new Uint8Array()));
show('no bytes', () => new WebAssembly.Module('text'));
show('validate', () => [WebAssembly.validate(assemble()), WebAssembly.validate(new Uint8Array(8)), WebAssembly.validate(assemble([1, 200]))]);
const custom = new WebAssembly.Module(assemble([0, 5, 1, 97, 1, 2, 3], [0, 3, 1, 97, 9]));
show('custom sections', () => WebAssembly.Module.customSections(custom, 'a').map((bytes) => [...new Uint8Array(bytes)]));
show('start', () => new WebAssembly.Instance(new WebAssembly.Module(assemble(
  section(1, [type(':')]), section(3, [[0]]), [8, 1, 0], section(10, [body(0x00)])))).exports);
// What is beside the message differs: V8 tells which segment.
const beyond = (operation) => { try { operation(); } catch (error) { return error instanceof WebAssembly.RuntimeError; } };
show('segment', () => beyond(() => new WebAssembly.Instance(new WebAssembly.Module(assemble(
  section(5, [[0, 1]]), section(11, [[0, 0x41, 0x7f, 0x0b, ...vector([[1]])]]))))));

show('errors', () => [WebAssembly.RuntimeError, WebAssembly.CompileError, WebAssembly.LinkError].map((Class) => {
  const [made, called] = [new Class('made'), Class('called', { cause: 1 })];
  return [`${made}`, `${called}`, called.cause, called instanceof Class, made instanceof Error, Class.name, Class.length,
          Object.getPrototypeOf(Class) === Error, Object.keys(made), made.stack.split('\n')[0]];
}));
show('a class of its', () => new class Mine extends WebAssembly.RuntimeError {}('text') instanceof WebAssembly.RuntimeError);

// --- promises

(async () => {
  const bytes = assemble(section(1, [type(':i')]), section(3, [[0]]), section(7, [[...name('f'), 0, 0]]), section(10, [body(0x41, 3)]));
  const { module, instance } = await WebAssembly.instantiate(bytes);
  show('instantiate', () => [module, instance, instance.exports.f()]);
  show('of a module', () => module instanceof WebAssembly.Module);
  console.log((await WebAssembly.instantiate(module)).exports.f());
  console.log(await WebAssembly.compile(bytes));
  for (const operation of [() => WebAssembly.compile(new Uint8Array(4)), () => WebAssembly.instantiate(importing),
                           () => WebAssembly.instantiate('x'), () => WebAssembly.instantiate(importing, 7)])
    await operation().catch((error) => console.log(error.constructor.name, error.message));
  const answer = new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
  show('streamed', () => typeof answer);
  console.log((await WebAssembly.instantiateStreaming(answer)).instance.exports.f());
  await WebAssembly.compileStreaming(new Response(bytes)).catch((error) => console.log(error.name, error.code, error.message));
})();
