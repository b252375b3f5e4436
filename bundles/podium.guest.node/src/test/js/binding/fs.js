// Flags: --expose-internals --no-warnings
// The fs binding, function by function: what each returns or throws, synchronously, by callback and by promise.
'use strict';
const { internalBinding } = require('internal/test/binding');
const print = console.log;
const fs = internalBinding('fs');
const { FSReqCallback, kUsePromises } = fs;
const root = fs.mkdtemp('/tmp/fs-binding-', 'utf8');
const at = (name) => root + '/' + name;
const clean = (text) => String(text).replaceAll(root, 'ROOT');
const show = (value) => {
  if (value instanceof Error)
    return [value.name, value.code, value.errno, value.syscall, value.path, value.dest, value.message].map(clean).join(' | ');
  if (Array.isArray(value)) return '[' + value.map(show).join(', ') + ']';
  if (ArrayBuffer.isView(value)) return value.constructor.name + '(' + value.length + ')';
  return typeof value + ' ' + clean(value);
};
const O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0o100, O_EXCL = 0o200, O_TRUNC = 0o1000;

// Calls fs[name](...args) in three ways, `before` each; where results differ by nature `hide` makes them alike.
async function three(name, args, before = () => {}, hide = (x) => x) {
  before();
  try {
    print(name, 'sync', show(hide(fs[name](...args))));
  } catch (error) {
    print(name, 'sync threw', show(error));
  }
  before();
  await new Promise((resolve) => {
    const req = new FSReqCallback();
    req.oncomplete = function(...results) {
      print(name, 'callback', this === req, results.length, show(results.map((r) => (r instanceof Error ? r : hide(r)))));
      resolve();
    };
    const returned = fs[name](...args, req);
    if (returned !== undefined) print('returned', returned);
  });
  before();
  try {
    print(name, 'promise', show(hide(await fs[name](...args, kUsePromises))));
  } catch (error) {
    print(name, 'promise rejected', show(error));
  }
}
const quietly = (f) => { try { return f(); } catch { return undefined; } };
const write = (path, text) => fs.writeFileUtf8(path, text, O_WRONLY | O_CREAT | O_TRUNC, 0o644);
const exists = (path) => print(clean(path), fs.existsSync(path), fs.internalModuleStat(path));

async function paths() {
  write(at('a'), 'hello');
  await three('access', [at('a'), 4]);
  await three('access', [at('none'), 0]);
  await three('rename', [at('a'), at('b')], () => { quietly(() => fs.unlink(at('b'))); write(at('a'), 'x'); });
  await three('rename', [at('none'), at('b')]);
  await three('link', [at('b'), at('c')], () => quietly(() => fs.unlink(at('c'))));
  await three('link', [at('b'), at('c')]);
  await three('symlink', ['target', at('l'), 0], () => quietly(() => fs.unlink(at('l'))));
  await three('symlink', ['target', at('l'), 0]);
  await three('readlink', [at('l'), 'utf8']);
  await three('readlink', [at('b'), 'utf8']);
  await three('realpath', [at('../' + root.slice(5) + '/b'), 'utf8']);
  await three('realpath', [at('none'), 'latin1']);
  await three('copyFile', [at('b'), at('d'), 0]);
  await three('copyFile', [at('b'), at('d'), 1]);
  await three('copyFile', [at('none'), at('e'), 0]);
  await three('unlink', [at('d')], () => write(at('d'), ''));
  await three('unlink', [at('none')]);
  await three('chmod', [at('b'), 0o600]);
  await three('chmod', [at('none'), 0o600]);
  await three('chown', [at('none'), 0, 0]);
  await three('lchown', [at('none'), 0, 0]);
  await three('utimes', [at('b'), 1.5, 2.25]);
  await three('utimes', [at('none'), 1, 2]);
  await three('lutimes', [at('l'), 3, 4]);
  await three('lutimes', [at('none'), 3, 4]);
}

