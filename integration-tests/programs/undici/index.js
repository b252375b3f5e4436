'use strict';
// Its client against a server in the same process: request, fetch, pipelining, streams, errors, mocks.
const { createServer } = require('node:http');
const { once } = require('node:events');
const { Agent, Client, FormData, MockAgent, Pool, errors, fetch, request, setGlobalDispatcher } = require('undici');

const server = createServer((incoming, response) => {
  const parts = [];
  incoming.on('data', (part) => parts.push(part)).on('end', () => {
    if (incoming.url === '/cut') return response.socket.destroy();
    if (incoming.url === '/slow') return setTimeout(() => response.end('late'), 2000).unref();
    if (incoming.url === '/away') return response.writeHead(302, { Location: '/there' }).end();
    response.setHeader('X-Method', incoming.method);
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.end(`${incoming.url} ${Buffer.concat(parts)}`);
  });
});

(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;

  const simple = await request(`${origin}/simple`, { method: 'PUT', body: 'bytes' });
  console.log(simple.statusCode, simple.headers['x-method'], simple.headers['set-cookie'], await simple.body.text());

  const fetched = await fetch(`${origin}/away`, { headers: { a: 'b' } });
  console.log(fetched.status, fetched.redirected, new URL(fetched.url).pathname, fetched.headers.getSetCookie(), await fetched.text());
  const form = new FormData();
  form.append('field', 'value');
  console.log((await (await fetch(origin, { method: 'POST', body: form })).text()).replace(/formdata-undici-\d+/g, 'BOUNDARY'));

  const client = new Client(origin, { pipelining: 5 });
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => client.request({ path: `/${i}`, method: 'GET' })));
  console.log(await Promise.all(answers.map(({ body }) => body.text())));
  for (const path of ['/cut', '/slow'])
    await client.request({ path, method: 'GET', headersTimeout: 200 }).catch((error) => console.log(path, error.name, error.code));
  await client.close();

  const pool = new Pool(origin, { connections: 2 });
  const sizes = [];
  await pool.stream({ path: '/stream', method: 'POST', body: 'x'.repeat(100_000) }, () =>
    new (require('node:stream').Writable)({ write(part, _, done) { sizes.push(part.length); done(); } }));
  console.log(sizes.reduce((a, b) => a + b));
  await pool.close();

  const aborted = new AbortController();
  const waiting = fetch(`${origin}/slow`, { signal: aborted.signal }).catch((error) => console.log(error.name, error.message));
  setImmediate(() => aborted.abort());
  await waiting;
  await fetch('http://127.0.0.1:1/').catch((error) => console.log(error.message, error.cause.code));
  await request('http://x', { method: 7 }).catch((error) => console.log(error instanceof errors.UndiciError, error.name, error.message));

  const mock = new MockAgent();
  mock.disableNetConnect();
  mock.get('http://mocked.example').intercept({ path: '/a' }).reply(200, { mocked: true });
  setGlobalDispatcher(mock);
  console.log(await (await fetch('http://mocked.example/a')).json());
  await fetch('http://mocked.example/b').catch((error) => console.log(error.cause.code));
  setGlobalDispatcher(new Agent());
  server.close();
  server.closeAllConnections();
})();
