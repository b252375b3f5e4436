'use strict';
// tsc on a project: what it says, what it writes, and that what it wrote runs; then its own interface.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

function node(...line) {
  const ended = spawnSync(process.execPath, line, { cwd: path.join(__dirname, 'project'), encoding: 'utf8' });
  console.log(`$ ${line.map((word) => path.relative(__dirname, word) || word).join(' ')}\n${ended.stdout}${ended.stderr}--- ${ended.status}`);
}

const tsc = require.resolve('typescript/bin/tsc');
node(tsc, '--version');
node(tsc, '--project', '.');
node(tsc, '--noEmit', '--nosuch');
const out = path.join(__dirname, 'project/out');
for (const name of fs.readdirSync(out).sort()) console.log(`== ${name}\n${fs.readFileSync(path.join(out, name), 'utf8')}`);
node(path.join(out, 'main.js'));

console.log(ts.transpileModule('enum A { B } export const f = <T,>(x: T) => x satisfies T;', { compilerOptions: { module: 'commonjs' } }).outputText);
const file = ts.createSourceFile('x.ts', 'let a: number = 1, b = `t${a}`;', ts.ScriptTarget.Latest, true);
(function show(node, depth) {
  console.log(`${' '.repeat(depth)}${ts.SyntaxKind[node.kind]} ${node.pos}-${node.end}`);
  ts.forEachChild(node, (child) => show(child, depth + 1));
})(file, 0);
