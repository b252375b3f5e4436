'use strict';
// Middleware around middleware, a context's cookies and state, errors, streams, conditional requests.
const { Readable } = require('node:stream');
const Koa = require('koa');
const ask = require('../ask.js');

const app = new Koa({ keys: ['a key'] });
app.on('error', (error) => console.log('error event:', error.message));

app.use(async (context, next) => {
  context.state.trail = ['outer'];
  await next();
  context.set('X-Trail', context.state.trail.join());
});
app.use(async (context, next) => {
  context.state.trail.push('inner');
  try {
    await next();
  } catch (error) {
    if (context.path !== '/caught') throw error;
    context.status = 418;
    context.body = { caught: error.message };
  }
  context.state.trail.push('back');
});

const routes = {
  '/': (context) => { context.body = 'Hello, Koa'; },
  '/json': (context) => { context.body = { query: context.query, ip: context.ip, types: context.accepts('json', 'html') }; },
  '/stream': (context) => { context.type = 'text/plain'; context.body = Readable.from(['one ', 'two ', 'three']); },
  '/cookie': (context) => {
    context.cookies.set('plain', 'yes', { httpOnly: false });
    context.cookies.set('signed', 'very', { signed: true });
    context.body = `was ${context.cookies.get('plain')}`;
  },
  '/etag': (context) => { context.etag = 'mark'; context.body = 'x'.repeat(20); if (context.fresh) context.status = 304; },
  '/away': (context) => context.redirect('/json?a=1'),
  '/nothing': (context) => { context.body = null; },
  '/caught': () => { throw new Error('thrown'); },
  '/forbidden': (context) => context.throw(403, 'not you'),
  '/broken': () => { throw new Error('secret'); },
  '/wait': async (context) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    context.body = Buffer.from([0, 128, 255]);
  },
};
app.use((context) => routes[context.path]?.(context));

const server = app.listen(0, '127.0.0.1', async () => {
  await ask(server.address().port, [
    'GET /', 'HEAD /', 'GET /json?a=1&a=2&b=%C3%A9', 'GET /json HTTP/1.1\r\nAccept: text/html\r\n\r\n', 'GET /stream', 'GET /cookie',
    'GET /cookie HTTP/1.1\r\nCookie: plain=yes; signed=forged\r\n\r\n', 'GET /etag',
    'GET /etag HTTP/1.1\r\nIf-None-Match: "mark"\r\n\r\n', 'GET /away', 'GET /nothing', 'GET /caught', 'GET /forbidden',
    'GET /broken', 'GET /wait', 'GET /missing', 'OPTIONS /',
  ]);
  server.close();
});
