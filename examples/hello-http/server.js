'use strict';
// A server with node:http and nothing else.
const http = require('node:http');

const port = Number(process.env.PORT ?? 3000);

const server = http.createServer((request, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`Hello from Node.js, you asked for ${request.url}\n`);
});

server.listen(port, () => console.log(`listening on port ${server.address().port}`));
