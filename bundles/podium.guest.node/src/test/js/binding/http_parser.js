// Flags: --expose-internals
// A parser is one async resource after another: each has an id of its own, and ends once.
'use strict';
const { createHook } = require('async_hooks');
const { internalBinding } = require('internal/test/binding');
const { HTTPParser } = internalBinding('http_parser');

const names = new Map();
const log = [];
createHook({
  init(id, type) {
    if (!type.startsWith('HTTP')) return;
    names.set(id, `${type} ${names.size}`);
    log.push(`init ${names.get(id)}`);
  },
  destroy(id) {
    if (names.has(id)) log.push(`destroy ${names.get(id)}`);
  },
}).enable();

const parser = new HTTPParser();
console.log('without a resource', parser.getAsyncId(), parser.getProviderType() === 0);
parser.initialize(HTTPParser.REQUEST, {});
const first = parser.getAsyncId();
console.log('named', names.get(first), parser.getProviderType() > 0);
parser.initialize(HTTPParser.RESPONSE, {});
console.log('another', names.get(parser.getAsyncId()), parser.getAsyncId() > first);
parser.free();
console.log('freed', parser.getAsyncId());
parser.free();
parser.initialize(HTTPParser.REQUEST, {});
console.log('again', names.get(parser.getAsyncId()));
setImmediate(() => setImmediate(() => {
  console.log(log.join('\n'));
  parser.close(); // it lives until here
}));