async function directories() {
  await three('mkdir', [at('dir'), 0o755, false], () => quietly(() => fs.rmdir(at('dir'))));
  await three('mkdir', [at('dir'), 0o755, false]);
  await three('mkdir', [at('p/q/r'), 0o755, true], () => fs.rmSync(at('p'), 0, true, 0));
  await three('mkdir', [at('p//s/./t/'), 0o755, true], () => fs.rmSync(at('p/s'), 0, true, 0));
  await three('mkdir', [at('p/q'), 0o755, true]);
  await three('mkdir', [at('b'), 0o755, true]);
  await three('mkdir', [at('b/under/it'), 0o755, true]);
  write(at('dir/z'), ''), write(at('dir/y'), '');
  quietly(() => fs.mkdir(at('dir/sub'), 0o777, false));
  await three('readdir', [at('dir'), 'utf8', false]);
  await three('readdir', [at('dir'), 'utf8', true]);
  await three('readdir', [at('dir'), 'buffer', false], undefined, (list) => list && list.map((b) => b.length + ':' + b[0]));
  await three('readdir', [at('none'), 'utf8', false]);
  await three('rmdir', [at('dir')]);
  await three('rmdir', [at('empty')], () => fs.mkdir(at('empty'), 0o777, false));
  await three('mkdtemp', [at('t-'), 'utf8'], undefined, (p) => p && p.length);
  for (const [path, recursive] of [['dir', false], ['dir', true], ['none', false], ['b/x', true]]) {
    try {
      print('rmSync', path, fs.rmSync(at(path), 0, recursive, 0));
    } catch (error) {
      print('rmSync threw', show(error));
    }
  }
  exists(at('dir')), exists(at('b')), exists(root), exists('');
}

async function stats() {
  const fields = (s) => s && [s.constructor.name, s.length, s[1].toString(8), s[2], s[8], s[12]].join(' ');
  write(at('s'), '12345');
  fs.utimes(at('s'), 10, 20);
  await three('statfs', [at('s'), false], undefined, (s) => s && [s.constructor.name, s.length].join(' '));
  for (const name of ['stat', 'lstat'])
    for (const path of ['s', 'none', 'l'])
      for (const bigint of [false, true]) {
        try {
          print(name, path, bigint, fields(fs[name](at(path), bigint, undefined, true)));
        } catch (error) {
          print(name, 'threw', show(error));
        }
        print(name, 'quiet', fields(quietly(() => fs[name](at(path), bigint, undefined, false))));
        print(name, 'promise', await fs[name](at(path), bigint, kUsePromises).then(fields, show));
        await new Promise((resolve) => {
          const req = new FSReqCallback(bigint);
          req.oncomplete = (error, s) => resolve(print(name, 'callback', show(error), fields(s)));
          fs[name](at(path), bigint, req);
        });
      }
  print(show(await fs.stat(at('none'), false, kUsePromises, false).catch(show)));
  print(fs.stat(at('s'), false, undefined) === fs.statValues, fs.stat(at('s'), true, undefined) === fs.bigintStatValues);
  print(fs.statValues.length, fs.bigintStatValues.length, fs.statFsValues.length, fs.bigintStatFsValues.length, fs.kFsStatsFieldsNumber);
}

