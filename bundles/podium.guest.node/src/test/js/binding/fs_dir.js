// Flags: --expose-internals --no-warnings
// The fs_dir binding: directories in batches.
'use strict';
const { internalBinding } = require('internal/test/binding');
const print = console.log;
const fs = internalBinding('fs');
const { opendir, opendirSync, DirHandle } = internalBinding('fs_dir');
const { FSReqCallback, kUsePromises } = fs;
const root = fs.mkdtemp('/tmp/fs-dir-', 'utf8');
const show = (e) => [e.code, e.errno, e.syscall, e.path, e.message].join(' | ').replaceAll(root, 'ROOT');
const callback = (call) =>
  new Promise((resolve) => {
    const req = new FSReqCallback();
    req.oncomplete = (error, value) => resolve(error ? show(error) : value);
    call(req);
  });
for (const name of ['a', 'b', 'c', 'd', 'e']) fs.writeFileUtf8(root + '/' + name, name, 0o101, 0o644);
fs.mkdir(root + '/sub', 0o755, false);
fs.symlink('a', root + '/link', 0);

function readAll(dir, size) {
  const names = [];
  for (let batch; (batch = dir.read('utf8', size)); )
    for (let i = 0; i < batch.length; i += 2) names.push(batch[i] + ':' + batch[i + 1]);
  return names.sort().join(' ');
}

(async () => {
  for (const size of [1, 3, 32]) {
    const dir = opendir(root, 'utf8', undefined);
    print(dir instanceof DirHandle, readAll(dir, size), dir.close());
  }
  const dir = await callback((req) => opendir(root, 'utf8', req));
  const counts = [];
  for (let batch; (batch = await callback((req) => dir.read('utf8', 4, req))); ) counts.push(batch.length);
  print(counts.join());
  print(await callback((req) => dir.close(req)));
  const promised = await opendir(root, 'utf8', kUsePromises);
  print((await promised.read('utf8', 100, kUsePromises)).length, await promised.read('utf8', 100, kUsePromises));
  print(await promised.close(kUsePromises));
  try { opendir(root + '/none', 'utf8', undefined); } catch (error) { print(show(error)); }
  try { opendirSync(root + '/a'); } catch (error) { print(show(error)); }
  print(await callback((req) => opendir(root + '/a', 'utf8', req)));
  print(await opendir(root + '/none', 'utf8', kUsePromises).catch(show));
  const plain = opendirSync(root);
  print(readAll(plain, 2).length, plain.close());
  fs.rmSync(root, 0, true, 0);
})().catch((error) => print('failed', error.stack));
