'use strict';
// What programs do to the names of files, each in a way that leaves the tree and what is known of it the same. An operation is given
// { numbers, tree, open, seen }; there are more of those that are done more often.
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { pipeline } = require('node:stream/promises');
const { call, refused } = require('./call');
const { Directory, File, Link, sameBytes } = require('./tree');

const NAMES = 10;
const DIRECTORIES = 4;
const SIZE = 30_000;
const CROWD = 40;

/** A place for a name: the folder, one of its directories that are there, and what is there. */
function place({ numbers, tree }) {
  const name = `n${numbers.below(NAMES)}`;
  const above = `d${numbers.below(DIRECTORIES)}`;
  const directory = tree.root.get(above);
  if (numbers.below(3) === 0 || !(directory instanceof Directory))
    return { directory: tree.root, name, node: tree.root.get(name), at: path.join(tree.folder, name) };
  return { directory, name, node: directory.get(name), at: path.join(tree.folder, above, name) };
}

/** A place with a file. */
function filled(state) {
  for (let i = 0; i < 2 * NAMES; i++) {
    const found = place(state);
    if (found.node instanceof File) return found;
  }
  return null;
}

async function make(state) {
  const { numbers } = state;
  const { directory, name, node, at } = place(state);
  if (node instanceof Link) return;
  const bytes = numbers.bytes(SIZE);
  if (node) {
    await refused('EEXIST', numbers, 'writeFile', at, bytes, { flag: 'wx' });
    await call(numbers, 'writeFile', at, bytes);
    node.bytes = bytes;
    return;
  }
  await call(numbers, 'writeFile', at, bytes, { flag: 'wx' });
  directory.put(name, Object.assign(new File(), { bytes }));
}

async function append(state) {
  const found = filled(state);
  if (!found || found.node.bytes.length > SIZE) return;
  const bytes = state.numbers.bytes(500);
  await call(state.numbers, 'appendFile', found.at, bytes);
  found.node.write(bytes, found.node.bytes.length);
}

/** As editors save: to another name, which then becomes the file's. */
async function replace(state) {
  const { numbers, tree } = state;
  const { directory, name, at } = place(state);
  const bytes = numbers.bytes(SIZE);
  const next = path.join(tree.folder, 'next');
  const fd = await call(numbers, 'open', next, 'wx');
  await call(numbers, 'write', fd, bytes, 0, bytes.length, null);
  if (numbers.below(4) === 0) await call(numbers, 'fsync', fd);
  await call(numbers, 'close', fd);
  await call(numbers, 'rename', next, at);
  directory.put(name, Object.assign(new File(), { bytes }));
}

async function rename(state) {
  const from = place(state);
  const to = place(state);
  if (!from.node) return refused('ENOENT', state.numbers, 'rename', from.at, to.at);
  await call(state.numbers, 'rename', from.at, to.at);
  // One of two names of the same inode stays.
  if (from.node === to.node) return;
  to.directory.put(to.name, from.node);
  from.directory.remove(from.name);
}

async function remove(state) {
  const { directory, name, node, at } = place(state);
  if (!node) return refused('ENOENT', state.numbers, 'unlink', at);
  await call(state.numbers, 'unlink', at);
  directory.remove(name);
}

async function link(state) {
  const from = filled(state);
  const to = place(state);
  if (!from) return;
  if (to.node) return refused('EEXIST', state.numbers, 'link', from.at, to.at);
  await call(state.numbers, 'link', from.at, to.at);
  to.directory.put(to.name, from.node);
}

async function linkSymbolically(state) {
  const { directory, name, node, at } = place(state);
  const target = `n${state.numbers.below(NAMES)}`;
  if (node) return refused('EEXIST', state.numbers, 'symlink', target, at);
  await call(state.numbers, 'symlink', target, at);
  directory.put(name, new Link(target));
  const leads = directory.get(target);
  if (leads instanceof File) sameBytes(await call(state.numbers, 'readFile', at), leads.bytes, at);
}

async function truncate(state) {
  const found = filled(state);
  if (!found) return;
  const size = state.numbers.below(SIZE);
  await call(state.numbers, 'truncate', found.at, size);
  found.node.truncate(size);
}

async function changeMode(state) {
  const found = filled(state);
  if (!found) return;
  const mode = 0o600 | state.numbers.below(0o200);
  await call(state.numbers, 'chmod', found.at, mode);
  found.node.mode = mode;
  const time = state.numbers.below(2_000_000_000);
  await call(state.numbers, 'utimes', found.at, time, time);
  assert.strictEqual((await call(state.numbers, 'stat', found.at)).mtimeMs, time * 1000);
}

