'use strict';
// files.js FOLDER: reads ten thousand files, one after another.
const fs = require('node:fs');
const folder = `${process.argv[2]}/files`;
let sum = 0;
for (const name of fs.readdirSync(folder)) sum += fs.readFileSync(`${folder}/${name}`, 'utf8').length;
if (sum !== 10_000 * 200) throw new Error(`these are ${sum} characters`);
