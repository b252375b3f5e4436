'use strict';
// Reads and writes files in the four ways Node has: sync, callbacks, promises, streams.
const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { Transform } = require('node:stream');
const os = require('node:os');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'));
const at = name => path.join(folder, name);

function sync() {
  fs.writeFileSync(at('sync.txt'), 'one\n');
  fs.appendFileSync(at('sync.txt'), 'two\n');
  console.log('sync:', JSON.stringify(fs.readFileSync(at('sync.txt'), 'utf8')));
  fs.renameSync(at('sync.txt'), at('renamed.txt'));
  fs.symlinkSync('renamed.txt', at('link'));
  console.log('link:', fs.readlinkSync(at('link')), fs.statSync(at('link')).size, fs.lstatSync(at('link')).isSymbolicLink());
  try {
    fs.readFileSync(at('missing'));
  } catch (error) {
    console.log('missing:', error.code, error.syscall);
  }
}

function callbacks(done) {
  fs.writeFile(at('callback.bin'), Buffer.from([1, 2, 3, 250]), error => {
    if (error) throw error;
    fs.open(at('callback.bin'), 'r+', (error, fd) => {
      if (error) throw error;
      const buffer = Buffer.alloc(2);
      fs.read(fd, buffer, 0, 2, 2, (error, read) => {
        if (error) throw error;
        console.log('callback:', read, buffer);
        fs.ftruncate(fd, 1, error => {
          if (error) throw error;
          console.log('truncated:', fs.fstatSync(fd).size);
          fs.close(fd, done);
        });
      });
    });
  });
}

async function promises() {
  const { mkdir, writeFile, readdir, open, access, rm } = fs.promises;
  await mkdir(at('a/b'), { recursive: true });
  await Promise.all(['x', 'y', 'z'].map(name => writeFile(at(`a/b/${name}`), name.repeat(3))));
  console.log('promises:', (await readdir(at('a'), { recursive: true })).sort());
  const file = await open(at('a/b/x'));
  for await (const line of file.readLines()) console.log('line:', line);
  await rm(at('a'), { recursive: true });
  await access(at('a')).catch(error => console.log('removed:', error.code));
}

async function streams() {
  const out = fs.createWriteStream(at('big.txt'));
  for (let i = 0; i < 10_000; i++) if (!out.write(`line ${i}\n`)) await new Promise(drain => out.once('drain', drain));
  await new Promise(end => out.end(end));
  const upper = new Transform({ transform: (chunk, _, next) => next(null, chunk.toString().toUpperCase()) });
  await pipeline(fs.createReadStream(at('big.txt'), { highWaterMark: 1000 }), upper, fs.createWriteStream(at('upper.txt')));
  const text = fs.readFileSync(at('upper.txt'), 'utf8');
  console.log('streams:', text.length, text.split('\n').length, text.slice(-10).trim());
}

sync();
callbacks(async () => {
  await promises();
  await streams();
  console.log('left:', fs.readdirSync(folder));
  fs.rmSync(folder, { recursive: true });
  console.log('gone:', !fs.existsSync(folder));
});
