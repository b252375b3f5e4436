// Flags: --expose-internals --no-warnings
// The zlib binding: every format there and back, in pieces, at once and on the pool; errors.
'use strict';
const { internalBinding } = require('internal/test/binding');
const print = console.log;
const { Zlib, BrotliEncoder, BrotliDecoder, crc32 } = internalBinding('zlib');
const { zlib: c } = internalBinding('constants');
const input = Uint8Array.from({ length: 20000 }, (_, i) => (i * i) % 251 & (i >> 7));
const Z_NO_FLUSH = 0, Z_FINISH = 4;

function open(mode, { dictionary, level = 6, reject = false } = {}) {
  const state = new Uint32Array(2);
  const brotli = mode === 'encode' || mode === 'decode';
  const handle = mode === 'encode' ? new BrotliEncoder(9) : mode === 'decode' ? new BrotliDecoder(8) : new Zlib(mode);
  handle.onerror = (message, errno, code) => { handle.error = [message, errno, code].join(' | '); };
  const done = () => handle.next();
  if (brotli) handle.init(new Uint32Array(9).fill(-1), state, done, dictionary);
  else handle.init(15, level, 8, 0, state, done, dictionary, reject);
  return { handle, state };
}
// Puts all of `data` through, `step` bytes of output at a time.
function sync(mode, data, options = {}) {
  const { handle, state } = open(mode, options);
  const finish = mode === 'encode' || mode === 'decode' ? 2 : Z_FINISH;
  const out = [], buffer = new Uint8Array(options.step ?? 1000);
  let offset = 0, left = data.length;
  do {
    handle.writeSync(finish, data, offset, left, buffer, 0, buffer.length);
    if (handle.error) return handle.error;
    offset += left - state[1];
    left = state[1];
    out.push(...buffer.subarray(0, buffer.length - state[0]));
  } while (state[0] === 0);
  handle.close();
  return Uint8Array.from(out);
}
async function pooled(mode, data) {
  const { handle, state } = open(mode);
  const out = [], buffer = new Uint8Array(512);
  let offset = 0, left = data.length;
  do {
    await new Promise((resolve) => {
      handle.next = resolve;
      handle.write(Z_FINISH, data, offset, left, buffer, 0, buffer.length);
    });
    offset += left - state[1];
    left = state[1];
    out.push(...buffer.subarray(0, buffer.length - state[0]));
  } while (state[0] === 0);
  handle.close();
  return Uint8Array.from(out);
}
const same = (a, b) => typeof a !== 'string' && a.length === b.length && a.every((x, i) => x === b[i]);

(async () => {
  print(crc32(input, 0), crc32('h\u00e9llo', 7), crc32(new Uint8Array(0), 5));
  for (const [pack, unpack] of [[c.DEFLATE, c.INFLATE], [c.GZIP, c.GUNZIP], [c.DEFLATERAW, c.INFLATERAW], [c.GZIP, c.UNZIP], [c.DEFLATE, c.UNZIP], ['encode', 'decode']]) {
    const packed = sync(pack, input);
    print(pack, unpack, packed.length < input.length, crc32(packed, 0) !== 0, same(sync(unpack, packed), input), same(sync(unpack, packed, { step: 1 << 20 }), input));
    print('cut', sync(unpack, packed.subarray(0, 100)));
    print('bad', sync(unpack, Uint8Array.from([9, 9, 9, 9, 9, 9, 9])));
    if (typeof pack === 'number') print('pool', same(await pooled(unpack, await pooled(pack, input)), input));
  }
  const member = sync(c.GZIP, input.subarray(0, 3000));
  const two = Uint8Array.from([...member, ...member]);
  print('members', sync(c.GUNZIP, two).length, sync(c.GUNZIP, two, { reject: true }).length);
  print('garbage', sync(c.GUNZIP, Uint8Array.from([...member, 1, 2, 3])), sync(c.GUNZIP, Uint8Array.from([...member, 0, 0, 0])).length);
  const dictionary = input.subarray(0, 500);
  for (const mode of [c.DEFLATE, c.DEFLATERAW]) {
    const packed = sync(mode, input, { dictionary });
    print('dictionary', same(sync(mode + 1, packed, { dictionary }), input), sync(mode + 1, packed).length, String(sync(mode + 1, packed, { dictionary: input.subarray(1, 9) })).slice(0, 60));
  }
  const { handle, state } = open(c.DEFLATE);
  const out = new Uint8Array(5000);
  handle.writeSync(Z_FINISH, input, 0, 4000, out, 0, 5000);
  const first = out.slice(0, 5000 - state[0]);
  handle.reset();
  handle.writeSync(Z_FINISH, input, 0, 4000, out, 0, 5000);
  print('reset', same(out.slice(0, 5000 - state[0]), first));
  handle.reset();
  handle.writeSync(Z_NO_FLUSH, input, 0, 4000, out, 0, 5000);
  handle.params(0, 0);
  handle.writeSync(Z_FINISH, null, 0, 0, out, 0, 5000);
  print('params', handle.error);
  try { handle.writeSync(Z_FINISH, input, 19999, 2, out, 0, 10); } catch (error) { print(error.code, error.message); }
  try { handle.writeSync(Z_FINISH, input, 0, 2, out, 4999, 10); } catch (error) { print(error.code, error.message); }
  handle.close();
})().catch((error) => print('failed', error.stack));
