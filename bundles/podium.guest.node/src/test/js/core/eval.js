// Code given to eval() and Function(): where its errors are, and what import() in it is relative to. The order of errors' properties.
const path = require('node:path');
const prepare = Error.prepareStackTrace;
function show(f) {
  try { f(); } catch (e) { console.log(e.stack.split('\n').slice(0, 3).join('\n')); }
  Error.prepareStackTrace = (_, sites) => sites;
  let site;
  try { f(); } catch (e) { site = e.stack[0]; }
  Error.prepareStackTrace = prepare;
  console.log(site.getEvalOrigin(), site.isEval(), site.getFunctionName(), site.getLineNumber(), site.getColumnNumber());
}
show(function direct() { eval('throw new Error(1)'); });
show(function indirect() { (0, eval)('\n throw new Error(1)'); });
show(function made() { new Function('a', 'throw new Error(1)')(); });
const kept = new Function('throw new Error(1)');
show(function later() { kept(); });
show(function inner() { eval('function foo() { throw new Error(1) } foo()'); });
show(function nested() { eval('eval("throw new Error(1)")'); });
show(() => eval('(() => { throw new Error(1) })()'));
show(new (class K { m = () => { eval('throw new Error(1)'); }; })().m);
eval('show(() => { throw new Error(1) })');
show(function wrong() { eval('let a = ;'); });
show(function wrong() { new Function('let a = ;'); });

const names = (error) => console.log(Object.getOwnPropertyNames(error).join());
names(new Error('a'));
names(new Error('a', { cause: 1 }));
names(new AggregateError([1], 'a'));
names(new (class Own extends TypeError { constructor() { super('a'); this.more = 1; } })());
const captured = new Error('a');
captured.more = 1;
Error.captureStackTrace(captured);
names(captured);
for (const f of [() => null.x, () => undefinedName, () => JSON.parse('{'), () => eval('let'), () => decodeURI('%'), () => [].reduce(() => 0)])
  try { f(); } catch (e) { names(e); }
try { require('node:assert').strictEqual(1, 2); } catch (e) { names(e); }

const imported = new Function('name', 'return import(name)');
(async () => {
  console.log((await imported('./preload-me.cjs')).default === require('./preload-me.cjs'));
  console.log((await eval('import("./preload-me.cjs")')).default === require('./preload-me.cjs'));
  console.log((await eval('eval("import(\'./preload-me.cjs\')")')).default === require('./preload-me.cjs'));
  await setImmediate(() => {});
  await imported('./nowhere.mjs').catch((e) => console.log(e.code, e.message.replaceAll(path.dirname(__dirname), '')));
})();
