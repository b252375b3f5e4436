// Runs a program under Node's own WASI: node node.mjs FOLDER MODULE ARGUMENT...
// Without any variable, programs of the older version do not start there.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [folder, file, ...args] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(file));
const imported = WebAssembly.Module.imports(module).map((wanted) => wanted.module);
const version = imported.includes('wasi_unstable') ? 'unstable' : 'preview1';
const wasi = new WASI({ version, args: ['program', ...args], env: { LANG: 'C' }, preopens: { '/work': folder }, returnOnExit: true });
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
