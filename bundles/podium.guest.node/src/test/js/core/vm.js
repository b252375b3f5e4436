// Contexts of their own: what the global object shows, what scripts change, built-ins, ends in time.
'use strict';
const vm = require('vm');

const sandbox = { a: 1, nested: { n: 1 } };
console.log(vm.createContext(sandbox) === sandbox, vm.isContext(sandbox), vm.isContext({}));
console.log(vm.runInContext('a += 1; var b = 3; function f() { return b } this.c = 4; globalThis.d = 5; let e = 6; typeof e', sandbox));
console.log(sandbox.a, sandbox.b, sandbox.f(), sandbox.c, sandbox.d, 'e' in sandbox);
console.log(vm.runInContext('e + a + nested.n', sandbox));
console.log(vm.runInContext('Object.keys(globalThis).sort().join()', sandbox));
console.log(vm.runInContext('delete c', sandbox), 'c' in sandbox);
console.log(vm.runInContext('[1] instanceof Array', sandbox), vm.runInContext('[1]', sandbox) instanceof Array);
console.log(vm.runInContext('this === globalThis', sandbox), vm.runInContext('self = this', sandbox) === sandbox);
console.log(vm.runInContext('NaN = 1; undefined = 2; [NaN, undefined].join()', sandbox));

for (const code of ['missing', '"use strict"; undeclared = 1', '"use strict"; NaN = 1', 'throw new TypeError("x")', 'a b']) {
  try {
    vm.runInContext(code, sandbox);
  } catch (error) {
    console.log(error.name, error instanceof Error);
  }
}

const frozen = vm.createContext(Object.freeze({ x: 1 }));
console.log(vm.runInContext('x = 2; y = 3; [x, typeof y].join()', frozen));
const accessors = vm.createContext({ get half() { return 21; }, set half(v) { this.set = v; } });
console.log(vm.runInContext('half *= 2; half', accessors), accessors.set);
console.log(vm.runInNewContext('Object.getOwnPropertyDescriptor(globalThis, "v")', { v: 1 }));

const script = new vm.Script('n = (typeof n === "number" ? n : 0) + 1');
const first = vm.createContext({}), second = vm.createContext({ n: 10 });
for (const context of [first, second, first]) script.runInContext(context);
console.log(first.n, second.n, script.runInNewContext({ n: 5 }));

const own = vm.createContext({ log: [] }, { microtaskMode: 'afterEvaluate' });
vm.runInContext('Promise.resolve().then(() => log.push("job")); log.push("script")', own);
console.log(own.log.join());

for (const run of [() => vm.runInNewContext('for (;;);', {}, { timeout: 30 }), () => vm.runInThisContext('for (;;);', { timeout: 30 })]) {
  try {
    run();
  } catch (error) {
    console.log(error.code, error.message);
  }
}
const plain = vm.createContext(vm.constants.DONT_CONTEXTIFY);
plain.z = 1;
console.log(vm.runInContext('z + 1', plain), Object.isFrozen(vm.runInContext('Object.freeze(globalThis)', plain)));
console.log(vm.compileFunction('return where + x', ['x'], { parsingContext: vm.createContext({ where: 'in' }) })(1));