async function look(state) {
  const { node, at } = place(state);
  if (!node) return refused('ENOENT', state.numbers, 'lstat', at);
  if (node instanceof Link) return node.check(at);
  node.checkStat(await call(state.numbers, 'stat', at));
  sameBytes(await call(state.numbers, 'readFile', at), node.bytes, at);
}

async function copy(state) {
  const from = filled(state);
  const to = place(state);
  if (!from || from.node === to.node || to.node instanceof Link) return;
  const file = to.node ?? new File();
  if (state.numbers.below(2)) {
    await call(state.numbers, 'copyFile', from.at, to.at);
    file.mode = from.node.mode;
  } else await pipeline(fs.createReadStream(from.at, { highWaterMark: 4096 }), fs.createWriteStream(to.at));
  if (!to.node) to.directory.put(to.name, file);
  file.bytes = Buffer.from(from.node.bytes);
}

async function keepOpen(state) {
  const found = filled(state);
  if (found) await state.open.open(found.at, found.node);
}

async function changeDirectory(state) {
  const { numbers, tree } = state;
  const [name, other] = [numbers.below(DIRECTORIES), numbers.below(DIRECTORIES)].map(number => `d${number}`);
  const at = path.join(tree.folder, name);
  const node = tree.root.get(name);
  if (!node) {
    await call(numbers, 'mkdir', at);
    return tree.root.put(name, new Directory());
  }
  if (node.entries.size && numbers.below(2)) return refused('ENOTEMPTY', numbers, 'rmdir', at);
  if (!node.entries.size) {
    await call(numbers, 'rmdir', at);
    return tree.root.remove(name);
  }
  if (tree.root.get(other)) return;
  await call(numbers, 'rename', at, path.join(tree.folder, other));
  tree.root.remove(name);
  tree.root.put(other, node);
}

/** What is there all the time is listed once, whatever comes and goes meanwhile; what never was there is not. */
async function list(state) {
  const { numbers, tree } = state;
  const before = new Set(tree.root.entries.keys());
  const stream = fs.opendirSync(tree.folder, { bufferSize: 2 });
  const seen = [];
  const came = [];
  for (let entry = await stream.read(); entry; entry = await stream.read()) {
    seen.push(entry.name);
    if (came.length >= 20) continue;
    const name = `listed-${came.length}`;
    await call(numbers, 'writeFile', path.join(tree.folder, name), name);
    came.push(name);
  }
  await stream.close();
  for (const name of before) assert.strictEqual(seen.filter(one => one === name).length, 1, `${name} in ${seen}`);
  for (const name of seen) assert.ok(before.has(name) || came.includes(name), name);
  assert.strictEqual(new Set(seen).size, seen.length);
  for (const name of came) await call(numbers, 'unlink', path.join(tree.folder, name));
}

/** Who watches the folder is told. */
async function watched(state) {
  const name = `watched-${state.numbers.below(1_000_000)}`;
  const at = path.join(state.tree.folder, name);
  await call(state.numbers, 'writeFile', at, '');
  await call(state.numbers, 'unlink', at);
  for (let i = 0; !state.seen.has(name); i++) {
    assert.ok(i < 20_000, `nobody was told of ${name}`);
    await sleep(1);
  }
  state.seen.clear();
}

/** Many at once, on all threads of the pool. */
async function crowd({ numbers, tree }) {
  const all = Array.from({ length: CROWD }, (_, i) => ({ at: path.join(tree.folder, `crowd-${i}`), bytes: numbers.bytes(2000) }));
  await Promise.all(all.map(async ({ at, bytes }) => {
    const file = await fs.promises.open(at, 'wx+');
    await file.writeFile(bytes);
    await file.appendFile(at);
    const text = Buffer.concat([bytes, Buffer.from(at)]);
    sameBytes((await file.read(Buffer.alloc(text.length), 0, text.length, 0)).buffer, text, at);
    await file.close();
    await fs.promises.rename(at, `${at}-moved`);
    sameBytes(await fs.promises.readFile(`${at}-moved`), text, at);
    await fs.promises.unlink(`${at}-moved`);
  }));
}

async function use(state) {
  await state.open.change();
}

async function close(state) {
  await state.open.close();
}

const OFTEN = [make, append, replace, rename, remove, look, use, use];
const SOMETIMES = [link, linkSymbolically, truncate, changeMode, copy, keepOpen, close, changeDirectory, look];
const SELDOM = [list, watched, crowd];

module.exports = { operations: [...OFTEN, ...OFTEN, ...OFTEN, ...SOMETIMES, ...SOMETIMES, ...SELDOM] };
