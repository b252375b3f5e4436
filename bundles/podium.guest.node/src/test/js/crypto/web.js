// Flags: --no-warnings
// Web Crypto: digests, HMAC, KMAC, derived bits, secret keys; what promises are rejected with.
'use strict';
const { subtle } = globalThis.crypto;
const print = console.log;
const hex = (buffer) => Buffer.from(buffer).toString('hex');

async function told(promise) {
  try {
    const value = await promise();
    return value instanceof ArrayBuffer ? hex(value) : value;
  } catch (e) {
    return { name: e.name, message: e.message, code: e.code, cause: e.cause?.message, ours: e instanceof DOMException };
  }
}

async function digests() {
  const data = new TextEncoder().encode('some data');
  for (const name of ['SHA-1', 'sha-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512', 'MD5', 'none', ''])
    print(name, await told(() => subtle.digest(name, data)));
  for (const name of ['cSHAKE128', 'cSHAKE256']) {
    print(await told(() => subtle.digest({ name, outputLength: 256 }, data)), await told(() => subtle.digest({ name, outputLength: 13 }, data)),
          await told(() => subtle.digest({ name, outputLength: 64, functionName: data, customization: new Uint8Array(300) }, data)),
          await told(() => subtle.digest({ name, outputLength: 9, customization: data }, data)));
  }
  for (const [name, ...lengths] of [['TurboSHAKE128', 0, 167, 168, 5000], ['TurboSHAKE256', 0, 136, 300]])
    for (const length of lengths)
      print(name, await told(() => subtle.digest({ name, outputLength: 1400, domainSeparation: 7 }, Buffer.alloc(length, 'z'))), await told(() => subtle.digest({ name, outputLength: 8 }, data)));
  for (const name of ['KT128', 'KT256'])
    for (const length of [0, 100, 8191, 8192, 8193, 16384, 20000])
      print(name, await told(() => subtle.digest({ name, outputLength: 256 }, Buffer.alloc(length, 'k'))),
            await told(() => subtle.digest({ name, outputLength: 2048, customization: Buffer.alloc(length, 'c') }, data)));
  print(await told(() => subtle.digest('SHA-1', 'text')), await told(() => subtle.digest({ name: 'SHA-1' }, new DataView(new ArrayBuffer(2)))),
        await told(() => subtle.digest('SHA-1')));
  const bytes = Uint8Array.of(1, 2, 3);
  const early = subtle.digest('SHA-256', bytes);
  bytes.fill(9);
  print(hex(await early));
}

async function codes() {
  const usages = ['sign', 'verify'];
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-512']) {
    const key = await subtle.importKey('raw', Buffer.from('a key'), { name: 'HMAC', hash }, true, usages);
    const signature = await subtle.sign('HMAC', key, Buffer.from('text'));
    print(key, hex(signature), await subtle.verify('HMAC', key, signature, Buffer.from('text')), await subtle.verify('HMAC', key, signature, Buffer.from('other')),
          await subtle.verify('HMAC', key, Buffer.alloc(3), Buffer.from('text')), await subtle.exportKey('jwk', key));
  }
  const made = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 93 }, true, usages);
  const raw = await subtle.exportKey('raw', made);
  print(made.algorithm, raw.byteLength, new Uint8Array(raw)[11] & 7, structuredClone(made).algorithm, structuredClone(made).usages);
  for (const [name, length] of [['KMAC128', 128], ['KMAC256', 256], ['KMAC128', 24], ['KMAC256', 29]]) {
    const key = await subtle.importKey('raw-secret', Buffer.alloc(Math.ceil(length / 8), 0xe0), { name, length }, true, usages);
    for (const extra of [{}, { customization: Buffer.from('mine') }])
      for (const outputLength of [0, 256, 77])
        print(name, length, outputLength, await told(() => subtle.sign({ name, outputLength, ...extra }, key, Buffer.from('text'))));
  }
}

