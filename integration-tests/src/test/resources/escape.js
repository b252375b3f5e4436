'use strict';
// Tries to learn of the host, and to reach it, in every way a script has. Prints a line for each: what it is, and what came of it.
// Arguments: a port of the host's loopback where somebody listens, a file of the host, the host's name, a process of the host, a
// socket of the host, an address of the host; `names` for looking up names, too.
const fs = require('fs');
const os = require('os');
const net = require('net');
const dns = require('dns');
const dgram = require('dgram');
const childProcess = require('child_process');

const [port, file, host, pid, socket, address, names] = process.argv.slice(2);

function attempt(name, action) {
  let outcome;
  try {
    outcome = action();
  } catch (e) {
    outcome = e.code ?? e.message;
  }
  console.log(name + ':', JSON.stringify(outcome));
}

const read = (path) => () => fs.readFileSync(path, 'utf8');
const list = (path) => () => fs.readdirSync(path);

attempt('variables', () => process.env);
attempt('command', () => [process.argv0, ...process.argv.slice(0, 2), process.execPath, process.cwd(), process.title]);
attempt('processes', () => [process.pid, process.ppid]);
attempt('signal to a process of the host', () => process.kill(Number(pid), 0));
attempt('signal to the one that started this', () => process.kill(process.ppid || 1, 'SIGKILL'));

attempt('a file of the host', read(file));
attempt('written', () => fs.writeFileSync(file, 'gone'));
attempt('above the root', read('/../../../..' + file));
attempt('above a mount', read('/data/../../../../../..' + file));
attempt('a relative link in a mount', read('/data/relative'));
attempt('an absolute link in a mount', read('/data/absolute'));
attempt('a folder linked in a mount', list('/data/folder'));
attempt('written through a link in a mount', () => fs.appendFileSync('/data/relative', 'gone'));
attempt('a link of its own', () => {
  fs.symlinkSync('../../..' + file, '/tmp/link');
  return fs.readFileSync('/tmp/link', 'utf8');
});
attempt('what is granted', read('/data/inside'));
attempt('what is granted, changed', () => fs.writeFileSync('/data/inside', 'changed'));
attempt('the root', list('/'));
attempt('the mount', list('/data'));
attempt('etc', list('/etc'));
attempt('passwords', read('/etc/passwd'));
attempt('sys', list('/sys'));
attempt('dev', list('/dev'));
attempt('memory', read('/dev/mem'));

attempt('proc', () => fs.readdirSync('/proc').filter((name) => name !== String(process.pid)));
attempt('environ', read('/proc/self/environ'));
attempt('maps', read('/proc/self/maps'));
attempt('root of proc', () => fs.readlinkSync('/proc/self/root'));
attempt('through the root of proc', read('/proc/self/root' + file));
attempt('through the folder of proc', read('/proc/self/cwd/../..' + file));
attempt('init', list('/proc/1'));
attempt('a process of the host', list('/proc/' + pid));
attempt('mounts', read('/proc/mounts'));
attempt('version', read('/proc/version'));
attempt('kernel name', read('/proc/sys/kernel/hostname'));

attempt('name', () => os.hostname());
attempt('user', () => os.userInfo());
attempt('home', () => [os.homedir(), os.tmpdir()]);
attempt('interfaces', () => Object.values(os.networkInterfaces()).flat().map((at) => at.address));
attempt('machine', () => [os.type(), os.machine(), os.release(), os.version(), os.cpus()[0].model, os.totalmem()]);
attempt('uptime', () => os.uptime() >= 1000 && os.uptime() < 1000 + 600);
attempt('load', () => os.loadavg());
attempt('time zone', () => new Date(0).getTimezoneOffset());
attempt('a command', () => String(childProcess.execSync('id')));

const waits = [];
function asynchronous(name, start) {
  waits.push(new Promise((resolve) => {
    try {
      start((outcome) => resolve([name, outcome]));
    } catch (e) {
      resolve([name, e.code ?? e.message]);
    }
  }));
}

function connect(name, options) {
  asynchronous(name, (end) => {
    const connection = net.connect(options);
    connection.on('connect', () => end('CONNECTED')).on('error', (e) => end(e.code));
    connection.setTimeout(5000, () => end('TIMED OUT'));
  });
}

connect('connect to 127.0.0.1', { host: '127.0.0.1', port });
connect('connect to ::1', { host: '::1', port });
connect('connect to 0.0.0.0', { host: '0.0.0.0', port });
connect('connect to ::ffff:127.0.0.1', { host: '::ffff:127.0.0.1', port });
connect('connect to an address of the host', { host: address, port });
connect('connect to 192.0.2.1', { host: '192.0.2.1', port: 80 });
connect('connect to 169.254.169.254', { host: '169.254.169.254', port: 80 });
connect('connect to a socket of the host', { path: socket });
for (const name of names ? ['localhost', host, 'example.com', 'host.docker.internal'] : [])
  asynchronous('look up ' + (name === host ? 'the host' : name),
    (end) => dns.lookup(name, (e, found) => end(e ? e.code : found)));
asynchronous('datagram', (end) => {
  const sender = dgram.createSocket('udp4');
  sender.send('escaped', Number(port), address, (e) => {
    sender.close();
    end(e ? e.code : 'sent');
  });
});

Promise.all(waits).then((all) => {
  for (const [name, outcome] of all) console.log(name + ':', JSON.stringify(outcome));
});
