'use strict';
// JavaScript's WebAssembly (JavaScript API and Web API specifications) over the kernel's modules and instances, which binding
// webassembly makes and calls by handle. Objects keep alive what theirs depend on: a function its instance, an instance its imports.

const {
  ArrayBufferIsView, ArrayFrom, ArrayPrototypePush, ErrorCaptureStackTrace, ObjectCreate, ObjectDefineProperty, ObjectFreeze,
  ObjectSetPrototypeOf, Promise, PromisePrototypeThen, RangeError, ReflectConstruct,
  SafeFinalizationRegistry, SafeMap, SafeWeakMap, SafeWeakRef, Symbol, SymbolToStringTag, TypeError,
} = primordials;
const { webassembly: native } = exports;
delete exports.webassembly;
if (native === undefined) return; // no kernel below
const { ArrayBuffer, Int32Array, SharedArrayBuffer, Uint8Array } = globalThis;

const LETTERS = { __proto__: null, i32: 'i', i64: 'j', f32: 'f', f64: 'd', v128: 'v', anyfunc: 'r', funcref: 'r', externref: 'x', exnref: 'e' };
const MOST_PAGES = 65_536;
const MOST_ELEMENTS = 10_000_000;

// --- errors

// As the language's own errors are: made with or without `new`.
function makeError(name) {
  function NativeError(message) { // eslint-disable-line no-unused-vars
    const error = ReflectConstruct(Error, arguments, new.target ?? NativeError);
    ErrorCaptureStackTrace(error, NativeError);
    return error;
  }
  const hidden = { __proto__: null, writable: true, enumerable: false, configurable: true };
  ObjectDefineProperty(NativeError, 'name', { __proto__: null, value: name, configurable: true });
  ObjectSetPrototypeOf(NativeError, Error);
  const prototype = ObjectCreate(Error.prototype, {
    constructor: { ...hidden, value: NativeError },
    name: { ...hidden, value: name },
    message: { ...hidden, value: '' },
  });
  ObjectDefineProperty(NativeError, 'prototype', { __proto__: null, value: prototype, writable: false });
  return NativeError;
}
const CompileError = makeError('CompileError');
const LinkError = makeError('LinkError');
const RuntimeError = makeError('RuntimeError');

// What V8 calls what the kernel calls by the specification's words.
const TRAPS = {
  '__proto__': null,
  'unreachable code reached': 'unreachable',
  'out of bounds memory access': 'memory access out of bounds',
  'out of bounds table access': 'table index is out of bounds',
  'undefined element': 'table index is out of bounds',
  'uninitialized element': 'null function or function signature mismatch',
  'indirect call type mismatch': 'null function or function signature mismatch',
  'integer divide by zero': 'divide by zero',
  'integer overflow': 'divide result unrepresentable',
  'invalid conversion to integer': 'float unrepresentable in integer range',
  'unaligned atomic': 'operation does not support unaligned accesses',
};
const ENOEXEC = 8, ENOMEM = 12, EINVAL = 22, ENOSYS = 38, EOVERFLOW = 75;

let doing = 'WebAssembly'; // the operation that a message names

function failed(errno, text) {
  switch (errno) {
    case ENOEXEC: return new CompileError(`${doing}: ${text}`);
    case EINVAL: return new LinkError(`${doing}: ${text}`);
    case ENOMEM: return new RangeError(`${doing}: Out of memory: ${text || 'Cannot allocate Wasm memory for new instance'}`);
    case EOVERFLOW: return new RangeError('Maximum call stack size exceeded');
    case ENOSYS: return new RuntimeError(`${doing}: the host has no WebAssembly for programs (its bundle podium.syscall.webassembly, on an engine with windows)`);
    default: return new RuntimeError(TRAPS[text] ?? (text || `error ${errno}`));
  }
}

// --- what lives how long

const ended = new SafeFinalizationRegistry((handle) => native.release(handle));
const importEnded = new SafeFinalizationRegistry((number) => native.functionFree(number));
function owned(object, handle) {
  ended.register(object, handle);
  return handle;
}

// --- references: functions by their handles, all else by numbers of ours

const functionHandles = new SafeWeakMap(); // exported function -> handle
const functions = new SafeMap(); // handle -> weak reference to the exported function
const values = []; // number - 1 -> value
const numbers = new SafeMap();

