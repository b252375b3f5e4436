// HMAC: known answers of RFC 4231, kinds of keys, streams, errors.
'use strict';
const crypto = require('node:crypto');
const assert = require('node:assert');
const print = console.log;

function told(f) {
  try {
    return f();
  } catch (e) {
    return { name: e.name, message: e.message, code: e.code, reason: e.reason };
  }
}

const hex = (text) => Buffer.from(text, 'hex');
const vectors = [
  ['0b'.repeat(20), Buffer.from('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  ['4a656665', Buffer.from('what do ya want for nothing?'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ['aa'.repeat(20), hex('dd'.repeat(50)), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  ['aa'.repeat(131), Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
   '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'],
];
for (const [key, data, code] of vectors) {
  assert.strictEqual(crypto.createHmac('sha256', hex(key)).update(data).digest('hex'), code);
  const object = crypto.createSecretKey(hex(key));
  assert.strictEqual(crypto.createHmac('sha256', object).update(data).digest('hex'), code);
}
for (const name of crypto.getHashes())
  print(name, told(() => crypto.createHmac(name, 'key').update('data').digest('hex')));
for (const key of ['', 'é', Buffer.alloc(0), new Uint16Array([1, 2]), new ArrayBuffer(4), new DataView(new ArrayBuffer(2))])
  print(told(() => crypto.createHmac('sha1', key).update('x').digest('base64')));
for (const key of [null, undefined, 1, {}, []])
  print(told(() => crypto.createHmac('sha1', key)));
print(told(() => crypto.createHmac('sha1', '6b6579', { encoding: 'hex' }).update('x').digest('hex')));
for (const name of ['none', '', 5, null, 'md4', 'shake128'])
  print(told(() => crypto.createHmac(name, 'key').digest('hex')));

const once = crypto.createHmac('sha1', 'k');
print(once.update('a').digest('hex'), once.digest('hex') === '', once.digest(), told(() => once.update('b')));
const stream = crypto.createHmac('sha512', 'k');
stream.on('data', (data) => print(data.toString('hex')));
stream.end('text');
