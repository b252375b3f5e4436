'use strict';
// Training: the language itself, a little of everything that programs do much of. The profile of this run decides which
// code of the interpreter shares a method; what is computed does not matter.

class Shape {
  #id;
  static made = 0;
  constructor(name) { this.name = name; this.#id = Shape.made++; }
  get id() { return this.#id; }
  area() { return 0; }
  toString() { return `${this.name}#${this.id}: ${this.area().toFixed(2)}`; }
}
class Circle extends Shape {
  constructor(r) { super('circle'); this.r = r; }
  area() { return Math.PI * this.r ** 2; }
}
class Rectangle extends Shape {
  constructor(w, h) { super('rectangle'); this.w = w; this.h = h; }
  area() { return this.w * this.h; }
}

function classes() {
  const shapes = [];
  for (let i = 0; i < 300; i++) shapes.push(i % 2 ? new Circle(i) : new Rectangle(i, i + 1));
  return shapes.map(String).join('\n').length + shapes.filter((s) => s instanceof Circle).length;
}

function prototypes() {
  function List() { this.head = null; this.length = 0; }
  List.prototype.push = function(value) { this.head = { value, next: this.head }; this.length++; return this; };
  List.prototype.each = function(f) { for (let n = this.head; n !== null; n = n.next) f.call(this, n.value); };
  const list = new List();
  for (let i = 0; i < 800; i++) list.push(i);
  let sum = 0;
  list.each(function(v) { sum += v; this.last = v; });
  return sum;
}

function objects() {
  let n = 0;
  for (let i = 0; i < 300; i++) {
    const o = { a: i, b: `x${i}`, ['c' + i % 7]: [i, i + 1], nested: { deep: { er: i } } };
    const { a, b, nested: { deep }, ...rest } = { ...o, extra: true };
    const [x, y = 3, ...others] = [a, undefined, 1, 2];
    for (const key in o) n += key.length;
    for (const [key, value] of Object.entries(rest)) n += key.length + String(value).length;
    delete o.a;
    n += x + y + others.length + b.length + deep.er + ('b' in o ? 1 : 0) + (o.missing?.thing ?? 2);
    Object.assign(o, { a: 1 }, Object.freeze({ z: 2 }));
    n += Object.keys(o).length + JSON.stringify(o).length;
  }
  return n;
}

function strings() {
  let text = '';
  for (let i = 0; i < 400; i++) text += 'word' + i + (i % 3 ? ' ' : ', ');
  const words = text.split(/[ ,]+/).filter(Boolean);
  let n = 0;
  for (const word of words) {
    n += word.charCodeAt(0) + word.indexOf('d') + word.slice(1, 3).length;
    if (word.startsWith('word1') || word.endsWith('9') || word.includes('33')) n += word.toUpperCase().length;
    n += word.replace(/\d+/, (d) => String(Number(d) * 2)).length + word.trim().padStart(10, '*').length;
  }
  for (let i = 0; i < text.length; i++) if (text[i] === 'w') n++;
  n += [...'h\u00e9llo w\u{1F600}rld'].length + 'a-b-c'.split('-').reverse().join('').length + parseInt('ff', 16);
  for (const match of text.matchAll(/word(?<number>\d)(\d*)/g)) n += Number(match.groups.number);
  return n + encodeURIComponent(text).length + words.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))[0].length;
}

function numbers() {
  let hash = 17, f = 0.1;
  for (let i = 0; i < 6000; i++) {
    hash = (hash * 31 + i) | 0;
    hash ^= hash >>> 7;
    f += i / (1 + (i & 15)) - Math.floor(f / 3);
    if (i % 3 === 0 && hash > 0) f = -f;
    else if (hash < -1000) f += Math.sqrt(Math.abs(f)) + Math.max(i, 3, 2);
  }
  let big = 1n;
  for (let i = 1n; i < 25n; i++) big *= i;
  return hash + f + Number(big % 1000n);
}

function arrays() {
  const grid = Array.from({ length: 30 }, (_, y) => Array.from({ length: 30 }, (_, x) => x * y));
  let n = 0;
  for (let step = 0; step < 3; step++)
    for (let y = 1; y < 29; y++)
      for (let x = 1; x < 29; x++) n += (grid[y][x] = (grid[y - 1][x] + grid[y + 1][x] + grid[y][x - 1] + grid[y][x + 1]) >> 2);
  const flat = grid.flat();
  flat.sort((a, b) => a - b);
  const queue = [1];
  while (queue.length && n < 1e9) { const v = queue.shift(); if (v < 300) queue.push(v * 2, v * 3); n += v; }
  n += flat.slice(10, 40).concat([1, 2]).reduce((a, b) => a + b, 0) + flat.indexOf(77) + flat.splice(3, 5).length;
  const bytes = new Uint8Array(3000), wide = new Float64Array(300);
  for (let i = 0; i < bytes.length; i++) bytes[i] = i * 7;
  for (let i = 0; i < wide.length; i++) wide[i] = bytes[i] / 3;
  return n + bytes[100] + wide[7];
}

