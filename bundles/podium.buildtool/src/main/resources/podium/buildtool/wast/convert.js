// Converts WebAssembly text to binaries: reads a length (4 bytes, big-endian) and that much text, answers a byte (0 if
// all went well), a length, and the module or the message. The argument is the folder of npm's wabt.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = process.argv[1];

const features = {};
for (const name of ['annotations', 'bulk_memory', 'code_metadata', 'exceptions', 'extended_const', 'function_references',
  'gc', 'memory64', 'multi_memory', 'multi_value', 'mutable_globals', 'reference_types', 'relaxed_simd',
  'sat_float_to_int', 'sign_extension', 'simd', 'tail_call', 'threads']) features[name] = true;

// Reads from standard input; null at its end.
function read(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const count = fs.readSync(0, bytes, at, length - at);
    if (count === 0) return null;
    at += count;
  }
  return bytes;
}

function answer(failed, content) {
  const head = Buffer.alloc(5);
  head.writeUInt8(failed ? 1 : 0, 0);
  head.writeUInt32BE(content.length, 1);
  const bytes = Buffer.concat([head, content]);
  for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at);
}

// The library forgets which memory a data segment is for; its command does not.
function hasSegmentsOfMemories(text) {
  return /\(\s*data\b/.test(text) && text.match(/\(\s*memory\s/g)?.length > 1;
}

function convertByCommand(text) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'wat-'));
  try {
    const [from, to] = [path.join(scratch, 'module.wat'), path.join(scratch, 'module.wasm')];
    fs.writeFileSync(from, text);
    execFileSync(process.execPath,
      [path.join(folder, 'bin/wat2wasm'), '--enable-all', '--no-check', from, '-o', to], { stdio: 'pipe' });
    return fs.readFileSync(to);
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

function convert(wabt, text) {
  if (hasSegmentsOfMemories(text.toString('latin1'))) return convertByCommand(text);
  const module = wabt.parseWat('module', new Uint8Array(text), features);
  try {
    module.resolveNames();
    return Buffer.from(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

require(folder)().then((wabt) => {
  for (let head = read(4); head !== null; head = read(4)) {
    const text = read(head.readUInt32BE(0));
    let binary;
    try {
      binary = convert(wabt, text);
    } catch (e) {
      answer(true, Buffer.from(e.message.split('\n').filter((line) => line.trim()).slice(0, 2).join(' ')));
      continue;
    }
    answer(false, binary);
  }
});
