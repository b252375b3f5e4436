// What stands between Java and WebAssembly in every isolate. Values cross in `box`, of 8 bytes each; the first slot holds
// numbers that say what is meant. Everything Java refers to has a number here, its place in `things`.
(box, host) => {
  'use strict';

  const i32 = new Int32Array(box);
  const i64 = new BigInt64Array(box);
  const f32 = new Float32Array(box);
  const f64 = new Float64Array(box);

  const things = [null];
  const numbers = new Map();
  const free = [];

  const numberOf = (thing) => {
    if (thing === null) return 0;
    let number = numbers.get(thing);
    if (number === undefined) {
      number = free.pop() ?? things.length;
      things[number] = thing;
      numbers.set(thing, number);
    }
    return number;
  };

  // ---- values in the box, by the letter of their type: i l f d, r a function, x an object of the host's (by its number)

  const load = {
    i: (slot) => `i32[${2 * slot}]`,
    l: (slot) => `i64[${slot}]`,
    f: (slot) => `f32[${2 * slot}]`,
    d: (slot) => `f64[${slot}]`,
    r: (slot) => `things[i32[${2 * slot}]]`,
    x: (slot) => `(i32[${2 * slot}] || null)`,
  };
  const store = {
    i: (slot, value) => `i32[${2 * slot}] = ${value};`,
    l: (slot, value) => `i64[${slot}] = ${value};`,
    f: (slot, value) => `f32[${2 * slot}] = ${value};`,
    d: (slot, value) => `f64[${slot}] = ${value};`,
    r: (slot, value) => `i32[${2 * slot}] = numberOf(${value});`,
    x: (slot, value) => `i32[${2 * slot}] = ${value} ?? 0;`,
  };
  const each = (types, separator, write) => Array.from(types, (type, k) => write(type, k)).join(separator);
  const loads = (types) => each(types, ', ', (type, k) => load[type](k + 1));
  const stores = (types, value) => each(types, ' ', (type, k) => store[type](k + 1, value(k)));

  // Functions are made from source, one for each signature, so that V8 optimises each for its types.
  const made = new Map();
  const make = (key, source) => {
    let maker = made.get(key);
    if (maker === undefined) {
      maker = new Function('i32, i64, f32, f64, things, numberOf, host, fail', `'use strict'; return ${source()};`)(
        i32, i64, f32, f64, things, numberOf, host, fail);
      made.set(key, maker);
    }
    return maker;
  };

  // What a guest imports: box[0] says which function of the host's it is, and is 0 when that returned.
  const importMaker = (parameters, results) => make(`import ${parameters}:${results}`, () => {
    const result = results.length === 0 ? '' : results.length === 1 ? `return ${loads(results)};` : `return [${loads(results)}];`;
    return `(number) => (${each(parameters, ', ', (_, k) => `a${k}`)}) => {
      ${stores(parameters, (k) => `a${k}`)}
      i32[0] = number; host(); if (i32[0] !== 0) fail();
      ${result}
    }`;
  });

  // What a guest exports.
  const exportMaker = (parameters, results) => make(`export ${parameters}:${results}`, () => {
    const call = `f(${loads(parameters)})`;
    if (results.length === 0) return `(f) => () => { ${call}; }`;
    if (results.length === 1) return `(f) => () => { ${stores(results, () => call)} }`;
    return `(f) => () => { const r = ${call}; ${stores(results, (k) => `r[${k}]`)} }`;
  });

  // ---- failures

  // A trap of a guest's own, which no handler of any guest's catches: (module (func (export "f") unreachable)).
  const stop = (() => {
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    try {
      new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports.f();
    } catch (trap) {
      return trap;
    }
  })();

  // Guests' exceptions on their way through the host.
  const exceptions = new Map();
  let lastException = 0;

  // Unwinds the guest: the host has thrown something, which Java keeps (1), or an exception of the guest's (2).
  const fail = () => {
    if (i32[0] === 1) throw stop;
    const exception = exceptions.get(i32[1]);
    exceptions.delete(i32[1]);
    throw exception;
  };

  const describe = (error) => {
    if (error === stop) return 'host';
    if (error instanceof WebAssembly.Exception) {
      exceptions.set(++lastException, error);
      return `exception ${lastException}`;
    }
    return `${error.name}\n${error.message}\n${error.stack}`;
  };
  Error.stackTraceLimit = 64;

  // ---- what Java calls

  const entries = [];
  const attempt = (action) => {
    try {
      return action();
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };

  return {
    // Calls the function box[0]. Undefined, or what went wrong.
    call() {
      try {
        entries[i32[0]]();
      } catch (error) {
        return describe(error);
      }
    },

    // Makes a function ready to be called.
    callable(number, parameters, results) {
      entries[number] = exportMaker(parameters, results)(things[number]);
    },

    // Parameters and results of a function nobody described, in letters, with a colon between.
    signature(number) {
      const letters = { i32: 'i', i64: 'l', f32: 'f', f64: 'd', v128: 'v', funcref: 'r', externref: 'x', exnref: 'e' };
      const type = things[number].type();
      return [type.parameters, type.results].map((types) => types.map((t) => letters[t] ?? '?').join('')).join(':');
    },

    // What is wrong with a module; empty if nothing is.
    problem(bytes) {
      if (WebAssembly.validate(bytes)) return '';
      try {
        new WebAssembly.Module(bytes);
      } catch (error) {
        return error.message.replace('WebAssembly.Module(): ', '');
      }
    },

    // Number, or what is wrong.
    compile(bytes) {
      return attempt(() => numberOf(new WebAssembly.Module(bytes)));
    },

    memory(initial, maximum, shared) {
      return attempt(() => numberOf(new WebAssembly.Memory({ initial, maximum, shared })));
    },
    buffer: (memory) => things[memory].buffer,
    pages: (memory) => things[memory].buffer.byteLength / 65536,
    grow(memory, delta) {
      try {
        return things[memory].grow(delta >>> 0);
      } catch {
        return -1;
      }
    },

    // `imports`: for each import `t` with the number of a thing, or `h` with number and signature of a function of the
    // host's. box[2] becomes the number of the exports.
    instantiate(module, imports) {
      const values = imports.split(' ').filter((word) => word !== '').map((word) => {
        const [kind, number, parameters, results] = word.split(':');
        return kind === 't' ? things[number] : importMaker(parameters, results)(Number(number));
      });
      try {
        i32[2] = numberOf(new WebAssembly.Instance(things[module], { '': values }).exports);
      } catch (error) {
        return describe(error);
      }
    },

    // The number of an export, 0 when there is none.
    exported: (exports, name) => numberOf(things[exports][name] ?? null),

    // A function of the host's as one that a table can hold.
    hostFunction(number, parameters, results) {
      const names = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', r: 'funcref', x: 'externref' };
      const types = (letters) => Array.from(letters, (letter) => names[letter]);
      const type = { parameters: types(parameters), results: types(results) };
      return numberOf(new WebAssembly.Function(type, importMaker(parameters, results)(number)));
    },

    // A function's index in its module, -1 for null.
    functionIndex: (number) => Number(things[number]?.name ?? -1),

    tableSize: (table) => things[table].length,
    tableGet(table, index, letter) {
      const element = things[table].get(index);
      return letter === 'r' ? numberOf(element) : element ?? 0;
    },
    tableSet(table, index, number, letter) {
      things[table].set(index, letter === 'r' ? things[number] : number || null);
    },
    // The indices of a table's functions in their module, -1 for null.
    tableFunctions(table) {
      const indices = [];
      for (let i = 0; i < things[table].length; i++) indices.push(things[table].get(i)?.name ?? -1);
      return indices.join();
    },

    // An immutable global of the host's, with the value in the box.
    constant(type, letter) {
      const value = make(`value ${letter}`, () => `() => ${load[letter](1)}`)();
      return numberOf(new WebAssembly.Global({ value: type }, value));
    },

    // Between a global and the box.
    globalGet: (global, letter) =>
      make(`get ${letter}`, () => `(g) => { ${store[letter](1, 'g.value')} }`)(things[global]),
    globalSet: (global, letter) =>
      make(`set ${letter}`, () => `(g) => { g.value = ${load[letter](1)}; }`)(things[global]),

    // Forgets things.
    release(list) {
      for (const word of list.split(' ')) {
        const number = Number(word);
        numbers.delete(things[number]);
        things[number] = entries[number] = undefined;
        free.push(number);
      }
    },

    forgetExceptions: () => exceptions.clear(),
  };
}
