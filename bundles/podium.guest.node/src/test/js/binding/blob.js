// Flags: --expose-internals --no-warnings
// The blob binding: parts, slices, readers, files, object URLs.
'use strict';
const { internalBinding } = require('internal/test/binding');
const print = console.log;
const fs = internalBinding('fs');
const { createBlob, createBlobFromFilePath, concat, storeDataObject, getDataObject, revokeObjectURL } = internalBinding('blob');
const bytes = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (buffer) => Array.from(new Uint8Array(buffer), (c) => String.fromCharCode(c)).join('').slice(0, 60);
const drain = (handle) =>
  new Promise((resolve) => {
    const reader = handle.getReader(), chunks = [], statuses = [];
    const next = () =>
      reader.pull((status, buffer) => {
        statuses.push(status);
        if (buffer !== undefined) chunks.push(buffer);
        if (status <= 0) resolve(statuses.filter((s, i) => s <= 0).join() + ' ' + concat(chunks).byteLength + ' ' + text(concat(chunks)));
        else Promise.resolve().then(next);
      });
    next();
  });

(async () => {
  const one = createBlob([bytes('hello '), bytes('world').subarray(1, 4)], 9);
  print(await drain(one), typeof one.slice, typeof one.getReader);
  print(await drain(createBlob([one, bytes('!'), one.slice(4, 8)], 14)));
  print(await drain(one.slice(0, 0)), await drain(one.slice(2, 100)), await drain(createBlob([], 0)));
  print(text(concat([bytes('a'), bytes('bcd').buffer, new DataView(bytes('xyz').buffer, 1)])));
  const path = fs.mkdtemp('/tmp/blob-', 'utf8');
  fs.writeFileUtf8(path + '/f', 'file'.repeat(50000), 0o101, 0o644);
  const [file, length] = createBlobFromFilePath(path + '/f');
  print(length, await drain(file), await drain(file.slice(199998, 200000)));
  print(await drain(createBlob([bytes('<'), file.slice(2, 6), bytes('>')], 6)));
  fs.writeFileUtf8(path + '/f', 'changed', 0o1101, 0o644);
  print((await drain(file))[0]);
  try { createBlobFromFilePath(path + '/none'); } catch (error) { print(error.code, error.message); }
  storeDataObject('id-1', one, 9, 'text/plain');
  const [handle, size, type] = getDataObject('id-1');
  print(handle === one, size, type, getDataObject('id-2'));
  revokeObjectURL('nonsense'), revokeObjectURL('blob:nodedata:id-2');
  print(getDataObject('id-1') !== undefined);
  revokeObjectURL('blob:nodedata:id-1');
  print(getDataObject('id-1'));
  fs.rmSync(path, 0, true, 0);
})().catch((error) => print('failed', error.stack));
