'use strict';
// express.js FOLDER: an application of Express, from its texts, until it has answered its first request.
const http = require('node:http');
const express = require(`${process.argv[2]}/node_modules/express`);

const app = express();
app.use(express.json());
app.get('/greet/:name', (request, response) => response.json({ hello: request.params.name }));
const server = app.listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, path: '/greet/you', agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part) => { text += part; });
    response.on('end', () => {
      if (text !== '{"hello":"you"}') throw new Error(text);
      server.close();
    });
  });
});