async function files() {
  let fd = fs.open(at('f'), O_RDWR | O_CREAT, 0o644);
  await three('open', [at('f'), O_RDONLY, 0], undefined, (n) => n && (fs.close(n), typeof n));
  await three('open', [at('none'), O_RDONLY, 0]);
  await three('open', [at('f'), O_WRONLY | O_CREAT | O_EXCL, 0o644]);
  const bytes = new Uint8Array([104, 101, 108, 108, 111]);
  const into = {};
  print(fs.writeBuffer(fd, bytes, 1, 3, null, undefined, into), JSON.stringify(into));
  print(fs.writeBuffer(9999, bytes, 0, 3, null, undefined, into), JSON.stringify(into));
  print(await fs.writeBuffer(fd, bytes, 0, 5, 10, kUsePromises));
  print(show(await fs.writeBuffer(9999, bytes, 0, 5, 10, kUsePromises).catch((e) => e)));
  print(fs.writeString(fd, 'h\u00e9\u20ac\ud800!', 20, 'utf8', undefined, into));
  print(fs.writeString(fd, 'h\u00e9', 40, 'latin1', undefined, into));
  print(await fs.writeString(fd, '616263', 50, 'hex', kUsePromises));
  await three('writeBuffers', [fd, [bytes, new Uint8Array(3), bytes], 60]);
  await three('writeBuffers', [fd, [], null]);
  await three('readBuffers', [fd, [new Uint8Array(3), new Uint8Array(100)], 0]);
  const back = new Uint8Array(80);
  await three('read', [fd, back, 2, 70, 0]);
  print(Array.from(back).join());
  await three('read', [fd, back, 0, 70, 5n]);
  await three('read', [fd, back, 0, 70, 1e6]);
  await three('read', [9999, back, 0, 70, -1]);
  await three('ftruncate', [fd, 7]);
  await three('ftruncate', [9999, 7]);
  await three('fsync', [fd]);
  await three('fdatasync', [fd]);
  await three('fdatasync', [9999]);
  await three('fchmod', [fd, 0o640]);
  await three('fchown', [9999, 0, 0]);
  await three('futimes', [fd, 5, 6]);
  await three('futimes', [9999, 5, 6]);
  print(fs.fstat(fd, false, undefined)[8]);
  try { fs.fstat(9999, false, undefined); } catch (error) { print(show(error)); }
  await three('close', [fd], () => { fd = fs.open(at('f'), O_RDONLY, 0); });
  for (const bad of ['x', -1, 1.5, 2 ** 31, NaN, Infinity, null, undefined, {}, [], 1n, true, 'a'.repeat(40)]) {
    try { fs.close(bad); } catch (error) { print(show(error)); }
  }
  for (const mode of ['x', NaN, -1, 8]) {
    try { fs.access(at('f'), mode); } catch (error) { print(show(error)); }
    try { fs.copyFile(at('f'), at('g'), mode); } catch (error) { print(show(error)); }
  }
  print(fs.readFileUtf8(at('f'), O_RDONLY).length);
  try { fs.readFileUtf8(at('none'), O_RDONLY); } catch (error) { print(show(error)); }
  try { fs.readFileUtf8(root, O_RDONLY); } catch (error) { print(show(error)); }
  try { fs.writeFileUtf8(root, 'x', O_WRONLY, 0o644); } catch (error) { print(show(error)); }
  write(at('big'), '\u00e9'.repeat(300000));
  print(fs.readFileUtf8(at('big'), O_RDONLY).length, fs.stat(at('big'), false, undefined)[8]);
  print(show(fs.getFormatOfExtensionlessFile(at('big'))), show(fs.getFormatOfExtensionlessFile(at('none'))));
}

async function bytes() {
  const name = new Uint8Array([...root].map((c) => c.charCodeAt(0)).concat([47, 0xff, 0xfe, 65]));
  const fd = fs.open(name, O_RDWR | O_CREAT, 0o644);
  fs.close(fd);
  print(fs.existsSync(name));
  const list = fs.readdir(root, 'buffer', false).filter((b) => b.length === 3);
  print(list.length, Array.from(list[0]).join());
  print(fs.readdir(root, 'latin1', false).filter((s) => s.length === 3).map((s) => s.charCodeAt(0)).join());
  print(fs.readdir(root, 'utf8', false).filter((s) => s.length === 3).map((s) => s.charCodeAt(0)).join());
  fs.unlink(name);
}

async function handles() {
  const handle = await fs.openFileHandle(at('f'), O_RDONLY, 0, kUsePromises);
  print(handle.constructor.name, typeof handle.fd, handle.fd > 2, typeof handle.getAsyncId());
  const first = handle.close(), second = handle.close();
  print(first === second, await first, handle.fd);
  print(handle.closeSync());
  const released = await fs.openFileHandle(at('f'), O_RDONLY, 0, kUsePromises);
  const fd = released.fd;
  released.releaseFD();
  print(released.fd, fs.close(fd));
  print(show(await fs.openFileHandle(at('none'), O_RDONLY, 0, kUsePromises).catch((e) => e)));
}

(async () => {
  for (const part of [paths, directories, stats, files, bytes, handles]) {
    print('---', part.name);
    await part();
  }
  fs.rmSync(root, 0, true, 0);
  print('gone', fs.existsSync(root));
})().catch((error) => print('failed', error, error.stack));
