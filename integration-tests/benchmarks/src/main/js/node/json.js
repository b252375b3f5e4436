'use strict';
// json.js FOLDER: reads ten megabytes of JSON.
const rows = JSON.parse(require('node:fs').readFileSync(`${process.argv[2]}/rows.json`, 'utf8'));
if (rows.at(-1).id !== rows.length - 1) throw new Error(`these are ${rows.length} rows`);
