// CommonJS modules.
const Module = require('module');
console.log(require.main === module, module.id, module.children.length, typeof require.resolve, Module.builtinModules.includes('fs'));
try { require('./does-not-exist'); } catch (e) { console.log(e.code, e.message.split('\n')[0], e.requireStack.length); }
try { require('no-such-package'); } catch (e) { console.log(e.code); }
const m = new Module('x'); m._compile('exports.y = this === exports && __filename', '/tmp/virtual.js'); console.log(m.exports.y);
console.log(require('node:path') === require('path'), Object.keys(require.cache).length, require('./preload-me.cjs'));
const vm = require('vm');
console.log(vm.runInThisContext('1 + 1'), new vm.Script('globalThis.zz = 3').runInThisContext(), zz, vm.compileFunction('return a + b', ['a', 'b'])(1, 2));
try { vm.runInThisContext('let = ;', 'file.vm'); } catch (e) { console.log(e.name, e.stack.split('\n')[0]); }
try { new vm.Script('throw new Error("in script")', { filename: 'thrown.js', lineOffset: 10 }).runInThisContext(); } catch (e) { console.log(e.stack.split('\n')[1]); }
console.log(eval('1+1'), new Function('a', 'return a * 2')(4));
console.log(util = require('util').inspect(new Proxy({ a: 1 }, {}), { showProxy: true }), require('util').inspect(new Map([[{ a: 1 }, new Set([1])]])), require('util').types.isPromise(Promise.resolve()));
console.log(require('util').inspect(Promise.resolve(4)), require('util').inspect((async () => { throw 1; })().catch(() => {}) && new Map().entries()), require('util').inspect(new (class Foo { #x = 1; y = 2; })()));
