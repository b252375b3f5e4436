'use strict';
// Training: Node's own library, as programs use it.
const { Buffer } = require('node:buffer');
const EventEmitter = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { pipeline, Readable, Transform, Writable } = require('node:stream');
const { promisify, format, inspect } = require('node:util');
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const assert = require('node:assert');

function events() {
  class Source extends EventEmitter {}
  const source = new Source();
  let n = 0;
  source.on('data', (a, b) => { n += a + b; });
  source.once('end', () => n++);
  for (let i = 0; i < 500; i++) source.emit('data', i, 1);
  source.emit('end');
  source.removeAllListeners('data');
  return n;
}

function buffers() {
  let n = 0;
  for (let i = 0; i < 60; i++) {
    const b = Buffer.from(`text ${i} \u20ac`);
    n += b.toString('hex').length + b.toString('base64').length + Buffer.concat([b, Buffer.alloc(5, 'x')]).indexOf('x');
    b.writeUInt16BE(i, 0);
    n += b.readInt16LE(0) + b.subarray(2, 6).toString('latin1').length + (b.equals(Buffer.from(b)) ? 1 : 0);
  }
  return n;
}

function texts() {
  let n = 0;
  for (let i = 0; i < 60; i++) {
    const url = new URL(`http://user@example.com:80${i}/a/../b?q=${i}&r=s#h`);
    url.searchParams.append('t', 'u v');
    n += url.href.length + path.join('/a', '..', 'b', `c${i}.js`).length + path.extname(path.basename('/x/y.tar.gz')).length;
    n += format('%s %d %j', 'a', i, { i }).length + path.relative('/a/b/c', '/a/d').length;
  }
  for (let i = 0; i < 15; i++) n += inspect({ a: [1, 2, { b: new Map([['k', i]]) }], s: 'text', f() {}, d: new Date(0) }).length;
  assert.deepStrictEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] });
  return n;
}

async function files() {
  const folder = fs.mkdtempSync('/tmp/train-');
  for (let i = 0; i < 30; i++) fs.writeFileSync(path.join(folder, `f${i}.txt`), `line ${i}\n`.repeat(30));
  let n = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile()) n += fs.readFileSync(path.join(folder, entry.name), 'utf8').length + fs.statSync(path.join(folder, entry.name)).size;
  for (let i = 0; i < 20; i++) n += (await fs.promises.readFile(path.join(folder, `f${i}.txt`))).length;
  for (let i = 0; i < 20; i++) n += (await promisify(fs.stat)(path.join(folder, `f${i}.txt`))).mtimeMs > 0 ? 1 : 0;
  n += fs.existsSync('/nowhere') ? 1 : 0;
  await promisify(pipeline)(
    fs.createReadStream(path.join(folder, 'f1.txt')),
    new Transform({ transform(chunk, _, done) { done(null, chunk.toString().toUpperCase()); } }),
    fs.createWriteStream(path.join(folder, 'copy')));
  fs.rmSync(folder, { recursive: true });
  return n;
}

async function streams() {
  let n = 0;
  const sink = new Writable({ objectMode: true, write(o, _, done) { n += o.i; setImmediate(done); } });
  await promisify(pipeline)(Readable.from((function*() { for (let i = 0; i < 100; i++) yield { i }; })()), sink);
  for await (const chunk of Readable.from(['a', 'b', 'c'])) n += chunk.length;
  return n;
}

async function timers() {
  let n = 0;
  await new Promise((resolve) => {
    for (let i = 0; i < 60; i++) setTimeout(() => { if (++n === 60) resolve(); }, i % 5);
    const interval = setInterval(() => { if (n > 30) clearInterval(interval); }, 1);
    clearTimeout(setTimeout(() => {}, 1000));
  });
  for (let i = 0; i < 100; i++) await new Promise((resolve) => (i % 2 ? setImmediate(resolve) : process.nextTick(resolve)));
  return n;
}

async function codes() {
  let n = crypto.getHashes().length;
  const block = Buffer.alloc(2000, 'block '), key = Buffer.alloc(32, 'k'), iv = Buffer.alloc(16, 'v');
  for (const name of ['md5', 'sha1', 'sha256', 'sha512', 'sha3-256'])
    for (let i = 0; i < 20; i++) n += crypto.createHash(name).update('text').update(block).digest(i % 2 ? 'hex' : 'base64').length;
  for (let i = 0; i < 50; i++) n += crypto.createHmac('sha256', key).update(block).digest().length + crypto.randomUUID().length;
  for (const name of ['aes-256-cbc', 'aes-256-ctr', 'aes-256-gcm', 'chacha20-poly1305']) {
    const cipher = crypto.createCipheriv(name, key, iv.subarray(0, crypto.getCipherInfo(name).ivLength));
    for (let i = 0; i < 10; i++) n += cipher.update(block).length;
    n += cipher.final().length;
  }
  n += crypto.timingSafeEqual(key, Buffer.from(key)) ? 1 : 0;
  n += (await promisify(crypto.pbkdf2)('password', 'salt', 200, 32, 'sha256')).length + crypto.scryptSync('password', 'salt', 32, { N: 64 }).length;
  n += (await promisify(crypto.randomBytes)(64)).length + (await crypto.subtle.digest('SHA-256', block)).byteLength;
  return n;
}

async function modules() {
  const folder = fs.mkdtempSync('/tmp/modules-');
  for (let i = 0; i < 25; i++)
    fs.writeFileSync(path.join(folder, `m${i}.js`),
                     `'use strict';\nconst path = require('path');\n${i ? `const next = require('./m${i - 1}');\n` : ''}` +
                     `/** Adds. */\nfunction add(a, b = 1) {\n  return a + b;\n}\nclass Thing {\n  constructor(x) { this.x = x; }\n` +
                     `  go() { return [1, 2, 3].map((v) => v * this.x).filter((v) => v > ${i}); }\n}\n` +
                     `module.exports = { add, Thing, name: path.basename(__filename)${i ? ', next' : ''} };\n`);
  fs.writeFileSync(path.join(folder, 'e.mjs'), 'import { readFileSync } from "node:fs"; export const n = readFileSync(new URL(import.meta.url)).length;\n');
  const n = require(path.join(folder, 'm24.js')).next.name.length + (await import(path.join(folder, 'e.mjs'))).n;
  fs.rmSync(folder, { recursive: true });
  return n;
}

(async () => {
  let n = 0;
  for (let round = 0; round < 3; round++) {
    n += events() + buffers() + texts() + await files() + await streams() + await timers() + await modules() + await codes();
    n += (await promisify(zlib.gunzip)(zlib.gzipSync('compress me '.repeat(300)))).length;
  }
  console.log(`library: ${n}`);
})();