function handleOf(value) {
  if (value === null) return 0;
  const handle = typeof value === 'function' ? functionHandles.get(value) : undefined;
  if (handle === undefined) throw new TypeError('WebAssembly objects are opaque: function-typed object expected');
  return handle;
}

// `index` in its module, which is its name.
function functionOf(handle, owner, index = handle) {
  if (handle === 0) return null;
  const known = functions.get(handle)?.deref();
  if (known !== undefined) return known;
  const made = native.exported(handle, native.type(handle), owner);
  ObjectDefineProperty(made, 'name', { __proto__: null, value: `${index}`, configurable: true });
  functionHandles.set(made, handle);
  functions.set(handle, new SafeWeakRef(made));
  return made;
}

function numberOf(value) {
  if (value === null) return 0;
  let number = numbers.get(value);
  if (number === undefined) {
    number = values.length + 1;
    ArrayPrototypePush(values, value);
    numbers.set(value, number);
  }
  return number;
}

const valueOf = (number) => (number === 0 ? null : values[number - 1]);

function list(iterable, count) {
  const all = ArrayFrom(iterable);
  if (all.length !== count) throw new TypeError('multi-return length mismatch');
  return all;
}

// --- memories whose buffers may have to go

const memories = new SafeMap(); // handle -> weak reference to the Memory
let dropBuffer; // of class Memory
const buffersOf = new SafeWeakMap(); // buffer -> Memory, which has its bytes

function refresh() {
  for (const { 0: handle, 1: reference } of memories) {
    const memory = reference.deref();
    if (memory === undefined) memories.delete(handle);
    else dropBuffer(memory);
  }
}

native.setHooks({ __proto__: null, failed, handleOf, functionOf, numberOf, valueOf, list, refresh });

// --- arguments

function bytesOf(source, what) {
  if (ArrayBufferIsView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer) return new Uint8Array(source);
  throw new TypeError(`${what}: Argument 0 must be a buffer source`);
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// [EnforceRange] unsigned long
function count(value, what, name, most) {
  const number = +value;
  if (!(number > -1 && number <= 0xffff_ffff))
    throw new TypeError(`${what}: Property '${name}': value ${value} is ${number > 0 ? 'above the upper bound' : number < 0 ? 'below the lower bound' : 'not a number'}`);
  const whole = number - number % 1 + 0;
  if (whole > most) throw new TypeError(`${what}: Property '${name}': value ${whole} is above the upper bound`);
  return whole;
}

function limits(descriptor, what, most) {
  const initial = descriptor.initial ?? descriptor.minimum;
  if (initial === undefined) throw new TypeError(`${what}: Property 'initial' is required`);
  const minimum = count(initial, what, 'initial', most);
  if (descriptor.maximum === undefined) return { minimum, maximum: -1 };
  const maximum = count(descriptor.maximum, what, 'maximum', 0xffff_ffff);
  if (maximum < minimum)
    throw new RangeError(`${what}: Property 'maximum': value ${maximum} is below the lower bound ${minimum}`);
  return { minimum, maximum };
}

function letterOf(type, what, name) {
  const letter = LETTERS[`${type}`];
  if (letter === undefined) throw new TypeError(`${what}: ${name} must be a WebAssembly type`);
  return letter;
}

function tag(Class, name) {
  ObjectDefineProperty(Class.prototype, SymbolToStringTag, { __proto__: null, value: `WebAssembly.${name}`, configurable: true });
  for (const key of Reflect.ownKeys(Class.prototype)) {
    const property = Reflect.getOwnPropertyDescriptor(Class.prototype, key);
    if (key === 'constructor' || key === SymbolToStringTag) continue;
    property.enumerable = true;
    ObjectDefineProperty(Class.prototype, key, property);
  }
}

// --- Module

const internal = Symbol('internal');
let moduleOf; // its handle and description; of class Module

const CUSTOM = 0, EXPORT = 7;

// Of a valid module: its custom sections, and the indices of its exports.
function readSections(bytes) {
  const sections = [];
  const indices = [];
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = number();
    const end = at + size;
    if (id === EXPORT) {
      for (let n = number(); n > 0; n--) {
        const length = number();
        at += length + 1; // name and kind
        ArrayPrototypePush(indices, number());
      }
    } else if (id === CUSTOM) {
      const length = number();
      const name = decodeText(bytes.subarray(at, at + length));
      ArrayPrototypePush(sections, { name, bytes: bytes.slice(at + length, end) });
    }
    at = end;
  }
  return { sections, indices };
}

