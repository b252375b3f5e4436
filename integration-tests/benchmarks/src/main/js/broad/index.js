'use strict';
// Code that is broad and runs seldom, much of Node's library in it: index.js WARM ROUNDS EXPRESS
//
// Each part runs once, then for WARM seconds, then ROUNDS times. Lines say the milliseconds of the first time and the median
// of the last ones. EXPRESS is a folder where express is installed.
const http = require('node:http');
const { createRequire } = require('node:module');

const [warm, rounds] = process.argv.slice(2, 4).map(Number);
const requireThere = createRequire(`${process.argv[4]}/index.js`);

async function milliseconds(part) {
  const before = performance.now();
  await part();
  return performance.now() - before;
}

async function time(name, part) {
  console.log(`${name}-first ${await milliseconds(part)}`);
  for (const end = Date.now() + warm * 1000; Date.now() < end;) await part();
  const times = [];
  for (let i = 0; i < rounds; i++) times.push(await milliseconds(part));
  console.log(`${name}-warm ${times.sort((a, b) => a - b)[rounds >> 1]}`);
}

// 200 requests, one after another, on one connection; client and server are this process.
async function requests(port, agent) {
  for (let i = 0; i < 200; i++)
    await new Promise((resolve, reject) => {
      http.get({ port, agent, path: `/${i}` }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => { text += part; });
        response.on('end', () => (text === `you asked for /${i}` ? resolve() : reject(new Error(text))));
      }).on('error', reject);
    });
}

function requireAnew() {
  for (const file of Object.keys(requireThere.cache)) if (file !== __filename) delete requireThere.cache[file];
  if (typeof requireThere('express')().get !== 'function') throw new Error('this is not express');
}

(async () => {
  await time('express', async () => requireAnew());
  const server = http.createServer((request, response) => response.end(`you asked for ${request.url}`));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await time('http', () => requests(server.address().port, agent));
  agent.destroy();
  server.close();
})();
