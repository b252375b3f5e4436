// What the program says it has can be used; what it says it has not is refused. Said is it in process.features, process.versions
// and process.config, and the line for each is the same whether it is there or not.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');
const zlib = require('node:zlib');

const { features, versions } = process;
const { variables } = process.config;
const folder = fs.mkdtempSync(path.join(process.env.NODE_TEST_TMP, 'features-'));

function written(name, text) {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

function missing(what) {
  throw Object.assign(new Error(`no ${what}`), { code: 'MISSING' });
}

// A certificate signed by itself, of X.509's first version.
function selfSigned() {
  const der = (tag, ...parts) => {
    const content = Buffer.concat(parts);
    const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), content]);
  };
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const number = der(2, Buffer.from([1]));
  const ecdsaWithSha256 = der(0x30, der(6, Buffer.from('2a8648ce3d040302', 'hex')));
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z')));
  const name = der(0x30, der(0x31, der(0x30, der(6, Buffer.from('550403', 'hex')), der(12, Buffer.from('localhost')))));
  const content = der(0x30, number, ecdsaWithSha256, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = der(3, Buffer.from([0]), crypto.sign('sha256', content, privateKey));
  const pem = der(0x30, content, ecdsaWithSha256, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  };
}

// A handshake with everything; gives what both ends learnt in it.
async function handshake() {
  tls.createSecureContext(); // says so where there is none
  const learnt = {};
  const certificate = selfSigned();
  const server = tls.createServer({
    ...certificate, ALPNProtocols: ['podium'],
    SNICallback(name, done) { learnt.sni = name; done(null, tls.createSecureContext(certificate)); },
  }, (socket) => socket.end('hello'));
  server.on('OCSPRequest', (_, __, done) => done(null, Buffer.from('good')));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = tls.connect({
    port: server.address().port, host: '127.0.0.1', servername: 'localhost', ALPNProtocols: ['podium'], requestOCSP: true,
    rejectUnauthorized: false,
  });
  client.on('OCSPResponse', (response) => { learnt.ocsp = String(response); });
  const [data] = await once(client, 'data');
  learnt.alpn = client.alpnProtocol;
  client.end();
  server.close();
  return { ...learnt, data: String(data) };
}

const uses = {
  async 'features.inspector'() {
    const session = new (require('node:inspector').Session)();
    session.connect();
    session.disconnect();
  },
  'features.debug'() {
    if (process.config.target_defaults.default_configuration !== 'Debug') missing('checks of a debug build');
  },
  'features.uv'() {
    assert.strictEqual(require('node:util').getSystemErrorName(-2), 'ENOENT');
  },
  async 'features.ipv6'() {
    const server = net.createServer((socket) => socket.end('hello')).listen(0, '::1');
    await once(server, 'listening');
    const [data] = await once(net.connect(server.address().port, '::1'), 'data');
    server.close();
    assert.strictEqual(String(data), 'hello');
  },
  async 'features.tls_alpn'() { assert.strictEqual((await handshake()).alpn, 'podium'); },
  async 'features.tls_sni'() { assert.strictEqual((await handshake()).sni, 'localhost'); },
  async 'features.tls_ocsp'() { assert.strictEqual((await handshake()).ocsp, 'good'); },
  async 'features.tls'() { assert.strictEqual((await handshake()).data, 'hello'); },
  'features.openssl_is_boringssl'() {
    if (crypto.getHashes().includes('shake256')) missing('gaps of BoringSSL');
  },
  'features.cached_builtins'() {
    if (!variables.node_use_node_code_cache) missing('compiled library');
  },
  'features.require_module'() {
    assert.strictEqual(require(written('module.mjs', 'export const two = 2')).two, 2);
  },
  'features.quic'() { require('node:quic'); },
  async 'features.typescript'() {
    assert.strictEqual((await import(written('types.mts', 'export const two: number = 2'))).two, 2);
  },
  'versions.ares'() { assert.ok(new (require('node:dns').Resolver)().getServers()); },
  'versions.brotli'() { assert.strictEqual(String(zlib.brotliDecompressSync(zlib.brotliCompressSync('a'))), 'a'); },
  'versions.icu'() {
    if (typeof Intl === 'undefined') missing('Intl');
    assert.strictEqual(new Intl.NumberFormat('de').format(1.5), '1,5');
  },
  'versions.nghttp2'() {
    const { PassThrough } = require('node:stream');
    require('node:http2').performServerHandshake(new PassThrough()).destroy();
  },
  'versions.openssl'() { assert.strictEqual(crypto.hash('md5', 'a'), '0cc175b9c0f1b6a831c399e269772661'); },
  'versions.sqlite'() { new (require('node:sqlite').DatabaseSync)(':memory:').close(); },
  'versions.tz'() {
    process.env.TZ = 'Europe/Berlin';
    assert.strictEqual(new Date(0).getTimezoneOffset(), -60);
  },
  'versions.undici'() { assert.strictEqual(new Headers({ a: 'b' }).get('a'), 'b'); },
  'versions.zlib'() { assert.strictEqual(String(zlib.inflateSync(zlib.deflateSync('a'))), 'a'); },
  'versions.zstd'() { assert.strictEqual(String(zlib.zstdDecompressSync(zlib.zstdCompressSync('a'))), 'a'); },
};

const refusals = new Set([
  'MISSING', 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'ERR_INSPECTOR_NOT_AVAILABLE', 'ERR_UNKNOWN_BUILTIN_MODULE', 'ERR_UNKNOWN_FILE_EXTENSION',
]);

async function whatHappens(use) {
  try {
    await use();
    return true;
  } catch (error) {
    return refusals.has(error.code) ? false : error;
  }
}

async function main() {
  assert.deepStrictEqual(Object.keys(features), Object.keys(uses).filter((name) => name.startsWith('features')).map((name) => name.slice(9)));
  for (const [name, use] of Object.entries(uses)) {
    const [kind, key] = name.split('.');
    const said = Boolean(process[kind][key]);
    const happens = await whatHappens(use);
    console.log(name, said === happens ? 'as said' : ['said', said, 'but', happens]);
  }
  for (const [name, said, there] of [
    ['napi_build_version', variables.napi_build_version, versions.napi],
    ['node_use_openssl', variables.node_use_openssl, !!versions.openssl],
    ['node_use_quic', variables.node_use_quic, !!versions.ngtcp2],
    ['node_use_sqlite', variables.node_use_sqlite, !!versions.sqlite],
    ['target_arch', variables.target_arch, process.arch],
    ['v8_enable_i18n_support', !!variables.v8_enable_i18n_support, !!versions.icu],
    ['v8_enable_inspector', !!variables.v8_enable_inspector, features.inspector],
  ]) console.log(name, said === there ? 'as said' : ['said', said, 'but', there]);
  console.log(versions.modules === String(variables.node_module_version), typeof crypto.webcrypto.subtle, process.binding('config').hasOpenSSL);
}

main().finally(() => fs.rmSync(folder, { recursive: true }));
