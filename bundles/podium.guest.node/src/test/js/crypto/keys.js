// Secret keys: objects, what they export, how they are passed on; comparing in constant time.
'use strict';
const crypto = require('node:crypto');
const { inspect } = require('node:util');
const print = console.log;

function told(f) {
  try {
    return f();
  } catch (e) {
    return { name: e.name, message: e.message, code: e.code };
  }
}

const key = crypto.createSecretKey(Buffer.from('0123456789abcdef'));
print(key, key.type, key.symmetricKeySize, key.asymmetricKeyType, key.export(), key.export({ format: 'jwk' }), key.export({ format: 'buffer' }));
print(told(() => key.export({ format: 'pem' })), told(() => key.export(1)), Object.prototype.toString.call(key), key instanceof crypto.KeyObject);
print(crypto.createSecretKey('6162', 'hex').export(), crypto.createSecretKey('é').export(), told(() => crypto.createSecretKey('')?.symmetricKeySize));
for (const bad of [null, undefined, 1, {}, []]) print(told(() => crypto.createSecretKey(bad)));
print(key.equals(crypto.createSecretKey('0123456789abcdef', 'latin1')), key.equals(crypto.createSecretKey('x')), told(() => key.equals({})));
print(told(() => new crypto.KeyObject('secret', {})), told(() => new crypto.KeyObject('x')), told(() => crypto.KeyObject.prototype.type));
print(structuredClone(key).equals(key), structuredClone({ key }).key.export().toString());
const source = Buffer.from('changed');
const kept = crypto.createSecretKey(source);
source.fill(0);
print(kept.export().toString());

print(crypto.generateKeySync('aes', { length: 192 }).symmetricKeySize, crypto.generateKeySync('hmac', { length: 123 }).symmetricKeySize);
print(told(() => crypto.generateKeySync('aes', { length: 100 })), told(() => crypto.generateKeySync('x', {})), told(() => crypto.generateKeySync('hmac', { length: 7 })));
crypto.generateKey('hmac', { length: 64 }, (error, made) => {
  print(error, made.symmetricKeySize, made.type);
  const { port1, port2 } = new MessageChannel();
  port2.once('message', (received) => {
    print('received', received.type, received.equals(made));
    port1.close();
  });
  port1.postMessage(made);
});

const { timingSafeEqual } = crypto;
print(timingSafeEqual(Buffer.from('a'), Buffer.from('a')), timingSafeEqual(new Uint16Array([1]), new Uint8Array([1, 0])), timingSafeEqual(new ArrayBuffer(0), Buffer.alloc(0)),
      timingSafeEqual(Buffer.from('ab'), Buffer.from('ac')));
print(told(() => timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))), told(() => timingSafeEqual('a', Buffer.from('a'))), told(() => timingSafeEqual(Buffer.from('a'), null)));

print(crypto.getFips(), crypto.secureHeapUsed(), told(() => crypto.setEngine(1)));
// Those that hash as well are made for processors with instructions of their own.
print(crypto.getCiphers().filter((name) => !/-hmac-/.test(name)).join(' '));
print(crypto.getCurves().join(' '));
const { OPENSSL_VERSION_NUMBER, ...constants } = crypto.constants;
print(inspect(constants, { maxStringLength: 1000 }), Number.isInteger(OPENSSL_VERSION_NUMBER));
print(Object.keys(crypto).join(' '));
print(/^3\.5\./.test(process.versions.openssl), process.config.variables.node_use_openssl);
