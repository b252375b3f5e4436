// Arguments beyond what there can be.
const { constants } = require('node:buffer');
console.log(constants.MAX_LENGTH, constants.MAX_STRING_LENGTH);
function refuse(...calls) {
  for (const call of calls)
    try { console.log('taken', typeof call()); } catch (e) { console.log(e.name, e.code, e.message); }
}
refuse(() => Buffer.alloc(constants.MAX_LENGTH + 1), () => Buffer.allocUnsafe(2 ** 60), () => Buffer.alloc(NaN), () => Buffer.alloc('5'),
  () => Buffer.alloc(Infinity), () => Buffer.alloc(-1), () => Buffer.concat([Buffer.alloc(1)], -1), () => Buffer.from({}),
  () => Buffer.alloc(10).readUInt32LE(8), () => Buffer.alloc(10).write('x', 11));
refuse(() => new Uint8Array(-1), () => new Uint8Array(2 ** 53), () => new ArrayBuffer(2 ** 53 - 1), () => new Array(2 ** 32), () => new Array(-1),
  () => { [].length = -1; });
refuse(() => 'x'.repeat(2 ** 30), () => 'x'.repeat(-1), () => 'x'.repeat(Infinity), () => 'abc'.padEnd(2 ** 30));
refuse(() => 2n ** (2n ** 40n), () => (1).toFixed(101), () => (1).toExponential(-1), () => (1).toPrecision(0));
// Deep, but not too deep: V8's JSON and the guest's.
let value = JSON.parse('['.repeat(10000) + ']'.repeat(10000)), depth = 0;
for (; value; value = value[0]) depth++;
console.log(depth);
const recurse = () => recurse();
try { recurse(); } catch (e) { console.log(e instanceof RangeError, e.message); }
