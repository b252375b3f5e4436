// fetch, whose parser of HTTP is a WebAssembly module, from a server in the same process.
import http from 'node:http';
import { once } from 'node:events';

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  switch (request.url) {
    case '/redirect': response.writeHead(302, { location: '/json?from=redirect' }); return response.end();
    case '/gone': response.writeHead(404, 'Not Here'); return response.end('nothing');
    case '/big': response.setHeader('x-length', body.length); return response.end(Buffer.alloc(3e6, 'ab'));
    case '/slow': return; // for ever
    case '/cut': response.write('begun'); return setTimeout(() => request.socket.destroy(), 20);
    default:
      response.setHeader('content-type', 'application/json');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(JSON.stringify({ url: request.url, method: request.method, type: request.headers['content-type'], body: body.toString() }));
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

const plain = await fetch(`${base}/json?x=1`);
console.log(plain.status, plain.ok, plain.type, plain.headers.get('content-type'), plain.headers.getSetCookie(), await plain.json());
console.log(await (await fetch(`${base}/post`, { method: 'POST', body: 'text' })).json());
console.log(await (await fetch(`${base}/post`, { method: 'PUT', body: new URLSearchParams({ a: '1', b: 'ä' }) })).json());
const redirected = await fetch(`${base}/redirect`);
console.log(redirected.redirected, new URL(redirected.url).search, (await redirected.json()).url);
const gone = await fetch(`${base}/gone`);
console.log(gone.status, gone.statusText, await gone.text());
const big = await fetch(`${base}/big`, { method: 'POST', body: new Uint8Array(1e6) });
console.log(big.headers.get('x-length'), (await big.arrayBuffer()).byteLength);
let count = 0;
for await (const chunk of (await fetch(`${base}/big`)).body) count += chunk.length;
console.log(count);
const form = new FormData();
form.set('field', 'value');
form.set('file', new Blob(['content']), 'name.txt');
console.log((await (await fetch(`${base}/post`, { method: 'POST', body: form })).json()).body.replace(/formdata-\w+-\d+/g, 'boundary').split('\r\n'));
console.log((await Promise.all(Array.from({ length: 50 }, (_, n) => fetch(`${base}/n${n}`).then((r) => r.json())))).map(({ url }) => url).join(' '));
const failed = (promise) => promise.then(() => console.log('no failure'), (error) => console.log(error.name, error.message, error.cause?.code));
await failed(fetch(`${base}/slow`, { signal: AbortSignal.timeout(50) }));
const controller = new AbortController();
setTimeout(() => controller.abort(new Error('enough')), 20);
await failed(fetch(`${base}/slow`, { signal: controller.signal }));
await failed(fetch(`${base}/cut`).then((response) => response.text()));
await failed(fetch('http://127.0.0.1:1/'));
await failed(fetch('nonsense'));
server.closeAllConnections();
server.close();