async function keys() {
  const password = await subtle.importKey('raw', Buffer.from('password'), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  print(await told(() => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: Buffer.from('salt'), iterations: 3 }, password, 200)),
        await told(() => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: Buffer.from('salt'), iterations: 0 }, password, 200)));
  const material = await subtle.importKey('raw', Buffer.from('material'), 'HKDF', false, ['deriveBits']);
  const info = { name: 'HKDF', hash: 'SHA-512', salt: Buffer.alloc(0), info: Buffer.from('info') };
  print(await told(() => subtle.deriveBits(info, material, 256)), await told(() => subtle.deriveBits(info, material, 255 * 512 + 8)), await told(() => subtle.deriveBits(info, material, 3)));
  print(await told(async () => (await subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-1', salt: Buffer.alloc(1), iterations: 1 }, password, { name: 'HMAC', hash: 'SHA-1', length: 80 }, true, ['sign'])).algorithm));
  print(await told(() => subtle.exportKey('raw', password)), await told(() => subtle.importKey('raw', Buffer.alloc(0), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign'])));
  const aes = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  print(aes, (await subtle.exportKey('raw', aes)).byteLength, require('node:crypto').KeyObject.from(aes).symmetricKeySize);
  print(require('node:crypto').createSecretKey('x'.repeat(16)).toCryptoKey('AES-CBC', true, ['decrypt']));
}

async function ciphers() {
  const text = Buffer.alloc(100, 'plain text ');
  const counter = Buffer.alloc(16, 255);
  const cases = [['AES-CBC', 128, { iv: Buffer.alloc(16, 1) }], ['AES-CBC', 192, { iv: Buffer.alloc(16, 1) }], ['AES-CTR', 128, { counter, length: 128 }],
                 ['AES-CTR', 256, { counter, length: 64 }], ['AES-CTR', 256, { counter: Buffer.alloc(16, 0xfe), length: 7 }], ['AES-CTR', 128, { counter, length: 3 }],
                 ['AES-CTR', 128, { counter, length: 1 }], ['AES-CTR', 128, { counter, length: 0 }], ['AES-CTR', 128, { counter: Buffer.alloc(3), length: 1 }],
                 ['AES-GCM', 128, { iv: Buffer.alloc(12, 1) }], ['AES-GCM', 256, { iv: Buffer.alloc(1), additionalData: Buffer.from('more'), tagLength: 96 }],
                 ['AES-GCM', 256, { iv: Buffer.alloc(12), tagLength: 7 }], ['AES-OCB', 192, { iv: Buffer.alloc(15, 1), tagLength: 64, additionalData: text }],
                 ['AES-OCB', 128, { iv: Buffer.alloc(16) }], ['AES-CBC', 256, { iv: Buffer.alloc(3) }], ['ChaCha20-Poly1305', 256, { iv: Buffer.alloc(12, 7), additionalData: text }]];
  for (const [name, length, options] of cases) {
    const algorithm = { name, ...options };
    const key = await subtle.importKey(/^AES-[CG][^T]*|^AES-CTR/.test(name) ? 'raw' : 'raw-secret', Buffer.alloc(length / 8, 3), name, false, ['encrypt', 'decrypt']);
    for (const data of [text, Buffer.alloc(0), Buffer.alloc(16)]) {
      const sealed = await told(() => subtle.encrypt(algorithm, key, data));
      print(name, length, sealed);
      if (typeof sealed !== 'string') continue;
      print(await told(() => subtle.decrypt(algorithm, key, Buffer.from(sealed, 'hex'))) === data.toString('hex'), await told(() => subtle.decrypt(algorithm, key, Buffer.alloc(33))));
    }
  }
  const wrapping = await subtle.importKey('raw', Buffer.alloc(16, 9), 'AES-KW', true, ['wrapKey', 'unwrapKey']);
  const inner = await subtle.importKey('raw', Buffer.alloc(32, 4), 'AES-GCM', true, ['encrypt']);
  const wrapped = await subtle.wrapKey('raw', inner, wrapping, 'AES-KW');
  print(hex(wrapped), await subtle.exportKey('raw', await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', 'AES-GCM', true, ['encrypt'])),
        await told(() => subtle.unwrapKey('raw', Buffer.alloc(24), wrapping, 'AES-KW', 'AES-GCM', true, ['encrypt'])));
}

// A result is no promise of somebody else's making.
Object.prototype.then = function() { print('called'); };
subtle.digest('SHA-1', new Uint8Array(1)).finally(() => {
  delete Object.prototype.then;
  digests().then(codes).then(keys).then(ciphers).then(() => print(Object.prototype.toString.call(globalThis.crypto), typeof CryptoKey, typeof SubtleCrypto, crypto === globalThis.crypto));
});
