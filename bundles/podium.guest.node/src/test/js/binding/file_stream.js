// Flags: --expose-internals --no-warnings
// A FileHandle read as a stream: whole, a part, closed while reading.
'use strict';
const { internalBinding } = require('internal/test/binding');
const fs = require('fs');
const { FileHandle } = internalBinding('fs');
const { ShutdownWrap, kReadBytesOrError, streamBaseState } = internalBinding('stream_wrap');

const path = `${process.env.NODE_TEST_TMP ?? '/tmp'}/file-stream-${process.pid}`;
fs.writeFileSync(path, 'abcdefgh'.repeat(20000));

function read(offset, length, onchunk) {
  return new Promise((resolve) => {
    const handle = new FileHandle(fs.openSync(path), offset, length);
    let text = '';
    handle.onread = (bytes) => {
      const count = streamBaseState[kReadBytesOrError];
      if (count < 0) resolve([handle, text, count]);
      else text += Buffer.from(bytes).toString();
      onchunk?.(handle);
    };
    console.log(handle.readStart(), handle.isStreamBase);
  });
}

(async () => {
  const [whole, text, end] = await read();
  console.log(text.length, end, whole.bytesRead, text.startsWith('abcdefgha'));
  const request = new ShutdownWrap();
  await new Promise((resolve) => {
    request.oncomplete = (status) => resolve(console.log('shutdown', status));
    console.log(whole.shutdown(request));
  });
  console.log(whole.fd);
  const [part, some, stop] = await read(3, 10);
  console.log(some, stop, part.bytesRead, part.readStop());
  part.closeSync();
  const [empty, none, at] = await read(0, 0);
  console.log(none, at);
  empty.readStop();
  await empty.close();
  const [cut, first, why] = await read(undefined, undefined, (handle) => { if (handle.fd > 0) handle.closeSync(); });
  console.log(first.length, why, cut.fd);
  fs.unlinkSync(path);
})();
