// Flags: --expose-internals --no-warnings
// FSEvent and StatWatcher: changes are told, closing ends it.
'use strict';
const { internalBinding } = require('internal/test/binding');
const print = console.log;
const fs = internalBinding('fs');
const { FSEvent } = internalBinding('fs_event_wrap');
const { StatWatcher, FSReqCallback } = fs;
const root = fs.mkdtemp('/tmp/fs-watch-', 'utf8');
const write = (name, text) => fs.writeFileUtf8(root + '/' + name, text, 0o1101, 0o644);
const turn = () => fs.access(root, 0, fs.kUsePromises);
const turns = async (n) => { while (n-- > 0) await turn(); };

async function events() {
  const event = new FSEvent();
  print('initialized', event.initialized);
  print('none', event.start(root + '/none', true, false, 'utf8') < 0, event.initialized);
  const watcher = new FSEvent();
  const seen = [];
  watcher.onchange = (status, kind, name) => seen.push([status, kind, name].join(':'));
  print('start', watcher.start(root, true, false, 'utf8'), watcher.initialized, watcher.hasRef());
  write('f', 'one');
  fs.rename(root + '/f', root + '/g');
  for (let i = 0; i < 1000 && seen.length < 4; i++) await turn();
  print([...new Set(seen)].sort().join(' '));
  const unreferenced = new FSEvent();
  print(unreferenced.start(root, false, false, 'utf8'), unreferenced.hasRef());
  await new Promise((resolve) => watcher.close(resolve));
  print('closed', watcher.initialized, watcher.hasRef());
}

async function polls() {
  write('p', 'one');
  const done = Promise.withResolvers();
  const watcher = new StatWatcher(false);
  watcher.onchange = function(status, stats) {
    print(status, stats === fs.statValues, stats[8], stats[18 + 8]);
    watcher.close();
    done.resolve();
  };
  print(watcher.start(root + '/p', 20));
  await turns(5);
  write('p', 'eleven more');
  await done.promise;
  const missing = new StatWatcher(true);
  const told = Promise.withResolvers();
  missing.onchange = (status, stats) => told.resolve([status, stats === fs.bigintStatValues, stats[8]].join());
  print(missing.start(root + '/missing', 20));
  print(await told.promise);
  missing.close();
}

events().then(polls).then(() => fs.rmSync(root, 0, true, 0)).catch((error) => print('failed', error.stack));
