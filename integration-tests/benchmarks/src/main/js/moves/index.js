'use strict';
// Does all that programs do to files, in a folder of its own, until it is told to stop: index.js FOLDER SEED STOP MANIFEST
//
// It knows by heart what must be there (tree.js), and compares whatever it sees; the first difference, and any error that was not
// to come, ends it with status 1. It says `at N` when it has done N operations. When there is a file STOP it compares everything, writes the
// manifest of the tree, and says how it was.
const fs = require('node:fs');
const { Tree } = require('./tree');
const { operations } = require('./operations');
const { OpenFiles } = require('./open');
const { Numbers } = require('./numbers');

const [folder, seed, stop, manifest] = process.argv.slice(2);
const REPORT = 50;

async function work(state) {
  let count = 0;
  let slowest = 0;
  while (!fs.existsSync(stop)) {
    const started = performance.now();
    await state.numbers.one(operations)(state);
    slowest = Math.max(slowest, performance.now() - started);
    if (++count % REPORT === 0) console.log(`at ${count}`);
  }
  return { count, slowest };
}

async function main() {
  const numbers = new Numbers(Number(seed));
  const state = { numbers, tree: new Tree(folder), open: new OpenFiles(numbers), seen: new Set() };
  const watcher = fs.watch(folder, (_, name) => state.seen.add(name));
  const { count, slowest } = await work(state);
  await state.open.checkAll();
  await state.tree.check();
  watcher.close();
  const lines = state.tree.manifest();
  fs.writeFileSync(manifest, lines.map(line => `${line}\n`).join(''));
  console.log(`operations ${count}`);
  console.log(`slowest ${slowest.toFixed(1)}`);
  console.log(`names ${lines.length}`);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
