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

  // ---- values in the box, by the letter of their type: i l f d, r a function, x an object of the host's (by its number);
  // v, a vector, is two l, the low half first

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

  // ---- vectors: JavaScript has none, so where types have v, a module of ours stands between that has two i64 for each

  const codes = { i: 0x7f, l: 0x7e, f: 0x7d, d: 0x7c, v: 0x7b, r: 0x70, x: 0x6f };
  const hasVectors = (types) => types.includes('v');
  const lowered = (types) => types.replaceAll('v', 'll');

  const u32 = (value) => (value > 127 ? [(value & 127) | 128, ...u32(value >>> 7)] : [value]);
  const sized = (content) => [...u32(content.length), ...content];
  const list = (entries) => [...u32(entries.length), ...entries.flat()];
  const section = (id, entries) => [id, ...sized(list(entries))];
  const text = (string) => sized(Array.from(string, (c) => c.charCodeAt(0)));
  const functionType = (parameters, results) => [0x60, ...[parameters, results].flatMap((t) => list(Array.from(t, (c) => codes[c])))];
  const get = (local) => [0x20, ...u32(local)];
  const set = (local) => [0x21, ...u32(local)];
  const lane = (local, k) => [...get(local), 0xfd, 0x1d, k]; // i64x2.extract_lane
  const vector = (low, high) => [...get(low), 0xfd, 0x12, ...get(high), 0xfd, 0x1e, 1]; // i64x2.splat, .replace_lane 1
  const moduleOf = (...sections) => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()]));

  // Puts locals, from the first on, on the stack: vectors as halves, or halves as vectors.
  const convert = (types, toHalves, first) => {
    let local = first;
    return Array.from(types).flatMap((type) => {
      if (type !== 'v') return get(local++);
      if (toHalves) return [...lane(local, 0), ...lane(local++, 1)];
      local += 2;
      return vector(local - 2, local - 1);
    });
  };

  // A function with vectors (`outwards`, for JavaScript) as one with halves, or the other way round.
  const adapterSource = (parameters, results, outwards) => {
    const side = (vectors) => (vectors ? [parameters, results] : [lowered(parameters), lowered(results)]);
    const [inner, outer] = [side(outwards), side(!outwards)];
    const kept = Array.from(inner[1], (_, k) => outer[0].length + k);
    const body = [
      ...list(Array.from(inner[1], (type) => [1, codes[type]])),
      ...convert(parameters, !outwards, 0), 0x10, 0,
      ...kept.toReversed().flatMap(set), ...convert(results, outwards, outer[0].length), 0x0b];
    return moduleOf(
      section(1, [functionType(...inner), functionType(...outer)]), section(2, [[...text(''), ...text('0'), 0, 0]]),
      section(3, [[1]]), section(7, [[...text('f'), 0, 1]]), section(10, [sized(body)]),
      [0, ...sized([...text('name'), 1, ...sized(list([[1, ...text('v128')]]))])]); // left out of the frames of traps
  };
  const adapters = new Map();
  const adapted = (f, parameters, results, outwards) => {
    const key = `${outwards} ${parameters}:${results}`;
    if (!adapters.has(key)) adapters.set(key, adapterSource(parameters, results, outwards));
    return new WebAssembly.Instance(adapters.get(key), { '': [f] }).exports.f;
  };

  // Functions that get and set a global of vectors: `get` gives the halves, `set` takes them.
  const accessors = new WeakMap();
  const accessor = (global) => {
    if (!accessors.has(global)) {
      const mutable = global.type().mutable;
      const bodies = [[0, 0x23, 0, 0xfd, 0x1d, 0, 0x23, 0, 0xfd, 0x1d, 1, 0x0b]];
      if (mutable) bodies.push([0, ...vector(0, 1), 0x24, 0, 0x0b]);
      const names = ['get', 'set'].slice(0, bodies.length);
      const module = moduleOf(
        section(1, [functionType('', 'll'), functionType('ll', '')]),
        section(2, [[...text(''), ...text('0'), 3, codes.v, mutable ? 1 : 0]]), section(3, names.map((_, k) => [k])),
        section(7, names.map((name, k) => [...text(name), 0, k])), section(10, bodies.map(sized)));
      accessors.set(global, new WebAssembly.Instance(module, { '': [global] }).exports);
    }
    return accessors.get(global);
  };
  // An immutable global with the vector in the box.
  const vectorConstant = () => new WebAssembly.Instance(moduleOf(
    section(6, [[codes.v, 0, 0xfd, 0x0c, ...new Uint8Array(box, 8, 16), 0x0b]]), section(7, [[...text('g'), 3, 0]]))).exports.g;

  // ---- functions

  // What a guest imports: box[0] says which function of the host's it is, and is 0 when that returned.
  const numberImportMaker = (parameters, results) => make(`import ${parameters}:${results}`, () => {
    const result = results.length === 0 ? '' : results.length === 1 ? `return ${loads(results)};` : `return [${loads(results)}];`;
    return `(number) => (${each(parameters, ', ', (_, k) => `a${k}`)}) => {
      ${stores(parameters, (k) => `a${k}`)}
      i32[0] = number; host(); if (i32[0] !== 0) fail();
      ${result}
    }`;
  });

  const importMaker = (parameters, results) => {
    if (!hasVectors(parameters + results)) return numberImportMaker(parameters, results);
    const maker = numberImportMaker(lowered(parameters), lowered(results));
    return (number) => adapted(maker(number), parameters, results, false);
  };

  // What a guest exports.
  const numberExportMaker = (parameters, results) => make(`export ${parameters}:${results}`, () => {
    const call = `f(${loads(parameters)})`;
    if (results.length === 0) return `(f) => () => { ${call}; }`;
    if (results.length === 1) return `(f) => () => { ${stores(results, () => call)} }`;
    return `(f) => () => { const r = ${call}; ${stores(results, (k) => `r[${k}]`)} }`;
  });

  const exportMaker = (parameters, results) => {
    if (!hasVectors(parameters + results)) return numberExportMaker(parameters, results);
    const maker = numberExportMaker(lowered(parameters), lowered(results));
    return (f) => maker(adapted(f, parameters, results, true));
  };

  // WebAssembly names a function by its index; those of adapters have another one where they are imported.
  const indices = new WeakMap();
  const indexOf = (f) => (f ? Number(indices.get(f) ?? f.name) : -1);
  const foreign = (f) => (indices.set(f, -2), f);

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

    // `imports`: for each import `t` with the number of a thing, or `h` with number, signature and index of a function of
    // the host's. box[2] becomes the number of the exports.
    instantiate(module, imports) {
      const values = imports.split(' ').filter((word) => word !== '').map((word) => {
        const [kind, number, parameters, results, index] = word.split(':');
        if (kind === 't') return things[number];
        const host = importMaker(parameters, results)(Number(number));
        if (hasVectors(parameters + results)) indices.set(host, index);
        return host;
      });
      try {
        i32[2] = numberOf(new WebAssembly.Instance(things[module], { '': values }).exports);
      } catch (error) {
        return describe(error);
      }
    },

    // Fuel: the guest calls the host's function of that number for its next slice.
    meter(exports, number) {
      const type = { parameters: ['i32'], results: ['i32'] };
      things[exports].r.value = new WebAssembly.Function(type, importMaker('i', 'i')(number));
    },
    // What is left of the slice, which is taken.
    unusedFuel(exports) {
      const left = things[exports].u.value;
      things[exports].u.value = 0;
      return left;
    },

    // The number of an export, 0 when there is none.
    exported: (exports, name) => numberOf(things[exports][name] ?? null),

    // A function of the host's as one that a table can hold.
    hostFunction(number, parameters, results) {
      const host = importMaker(parameters, results)(number);
      if (hasVectors(parameters + results)) return numberOf(foreign(host));
      const names = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', r: 'funcref', x: 'externref' };
      const types = (letters) => Array.from(letters, (letter) => names[letter]);
      const type = { parameters: types(parameters), results: types(results) };
      return numberOf(foreign(new WebAssembly.Function(type, host)));
    },

    // A function's index in its module, -1 for null, -2 if it is of no module.
    functionIndex: (number) => indexOf(things[number]),

    tableSize: (table) => things[table].length,
    tableGet(table, index, letter) {
      const element = things[table].get(index);
      return letter === 'r' ? numberOf(element) : element ?? 0;
    },
    tableSet(table, index, number, letter) {
      things[table].set(index, letter === 'r' ? things[number] : number || null);
    },
    tableGrow(table, delta, number, letter) {
      try {
        return things[table].grow(delta, letter === 'r' ? things[number] : number || null);
      } catch {
        return -1;
      }
    },
    // The same of all of a table's functions.
    tableFunctions(table) {
      const all = [];
      for (let i = 0; i < things[table].length; i++) all.push(indexOf(things[table].get(i)));
      return all.join();
    },

    // An immutable global of the host's, with the value in the box.
    constant(type, letter) {
      if (letter === 'v') return numberOf(vectorConstant());
      const value = make(`value ${letter}`, () => `() => ${load[letter](1)}`)();
      return numberOf(new WebAssembly.Global({ value: type }, value));
    },

    // Between a global and the box.
    globalGet(global, letter) {
      if (letter === 'v') [i64[1], i64[2]] = accessor(things[global]).get();
      else make(`get ${letter}`, () => `(g) => { ${store[letter](1, 'g.value')} }`)(things[global]);
    },
    globalSet(global, letter) {
      if (letter === 'v') accessor(things[global]).set(i64[1], i64[2]);
      else make(`set ${letter}`, () => `(g) => { g.value = ${load[letter](1)}; }`)(things[global]);
    },

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
