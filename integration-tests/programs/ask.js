'use strict';
// For the programs that are servers: sends requests, each on a connection of its own, and prints what comes back as it came,
// but for the date.
const net = require('node:net');

function answer(port, request) {
  const line = request.indexOf('\r\n') + 2;
  const text = `${request.slice(0, line)}Host: localhost\r\nConnection: close\r\n${request.slice(line)}`;
  return new Promise((resolve, reject) => {
    const parts = [];
    net.connect(port, '127.0.0.1')
      .on('error', reject)
      .on('data', (part) => parts.push(part))
      .on('close', () => resolve(Buffer.concat(parts).toString('latin1').replace(/\r\nDate: [^\r]*/i, '\r\nDate:')))
      .write(text);
  });
}

// Requests are the method and the path, or whole heads after `Host`, with bodies.
module.exports = async function ask(port, requests) {
  for (const request of requests) {
    const whole = request.includes('\r\n') ? request : `${request} HTTP/1.1\r\n\r\n`;
    console.log(`> ${request}\n${await answer(port, whole)}\n`);
  }
};

// A request with a body.
module.exports.body = (start, type, text) =>
  `${start} HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
