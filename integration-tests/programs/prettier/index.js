'use strict';
// A folder with a file in each language, checked, formatted and checked again; then its interface.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, 'folder');
const program = path.join(path.dirname(require.resolve('prettier/package.json')), 'bin/prettier.cjs');

function prettier(line, input = '') {
  const ended = spawnSync(process.execPath, [program, ...line], { cwd: folder, encoding: 'utf8', input });
  const text = `$ prettier ${line.join(' ')}\n${ended.stdout}--- ${ended.status}\n${ended.stderr}`;
  console.log(text.replace(/ \d+m?s\b/g, ' TIME'));
}

prettier(['--check', '.']);
prettier(['--write', '.']);
prettier(['--check', '.']);
prettier(['--stdin-filepath', 'x.ts'], 'const   x:number=1');
prettier(['--stdin-filepath', 'x.unknown'], '');
prettier(['--list-different', 'inner/ignored.js', 'nothing.js']);
prettier(['--file-info', 'code.js']);
prettier(['--find-config-path', 'code.js']);
for (const name of fs.readdirSync(folder).sort())
  if (fs.statSync(path.join(folder, name)).isFile()) console.log(`== ${name}\n${fs.readFileSync(path.join(folder, name), 'utf8')}`);

import('prettier').then(async ({ format, check, getSupportInfo }) => {
  console.log(await format('a  =>  b', { parser: 'babel', arrowParens: 'avoid' }), await check('a;\n', { parser: 'babel' }));
  console.log((await getSupportInfo()).languages.map((language) => language.name).join());
  await format('(', { parser: 'babel' }).catch((error) => console.log(error.name, error.message));
});
