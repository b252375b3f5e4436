// node:http2 loads, with its constants: there are programs that ask for no more.
const http2 = require('node:http2');
console.log(Object.keys(http2).sort().join());
console.log(JSON.stringify(http2.constants));
console.log(http2.sensitiveHeaders, http2.Http2ServerRequest.name, typeof http2.createServer);
