// Files as programs use them: sync, callback, promises, streams, directories, watching, copying trees.
'use strict';
const fs = require('fs');
const path = require('path');
const { pipeline } = require('stream/promises');
const zlib = require('zlib');

const root = fs.mkdtempSync(path.join(process.env.NODE_TEST_TMP ?? '/tmp', 'everyday-'));
const at = (...names) => path.join(root, ...names);
const shown = (value) => JSON.stringify(value)?.replaceAll(root, 'ROOT');
const fails = (call) => {
  try {
    console.log(call());
  } catch (error) {
    console.log(error.name, error.code, error.message.replaceAll(root, 'ROOT'));
  }
};

function sync() {
  fs.writeFileSync(at('a.txt'), 'one\n');
  fs.appendFileSync(at('a.txt'), 'two \u20ac\n');
  console.log(fs.readFileSync(at('a.txt'), 'utf8'), fs.readFileSync(at('a.txt')).length, fs.readFileSync(at('a.txt'), 'latin1').length);
  fs.mkdirSync(at('d', 'e', 'f'), { recursive: true });
  fs.writeFileSync(at('d', 'e', 'b.txt'), Buffer.from([1, 2, 3]));
  fs.symlinkSync('../a.txt', at('d', 'link'));
  console.log(shown(fs.readdirSync(root)), shown(fs.readdirSync(root, { recursive: true })));
  console.log(fs.readdirSync(at('d'), { withFileTypes: true }).map((e) => [e.name, e.isDirectory(), e.isSymbolicLink()].join()).join(' '));
  console.log(shown(fs.readlinkSync(at('d', 'link'))), shown(fs.realpathSync(at('d', 'link'))), shown(fs.realpathSync.native(at('d', 'link'))));
  const { size, mode, nlink } = fs.statSync(at('a.txt'));
  console.log(size, mode.toString(8), nlink, fs.statSync(at('a.txt'), { bigint: true }).size, fs.statSync(at('no'), { throwIfNoEntry: false }));
  fs.utimesSync(at('a.txt'), 1000, new Date(2000500));
  console.log(fs.statSync(at('a.txt')).mtime, fs.statSync(at('a.txt')).atimeMs);
  fs.copyFileSync(at('a.txt'), at('c.txt'));
  fs.renameSync(at('c.txt'), at('d', 'c.txt'));
  fs.truncateSync(at('d', 'c.txt'), 3);
  console.log(fs.readFileSync(at('d', 'c.txt'), 'utf8'), fs.existsSync(at('c.txt')), fs.accessSync(at('a.txt'), fs.constants.R_OK));
  const fd = fs.openSync(at('v'), 'w+');
  console.log(fs.writevSync(fd, [Buffer.from('ab'), Buffer.from('cd')]), fs.writeSync(fd, 'efg', 4, 'utf8'));
  const parts = [Buffer.alloc(3), Buffer.alloc(10)];
  console.log(fs.readvSync(fd, parts, 0), parts.join('|').replaceAll('\0', '.'));
  fs.closeSync(fd);
  fails(() => fs.readFileSync(at('none')));
  fails(() => fs.mkdirSync(at('d')));
  fails(() => fs.rmdirSync(at('d')));
  fails(() => fs.rmSync(at('d')));
  fails(() => fs.openSync(at('a.txt'), 'wx'));
  fails(() => fs.readdirSync(at('a.txt')));
  fails(() => fs.readFileSync(root));
  fails(() => fs.writeFileSync(at('no', 'file'), ''));
  fails(() => fs.readFileSync(at('a\0b')));
}

async function promises() {
  const p = fs.promises;
  await p.writeFile(at('p.txt'), 'promised');
  const handle = await p.open(at('p.txt'), 'r+');
  console.log((await handle.stat()).size, await handle.readFile('utf8'), (await handle.write('X', 0)).bytesWritten);
  await handle.sync();
  await handle.close();
  await p.cp(at('d'), at('copy'), { recursive: true });
  fs.cpSync(at('d'), at('copy2'), { recursive: true, verbatimSymlinks: true });
  console.log(shown((await p.readdir(at('copy'), { recursive: true })).sort()), shown(fs.readdirSync(at('copy2'))));
  for await (const entry of await p.opendir(at('copy'))) if (entry.name === 'e') console.log(entry.isDirectory());
  for await (const line of (await p.open(at('a.txt'))).readLines()) console.log('line', line);
  console.log(await p.stat(at('none')).catch((error) => [error.code, error.syscall, shown(error.path)].join()));
  console.log(await p.rm(at('copy'), { recursive: true }), fs.existsSync(at('copy')));
  for await (const name of p.glob('**/*.txt', { cwd: root })) console.log('glob', name);
}

function callbacks() {
  return new Promise((resolve) => {
    fs.readFile(at('a.txt'), 'utf8', (error, text) => {
      console.log(error, text.length);
      fs.stat(at('none'), (missing) => {
        console.log(missing.code, shown(missing.path));
        fs.mkdtemp(at('tmp-'), (_, made) => {
          console.log(made.length - root.length);
          fs.rm(made, { recursive: true }, resolve);
        });
      });
    });
  });
}

async function streams() {
  fs.writeFileSync(at('big'), Buffer.alloc(300000, 'abcdefg'));
  await pipeline(fs.createReadStream(at('big')), zlib.createGzip(), fs.createWriteStream(at('big.gz')));
  await pipeline(fs.createReadStream(at('big.gz')), zlib.createGunzip(), fs.createWriteStream(at('big2')));
  console.log(fs.readFileSync(at('big')).equals(fs.readFileSync(at('big2'))), fs.statSync(at('big.gz')).size < 3000);
  const chunks = [];
  for await (const chunk of fs.createReadStream(at('big'), { start: 10, end: 29, highWaterMark: 8 })) chunks.push(String(chunk));
  console.log(chunks);
  await pipeline(fs.createReadStream(at('none')), fs.createWriteStream(at('x'))).catch((error) => console.log(error.code));
}

async function watching() {
  const watcher = fs.watch(root);
  const event = new Promise((resolve) => watcher.once('change', (kind, name) => resolve([kind, name].join())));
  fs.writeFileSync(at('new'), '');
  console.log(await event);
  watcher.close();
}

sync();
promises().then(callbacks).then(streams).then(watching).then(() => {
  fs.rmSync(root, { recursive: true });
  console.log(fs.existsSync(root));
});
