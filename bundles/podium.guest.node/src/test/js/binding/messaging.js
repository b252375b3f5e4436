// structuredClone, message channels, ports that move, broadcast channels, blobs and file handles in messages.
'use strict';
const { MessageChannel, MessagePort, BroadcastChannel, receiveMessageOnPort } = require('worker_threads');
const { inspect } = require('util');
const fs = require('fs');

const show = (call) => {
  try {
    console.log(inspect(call()));
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
};

function clones() {
  show(() => structuredClone(new Map([[{ a: 1 }, new Set([1])]])));
  show(() => structuredClone({ e: new RangeError('x') }).e instanceof RangeError);
  for (const value of [() => 1, Symbol('q'), { f() {} }, new WeakMap(), new Proxy({}, {})]) show(() => structuredClone(value));
  show(() => { const b = new ArrayBuffer(8), c = structuredClone(b, { transfer: [b] }); return [b.detached, c.byteLength]; });
  show(() => { const b = new Uint8Array([1, 2, 3]), c = structuredClone({ b, x: b }, { transfer: [b.buffer] }); return [b.length, c, c.x === c.b]; });
  show(() => structuredClone(1, { transfer: [{}] }));
  show(() => structuredClone());
  show(() => { const b = new ArrayBuffer(8); return structuredClone(b, { transfer: [b, b] }); });
  show(() => structuredClone(new MessageChannel().port1));
  show(() => structuredClone(Buffer.from('abc')));
  show(() => structuredClone(new (class A { constructor() { this.x = 1; } })()));
  show(() => { const o = {}; o.o = o; const c = structuredClone(o); return c.o === c && c !== o; });
  show(() => structuredClone(new DOMException('m', 'DataCloneError')) instanceof DOMException);
  show(() => structuredClone(new Blob(['abc'])));
  show(() => { let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; return structuredClone(deep).length; });
}

async function channels() {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage({ hello: 1 });
  port1.postMessage([1, 2n, undefined]);
  console.log(receiveMessageOnPort(port2), receiveMessageOnPort(port2), receiveMessageOnPort(port2));
  const moved = new MessageChannel();
  const closed = Promise.all([port1, port2, moved.port1].map((port) => new Promise((resolve) => port.on('close', resolve))));
  moved.port1.onmessage = ({ data }) => console.log('reply', data);
  moved.port1.postMessage('early');
  port2.on('message', (message) => {
    console.log('got', typeof message === 'object' ? Object.keys(message) : message);
    message.port?.on('message', (text) => {
      console.log('through', text);
      message.port.close();
      port1.postMessage('end');
    });
    message.port?.postMessage('reply');
    if (message === 'end') port2.close();
  });
  port1.postMessage({ port: moved.port2 }, [moved.port2]);
  show(() => port1.postMessage(port1, [port1]));
  show(() => port1.postMessage(moved.port2, [moved.port2]));
  show(() => port1.postMessage(1, 2));
  show(() => port1.postMessage(1, { transfer: { [Symbol.iterator]() { return {}; } } }));
  show(() => port1.postMessage());
  show(() => new MessagePort());
  await closed;
  console.log('closed', receiveMessageOnPort(port1));
}

async function broadcast() {
  const [one, two, three] = ['x', 'x', 'y'].map((name) => new BroadcastChannel(name));
  three.onmessage = () => console.log('never');
  two.onmessage = ({ data }) => { console.log('two', data); for (const channel of [one, two, three]) channel.close(); };
  one.postMessage({ q: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  show(() => one.postMessage(1));
}

async function objects() {
  const { port1, port2 } = new MessageChannel();
  const receive = () => new Promise((resolve) => port2.once('message', resolve));
  port1.postMessage(new Blob(['abc'], { type: 'text/x' }));
  const blob = await receive();
  console.log(blob, await blob.text());
  const handle = await fs.promises.open(__filename);
  port1.postMessage(handle, [handle]);
  const other = await receive();
  console.log(handle.fd, other.fd > 2, (await other.read(Buffer.alloc(4))).buffer.toString());
  await other.close();
  port1.close();
}

clones();
channels().then(broadcast).then(objects);
