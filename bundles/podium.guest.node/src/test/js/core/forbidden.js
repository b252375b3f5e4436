'use strict';
// What a context may not do with text, and what is wrong with regular expressions.
const vm = require('vm');

function attempt(what, action) {
  try {
    console.log(what, action());
  } catch (error) {
    console.log(what, error.name, error.message);
  }
}

const context = vm.createContext({ attempt }, { codeGeneration: { strings: false } });
for (const text of ['eval("1")', 'new Function("return 1")()', '(0, eval)("1")', 'eval(1)', '(() => 1)()', 'Function.prototype.constructor("")'])
  attempt(text, () => vm.runInContext(text, context));
attempt('class', () => vm.runInContext('try { eval("1") } catch (error) { error instanceof EvalError }', context));
attempt('elsewhere', () => eval('1 + 1') + vm.runInNewContext('eval("2")', {}, { contextCodeGeneration: { strings: true } }));

for (const [pattern, flags] of [['('], [')'], ['a', 'zz'], ['a', 'uv'], ['a', 'q'], ['[b-a]'], ['[a'], ['*'], ['\\'], ['(?<a>)(?<a>)'], ['(?<', 'u'],
                                ['(?a'], ['{1}', 'u'], ['a{2,1}'], ['\\p{No}', 'u'], ['\\k<b>(?<a>)'], ['/(', 'gi']])
  attempt(`${pattern} ${flags}`, () => new RegExp(pattern, flags));
for (const literal of ['/(/', '/a/zz', '/a/uv', '/[b-a]/g'])
  attempt(literal, () => eval(literal));

attempt('null', () => Object.getPrototypeOf(null));
attempt('primitive', () => Reflect.getPrototypeOf(1));
attempt('number', () => Math.max(1n));
attempt('plus', () => +1n);
attempt('shift', () => 1n >>> 1n);
attempt('date', () => new Date(NaN).toISOString());
attempt('no date', () => Date.prototype.getTime.call({}));
attempt('form', () => 'a'.normalize('x'));
attempt('escape', () => decodeURIComponent('%'));
attempt('key', () => new WeakMap().set(1, 1));
attempt('member', () => new WeakSet().add(1));
attempt('spread', () => Math.max(...Array(100000).fill(1)));
attempt('too many', () => Math.max(...Array(1000000).fill(1)));
