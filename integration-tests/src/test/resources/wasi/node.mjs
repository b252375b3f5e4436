// Runs a program under Node's own WASI: node node.mjs FOLDER MODULE ARGUMENT...
// Without any variable, programs of the older version do not start there.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { WASI } from 'node:wasi';

const [folder, file, ...words] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(file));
const imported = WebAssembly.Module.imports(module).map((wanted) => wanted.module);
const version = imported.includes('wasi_unstable') ? 'unstable' : 'preview1';
const args = [basename(file), ...words];
const wasi = new WASI({ version, args, env: { LANG: 'C' }, preopens: { '/data': folder }, returnOnExit: true });
const imports = wasi.getImportObject();
if (version === 'unstable') Object.assign(imports.wasi_unstable, older({ ...imports.wasi_unstable }));
const instance = await WebAssembly.instantiate(module, imports);
process.exitCode = wasi.start(instance);

// What the older version has otherwise and Node does not tell apart: the numbers of whence, and the
// status of files, where the count of links is shorter and all that follows eight bytes ahead.
function older(functions) {
  const memory = () => new Uint8Array(instance.exports.memory.buffer);
  const status = (name) => (...args) => {
    const at = args.at(-1) >>> 0;
    const behind = memory().slice(at + 56, at + 64);
    const error = functions[name](...args);
    memory().copyWithin(at + 20, at + 24, at + 28).copyWithin(at + 24, at + 32, at + 64).set(behind, at + 56);
    return error;
  };
  return {
    fd_seek: (fd, offset, whence, to) => functions.fd_seek(fd, offset, [1, 2, 0][whence], to),
    fd_filestat_get: status('fd_filestat_get'),
    path_filestat_get: status('path_filestat_get'),
  };
}
