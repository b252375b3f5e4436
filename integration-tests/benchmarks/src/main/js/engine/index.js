'use strict';
// Times programs: index.js WARM ROUNDS; or counts what is done at first: index.js first SECONDS
//
// All of them run in turn for WARM seconds. Then each is timed in ROUNDS rounds, runs that fill a tenth of a second; a line
// for each says its name, the milliseconds of a run, and its result, which is the same everywhere.
if (process.argv[2] === 'first') return require('./first.js');

const programs = require('./programs.js');
const [warm, rounds] = process.argv.slice(2).map(Number);

const results = {};
for (const end = Date.now() + warm * 1000; ;) {
  for (const [name, program] of Object.entries(programs)) {
    const result = program();
    if ((results[name] ??= result) !== result) throw new Error(`${name}: ${result} instead of ${results[name]}`);
  }
  if (Date.now() >= end) break;
}

for (const [name, program] of Object.entries(programs)) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const before = performance.now();
    let runs = 0, took;
    do {
      program();
      runs++;
      took = performance.now() - before;
    } while (took < 100);
    times.push(took / runs);
  }
  times.sort((a, b) => a - b);
  console.log(`${name} ${times[rounds >> 1].toFixed(3)} ${results[name]}`);
}
