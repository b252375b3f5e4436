'use strict';
// A chat: a server and three clients in one process. What each hears, in its order, then what a misbehaving peer gets.
const { createHash, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const net = require('node:net');
const { WebSocket, WebSocketServer, createWebSocketStream } = require('ws');

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 64 }, maxPayload: 1 << 20 });
const names = new Map();
const log = []; // what the server notices, which may be before or after a client does

function tellAll(from, text) {
  for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ from, text }));
}

server.on('connection', (socket, request) => {
  const name = new URL(request.url, 'ws://x').searchParams.get('name');
  names.set(socket, name);
  socket.on('message', (data, binary) => {
    if (binary) socket.send(createHash('sha256').update(data).digest());
    else tellAll(name, data.toString());
  });
  socket.on('error', (error) => log.push(`${name}: ${error.code} ${error.message}`));
  socket.on('close', (code, reason) => {
    names.delete(socket);
    log.push(`${name} left ${code} ${reason}`);
  });
});

function client(port, name) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?name=${name}`);
  const heard = [];
  const waiting = [];
  socket.on('message', (data, binary) => {
    const message = binary ? data.toString('hex') : JSON.parse(data);
    const next = waiting.shift();
    if (next) next(message);
    else heard.push(message);
  });
  return { socket, next: () => (heard.length ? heard.shift() : new Promise((resolve) => waiting.push(resolve))) };
}

// A peer that speaks the protocol by hand, badly: the frame the server answers with.
async function badFrame(port, frame) {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /?name=bad HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    + `Sec-WebSocket-Key: ${Buffer.alloc(16, 7).toString('base64')}\r\n\r\n`);
  const [head] = await once(socket, 'data');
  console.log(head.toString().split('\r\n').sort().join('\n'));
  socket.write(frame);
  const [answer] = await once(socket, 'data');
  console.log('answer:', answer.toString('hex'));
  socket.destroy();
  await once(socket, 'close');
}

(async () => {
  await once(server, 'listening');
  const { port } = server.address();
  const people = [];
  for (const name of ['ann', 'bob', 'cid']) {
    const person = client(port, name);
    await once(person.socket, 'open');
    people.push(person);
  }
  const [ann, bob, cid] = people;
  console.log(bob.socket.extensions, bob.socket.protocol === '', [...names.values()].join());

  for (const text of ['hi', 'Grüße 👋', 'long '.repeat(20_000)]) {
    ann.socket.send(text);
    for (const person of people) {
      const message = await person.next();
      console.log(message.from, message.text.length, message.text.slice(0, 20));
    }
  }
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) & 255));
  bob.socket.send(bytes);
  console.log('binary:', await bob.next());
  console.log('here:', createHash('sha256').update(bytes).digest('hex'));

  cid.socket.ping('are you there');
  const [pong] = await once(cid.socket, 'pong');
  console.log('pong:', pong.toString());

  const stream = createWebSocketStream(cid.socket, { encoding: 'utf8', decodeStrings: false });
  stream.write('by stream');
  console.log('stream:', (await once(stream, 'data'))[0]);
  console.log(await ann.next());

  bob.socket.close(4001, 'enough');
  console.log('bob:', ...(await once(bob.socket, 'close')).map(String));
  ann.socket.send(randomBytes(2 << 20));
  console.log('ann:', ...(await once(ann.socket, 'close')).map(String));
  stream.destroy();

  await badFrame(port, Buffer.from([0x81, 0x02, 0x41, 0x42])); // not masked
  await badFrame(port, Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe])); // text, and no UTF-8
  await badFrame(port, Buffer.from([0x83, 0x80, 0, 0, 0, 0])); // no such opcode

  const wrong = new WebSocket('ws://127.0.0.1:1/');
  console.log((await once(wrong, 'error'))[0].message);
  server.close();
})();

process.on('exit', () => console.log(names.size, log.sort()));
