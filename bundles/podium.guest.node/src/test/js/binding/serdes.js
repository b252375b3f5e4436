// V8's wire format: every kind of value there and back, bytes shown; what cannot be written; bad bytes.
'use strict';
const v8 = require('v8');
const { inspect } = require('util');

const values = [
  1, -1, 1.5, -0, 2 ** 31, NaN, Infinity, '', 'abc', '\u00e9\u20ac', 'odd\u20ac', null, undefined, true, [1, 2, 3], [1, , 3], [],
  { a: 1, b: { c: [] } }, { 2: 'x', 1: 'y', a: 3 }, Object.assign([1], { p: 2 }), new Date(5), new Date(NaN), /ab/gi, /x/ysudm,
  new Map([[1, { a: 2 }]]), new Set([1, 'a']), 10n, -12345678901234567890123n, 0n, -1n, 2n ** 64n, -(2n ** 64n), Object(1n),
  Object(true), Object(false), Object('s'), Object(3), new Uint8Array([1, 2, 3]), Buffer.from('hi'), new Float64Array([1.5]),
  new ArrayBuffer(3), new ArrayBuffer(2, { maxByteLength: 4 }), new BigInt64Array([1n]),
];
for (const value of values) {
  const bytes = v8.serialize(value);
  console.log(bytes.toString('hex'), inspect(v8.deserialize(bytes)));
}
for (const error of [new Error('msg'), new TypeError('t', { cause: { x: 1 } }), Object.assign(new RangeError(), { lost: 1 })]) {
  error.stack = 'stack';
  const back = v8.deserialize(v8.serialize(error));
  console.log(v8.serialize(error).toString('hex'), back.constructor.name, back.message, back.stack, back.cause, back.lost);
}
const circle = { list: [] };
circle.self = circle.list[0] = circle;
const copy = v8.deserialize(v8.serialize(circle));
console.log(copy.self === copy, copy.list[0] === copy);

const bad = [() => 1, Symbol('x'), new WeakMap(), Promise.resolve(), new Proxy({}, {}), { a() {} }, new WeakRef({}),
  { get x() { throw new Error('in getter'); } }];
for (const value of bad) {
  try {
    console.log(v8.serialize(value));
  } catch (error) {
    console.log(error.name, error.message);
  }
}
for (const hex of ['ff0f', 'ff10', 'ff0c30', 'ff0f6f', 'ff0f41ff', '', 'ff', 'ff0f5c', 'ff0f5e05', 'ff0d6300', 'ff0f5aff', 'ff0f5201', 'ff0f72']) {
  try {
    console.log(hex, v8.deserialize(Buffer.from(hex, 'hex')));
  } catch (error) {
    console.log(hex, error.name, error.message);
  }
}
const serializer = new v8.Serializer();
serializer.writeHeader();
serializer.writeUint32(7);
serializer.writeUint64(1, 2);
serializer.writeDouble(1.5);
serializer.writeRawBytes(Buffer.from('abc'));
serializer.writeValue('v');
const bytes = serializer.releaseBuffer();
const deserializer = new v8.Deserializer(bytes);
console.log(bytes, deserializer.readHeader(), deserializer.readUint32(), deserializer.readUint64(), deserializer.readDouble());
console.log(deserializer.readRawBytes(3), deserializer.readValue(), deserializer.getWireFormatVersion());