let decoder;
function decodeText(bytes) {
  decoder ??= new (globalThis.TextDecoder)('utf-8');
  return decoder.decode(bytes);
}

class Module {
  #handle;
  #described;
  #sections;

  constructor(source) {
    const what = doing === 'WebAssembly' ? 'WebAssembly.Module()' : doing;
    const bytes = bytesOf(source, what).slice();
    if (bytes.length === 0) throw new CompileError(`${what}: BufferSource argument is empty`);
    checkMagic(bytes, what);
    this.#handle = owned(this, during(what, () => native.module(bytes)));
    this.#described = native.describe(this.#handle);
    this.#sections = readSections(bytes);
  }

  static imports(module) {
    return moduleOf(module, 'WebAssembly.Module.imports()').described.imports.map(
      ({ 0: from, 1: name, 2: kind }) => ({ module: from, name, kind }));
  }

  static exports(module) {
    return moduleOf(module, 'WebAssembly.Module.exports()').described.exports.map(({ 0: name, 1: kind }) => ({ name, kind }));
  }

  static customSections(module, name) {
    const { sections } = moduleOf(module, 'WebAssembly.Module.customSections()');
    if (name === undefined)
      throw new TypeError('WebAssembly.Module.customSections(): Argument 1 is required');
    const wanted = `${name}`;
    return sections.filter((section) => section.name === wanted).map((section) => section.bytes.slice().buffer);
  }

