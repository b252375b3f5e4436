'use strict';
// Schemas compiled for requests and answers, hooks, plug-ins with their scope, errors, and its log.
const { Readable } = require('node:stream');
const fastify = require('fastify');
const ask = require('../ask.js');

const logged = [];
const app = fastify({ logger: { level: 'info', base: null, timestamp: false, stream: { write: (line) => logged.push(line) } } });

app.decorate('greeting', 'Hello');
app.addHook('onRequest', async (request) => { request.began = true; });
app.addHook('onSend', async (request, reply, payload) => { reply.header('x-began', String(request.began)); return payload; });
app.addContentTypeParser('text/csv', { parseAs: 'string' }, (request, body, done) => done(null, body.split(',')));

app.get('/', async () => ({ text: `${app.greeting}, Fastify` }));
app.get('/user/:id', {
  schema: {
    params: { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } },
    querystring: { type: 'object', properties: { long: { type: 'boolean', default: false } } },
    response: { 200: { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' }, long: { type: 'boolean' } } } },
  },
}, async (request) => ({ id: request.params.id, name: 'Ünal', long: request.query.long, password: 'not shown' }));
app.post('/order', {
  schema: {
    body: {
      type: 'object',
      required: ['items'],
      additionalProperties: false,
      properties: {
        items: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[a-z]+$' } },
        when: { type: 'string', format: 'date-time' },
      },
    },
  },
}, async (request, reply) => reply.code(201).send({ ordered: request.body.items.length }));
app.post('/csv', async (request) => request.body);
app.get('/stream', (request, reply) => reply.type('text/plain').send(Readable.from(['one ', 'two ', 'three'])));
app.get('/broken', async () => { throw Object.assign(new Error('went wrong'), { statusCode: 503, code: 'WENT_WRONG' }); });
app.register(async (scope) => {
  scope.setErrorHandler((error, request, reply) => reply.code(409).send({ scoped: error.message }));
  scope.get('/broken', async () => { throw new Error('inside'); });
}, { prefix: '/scope' });

(async () => {
  const injected = await app.inject({ url: '/user/3?long=true', headers: { host: 'localhost' } });
  console.log(injected.statusCode, injected.headers['content-type'], injected.body);
  await app.listen({ port: 0, host: '127.0.0.1' });
  console.log(app.printRoutes());
  await ask(app.server.address().port, [
    'GET /', 'HEAD /', 'GET /user/7', 'GET /user/0', 'GET /user/x', 'GET /user/7?long=perhaps',
    ask.body('POST /order', 'application/json', '{"items":["tea"],"when":"2024-02-29T12:00:00Z"}'),
    ask.body('POST /order', 'application/json', '{"items":["Tea"]}'), ask.body('POST /order', 'application/json', '{"items":[]}'),
    ask.body('POST /order', 'application/json', '{"items":["tea"],"when":"yesterday"}'),
    ask.body('POST /order', 'application/json', '{"items":'), ask.body('POST /order', 'text/strange', 'x'),
    ask.body('POST /csv', 'text/csv', 'a,b,c'), 'GET /stream', 'GET /broken', 'GET /scope/broken', 'GET /missing', 'PUT /',
  ]);
  await app.close();
  for (const line of logged)
    process.stdout.write(line.replace(/:\d{4,5}\b/g, ':PORT').replace(/"remotePort":\d+/, '"remotePort":0')
      .replace(/"responseTime":[\d.]+/, '"responseTime":0').replace(/"stack":"[^"]*"/, '"stack":""'));
})();
