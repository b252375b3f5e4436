// Ciphers: every one there and back, known answers, tags, padding, what is refused.
'use strict';
const crypto = require('node:crypto');
const assert = require('node:assert');
const print = console.log;

function told(f) {
  try {
    return f();
  } catch (e) {
    const { name, message, code, library, reason, opensslErrorStack } = e;
    return { name, message, code, library, reason, opensslErrorStack };
  }
}

const hex = (text) => Buffer.from(text, 'hex');
// NIST SP 800-38A, F.2.5 and F.5.5; the GCM specification, case 16; RFC 8439, 2.8.2.
const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
const block = hex('6bc1bee22e409f96e93d7e117393172a');
const cbc = crypto.createCipheriv('aes-256-cbc', key, hex('000102030405060708090a0b0c0d0e0f')).setAutoPadding(false);
assert.strictEqual(cbc.update(block, null, 'hex') + cbc.final('hex'), 'f58c4c04d6e5f1ba779eabfb5f7bfbd6');
const ctr = crypto.createCipheriv('aes-256-ctr', key, hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'));
assert.strictEqual(ctr.update(block, null, 'hex') + ctr.final('hex'), '601ec313775789a5b7a7f504bbf3d228');
const gcm = crypto.createCipheriv('aes-256-gcm', hex('feffe9928665731c6d6a8f9467308308'.repeat(2)), hex('cafebabefacedbaddecaf888'));
gcm.setAAD(hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'));
assert.strictEqual(gcm.update('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39', 'hex', 'hex') + gcm.final('hex'),
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
  '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662');
assert.strictEqual(gcm.getAuthTag().toString('hex'), '76fc6ece0f4e1768cddf8853bb2d551b');
const chacha = crypto.createCipheriv('chacha20-poly1305', Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i)), hex('070000004041424344454647'));
chacha.setAAD(hex('50515253c0c1c2c3c4c5c6c7'));
chacha.update("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
chacha.final();
assert.strictEqual(chacha.getAuthTag().toString('hex'), '1ae10b594f09e26a7e902ecbd0600691');

const text = Buffer.alloc(48, 'text of forty-eight bytes ');
for (const name of crypto.getCiphers()) {
  if (/-hmac-/.test(name)) continue; // made for processors with instructions of their own
  const info = crypto.getCipherInfo(name);
  print(name, info);
  const key = Buffer.from(Array.from({ length: info.keyLength }, (_, i) => i * 7));
  const iv = info.ivLength ? Buffer.alloc(info.ivLength, 5) : null;
  const tagged = /gcm|ccm|ocb|poly/i.test(name), options = tagged ? { authTagLength: 16 } : undefined;
  const result = told(() => {
    const cipher = crypto.createCipheriv(name, key, iv, options);
    if (tagged) cipher.setAAD(Buffer.from('more'), { plaintextLength: text.length });
    const out = Buffer.concat([cipher.update(text), cipher.final()]);
    const decipher = crypto.createDecipheriv(name, key, iv, options);
    if (tagged) decipher.setAuthTag(cipher.getAuthTag()).setAAD(Buffer.from('more'), { plaintextLength: text.length });
    assert.deepStrictEqual(Buffer.concat([decipher.update(out), decipher.final()]), text);
    return (/des3-wrap|3DESwrap/.test(name) ? 'has random bytes' : out.toString('base64')) + (tagged ? ' ' + cipher.getAuthTag().toString('hex') : '');
  });
  print(result);
}

const key16 = Buffer.alloc(16, 1), iv16 = Buffer.alloc(16, 2);
for (const bad of [['none', key16, iv16], ['aes-128-cbc', Buffer.alloc(3), iv16], ['aes-128-cbc', key16, Buffer.alloc(3)], ['aes-128-cbc', key16, null],
                   ['aes-128-gcm', key16, null], ['aes-128-gcm', key16, Buffer.alloc(0)], ['aes-128-gcm', key16, iv16, { authTagLength: 3 }],
                   ['aes-128-ccm', key16, Buffer.alloc(12)], ['aes-128-ocb', key16, Buffer.alloc(12), { authTagLength: 99 }], ['bf-cbc', key16, Buffer.alloc(8)],
                   ['chacha20-poly1305', Buffer.alloc(32), Buffer.alloc(13)], [1, key16, iv16], ['aes-128-cbc', 1, iv16], ['aes-128-cbc', key16, 1],
                   ['aes-128-ccm', key16, Buffer.alloc(14), { authTagLength: 16 }]])
  print(bad[0], told(() => crypto.createCipheriv(...bad).constructor.name), told(() => crypto.createDecipheriv(...bad).constructor.name));

const make = (text) => { const c = crypto.createCipheriv('aes-128-cbc', key16, iv16); return c.update(text, 'utf8', 'hex') + c.final('hex'); };
print(make(''), make('é'.repeat(20)), make('0123456789abcdef'));
for (const wrong of ['00', '00'.repeat(16), make('some text').replace(/^../, 'ff')])
  print(told(() => { const d = crypto.createDecipheriv('aes-128-cbc', key16, iv16); return d.update(wrong, 'hex', 'latin1') + d.final('latin1'); }));
print(told(() => { const c = crypto.createCipheriv('aes-128-cbc', key16, iv16).setAutoPadding(false); c.update('abc'); return c.final(); }));
const done = crypto.createCipheriv('aes-128-cbc', 'k'.repeat(16), 'v'.repeat(16));
print(done.final('base64'), told(() => done.final()), told(() => done.update('x')), told(() => done.getAuthTag()), told(() => done.setAutoPadding()), told(() => done.setAAD(key16)));
for (const data of [null, 1, {}]) print(told(() => crypto.createCipheriv('aes-128-cbc', key16, iv16).update(data)));

const sealed = crypto.createCipheriv('aes-128-gcm', key16, iv16);
const box = sealed.update('secret', 'utf8', 'hex') + sealed.final('hex');
for (const tag of [sealed.getAuthTag(), Buffer.alloc(16), Buffer.alloc(5), sealed.getAuthTag().subarray(0, 12), sealed.getAuthTag().toString('latin1')])
  print(told(() => { const d = crypto.createDecipheriv('aes-128-gcm', key16, iv16).setAuthTag(tag, 'latin1'); return d.update(box, 'hex', 'utf8') + d.final('utf8'); }));
print(told(() => { const d = crypto.createDecipheriv('aes-128-gcm', key16, iv16); d.update(box, 'hex'); return d.final(); }));
print(told(() => { const d = crypto.createDecipheriv('aes-128-ccm', key16, Buffer.alloc(12), { authTagLength: 8 }).setAuthTag(Buffer.alloc(8)); d.update(box, 'hex'); return d.final(); }));
print(told(() => crypto.createCipheriv('aes-128-ccm', key16, Buffer.alloc(13), { authTagLength: 8 }).update(Buffer.alloc(65536))));
print(crypto.getCipherInfo('none'), crypto.getCipherInfo(895), crypto.getCipherInfo('aes-128-cbc', { keyLength: 5 }), crypto.getCipherInfo('aes-128-gcm', { ivLength: 99, keyLength: 16 }),
      crypto.getCipherInfo('aes-128-ccm', { ivLength: 6 }), crypto.getCipherInfo('aes-128-ocb', { ivLength: 16 }), crypto.getCipherInfo('aes-128-cbc', { ivLength: 16 }));

const stream = crypto.createCipheriv('aes-128-ctr', key16, iv16);
const parts = [];
stream.on('data', (part) => parts.push(part)).on('end', () => print(Buffer.concat(parts).toString('hex')));
for (let i = 0; i < 10; i++) stream.write('part ' + i);
stream.end();
