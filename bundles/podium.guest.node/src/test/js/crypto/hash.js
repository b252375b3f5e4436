// Digests: all algorithms, objects, streams, copies, lengths, one shot; known answers; errors.
'use strict';
const crypto = require('node:crypto');
const assert = require('node:assert');
const print = console.log;

function told(f) {
  try {
    return f();
  } catch (e) {
    const { message, code, library, reason, opensslErrorStack } = e;
    return { name: e.name, message, code, library, reason, opensslErrorStack };
  }
}

print(crypto.getHashes().join(' '));
for (const name of crypto.getHashes()) {
  const options = /^shake/.test(name) ? { outputLength: 40 } : undefined;
  print(name, crypto.createHash(name, options).update('abc').update(Buffer.alloc(1000, 'x')).digest('hex'));
}

// FIPS 180-4 and 202, RFC 1321, the BLAKE2 and RIPEMD papers.
const vectors = {
  md5: ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  sha1: ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  sha224: ['abc', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'],
  sha256: ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  sha512: ['abc', 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
    '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'],
  'sha3-256': ['', 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a'],
  ripemd160: ['abc', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
  blake2s256: ['abc', '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982'],
};
for (const [name, [text, digest]] of Object.entries(vectors)) {
  assert.strictEqual(crypto.createHash(name).update(text).digest('hex'), digest);
  assert.strictEqual(crypto.hash(name, text), digest);
}
const million = crypto.createHash('sha256');
for (let i = 0; i < 1000; i++) million.update('a'.repeat(1000));
assert.strictEqual(million.digest('hex'), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');

for (const encoding of ['hex', 'base64', 'base64url', 'latin1', 'binary', 'buffer', 'ucs2', undefined, null, '', 'nope'])
  print(encoding, crypto.createHash('md5').update('é😀\ud800').digest(encoding));
for (const encoding of ['utf8', 'latin1', 'hex', 'base64', 'ucs2', 'ascii', 'buffer'])
  print(encoding, told(() => crypto.createHash('sha1').update('616263ff', encoding).digest('hex')));
for (const data of [new Uint8Array([1, 2, 3]), new Float64Array([1.5]), new DataView(new ArrayBuffer(3)), Buffer.alloc(0)])
  print(crypto.createHash('sha256').update(data).digest('base64'));

const base = crypto.createHash('sha256').update('one');
const copy = base.copy();
print(base.update(' two').digest('hex'), copy.update(' three').digest('hex'));
print(told(() => base.copy()), told(() => base.update('x')), told(() => base.digest()));
print(crypto.createHash('shake256', { outputLength: 8 }).copy({ outputLength: 4 }).update('x').digest('hex'));

for (const outputLength of [0, 1, 5, 128, 200])
  print(outputLength, crypto.createHash('shake128', { outputLength }).update('y').digest('hex').slice(-16));
print(crypto.createHash('shake128').digest('hex'), crypto.createHash('shake256').digest('hex'));
print(told(() => crypto.createHash('sha256', { outputLength: 32 }).update('x').digest('hex')));
for (const options of [{ outputLength: 28 }, { outputLength: 'x' }, { outputLength: -1 }, { outputLength: 2 ** 33 }])
  print(told(() => crypto.createHash('sha256', options)));
for (const name of ['xyz', 'md4', 'whirlpool', 'mdc2', 'DSS1', 'SHA256', 'RSA-SHA1', 'sha-256', '', 7, undefined])
  print(name, told(() => crypto.createHash(name).digest('hex')));
for (const data of [null, undefined, 1, {}, [], true])
  print(told(() => crypto.createHash('md5').update(data)));

for (const options of [undefined, 'base64', 'buffer', { outputEncoding: 'base64url' }, { outputLength: 20 }, 'nope', 1, { outputLength: 3 }])
  print(options, told(() => crypto.hash('sha1', 'text', options)));
for (const name of ['shake128', 'shake256', 'md4', 'none'])
  print(name, told(() => crypto.hash(name, Buffer.from('text'), { outputLength: 3 })), told(() => crypto.hash(name, '')));
print(told(() => crypto.hash('sha1')), told(() => crypto.hash('sha1', 'é\ud800', 'hex')));

const stream = crypto.createHash('sha384');
stream.setEncoding('hex');
stream.on('readable', () => { const text = stream.read(); if (text) print('stream', text); });
stream.write('some ');
stream.end('data');
print(crypto.Hash.prototype instanceof require('node:stream').Transform, typeof crypto.createHash('md5')._transform);
