'use strict';
// Times the file system of a folder, as podium.benchmark.file.FileSystems does: index.js FOLDER ROUNDS DIVISOR WARM DURABLE
//
// A line for each figure says its name and the microseconds that one operation takes, the median of the rounds. The divisor is
// by how much less there is to do; each kind of work runs for WARM seconds first; what is synced is timed when DURABLE is 1.
// What is read is compared with what was written.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
const [rounds, divisor, seconds, durable] = process.argv.slice(3).map(Number);
const WARM = seconds * 1000 / divisor;
const PAGE = 4096, PAGES = 16_384, TRANSFERS = 16_384, SMALL = 10_000, SMALL_SYNCED = 1_000, SIZE = 100, DIRECTORY = 1_000;
const FILES = 5_000, DIRECTORIES = 700, MEDIAN = 1_500, DEVIATION = 1.7, LARGEST = 1 << 20;

// Numbers below 1, the same every time (xorshift32).
function randomNumbers(seed) {
  return () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 2 ** 32;
  };
}

function less(count) {
  return Math.max(1, Math.floor(count / divisor));
}

// What is in files: parts of one long row of bytes, which begin elsewhere for each file.
const bytes = Buffer.alloc(LARGEST + 0x10000);
const random = randomNumbers(4);
for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(random() * 2 ** 32 >>> 0, at);

function content(number, size) {
  const from = number * 31 & 0xffff;
  return bytes.subarray(from, from + size);
}

function create(file, number, size, synced) {
  const fd = fs.openSync(file, 'wx');
  const from = content(number, size);
  for (let at = 0; at < size; ) at += fs.writeSync(fd, from, at, size - at);
  if (synced) fs.fsyncSync(fd);
  fs.closeSync(fd);
}

function check(file, number, size) {
  if (!fs.readFileSync(file).equals(content(number, size))) throw new Error(`${file} is not what was written`);
}

// A file in pages, each of which begins and ends with the number of its writing.
class PagedFile {
  constructor(name) {
    this.name = path.join(folder, name);
    this.buffer = Buffer.from(content(1, PAGE));
    this.writings = new Uint32Array(less(PAGES));
    this.count = 0;
    this.random = randomNumbers(2);
    this.fd = fs.openSync(this.name, 'wx+');
    for (let page = 0; page < this.writings.length; page++) this.write(page);
  }

  any() {
    return Math.floor(this.random() * this.writings.length);
  }

  write(page) {
    this.writings[page] = ++this.count;
    this.buffer.writeUInt32LE(this.count, 0);
    this.buffer.writeUInt32LE(this.count, PAGE - 4);
    if (fs.writeSync(this.fd, this.buffer, 0, PAGE, page * PAGE) !== PAGE) throw new Error(`page ${page} is not written`);
  }

  read(page) {
    if (fs.readSync(this.fd, this.buffer, 0, PAGE, page * PAGE) !== PAGE) throw new Error(`page ${page} is not there`);
    const number = this.writings[page];
    if (this.buffer.readUInt32LE(0) !== number || this.buffer.readUInt32LE(PAGE - 4) !== number)
      throw new Error(`page ${page} is not what was written`);
  }

  check() {
    const middle = content(1, PAGE).subarray(4, PAGE - 4);
    for (let page = 0; page < this.writings.length; page++) {
      this.read(page);
      if (!this.buffer.subarray(4, PAGE - 4).equals(middle)) throw new Error(`page ${page} is not what was written`);
    }
  }

  end() {
    fs.closeSync(this.fd);
    fs.unlinkSync(this.name);
  }
}

function reads() {
  const file = new PagedFile('read');
  const run = time => {
    time('read', less(TRANSFERS), count => {
      for (let i = 0; i < count; i++) file.read(file.any());
    });
    file.check();
  };
  return { run, end: () => file.end() };
}

function writes(synced) {
  const file = new PagedFile('write');
  const run = time => {
    fs.fsyncSync(file.fd); // what there is to do from earlier rounds is not of this one
    time(synced ? 'write-synced' : 'write', less(TRANSFERS), count => {
      for (let i = 1; i <= count; i++) {
        file.write(file.any());
        if (synced && i % 100 === 0) fs.fsyncSync(file.fd);
      }
      if (synced) fs.fsyncSync(file.fd);
    });
    file.check();
  };
  return { run, end: () => file.end() };
}

function smallFiles(synced) {
  const top = path.join(folder, 'small');
  const files = Array.from({ length: less(synced ? SMALL_SYNCED : SMALL) },
    (_, i) => `${top}/directory-${Math.floor(i / DIRECTORY)}/file-${i}`);
  for (const directory of new Set(files.map(path.dirname))) fs.mkdirSync(directory, { recursive: true });
  const remove = () => files.forEach(file => fs.unlinkSync(file));
  const ask = () => files.forEach(file => {
    if (fs.statSync(file).size !== SIZE) throw new Error(`${file} is not what was made`);
  });
  const run = time => {
    time(synced ? 'create-synced' : 'create', files.length, () => files.forEach((file, i) => create(file, i, SIZE, synced)));
    if (!synced) time('stat', files.length, ask);
    files.forEach((file, i) => check(file, i, SIZE));
    if (synced) remove();
    else time('unlink', files.length, remove);
    for (const directory of fs.readdirSync(top))
      if (fs.readdirSync(`${top}/${directory}`).length) throw new Error(`${directory} is not empty`);
  };
  return { run, end: () => fs.rmSync(top, { recursive: true }) };
}

// A tree such as a node_modules: most files are small, and a few are large.
function packageTree(top) {
  const random = randomNumbers(5);
  const normal = () => Math.sqrt(-2 * Math.log(random() || 0.5)) * Math.cos(2 * Math.PI * random());
  const any = list => list[Math.floor(random() * list.length)];
  const directories = [];
  for (let i = 0; i < less(DIRECTORIES); i++)
    directories.push(`${random() < 0.25 || !i ? top : any(directories)}/directory-${i}`);
  const files = Array.from({ length: less(FILES) }, (_, i) => ({
    name: `${any(directories)}/file-${i}.js`,
    size: Math.min(LARGEST, Math.floor(MEDIAN * Math.exp(DEVIATION * normal()))),
  }));
  return { directories, files };
}

function unpacking(synced) {
  const top = path.join(folder, 'packages');
  const { directories, files } = packageTree(top);
  const run = time => {
    time(synced ? 'unpack-synced' : 'unpack', 1, () => {
      fs.mkdirSync(top);
      for (const directory of directories) fs.mkdirSync(directory);
      files.forEach(({ name, size }, i) => create(name, i, size, synced));
    });
    files.forEach(({ name, size }, i) => check(name, i, size));
    fs.rmSync(top, { recursive: true });
  };
  return { run, end() {} };
}

function measure(work) {
  const begun = performance.now();
  do work.run((name, count, action) => action(count));
  while (performance.now() - begun < WARM);
  const figures = {};
  for (let i = 0; i < rounds; i++) {
    work.run((name, count, action) => {
      const before = performance.now();
      action(count);
      (figures[name] ??= []).push((performance.now() - before) * 1000 / count);
    });
  }
  work.end();
  for (const [name, times] of Object.entries(figures)) {
    times.sort((a, b) => a - b);
    console.log(`${name} ${times[rounds >> 1].toFixed(3)}`);
  }
}

for (const synced of durable ? [false, true] : [false]) {
  if (!synced) measure(reads());
  measure(writes(synced));
  measure(smallFiles(synced));
  measure(unpacking(synced));
}
