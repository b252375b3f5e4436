// Routes, middleware, validation, streams, sub-applications, on Node's server and without one.
import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { streamText } from 'hono/streaming';
import { validator } from 'hono/validator';
import { serve } from '@hono/node-server';
import ask from '../ask.js';

const books = new Hono();
books.get('/', (c) => c.json(['one', 'two']));
books.get('/:id{[0-9]+}', (c) => c.json({ id: Number(c.req.param('id')), url: new URL(c.req.url).pathname }));

const app = new Hono();
app.use('/tagged', etag());
app.use('/shared/*', cors({ origin: 'https://example.org', allowMethods: ['GET'] }));
app.use('/private/*', basicAuth({ username: 'user', password: 'word' }));
app.use(async (c, next) => { await next(); c.header('X-Method', c.req.method); });
app.get('/', (c) => c.text('Hello, Hono'));
app.get('/page', (c) => c.html('<h1>Grüße</h1>'));
app.get('/tagged', (c) => c.text('the same again'));
app.get('/shared/data', (c) => c.json({ shared: true }));
app.get('/private/data', (c) => c.text('in'));
app.get('/away', (c) => c.redirect('/page'));
app.get('/stream', (c) => streamText(c, async (stream) => {
  for (const part of ['one ', 'two ', 'three']) { await stream.write(part); await stream.sleep(1); }
}));
app.post('/echo', async (c) => c.json({ got: await c.req.json() }, 201));
app.post('/form', async (c) => c.json(await c.req.parseBody()));
app.post('/checked', validator('json', (value, c) => (typeof value.n === 'number' ? value : c.text('no number', 400))),
  (c) => c.json(c.req.valid('json').n * 2));
app.get('/teapot', () => { throw new HTTPException(418, { message: 'short and stout' }); });
app.get('/broken', () => { throw new Error('secret'); });
app.route('/books', books);
app.notFound((c) => c.text(`no ${c.req.path}`, 404));
app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text(`failed: ${error.message}`, 500)));

const direct = await app.request('/books/7', { headers: { 'x-a': 'b' } });
console.log(direct.status, Object.fromEntries(direct.headers), await direct.json());

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, async ({ port }) => {
  await ask(port, [
    'GET /', 'HEAD /', 'GET /page', 'GET /tagged', 'GET /tagged HTTP/1.1\r\nIf-None-Match: "none"\r\n\r\n', 'GET /shared/data',
    'OPTIONS /shared/data HTTP/1.1\r\nOrigin: https://example.org\r\n\r\n', 'GET /private/data',
    `GET /private/data HTTP/1.1\r\nAuthorization: Basic ${btoa('user:word')}\r\n\r\n`, 'GET /away', 'GET /stream',
    ask.body('POST /echo', 'application/json', '{"a":[1,null,"é"]}'), ask.body('POST /echo', 'application/json', '{"a'),
    ask.body('POST /form', 'application/x-www-form-urlencoded', 'a=1&b=%20x'),
    ask.body('POST /form', 'multipart/form-data; boundary=cut',
      '--cut\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n--cut--\r\n'),
    ask.body('POST /checked', 'application/json', '{"n":21}'), ask.body('POST /checked', 'application/json', '{}'),
    'GET /teapot', 'GET /broken', 'GET /books', 'GET /books/12', 'GET /books/twelve', 'DELETE /',
  ]);
  server.close();
});
