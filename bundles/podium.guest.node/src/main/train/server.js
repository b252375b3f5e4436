'use strict';
// Training: an HTTP server and its clients in one process; keep-alive and not, small and larger bodies.
const http = require('node:http');

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'POST') {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString());
      response.writeHead(201, { 'Content-Type': 'application/json', 'X-Items': String(body.items.length) });
      response.end(JSON.stringify({ ok: true, body }));
    });
  } else if (url.pathname === '/page') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.write('<!doctype html>');
    response.end(`<p>${url.searchParams.get('name') ?? 'nobody'}</p>`.repeat(20));
  } else {
    response.statusCode = url.pathname === '/' ? 200 : 404;
    response.end(`${request.method} ${url.pathname} from ${request.headers.host}`);
  }
});

function request(options, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ port: server.address().port, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => { text += part; });
      response.on('end', () => resolve(text.length));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

server.listen(0, '127.0.0.1', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  let n = 0;
  for (let i = 0; i < 150; i++) {
    n += await request({ path: '/', agent });
    n += await request({ path: `/page?name=n${i}`, headers: { Accept: 'text/html', Cookie: 'a=b; c=d' }, agent });
    if (i % 3 === 0) n += await request({ path: '/nothing', agent: false });
    if (i % 3 === 1) n += await request({ method: 'POST', path: '/items', agent }, JSON.stringify({ items: [1, 2, { i }] }));
  }
  await Promise.all(Array.from({ length: 40 }, (_, i) => request({ path: '/page?name=' + i, agent })));
  console.log(`server: ${n}`);
  agent.destroy();
  server.close();
});
