// A resolver that asks a server of ours: every type of record, errors, answers that are too long for UDP, cancelling.
'use strict';
const dgram = require('dgram');
const dns = require('dns');
const net = require('net');

const name = (text) => Buffer.concat([...text.split('.').filter(Boolean).map((l) => Buffer.from([l.length, ...Buffer.from(l)])), Buffer.from([0])]);
const u16 = (...values) => Buffer.concat(values.map((v) => Buffer.from([v >> 8, v & 255])));
const u32 = (...values) => Buffer.concat(values.map((v) => u16(v >>> 16, v & 0xffff)));
const text = (t) => Buffer.from([t.length, ...Buffer.from(t)]);

const records = {
  A: [1, Buffer.from([1, 2, 3, 4])], AAAA: [28, Buffer.from([0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 7])],
  NS: [2, name('ns.example.org')], CNAME: [5, name('other.example.org')], PTR: [12, name('host.example.org')],
  MX: [15, u16(10), name('mail.example.org')], TXT: [16, text('one'), text('two')],
  SOA: [6, name('ns.example.org'), name('admin.example.org'), u32(1, 2, 3, 4, 5)],
  SRV: [33, u16(1, 2, 8080), name('srv.example.org')],
  NAPTR: [35, u16(30, 100), text('s'), text('SIP+D2U'), text(''), name('_sip._udp.example.org')],
  CAA: [257, Buffer.from([128]), text('issue'), Buffer.from('ca.example.org')],
  TLSA: [52, Buffer.from([3, 1, 1, 0xab, 0xcd])],
};

function answer(query, truncated) {
  let end = 12, host = '';
  while (query[end]) {
    host += `${query.toString('latin1', end + 1, end + 1 + query[end])}.`;
    end += query[end] + 1;
  }
  const type = query.readUInt16BE(end + 1);
  const found = host.startsWith('missing') ? [] : host.startsWith('many') ? Array(300).fill(records.A) :
    Object.values(records).filter(([t]) => t === type || type === 255);
  const code = host.startsWith('missing') ? 3 : host.startsWith('broken') ? 2 : 0;
  const flags = 0x8180 | code | (truncated && host.startsWith('many') ? 0x200 : 0);
  const list = truncated && host.startsWith('many') ? [] : found;
  return Buffer.concat([query.subarray(0, 2), u16(flags, 1, list.length, 0, 0), query.subarray(12, end + 5),
                        ...list.flatMap(([t, ...data]) => [u16(0xc00c, t, 1), u32(60), u16(Buffer.concat(data).length), ...data])]);
}

const udp = dgram.createSocket('udp4', (query, from) => {
  if (!query.toString('latin1').includes('silent')) udp.send(answer(query, true), from.port, from.address);
});
udp.bind(0, '127.0.0.1', () => {
  const { port } = udp.address();
  const tcp = net.createServer((socket) => socket.on('data', (data) => {
    const message = answer(data.subarray(2), false);
    socket.end(Buffer.concat([u16(message.length), message]));
  })).listen(port, '127.0.0.1', () => run(port).finally(() => { udp.close(); tcp.close(); }));
});

// Members whose value is undefined, and holes, are Node's alone.
function show(type, result) {
  const records = Array.isArray(result) ? result.filter(Boolean) : [result];
  console.log(type, records.map((record) => JSON.stringify(sorted(record))).sort());
}

function sorted(record) {
  if (typeof record !== 'object' || Array.isArray(record)) return record;
  return Object.fromEntries(Object.entries(record).sort().map(([key, value]) =>
    [key, value instanceof ArrayBuffer ? Buffer.from(value).toString('hex') : value]));
}

async function run(port) {
  const resolver = new dns.promises.Resolver({ timeout: 200, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  for (const type of [...Object.keys(records), 'ANY'])
    show(type, await resolver.resolve('example.org', type));
  console.log(await resolver.resolve4('example.org', { ttl: true }));
  console.log(await resolver.reverse('192.0.2.1'));
  console.log((await resolver.resolve4('many.example.org')).length);
  for (const host of ['missing.example.org', 'broken.example.org', 'silent.example.org', `${'x'.repeat(64)}.org`, 'a.onion'])
    await resolver.resolve4(host).catch((error) => console.log(error.code, error.syscall, error.hostname.length));
  const waiting = resolver.resolve4('silent.example.org').catch((error) => console.log(error.code));
  try {
    resolver.setServers(['127.0.0.1']);
  } catch (error) {
    console.log(error.code, error.message);
  }
  resolver.cancel();
  await waiting;
  console.log(resolver.getServers().length);
}
