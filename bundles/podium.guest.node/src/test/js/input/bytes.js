// Bytes that are no UTF-8, in pieces of all sizes, through everything that decodes.
const { StringDecoder } = require('node:string_decoder');
const { Readable } = require('node:stream');
const { isUtf8 } = require('node:buffer');

const bytes = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x62, 0xf0, 0x9f, 0x91, 0xed, 0xa0, 0x80, 0xc3]);
const pieces = (size) => Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, i * size + size));

(async () => {
  for (let size = 1; size < 6; size++) {
    let text = '';
    for await (const part of Readable.from(pieces(size), { objectMode: false }).setEncoding('utf8')) text += part;
    const decoder = new StringDecoder('utf8'), web = new TextDecoder();
    const own = pieces(size).map((piece) => decoder.write(piece)).join('') + decoder.end();
    const theirs = pieces(size).map((piece) => web.decode(piece, { stream: true })).join('') + web.decode();
    console.log(size, JSON.stringify(text), text === own, text === theirs);
  }
  console.log(JSON.stringify(bytes.toString()), JSON.stringify(new TextDecoder().decode(bytes)), isUtf8(bytes));
  try { new TextDecoder('utf-8', { fatal: true }).decode(bytes); } catch (e) { console.log(e.name, e.code, e.message); }
  const stream = new Blob([bytes]).stream().pipeThrough(new TextDecoderStream('utf-8', { fatal: true }));
  try { for await (const part of stream) console.log(part); } catch (e) { console.log(e.name, e.code, e.message); }
})();
