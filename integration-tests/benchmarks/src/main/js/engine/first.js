'use strict';
// What is done at first: index.js first SECONDS
//
// All programs run in turn; after so many seconds of the process, how many runs were at an end by then.
const programs = Object.values(require('./programs.js'));
const end = Number(process.argv[3]) * 1000;

let runs = 0;
for (; ; runs++) {
  programs[runs % programs.length]();
  if (performance.now() > end) break;
}
console.log(String(runs));
