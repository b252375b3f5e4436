// Async hooks: what is made, by what it is triggered, in what it runs, and when it ends.
'use strict';
const { createHook, executionAsyncId, triggerAsyncId, executionAsyncResource, AsyncResource, AsyncLocalStorage } =
  require('async_hooks');
const fs = require('fs');
const net = require('net');
const path = require('path');

// What they are made of, a pipe or a file, is not the programs' doing.
void [process.stdin, process.stdout, process.stderr];

const scratch = process.env.NODE_TEST_TMP ?? require('os').tmpdir();
let lines = [];
let names = new Map();
let counts = {};
const nameOf = (id) => names.get(id) ?? (id === 0 ? 'nothing' : 'the case');
const say = (text) => lines.push(`-- ${text} (in ${nameOf(executionAsyncId())})`);
/* When some end is the collector's business. */
const note = (what, id) => /^(PROMISE|ZLIB|the case)/.test(nameOf(id)) || lines.push(`${what} ${nameOf(id)}`);
const hook = createHook({
  init(id, type, trigger, resource) {
    counts[type] = (counts[type] ?? 0) + 1;
    names.set(id, type + counts[type]);
    const maker = resource.constructor?.name;
    lines.push(`init ${nameOf(id)} ${maker} by ${nameOf(trigger)} in ${nameOf(executionAsyncId())}`);
  },
  before(id) {
    if (names.has(id))
      lines.push(`before ${nameOf(id)}, in ${nameOf(executionAsyncId())} by ${nameOf(triggerAsyncId())}`);
  },
  after: (id) => names.has(id) && lines.push(`after ${nameOf(id)}`),
  destroy: (id) => note('destroy', id),
  promiseResolve: (id) => names.has(id) && lines.push(`resolve ${nameOf(id)}`),
});

/** One after the other; each ends by calling back. */
const cases = {
  timers(done) {
    setTimeout((argument) => {
      say(argument);
      process.nextTick(() => {
        say('tick');
        queueMicrotask(() => say('microtask'));
      });
      Promise.resolve().then(() => say('then'));
      setImmediate(() => {
        say('immediate');
        let times = 0;
        const interval = setInterval(() => {
          say('interval');
          if (++times === 2) {
            clearInterval(interval);
            done();
          }
        }, 1);
      });
    }, 1, 'timeout');
    clearTimeout(setTimeout(() => {}, 1000));
    clearImmediate(setImmediate(() => {}));
  },
  files(done) {
    fs.stat(__filename, () => {
      say('stat');
      fs.readFile(__filename, () => {
        say('read');
        fs.stat(path.join(scratch, 'nothing'), (error) => {
          say(error.code);
          done();
        });
      });
    });
  },
  'files by promises'(done) {
    (async () => {
      const file = await fs.promises.open(__filename);
      say('open');
      await file.read(Buffer.alloc(4));
      await file.close();
      await fs.promises.stat(path.join(scratch, 'nothing')).catch((error) => say(error.code));
    })().then(done);
  },
  directory(done) {
    fs.opendir(__dirname, (error, directory) => directory.read(() => directory.close(done)));
  },
  'stream of a file'(done) {
    fs.createReadStream(__filename, { end: 9 }).on('data', () => say('data')).on('close', done);
  },
  compression(done) {
    require('zlib').deflate('text', (error, packed) => {
      say(packed.length);
      require('zlib').inflate(packed, done);
    });
  },
  cryptography(done) {
    const crypto = require('crypto');
    crypto.randomBytes(4, () => {
      say('random');
      crypto.pbkdf2('secret', 'salt', 1, 8, 'sha256', () => {
        say('derived');
        crypto.subtle.digest('SHA-256', new Uint8Array(1)).then(done);
      });
    });
  },
  'exceptions leave the other ticks to the next turn'(done) {
    process.on('uncaughtException', (error) => say(`uncaught ${error}`));
    process.nextTick(() => { throw 1; });
    process.nextTick(() => {
      say('next');
      setImmediate(() => {
        Promise.resolve().then(() => say('then'));
        process.nextTick(() => {
          say('tick');
          queueMicrotask(() => { throw 3; });
          setImmediate(() => {
            process.removeAllListeners('uncaughtException');
            done();
          });
        });
        throw 2;
      });
    });
  },
  'an exception in a callback of C'(done) {
    process.once('uncaughtException', (error) => say(`uncaught ${error}`));
    fs.stat('.', () => {
      process.nextTick(() => {
        say('tick');
        done();
      });
      throw 1;
    });
  },
  rejections(done) {
    process.once('unhandledRejection', (reason) => say(`unhandled ${reason}`));
    process.once('rejectionHandled', () => {
      say('handled');
      done();
    });
    const promise = Promise.resolve().then(() => { throw 1; });
    setImmediate(() => promise.catch(() => say('caught')));
  },
  'resources of its own'(done) {
    const resource = new AsyncResource('MINE', { requireManualDestroy: true });
    say(resource.runInAsyncScope((a, b) => { say('inside'); return a + b; }, null, 1, 2));
    resource.emitDestroy();
    try {
      new AsyncResource('THROWING', { requireManualDestroy: true }).runInAsyncScope(() => { throw new Error('out of it'); });
    } catch (error) {
      say(error.message);
    }
    new AsyncResource('TRIGGERED', { triggerAsyncId: resource.asyncId(), requireManualDestroy: true })
      .runInAsyncScope(() => Promise.resolve().then(() => done()));
  },
  'the current resource'(done) {
    say(executionAsyncResource().constructor.name);
    setTimeout(function () {
      say(executionAsyncResource() === this);
      fs.stat('.', function () {
        say(`${executionAsyncResource().constructor.name} ${executionAsyncResource() === this}`);
        process.nextTick(() => say(typeof executionAsyncResource().callback));
        Promise.resolve().then(() => {
          say(executionAsyncResource() instanceof Promise);
          executionAsyncResource().mark = 'gone';
          setImmediate(() => {
            say(executionAsyncResource().mark);
            done();
          });
        });
      });
    }, 1);
  },
  storage(done) {
    const storage = new AsyncLocalStorage();
    storage.run('stored', () => {
      process.nextTick(() => say(`tick ${storage.getStore()}`));
      queueMicrotask(() => say(`microtask ${storage.getStore()}`));
      fs.stat('.', async () => {
        say(`stat ${storage.getStore()}`);
        await null;
        say(`await ${storage.getStore()}`);
        done();
      });
    });
    say(storage.getStore());
  },
  messages(done) {
    const { port1, port2 } = new MessageChannel();
    port2.once('message', () => {
      say('message');
      port1.close(done);
    });
    port1.postMessage(1);
  },
};

