// Where code comes from: evaluated code, awaiting functions, constructors that no prototype tells.
'use strict';
const util = require('node:util');

const frames = (error, count) => error.stack.split('\n').slice(1, 1 + count).map((line) => line.trim().replace(/\(?\/\S*\//g, ''));

function indirect() { return new Function('', 'return new Error("made")')(); }
console.log(frames(indirect(), 1));
console.log(frames(eval('(() => new Error("direct"))()'), 1));

async function inner() { await null; throw new Error('inner'); }
const middle = async () => { await inner(); };
class Outer { async run() { return 1 + await middle(); } }
new Outer().run().catch((error) => console.log(frames(error, 4)));

eval('import("node:path")').then((path) => console.log(path.basename('/a/b')));

class Lost {}
console.log(util.inspect(Object.setPrototypeOf(new Lost(), null)));
function Bare() {}
Bare.prototype = { __proto__: null };
console.log(util.inspect(new Bare()));
const revoked = Proxy.revocable({}, {});
revoked.revoke();
console.log(util.inspect(revoked.proxy));
const kept = { a: 1 };
console.log(util.inspect(new WeakSet([kept]), { showHidden: true }));

for (const text of ['f(a b)', 'const c', 'let a; let a', 'break', 'import "x"', 'class {}', 'function f() { await x }']) {
  try {
    eval(text);
  } catch (error) {
    console.log(text, '|', error.message);
  }
}
for (const text of ['"abc', '{"a', '"a\\']) {
  try {
    JSON.parse(text);
  } catch (error) {
    console.log(error.message);
  }
}
