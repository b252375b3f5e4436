// Messages and columns that are not V8's yet.
function show(f) {
  try {
    f();
  } catch (e) {
    console.log(e.stack.split('\n').slice(0, 3).join('\n'));
  }
}
show(() => { undefined.foo = 1; });
show(() => { 'use strict'; Object.freeze([1]).push(2); });
show(() => { let { a } = null; });
show(() => { const x = 1; x = 2; });
show(() => 'x'.repeat(-1));
show(() => new Array(-1));
show(() => Symbol() + '');
show(() => BigInt(1) + 1);
show(() => { for (const x of 5); });
show(() => decodeURIComponent('%'));
