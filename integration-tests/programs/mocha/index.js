'use strict';
// Suites that pass, fail, wait, hang and are left out, by its command line and several reporters.
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const mocha = path.join(path.dirname(require.resolve('mocha/package.json')), 'bin/mocha.js');
for (const line of [
  ['spec'], ['--reporter', 'json', 'spec/queue.js'], ['--reporter', 'tap', 'spec'], ['--reporter', 'dot', '--bail', 'spec'],
  ['--grep', 'order', 'spec'], ['--ui', 'tdd', 'spec/module.mjs'], ['nowhere'], ['--dry-run', '--reporter', 'min', 'spec/queue.js'],
]) {
  const ended = spawnSync(process.execPath, [mocha, ...line], { cwd: __dirname, encoding: 'utf8' });
  const text = `$ mocha ${line.join(' ')}\n${ended.stdout}--- ${ended.status}\n${ended.stderr}`;
  // How long things took, and where in mocha, Node or V8 an error came from.
  console.log(text.replace(/\(\d+m?s\)/g, '(TIME)').replace(/"(duration|start|end)": ("[^"]*"|\d+)/g, '"$1": 0')
    .replace(/"speed": "\w+"/g, '"speed": ""').replace(/^ +at .*\n/gm, '').replace(/(\\n +at [^"]*?)"/g, '"'));
}
