// Programs that are wrong: their exit status, what they wrote, and what is said of the error: not its excerpt and its stack.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(process.env.NODE_TEST_TMP ?? os.tmpdir(), 'input-'));
const bytes = (text) => Buffer.from(text, 'latin1'); // as they are, so that they are no UTF-8

// What others import, and does not run.
const parts = {
  'a.cjs': 'exports.early = 1; const b = require("./b.cjs"); console.log("a", b); exports.late = 2',
  'b.cjs': 'const a = require("./a.cjs"); console.log("b", a, a.late); module.exports = { seen: Object.keys(a) }',
  'a.mjs': 'import { b } from "./b.mjs"; export const a = 1; console.log(a, b)',
  'b.mjs': 'import { a } from "./a.mjs"; export const b = 2; console.log(a)',
  'c.mjs': 'import { b, f } from "./d.mjs"; export function g() { return 1 }; console.log(b, f())',
  'd.mjs': 'import { g } from "./c.mjs"; export const b = 2; export const f = () => g(); console.log(typeof g)',
  'bad.json': '{ "a": 1, }',
  'node_modules/broken/package.json': '{ broken',
};

const cjs = [
  // syntax
  'if (1) {', '1 = 2', 'const a', 'foo(]', 'let a; let a', 'let a; var a', 'let a; function a() {}', 'break', 'continue', 'foo bar',
  'class A { constructor() {} constructor() {} }', 'function f(a, a) { "use strict" }', '"unterminated', '/* unterminated', 'var x = 08n',
  'try {}', 'super()', 'var 1a', '0b2', 'a?.b = 1', 'function (', '({a b})', 'new.target', 'return 5', '"\\u00"',
  'for (const a;;);', bytes('const x = "\xff"; if (x) {'), bytes('console.log("\xff\xfe \xc3\x28 \xf0\x28\x8c\x28", "\xe2\x82".length)'),
  '#!/usr/bin/env node\nconsole.log("bang")\nfoo bar', '\ufeffconsole.log("byte order mark")',
  // modules
  'require("./a.cjs")', 'require("./nowhere")', 'require("no-such-package")', 'require("node:nope")', 'require("")', 'require(1)',
  'require("./bad.json")', 'require("broken")', 'require("./a.mjs")',
  // what is thrown
  'throw { not: "an error" }', 'throw null', 'throw undefined', 'throw Symbol("s")', 'throw "text"', 'function f() { return f() + 1 } f()',
  'Promise.reject(new Error("nobody"))', 'Promise.reject({ a: 1 })', 'Promise.reject(undefined)', 'Promise.reject(null)',
  'process.on("unhandledRejection", (r, p) => { console.log("seen", r.message, p instanceof Promise); process.exitCode = 3 });'
    + ' Promise.reject(new Error("x"))',
  'process.on("uncaughtException", (e, o) => console.log("seen", e.message, o)); Promise.reject(new Error("x"));'
    + ' setTimeout(() => { throw new Error("y") }, 1)',
  'process.on("uncaughtException", () => { throw new Error("again") }); null.x',
  'process.on("exit", () => { throw new Error("in exit") })', 'new (require("events"))().emit("error", new Error("e"))',
  'setTimeout(() => null.x, 1)', 'require("fs").readFileSync("/nowhere")', 'queueMicrotask(() => { throw new TypeError("micro") })',
  // the process
  'console.log("before"); process.abort()', 'process.exitCode = 300', 'process.exit("abc")', 'process.exit(-1)', 'process.exit(1.5)',
  'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', 'process.kill(1, "SIGNOPE")', 'process.chdir("/nowhere")',
  'for (const n of ["nope", "http_wrap", "constructor", 1, "", "__proto__"]) try { process.binding(n); console.log(n, "is there") }'
    + ' catch (e) { console.log(String(n), e.name, e.code, e.message) }',
];
const mjs = [
  'import fs from "fs";\nexport const a = ;', 'export const a = 1, a = 2', 'export { nope }', 'return 5', 'with({}){}', 'await 1 +',
  'import "./a.mjs"', 'import "./b.mjs"', 'import "./c.mjs"', 'import "./d.mjs"', 'import "./nowhere.mjs"', 'import "no-such-package"',
  'import { nope } from "node:fs"', 'import a from "./c.mjs"', 'import { a } from "./c.mjs"; a = 2', 'import "node:nope"',
  'import x from "./bad.json" with { type: "json" }', 'import x from "./bad.json"', 'import "broken"', 'import "./a.mjs" with { type: "x" }',
  'await Promise.reject(new TypeError("top"))', 'function f() { return f() + 1 } f()',
  bytes('export default "\xff\xc0"; console.log("\xff\xc0".length, [..."\xed\xa0\x80"].length)'), 'require("fs")', 'module.exports = 1',
  'await import("./nowhere.mjs").catch((e) => console.log(e.code)); await import("./bad.json")', 'throw 5',
];

for (const [name, text] of Object.entries(parts)) {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
}

function run(name, text) {
  fs.writeFileSync(path.join(folder, name), text);
  const ended = spawnSync(process.execPath, [name], { cwd: folder, encoding: 'utf8' });
  const said = ended.stderr.split('\n').filter((line) => /^(\w*(Error|Exception)\b|\w+ \[ERR|Uncaught|\(node:|Warning|Node|  code: )/.test(line));
  console.log(`${String(text).split('\n').pop()}\n  ${ended.status} ${ended.signal} ${ended.stdout}`);
  console.log(said.join('\n').replaceAll(folder, '').replace(/\(node:\d+\)/g, '(node:PID)'));
}
for (const text of cjs) run('program.cjs', text);
for (const text of mjs) run('program.mjs', text);
fs.rmSync(folder, { recursive: true });
