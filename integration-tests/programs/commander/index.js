'use strict';
// Command lines that are right and wrong, their help, and what it writes and how it exits.
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const lines = [
  [], ['--help'], ['--version'], ['help', 'copy'], ['copy'], ['copy', 'a', 'b', '-r', '--mode', '644'], ['copy', 'a', 'b', 'c'],
  ['copy', 'a', 'b', '--mode', 'many'], ['cpy'], ['--colour=maybe', 'list'], ['list', '--sort', 'size', 'x', 'y', 'z'],
  ['list', '--sort', 'colour'], ['list', '--no-header', '-vvv'], ['list', '--unknown'], ['list', '--', '--not-an-option'], ['fail'],
];
for (const line of lines) {
  const ended = spawnSync(process.execPath, [path.join(__dirname, 'tool.js'), ...line], { encoding: 'utf8', env: { LIMIT: '5' } });
  console.log(`$ tool ${line.join(' ')}\n${ended.stdout}--- ${ended.status}\n${ended.stderr}`);
}
