'use strict';
// dump-lib.js OUT OPENSSL: writes the library out of the very binary that runs this: OUT/lib/<id>.js, OUT/list (sorted ids),
// OUT/lib/root-certificates.pem (whom Node trusts), OUT/wasm/*.wasm (the modules in its texts: the build compiles them for the engine),
// OUT/config (process.config as JSON).
const fs = require('node:fs');
const path = require('node:path');

const out = process.argv[2];
const natives = process.binding('natives');
const ids = [];
for (const [id, source] of Object.entries(natives)) {
  if (typeof source !== 'string') continue; // `config` is there too
  const file = path.join(out, 'lib', `${id}.js`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, source);
  ids.push(id);
  for (const [index, [, base64]] of [...source.matchAll(/["'`](AGFzbQ[A-Za-z0-9+/]{1000,}=*)["'`]/g)].entries()) {
    fs.mkdirSync(path.join(out, 'wasm'), { recursive: true });
    fs.writeFileSync(path.join(out, 'wasm', `${path.basename(path.dirname(id))}-${index}.wasm`), Buffer.from(base64, 'base64'));
  }
}
const config = structuredClone(process.config);
// As OpenSSL numbers itself: 3.5.7 is 0x3050007f.
const openssl = process.argv[3].split('.').reduce((sum, part, n) => sum + part * 2 ** [28, 20, 4][n], 0xf);
// What describes V8, Intl's data, Node-API and the release's compiler is not there, as in a configuration without them.
const others = /^(v8_(?!enable_javascript_promise_hooks|enable_webassembly)|icu_(?!small)|napi_|gas_version$|llvm_version$)/;
for (const name of Object.keys(config.variables)) if (others.test(name)) delete config.variables[name];
Object.assign(config.variables, {
  clang: 1, target_arch: 'wasm32', openssl_version: openssl, v8_enable_i18n_support: 0, v8_enable_inspector: 0,
  node_use_bundled_v8: false, node_use_v8_platform: false, node_use_sqlite: false, node_install_npm: false,
  node_install_corepack: false, single_executable_application: false,
});
config.target_defaults.defines = config.target_defaults.defines.filter((name) => !name.startsWith('ICU_'));
fs.writeFileSync(path.join(out, 'lib/root-certificates.pem'), require('node:tls').rootCertificates.join('\n') + '\n');
ids.sort((a, b) => (a < b ? -1 : 1));
fs.writeFileSync(path.join(out, 'list'), ids.join('\n') + '\n');
fs.writeFileSync(path.join(out, 'config'), JSON.stringify(config, null, 2));

// OUT/options-table.c: the command-line options, out of the same binary (needs --expose-internals).
const { internalBinding } = require('internal/test/binding');
const { getCLIOptionsInfo, getCLIOptionsValues } = internalBinding('options');
const { options, aliases } = getCLIOptionsInfo();
const values = getCLIOptionsValues();
const ours = new Set(['--expose-internals', '--warnings', '--deprecation', '--eval', '--require']); // set for this run
const quote = (text) => JSON.stringify(String(text));
const initial = (name, { type, defaultIsTrue }) => {
  if (type === 2) return ours.has(name) ? defaultIsTrue : values[name] === true;
  if (type === 6) return '9229';
  if (type === 0 || type === 1 || type === 7 || ours.has(name)) return '';
  return values[name] ?? '';
};
let table = '#include "options.h"\n\nconst OptionInfo option_table[] = {\n';
// As in a Node that is built without the inspector and Intl.
const missing = /^--(inspect|debug-port|cpu-prof|heap-prof|icu-data-dir)/;
const names = [...options.keys()].filter((name) => name.startsWith('--') && !missing.test(name))
  .sort((a, b) => (a < b ? -1 : 1));
for (const name of names) {
  const info = options.get(name);
  table += `  {${quote(name)}, ${info.type}, ${info.envVarSettings === 0}, ${info.defaultIsTrue}, ` +
    `${quote(initial(name, info))}, ${quote(info.helpText)}},\n`;
}
table += `};\nconst int option_count = ${names.length};\n\nconst OptionAlias option_aliases[] = {\n`;
let aliasCount = 0;
for (const [name, expansion] of aliases) {
  if (missing.test(expansion[0])) continue;
  table += `  {${quote(name)}, {${[...expansion].map(quote).join(', ')}}},\n`;
  aliasCount++;
}
table += `};\nconst int option_alias_count = ${aliasCount};\n`;
fs.writeFileSync(path.join(out, 'options-table.c'), table);

// OUT/versions-table.c: process.versions, but for what this program is built without or knows better itself.
const absent = new RegExp(`^(${[
  'openssl|ncrypto|icu|unicode|cldr|nghttp2|nghttp3|ngtcp2|cares|sqlite|uvwasi|simdutf|simdjson|ada|merve|nbytes|napi',
  'uv|zstd|ares|brotli|llhttp|zlib',
].join('|')})$`);
let versions = '#include "options.h"\n\nconst VersionInfo version_table[] = {\n';
for (const [name, version] of Object.entries(process.versions))
  if (!absent.test(name)) versions += `  {${quote(name)}, ${quote(version)}},\n`;
versions += '  {0, 0},\n};\n';
versions += `const char *const release_lts = ${quote(process.release.lts)};\n`;
fs.writeFileSync(path.join(out, 'versions-table.c'), versions);

// OUT/collation-table.c: how characters compare, in the order of the root locale; what has a canonical decomposition is
// compared by its parts.
const levels = ['base', 'accent', 'variant'].map((sensitivity) => new Intl.Collator('en', { sensitivity }).compare);
const sorted = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code))
  .filter((character) => character.normalize('NFD') === character).sort(levels[2]);
const weights = new Map();
let last = '';
let weight = [0, 0, 0];
for (const character of sorted) {
  const level = levels.findIndex((compare) => compare(last, character) !== 0);
  // Marks have no weight on the first level.
  if (level >= 0) weight = weight.map((value, n) => (n < level ? value : n === level ? value + 1 : 0));
  weights.set(character, weight);
  last = character;
}
const row = (code) => `{${weights.get(String.fromCharCode(code)) ?? '0, 0, 0'}}`;
fs.writeFileSync(path.join(out, 'collation-table.c'), `#include "engine/collation.h"

const CollationWeight collation_table[COLLATION_COUNT] = {
${Array.from({ length: 0x3000 / 8 }, (_, line) => Array.from({ length: 8 }, (_, n) => row(line * 8 + n)).join(', ')).join(',\n')}
};
`);

// OUT/http2-table.c: the constants of HTTP/2, which are the protocol's and nghttp2's.
const http2 = internalBinding('http2');
const constants = Object.entries(Object.getOwnPropertyDescriptors(http2.constants)).map(([name, { value, enumerable }]) =>
  `  {${quote(name)}, ${typeof value === 'string' ? quote(value) : 0}, ${typeof value === 'string' ? 0 : value}, ${enumerable}},\n`);
const fields = Object.entries(http2).filter(([, value]) => typeof value === 'number')
  .map(([name, value]) => `  {${quote(name)}, ${value}},\n`);
const arrays = Object.entries(http2).filter(([, value]) => ArrayBuffer.isView(value))
  .map(([name, value]) => `  {${quote(name)}, ${value.length}, ${value instanceof Float64Array}},\n`);
fs.writeFileSync(path.join(out, 'http2-table.c'), `#include "binding/node_http2.h"

const Http2Constant http2_constants[] = {
${constants.join('')}  {0},
};
const Http2Field http2_fields[] = {
${fields.join('')}  {0},
};
const Http2Array http2_arrays[] = {
${arrays.join('')}  {0},
};
const char *const http2_error_names[] = {${http2.nameForErrorCode.filter(Boolean).map(quote).join(', ')}, 0};
`);
