// Random bytes, numbers, identifiers and primes: their shape, and errors.
'use strict';
const crypto = require('node:crypto');
const print = console.log;

function told(f) {
  try {
    return f();
  } catch (e) {
    return { name: e.name, message: e.message, code: e.code };
  }
}

const spread = (bytes) => new Set(bytes).size > 200;
print(spread(crypto.randomBytes(4096)), crypto.randomBytes(0), crypto.randomBytes(5).length);
print(crypto.randomBytes(16).equals(crypto.randomBytes(16)));
const zeros = Buffer.alloc(64);
crypto.randomFillSync(zeros, 16, 32);
print(zeros.subarray(0, 16), zeros.subarray(48), zeros.subarray(16, 48).equals(Buffer.alloc(32)));
print(crypto.randomFillSync(new Uint32Array(3)).length, crypto.randomFillSync(new ArrayBuffer(3)).byteLength,
      crypto.randomFillSync(new DataView(new ArrayBuffer(3))).byteLength);
for (const size of [-1, 2 ** 40, 'x', null, undefined, 1.5, NaN])
  print(told(() => crypto.randomBytes(size).length), told(() => crypto.randomFillSync(Buffer.alloc(3), size).length),
        told(() => crypto.randomFillSync(Buffer.alloc(3), 0, size).length));
print(told(() => crypto.randomFillSync('x')), told(() => crypto.randomFill(Buffer.alloc(1))), told(() => crypto.randomBytes(1, 2)));

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const some = Array.from({ length: 300 }, () => crypto.randomUUID());
print(some.every((text) => uuid.test(text)), new Set(some).size, uuid.test(crypto.randomUUID({ disableEntropyCache: true })));
print(told(() => crypto.randomUUID(1)), told(() => crypto.randomUUID({ disableEntropyCache: 1 })));
const numbers = Array.from({ length: 500 }, () => crypto.randomInt(3, 7));
print([...new Set(numbers)].sort(), crypto.randomInt(1), told(() => crypto.randomInt(3, 3)), told(() => crypto.randomInt(2 ** 60)));
print(told(() => crypto.randomInt('x')), told(() => crypto.randomInt(0, 1, 2)));

const prime = crypto.generatePrimeSync(64, { bigint: true });
print(prime > 2n ** 63n, crypto.checkPrimeSync(prime), crypto.checkPrimeSync(prime * 3n), crypto.generatePrimeSync(32).byteLength);
print(crypto.generatePrimeSync(32, { safe: true, bigint: true }) % 2n, crypto.generatePrimeSync(10, { add: 8n, rem: 3n, bigint: true }) % 8n);
print(crypto.generatePrimeSync(3, { bigint: true }) > 3n, told(() => crypto.generatePrimeSync(0)), told(() => crypto.generatePrimeSync(8, { add: 512n })),
      told(() => crypto.generatePrimeSync(8, { add: 7n, rem: 8n })), told(() => crypto.checkPrimeSync('x')), crypto.checkPrimeSync(2n), crypto.checkPrimeSync(0n));

crypto.getRandomValues(zeros);
print(spread(globalThis.crypto.getRandomValues(new Uint8Array(4096))), uuid.test(globalThis.crypto.randomUUID()));
print(told(() => globalThis.crypto.getRandomValues(new Float32Array(1))), told(() => globalThis.crypto.getRandomValues(new Uint8Array(65537))),
      told(() => globalThis.crypto.getRandomValues([])));
print(crypto.pseudoRandomBytes(3).length, crypto.rng === crypto.randomBytes);

crypto.randomBytes(8, (error, bytes) => {
  print('randomBytes', error, bytes.length);
  crypto.randomFill(Buffer.alloc(9000), 100, 8000, (error, bytes) => {
    print('randomFill', error, bytes.subarray(0, 100).equals(Buffer.alloc(100)), spread(bytes.subarray(100, 8100)), bytes.subarray(8100).equals(Buffer.alloc(900)));
    crypto.randomInt(1000, (error, n) => {
      print('randomInt', error, n >= 0 && n < 1000);
      crypto.generatePrime(48, { bigint: true }, (error, n) => {
        crypto.checkPrime(n, (error, is) => {
          print('prime', error, is);
          require('node:util').promisify(crypto.randomBytes)(4).then((bytes) => print('promise', bytes.length));
        });
      });
    });
  });
});