  static {
    moduleOf = (module, what) => {
      if (!isObject(module) || !(#handle in module)) throw new TypeError(`${what}: Argument 0 must be a WebAssembly.Module`);
      return { handle: module.#handle, described: module.#described, ...module.#sections };
    };
    tag(Module, 'Module');
  }
}

function during(what, operation) {
  const before = doing;
  doing = what;
  try {
    return operation();
  } finally {
    doing = before;
  }
}

const hex = (bytes, from, to) => ArrayFrom(bytes.subarray(from, to), (byte) => byte.toString(16).padStart(2, '0')).join(' ');

// As V8 says it: what programs meet when a download went wrong.
function checkMagic(bytes, what) {
  const expect = (name, from, wanted) => {
    const found = hex(bytes, from, from + 4);
    if (found === wanted) return;
    if (bytes.length < from + 4)
      throw new CompileError(`${what}: expected 4 bytes, fell off end @+${from}`);
    throw new CompileError(`${what}: expected ${name} ${wanted}, found ${found} @+${from}`);
  };
  expect('magic word', 0, '00 61 73 6d');
  expect('version', 4, '01 00 00 00');
}

// --- Memory

let memoryHandle, wrapMemory;

class Memory {
  #handle;
  #shared;
  #buffer;

  constructor(descriptor, made, shared) {
    if (descriptor === internal) {
      this.#handle = made;
      this.#shared = shared;
    } else {
      const what = 'WebAssembly.Memory()';
      if (!isObject(descriptor)) throw new TypeError(`${what}: Argument 0 must be a memory descriptor`);
      const { minimum, maximum } = limits(descriptor, what, MOST_PAGES);
      this.#shared = !!descriptor.shared;
      if (this.#shared && maximum < 0) throw new TypeError(`${what}: If shared is true, maximum property should be specified.`);
      this.#handle = during(what, () =>
        native.memory(minimum, maximum < 0 || maximum > MOST_PAGES ? MOST_PAGES : maximum, this.#shared));
    }
    owned(this, this.#handle);
    memories.set(this.#handle, new SafeWeakRef(this));
  }

  grow(delta) {
    const what = 'WebAssembly.Memory.grow()';
    const pages = count(delta, what, 'Argument 0', 0xffff_ffff);
    const before = native.memoryGrow(memoryHandle(this, what), pages);
    if (before < 0) throw new RangeError(`${what}: Maximum memory size exceeded`);
    dropBuffer(this);
    return before;
  }

  get buffer() {
    memoryHandle(this, 'WebAssembly.Memory.buffer');
    if (this.#buffer === undefined) {
      this.#buffer = native.memoryBuffer(this.#handle, this.#shared);
      if (this.#shared) ObjectFreeze(this.#buffer);
      buffersOf.set(this.#buffer, this);
    }
    return this.#buffer;
  }

  static {
    memoryHandle = (memory, what, place = 'Receiver') => {
      if (!isObject(memory) || !(#handle in memory)) throw new TypeError(`${what}: ${place} is not a WebAssembly.Memory`);
      return memory.#handle;
    };
    dropBuffer = (memory) => {
      if (memory.#buffer !== undefined && !memory.#shared) native.memoryDetach(memory.#buffer);
      memory.#buffer = undefined;
    };
    wrapMemory = (handle, shared) => memories.get(handle)?.deref() ?? new Memory(internal, handle, shared);
    tag(Memory, 'Memory');
  }
}

// --- Table

let tableHandle, wrapTable, keepWith;
const tables = new SafeMap();

class Table {
  #handle;
  #letter;
  #users = []; // instances whose functions it may have, and values of its elements

  constructor(descriptor, value, letter) {
    if (descriptor === internal) {
      this.#handle = value;
      this.#letter = letter;
    } else {
      const what = 'WebAssembly.Table()';
      if (!isObject(descriptor)) throw new TypeError(`${what}: Argument 0 must be a table descriptor`);
      this.#letter = letterOf(descriptor.element, what, "Descriptor property 'element'");
      const { minimum, maximum } = limits(descriptor, what, MOST_ELEMENTS);
      if (value === undefined) value = this.#letter === 'r' ? null : arguments.length > 1 ? value : undefined;
      this.#handle = during(what, () => native.table(this.#letter, minimum, maximum > MOST_ELEMENTS ? -1 : maximum, value));
      if (value !== null) ArrayPrototypePush(this.#users, value);
    }
    owned(this, this.#handle);
    tables.set(this.#handle, new SafeWeakRef(this));
  }

  get length() {
    return native.tableSize(tableHandle(this, 'WebAssembly.Table.length'));
  }

  grow(delta, value) {
    const what = 'WebAssembly.Table.grow()';
    const handle = tableHandle(this, what);
    const more = count(delta, what, 'Argument 0', 0xffff_ffff);
    if (value === undefined && this.#letter === 'r') value = null;
    const before = native.tableGrow(handle, this.#letter, more, value);
    if (before < 0) throw new RangeError(`${what}: failed to grow table by ${more}`);
    if (isObject(value)) ArrayPrototypePush(this.#users, value);
    return before;
  }

  get(index) {
    const what = 'WebAssembly.Table.get()';
    const handle = tableHandle(this, what);
    return native.tableGet(handle, this.#letter, count(index, what, 'Argument 0', 0xffff_ffff));
  }

  set(index, value) {
    const what = 'WebAssembly.Table.set()';
    const handle = tableHandle(this, what);
    if (value === undefined && this.#letter === 'r') value = null;
    if (this.#letter === 'r' && value !== null && !functionHandles.has(value))
      throw new TypeError(`${what}: Argument 1 is invalid for table: function-typed object must be null (if nullable) or a Wasm function object`);
    native.tableSet(handle, this.#letter, count(index, what, 'Argument 0', 0xffff_ffff), value);
    if (isObject(value)) ArrayPrototypePush(this.#users, value);
  }

  static {
    tableHandle = (table, what, place = 'Receiver') => {
      if (!isObject(table) || !(#handle in table)) throw new TypeError(`${what}: ${place} is not a WebAssembly.Table`);
      return table.#handle;
    };
    keepWith = (table, instance) => ArrayPrototypePush(table.#users, instance);
    wrapTable = (handle, letter) => tables.get(handle)?.deref() ?? new Table(internal, handle, letter);
    tag(Table, 'Table');
  }
}

// --- Global

let globalHandle, wrapGlobal;
const globals = new SafeMap();
const ZEROS = { __proto__: null, i: 0, j: 0n, f: 0, d: 0, r: null, x: undefined };

class Global {
  #handle;
  #letter;
  #mutable;
  #held; // what it refers to lives as long

  constructor(descriptor, value, letter, mutable) {
    if (descriptor === internal) {
      this.#handle = value;
      this.#letter = letter;
      this.#mutable = mutable;
    } else {
      const what = 'WebAssembly.Global()';
      if (!isObject(descriptor)) throw new TypeError(`${what}: Argument 0 must be a global descriptor`);
      this.#mutable = !!descriptor.mutable;
      this.#letter = letterOf(descriptor.value, what, "Descriptor property 'value'");
      if (this.#letter === 'v' || this.#letter === 'e')
        throw new TypeError(`${what}: a global of type ${descriptor.value} cannot be made by JavaScript`);
      if (value === undefined) value = ZEROS[this.#letter];
      this.#handle = during(what, () => native.global(this.#letter, this.#mutable, value));
      this.#held = value;
    }
    owned(this, this.#handle);
    globals.set(this.#handle, new SafeWeakRef(this));
  }

  get value() {
    return native.globalGet(globalHandle(this, 'get WebAssembly.Global.value'), this.#letter);
  }

  set value(value) {
    const what = 'set WebAssembly.Global.value)';
    const handle = globalHandle(this, what);
    if (!this.#mutable) throw new TypeError(`${what}: Can't set the value of an immutable global.`);
    native.globalSet(handle, this.#letter, value);
    this.#held = value;
  }

  valueOf() {
    return native.globalGet(globalHandle(this, 'WebAssembly.Global.valueOf()'), this.#letter);
  }

  static {
    globalHandle = (global, what, place = 'Receiver') => {
      if (!isObject(global) || !(#handle in global)) throw new TypeError(`${what}: ${place} is not a WebAssembly.Global`);
      return global.#handle;
    };
    wrapGlobal = (handle, letter, mutable) =>
      globals.get(handle)?.deref() ?? new Global(internal, handle, letter, mutable);
    tag(Global, 'Global');
  }
}

// --- Instance

const isOf = (handleOf, value) => {
  try {
    handleOf(value, '');
    return true;
  } catch {
    return false;
  }
};

// The handle of an import, or a new one for a function of JavaScript's. `kept` gets what the instance needs to live.
function importHandle(wanted, value, what, kept) {
  const { 2: kind, 3: type } = wanted;
  const wrong = (why) => new LinkError(`${what}: ${why}`);
  switch (kind) {
    case 'function': {
      if (typeof value !== 'function') throw wrong('function import requires a callable');
      const known = functionHandles.get(value);
      if (known !== undefined) return known;
      const { 0: handle, 1: number } = native.function(type, value);
      const holder = {};
      importEnded.register(holder, number);
      owned(holder, handle);
      ArrayPrototypePush(kept, holder);
      return handle;
    }
    case 'memory':
      if (!isOf(memoryHandle, value)) throw wrong('memory import must be a WebAssembly.Memory object');
      return memoryHandle(value);
    case 'table':
      if (!isOf(tableHandle, value)) throw wrong('table import requires a WebAssembly.Table');
      return tableHandle(value);
    case 'global': {
      if (isOf(globalHandle, value)) return globalHandle(value);
      if (wanted[4]) throw wrong('imported mutable global must be a WebAssembly.Global object');
      const number = type === 'i' || type === 'f' || type === 'd';
      if (number && typeof value !== 'number') throw wrong('global import must be a number, valid Wasm reference, or WebAssembly.Global object');
      if (type === 'j' && typeof value !== 'bigint') throw wrong('global import must be a BigInt');
      if (type === 'r' && value !== null && !functionHandles.has(value))
        throw wrong('imported funcref global must be null or WebAssembly function (type \'funcref\') object');
      const holder = { value };
      ArrayPrototypePush(kept, holder);
      return owned(holder, native.global(type, false, value));
    }
    default:
      throw wrong(`imports of kind ${kind} are not supported`);
  }
}

function readImports(described, imports, what, kept) {
  if (described.imports.length > 0 && !isObject(imports))
    throw new TypeError(`${what}: Imports argument must be present and must be an object`);
  const handles = new Int32Array(described.imports.length);
  described.imports.forEach((wanted, n) => {
    const { 0: from, 1: name } = wanted;
    const place = `${what}: Import #${n} "${from}"`;
    const namespace = imports[from];
    if (!isObject(namespace)) throw new TypeError(`${place}: module is not an object or function`);
    const value = namespace[name];
    handles[n] = importHandle(wanted, value, `${place} "${name}"`, kept);
    if (isObject(value)) ArrayPrototypePush(kept, value);
  });
  return handles;
}

function wrapExport(instance, handle, type, index) {
  switch (type[1]) {
    case 'function': return functionOf(handle, instance, index);
    case 'memory': return wrapMemory(handle, type[4]);
    case 'table': return wrapTable(handle, type[2]);
    case 'global': return wrapGlobal(handle, type[2], type[3]);
    default: return undefined;
  }
}

class Instance {
  #handle;
  #exports;
  #kept = [];

  constructor(module, imports) {
    const what = doing === 'WebAssembly' ? 'WebAssembly.Instance()' : doing;
    const { handle, described, indices } = moduleOf(module, what);
    if (imports !== undefined && !isObject(imports))
      throw new TypeError(`${what}: Argument 1 must be an object`);
    const handles = readImports(described, imports, what, this.#kept);
    this.#handle = owned(this, during(what, () => native.instance(handle, handles)));
    ArrayPrototypePush(this.#kept, module);
    for (const value of this.#kept) if (isOf(tableHandle, value)) keepWith(value, this);
    const exported = { __proto__: null };
    described.exports.forEach((type, n) => {
      const { 0: name, 1: kind } = type;
      const value = wrapExport(this, native.export(this.#handle, n), type, indices[n]);
      if (kind === 'table') keepWith(value, this);
      exported[name] = value;
      ArrayPrototypePush(this.#kept, value);
    });
    this.#exports = ObjectFreeze(exported);
    native.start(this.#handle);
  }

  get exports() {
    if (!isObject(this) || !(#handle in this))
      throw new TypeError('WebAssembly.Instance.exports: Receiver is not a WebAssembly.Instance');
    return this.#exports;
  }

  static {
    tag(Instance, 'Instance');
  }
}

// --- functions of the namespace

const later = (operation) => PromisePrototypeThen(Promise.resolve(), operation);

function validate(source) {
  bytesOf(source, 'WebAssembly.validate()');
  try {
    return !!new Module(source);
  } catch (error) {
    if (error instanceof CompileError) return false;
    throw error;
  }
}

function compile(source) {
  const what = 'WebAssembly.compile()';
  return new Promise((resolve, reject) => {
    const bytes = bytesOf(source, what).slice(); // as it is now
    PromisePrototypeThen(later(() => during(what, () => new Module(bytes))), resolve, reject);
  });
}

function instantiate(source, imports) {
  const what = 'WebAssembly.instantiate()';
  return new Promise((resolve, reject) => {
    if (imports !== undefined && !isObject(imports)) throw new TypeError(`${what}: Argument 1 must be an object`);
    const make = (module) => during(what, () => new Instance(module, imports));
    if (source instanceof Module) {
      PromisePrototypeThen(later(() => make(source)), resolve, reject);
      return;
    }
    let bytes;
    try {
      bytes = bytesOf(source, what).slice();
    } catch {
      throw new TypeError(`${what}: Argument 0 must be a buffer source or a WebAssembly.Module object`);
    }
    PromisePrototypeThen(later(() => {
      const module = during(what, () => new Module(bytes));
      return { module, instance: make(module) };
    }), resolve, reject);
  });
}

// What feeds a module from elsewhere: set by the library, for fetch's responses.
let feed;
exports.setWasmStreaming = (implementation) => { feed = implementation; };

function stream(source, what) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    feed({
      setURL() {},
      push(chunk) {
        const bytes = bytesOf(chunk, what).slice();
        size += bytes.length;
        ArrayPrototypePush(chunks, bytes);
      },
      finish() {
        const all = new Uint8Array(size);
        let at = 0;
        for (const chunk of chunks) {
          all.set(chunk, at);
          at += chunk.length;
        }
        try {
          resolve(during(what, () => new Module(all)));
        } catch (error) {
          reject(error);
        }
      },
      abort: reject,
    }, source);
  });
}

const compileStreaming = (source) => stream(source, 'WebAssembly.compileStreaming()');
function instantiateStreaming(source, imports) {
  const what = 'WebAssembly.instantiateStreaming()';
  return PromisePrototypeThen(stream(source, what), (module) =>
    ({ module, instance: during(what, () => new Instance(module, imports)) }));
}

const WebAssembly = {};
const define = (name, value) =>
  ObjectDefineProperty(WebAssembly, name, { __proto__: null, value, writable: true, configurable: true, enumerable: false });
for (const value of [compile, validate, instantiate, compileStreaming, instantiateStreaming,
                     Module, Instance, Table, Memory, Global, CompileError, LinkError, RuntimeError])
  define(value.name, value);
ObjectDefineProperty(WebAssembly, SymbolToStringTag, { __proto__: null, value: 'WebAssembly', configurable: true });
ObjectDefineProperty(globalThis, 'WebAssembly', { __proto__: null, value: WebAssembly, writable: true, configurable: true, enumerable: false });
