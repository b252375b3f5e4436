'use strict';
// Express 5, installed by npm into this folder: a route, a parameter, a JSON body.
const express = require('express');

const port = Number(process.env.PORT ?? 3000);
const app = express();

app.use(express.json());
app.get('/', (request, response) => response.send('Hello from Express\n'));
app.get('/greet/:name', (request, response) => response.json({ hello: request.params.name }));
app.post('/echo', (request, response) => response.json(request.body));

const server = app.listen(port, () => console.log(`listening on port ${server.address().port}`));