function collections() {
  const map = new Map(), set = new Set(), weak = new WeakMap();
  for (let i = 0; i < 800; i++) {
    const key = i % 3 ? 'key' + i % 91 : { i };
    map.set(key, (map.get(key) ?? 0) + i);
    set.add(i % 77);
    if (typeof key === 'object') weak.set(key, i);
  }
  let n = 0;
  for (const [key, value] of map) n += typeof key === 'string' ? value : weak.get(key);
  set.forEach((v) => { n += v; });
  return n + [...set].length + (map.has('key5') ? 1 : 0) + new Set([...map.values()]).size;
}

function closures() {
  const counter = (start) => { let n = start; return { up: () => ++n, down: () => --n, get value() { return n; } }; };
  const all = [];
  for (let i = 0; i < 100; i++) all.push(counter(i));
  for (let r = 0; r < 8; r++) for (const c of all) { c.up(); c.up(); c.down(); }
  const memo = new Map();
  const ways = (n) => (n < 2 ? 1 : memo.get(n) ?? (memo.set(n, ways(n - 1) + ways(n - 2)), memo.get(n)));
  const curry = (f, ...a) => (...b) => f(...a, ...b);
  const add = curry(function() { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s; }, 1, 2);
  let n = 0;
  for (let i = 0; i < 200; i++) n += add(i, 4) + add.apply(null, [i]) + add.call(null, 1) + add.bind(null, 9)(i);
  return n + ways(60) + all.reduce((s, c) => s + c.value, 0);
}

function errors() {
  let n = 0;
  const risky = (i) => { if (i % 4 === 0) throw new TypeError(`bad ${i}`); if (i % 7 === 0) null.property; return i; };
  for (let i = 1; i < 300; i++) {
    try { n += risky(i); } catch (e) { n += e instanceof TypeError ? e.message.length : 1; } finally { n++; }
  }
  return n;
}

function* walk(tree) {
  if (!tree) return;
  yield* walk(tree.left);
  yield tree.value;
  yield* walk(tree.right);
}

function generators() {
  let root = null;
  const insert = (node, value) => {
    if (!node) return { value, left: null, right: null };
    if (value < node.value) node.left = insert(node.left, value);
    else node.right = insert(node.right, value);
    return node;
  };
  for (let i = 0, v = 7; i < 120; i++) root = insert(root, (v = (v * 57 + 11) % 1009));
  let n = 0;
  for (const value of walk(root)) n += value;
  const iterable = { * [Symbol.iterator]() { for (let i = 0; i < 50; i++) yield i; } };
  return n + Math.max(...iterable) + Array.from(iterable, (x) => x * 2).length;
}

function switches() {
  const program = [];
  for (let i = 0; i < 40; i++) program.push(['push', i], ['dup'], ['add'], i % 5 ? ['pop'] : ['swap']);
  let n = 0;
  for (let r = 0; r < 8; r++) {
    const stack = [1, 2];
    for (const [operation, operand] of program) {
      switch (operation) {
        case 'push': stack.push(operand); break;
        case 'dup': stack.push(stack[stack.length - 1]); break;
        case 'add': stack.push(stack.pop() + stack.pop()); break;
        case 'swap': { const a = stack.pop(), b = stack.pop(); stack.push(a, b); break; }
        case 'pop': n += stack.pop(); break;
        default: throw new Error(operation);
      }
      switch (stack.length & 3) { case 0: n++; break; case 1: n--; break; default: n += 2; }
    }
  }
  return n;
}

function json() {
  const rows = [];
  for (let i = 0; i < 120; i++) rows.push({ id: i, title: `row "${i}"`, price: i * 1.25, tags: ['x', null, true], at: { y: 2024, m: i % 12 } });
  const back = JSON.parse(JSON.stringify(rows, null, 2));
  return back.length + JSON.stringify(back, (k, v) => (k === 'tags' ? undefined : v)).length;
}

function reflection() {
  let n = 0;
  const proxy = new Proxy({ a: 1 }, { get: (t, k, r) => Reflect.get(t, k, r) ?? String(k), has: () => true, set: (t, k, v) => { t[k] = v; return true; } });
  for (let i = 0; i < 100; i++) { n += String(proxy['k' + i % 5]).length + (i in proxy); proxy.z = i; }
  for (let i = 0; i < 50; i++) {
    const o = Object.create({ base: 1 }, { p: { get() { return i; }, enumerable: true } });
    Object.defineProperty(o, 'q', { value: 2, writable: false });
    n += o.p + o.q + o.base + Object.getOwnPropertyNames(o).length + (Object.hasOwn(o, 'p') ? 1 : 0);
  }
  return n + new Date(2024, 1, 2).toISOString().length + Symbol.for('x').description.length;
}

async function promises() {
  const later = (v) => new Promise((resolve) => queueMicrotask(() => resolve(v)));
  let n = 0;
  for (let i = 0; i < 120; i++) n += await later(i);
  n += (await Promise.all([1, 2, 3].map(async (x) => (await later(x)) * 2))).length;
  async function* numbers() { for (let i = 0; i < 40; i++) yield await later(i); }
  for await (const v of numbers()) n += v;
  await Promise.reject(new Error('x')).catch(() => n++).finally(() => n++);
  return n;
}

(async () => {
  let n = 0;
  for (let round = 0; round < 4; round++) {
    for (const f of [classes, prototypes, objects, strings, numbers, arrays, collections, closures, errors, generators,
                     switches, json, reflection]) n += f();
    n += await promises();
  }
  console.log(`language: ${n}`);
})();
