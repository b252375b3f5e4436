// PBKDF2, scrypt, HKDF, Argon2: known answers, both ways, errors.
'use strict';
const crypto = require('node:crypto');
const assert = require('node:assert');
const print = console.log;

function told(f) {
  try {
    return f();
  } catch (e) {
    return { name: e.name, message: e.message, code: e.code, opensslErrorStack: e.opensslErrorStack };
  }
}

const pbkdf2 = (...a) => crypto.pbkdf2Sync(...a).toString('hex');
// RFC 6070, 7914, 5869.
assert.strictEqual(pbkdf2('password', 'salt', 1, 20, 'sha1'), '0c60c80f961f0e71f3a9b524af6012062fe037a6');
assert.strictEqual(pbkdf2('password', 'salt', 4096, 20, 'sha1'), '4b007901b765489abead49d926f721d065a429c1');
assert.strictEqual(pbkdf2('pass\0word', 'sa\0lt', 4096, 16, 'sha1'), '56fa6aa75548099dcc37d7f03425e0c3');
assert.strictEqual(pbkdf2('passwd', 'salt', 1, 64, 'sha256'),
  '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc' +
  '49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783');
assert.strictEqual(crypto.scryptSync('', '', 64, { N: 16, r: 1, p: 1 }).toString('hex'),
  '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442' +
  'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906');
assert.strictEqual(crypto.scryptSync('password', 'NaCl', 64, { N: 1024, r: 8, p: 16 }).toString('hex'),
  'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
  '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640');
const hkdf = (...a) => Buffer.from(crypto.hkdfSync(...a)).toString('hex');
const hex = (text) => Buffer.from(text, 'hex');
assert.strictEqual(hkdf('sha256', hex('0b'.repeat(22)), hex('000102030405060708090a0b0c'), hex('f0f1f2f3f4f5f6f7f8f9'), 42),
  '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
assert.strictEqual(hkdf('sha256', hex('0b'.repeat(22)), '', '', 42),
  '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8');

for (const digest of crypto.getHashes())
  print(digest, told(() => pbkdf2('p', 's', 3, 11, digest)), told(() => hkdf(digest, 'k', 's', 'i', 7)));
print(told(() => pbkdf2('', '', 1, 0, 'sha1')), pbkdf2('', '', 1, 1, 'sha1'), pbkdf2(new Uint8Array(3), new ArrayBuffer(2), 2, 70, 'sha512'));
for (const bad of [['p', 's', 0, 1, 'sha1'], ['p', 's', 1, -1, 'sha1'], ['p', 's', 1, 1], ['p', 's', 1, 1, 'nope'], [1, 's', 1, 1, 'sha1'],
                   ['p', null, 1, 1, 'sha1'], ['p', 's', 'x', 1, 'sha1'], ['p', 's', 2 ** 32, 1, 'sha1'], ['p', 's', 1, 1, 'md4']])
  print(told(() => pbkdf2(...bad)));
print(told(() => crypto.pbkdf2('p', 's', 1, 1, 'sha1')), told(() => crypto.pbkdf2('p', 's', 1, 1, 'nope', () => {})));

print(crypto.scryptSync('p', 's', 10).toString('hex'), crypto.scryptSync('p', 's', 0), crypto.scryptSync(Buffer.from('p'), new Uint8Array(2), 3, { cost: 4, blockSize: 2, parallelization: 3 }).toString('hex'));
for (const options of [{ N: 3 }, { N: 1 }, { N: 2 ** 20 }, { r: 2 ** 30 }, { p: 2 ** 30 }, { maxmem: 5 }, { N: 'x' }, { maxmem: -1 }, { N: 2, cost: 2 }, null])
  print(told(() => crypto.scryptSync('p', 's', 4, options)?.length));
print(told(() => crypto.scryptSync('p')), told(() => crypto.scryptSync('p', 's', -1)), told(() => crypto.scrypt('p', 's', 1)));

for (const bad of [['nope', 'k', 's', 'i', 1], ['sha1', 'k', 's', 'i', 255 * 20 + 1], ['sha1', 'k', 's', 'i', -1], ['sha1', 'k', 's', 'x'.repeat(1025), 1],
                   ['sha1', null, 's', 'i', 1], ['sha1', 'k', 1, 'i', 1], ['sha1', 'k', 's', 1, 1], [1, 'k', 's', 'i', 1], ['sha1', 'k', 's', 'i', 'x']])
  print(told(() => hkdf(...bad)));
print(hkdf('sha512', '', '', '', 3), hkdf('sha1', crypto.createSecretKey(Buffer.from('key')), 's', 'i', 255 * 20).slice(-20), told(() => hkdf('sha1', 'k', 's', 'i', 0)));

const argon2 = (name, options) => crypto.argon2Sync(name, { message: 'password', nonce: 'somesalt', parallelism: 1, tagLength: 32, memory: 64, passes: 2, ...options }).toString('hex');
for (const name of ['argon2d', 'argon2i', 'argon2id'])
  print(name, told(() => argon2(name)), told(() => argon2(name, { parallelism: 3, secret: 'se', associatedData: 'ad', tagLength: 5 })));
print(told(() => argon2('argon2x')), told(() => argon2('argon2i', { memory: 1 })), told(() => argon2('argon2i', { nonce: 'short' })));

crypto.pbkdf2('password', 'salt', 2, 20, 'sha1', function(error, key) {
  print('pbkdf2', error, key, this.constructor.name);
  crypto.scrypt('p', 's', 9, (error, key) => {
    print('scrypt', error, key);
    crypto.hkdf('sha256', 'k', 's', 'i', 12, (error, key) => {
      print('hkdf', error, key);
      crypto.pbkdf2('p', 's', 1, 1, 'md4', (error, key) => {
        print(error?.message, error?.opensslErrorStack, key);
        // Memory of the caller's is its own again at once.
        const password = Buffer.from('password');
        crypto.pbkdf2(password, 'salt', 2, 4, 'sha1', (error, key) => print('changed', key));
        password.fill(0);
      });
    });
  });
});