/** Cases whose order is the network's: what is made by what. */
const relations = {
  sockets(done) {
    const server = net.createServer((socket) => socket.end('text').on('close', () => server.close(done)));
    server.listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1').resume());
  },
  pipes(done) {
    const file = path.join(scratch, `hooks.${process.pid}`);
    const server = net.createServer((socket) => socket.end('text').on('close', () => server.close(done)));
    server.listen(file, () => net.connect(file).resume());
  },
  http(done) {
    const http = require('http');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const server = http.createServer((request, response) => response.end('text')).listen(0, '127.0.0.1', () => {
      const options = { port: server.address().port, host: '127.0.0.1', agent };
      http.get(options, (first) => first.resume().on('close', () => {
        http.get(options, (second) => second.resume().on('close', () => {
          agent.destroy();
          server.close(done);
        }));
      }));
    });
  },
  datagrams(done) {
    const socket = require('dgram').createSocket('udp4', () => socket.close(done));
    socket.bind(0, '127.0.0.1', () => socket.send('text', socket.address().port, '127.0.0.1', () => {}));
  },
  lookups(done) {
    require('dns').lookup('127.0.0.1', () => require('dns').lookup('localhost', 4, () => done()));
  },
};

const turn = (times, callback) => setImmediate(() => (times > 1 ? turn(times - 1, callback) : callback()));

function record(run, shown, callback) {
  lines = [];
  names = new Map();
  counts = {};
  hook.enable();
  run(() => {
    say('done');
    turn(5, () => { /* what was made ends still */
      hook.disable();
      shown(lines);
      setImmediate(callback);
    });
  });
}

/* When `destroy` is told depends on how much a turn of the loop finds to do. */
function inOrder(all) {
  const others = all.filter((line) => !line.startsWith('destroy'));
  const ends = all.filter((line) => /^destroy (?!Immediate|TickObject)/.test(line)).sort();
  return [...others.slice(0, 1 + others.findIndex((line) => line.startsWith('-- done'))), ...ends];
}
const sorted = (all) => all.filter((line) => /^init (?!TickObject|PROMISE|Immediate|Timeout)/.test(line))
  .map((line) => line.replace(/(TickObject|TCPWRAP)\d+/g, '$1')).sort();

const queue = [
  ...Object.entries(cases).map(([name, run]) => [name, run, inOrder]),
  ...Object.entries(relations).map(([name, run]) => [name, run, sorted]),
];
(function next() {
  if (queue.length === 0) return;
  const [name, run, select] = queue.shift();
  record(run, (all) => console.log(`${name}\n  ${select(all).join('\n  ')}`), next);
})();
