// The property `stack` when it is defined anew: what it was is not formatted, and its setter stays.
'use strict';
const e = new Error('a'); const f = new Error('b');
Object.defineProperty(e, 'stack', { get() { return 'mine'; } });
console.log(e.stack, Object.getOwnPropertyDescriptor(e, 'stack'));
e.stack = 'set'; console.log(e.stack);
Object.defineProperty(f, 'stack', { value: 'v' }); console.log(f.stack, Object.getOwnPropertyDescriptor(f, 'stack'));
const g = new Error('c'); console.log(typeof g.stack, g.stack.split('\n')[0]);
Object.defineProperty(new Error('x'), 'stack', { enumerable: true });
