// Child processes: waited for or not, what they read and write, how they end, messages, errors.
'use strict';
const assert = require('assert');
const { execFile, execFileSync, fork, spawn, spawnSync } = require('child_process');

if (process.argv[2] === 'child') {
  process.on('message', (message) => {
    process.send({ echo: message, type: message.bytes?.constructor.name });
    process.disconnect();
  });
} else {
  main();
}

function main() {
  const node = process.execPath;
  const result = spawnSync(node, ['-e', 'process.stdin.pipe(process.stdout); console.error(process.env.A)'],
                           { input: 'in', env: { A: 'x' }, encoding: 'utf8' });
  console.log(result.status, result.signal, result.output);
  console.log(spawnSync(node, ['-e', 'process.exit(7)']).status);
  console.log(spawnSync(node, ['-e', 'process.kill(process.pid, "SIGKILL")']).signal);
  console.log(spawnSync(node, ['-e', 'setInterval(() => {}, 1000)'], { timeout: 300, killSignal: 'SIGKILL' }).error.code);
  console.log(spawnSync(node, ['-e', 'process.stdout.write("x".repeat(5000))'], { maxBuffer: 100 }).error.code);
  console.log(spawnSync('/nothing/there').error.code);
  assert.throws(() => execFileSync(node, ['-e', 'process.exit(2)'], { stdio: 'ignore' }), { status: 2 });
  try {
    spawnSync(node, ['-e', '0'], { killSignal: 'SIGNOTHING' });
  } catch (error) {
    console.log(error.code);
  }
  step([
    (next) => {
      const child = spawn(node, ['-e', 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase()))']);
      child.stdout.on('data', (data) => console.log(String(data)));
      child.on('close', (...how) => next(console.log('close', ...how)));
      child.stdin.end('text');
    },
    (next) => {
      const child = spawn(node, ['-e', 'setInterval(() => {}, 1000)']);
      child.on('exit', (...how) => next(console.log('exit', ...how, child.killed, child.signalCode)));
      child.on('spawn', () => console.log(child.kill()));
    },
    (next) => {
      const child = spawn('/nothing/there');
      child.on('error', (error) => next(console.log(error.code, child.pid)));
      console.log(child.kill());
    },
    (next) => spawn('/nothing/there').on('error', (error) => next(console.log(error.code, error.syscall))),
    (next) => execFile(node, ['-p', 'process.cwd()'], { cwd: '/tmp' }, (error, out) => next(console.log(error, out))),
    (next) => talk('json', { text: 'é', list: [1, null] }, next),
    (next) => talk('advanced', { map: new Map([[1, { a: 2n }]]), bytes: Buffer.from('abc') }, next),
    (next) => talk('advanced', { bytes: new Uint16Array([1, 2, 65535]) }, next),
  ]);
}

function talk(serialization, message, next) {
  const child = fork(__filename, ['child'], { serialization });
  child.on('message', (answer) => console.log(serialization, answer));
  child.on('exit', (...how) => next(console.log('exit', ...how)));
  child.send(message);
}

function step(steps) {
  if (steps.length) steps[0](() => step(steps.slice(1)));
}
