// A resolver that asks a server of ours: every type of record, aliases, errors, answers that are too long for UDP, cancelling.
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

// What a name is answered with, whatever the type: [record, time to live] each.
const special = {
  many: Array(300).fill([records.A, 60]),
  missing: [],
  broken: [],
  alias: [[records.CNAME, 30], [records.A, 60], [records.AAAA, 20]],
  dangling: [[records.CNAME, 30]],
  other: [[records.TXT, 60]],
};

function answer(query, overUdp) {
  let end = 12, host = '';
  while (query[end]) {
    host += `${query.toString('latin1', end + 1, end + 1 + query[end])}.`;
    end += query[end] + 1;
  }
  const type = query.readUInt16BE(end + 1), kind = host.split('.')[0];
  const code = { missing: 3, broken: 2 }[kind] ?? 0;
  const truncated = kind === 'many' && overUdp;
  const list = truncated ? [] : special[kind] ??
    Object.values(records).filter(([t]) => t === type || type === 255 && t !== 5).map((record) => [record, 60]);
  const bytes = list.map(([[t, ...data], ttl]) =>
    [u16(0xc00c, t, 1), u32(ttl), u16(Buffer.concat(data).length), ...data]);
  const whole = Buffer.concat([query.subarray(0, 2), u16(0x8180 | code | (truncated ? 0x200 : 0), 1, list.length, 0, 0),
                               query.subarray(12, end + 5), ...bytes.flat()]);
  return kind === 'torn' ? whole.subarray(0, -3) : whole;
}

const udp = dgram.createSocket('udp4', (query, from) => {
  if (!query.toString('latin1').includes('silent')) udp.send(answer(query, true), from.port, from.address);
});
udp.bind(0, '127.0.0.1', () => {
  const { port } = udp.address();
  const tcp = net.createServer((socket) => socket.on('data', (data) => {
    const message = answer(data.subarray(2), false);
    socket.write(Buffer.concat([u16(message.length), message]));
  })).listen(port, '127.0.0.1', () => run(port).finally(() => { udp.close(); tcp.close(); }));
});

// Holes are Node's alone.
function show(type, result) {
  console.log(type, Array.isArray(result) ? result.filter(() => true) : result);
}

const failure = (promise) => promise.catch((error) => console.log(error.code, error.syscall, error.hostname?.length));

async function run(port) {
  const resolver = new dns.promises.Resolver(), hasty = new dns.promises.Resolver({ timeout: 100, tries: 2 });
  for (const each of [resolver, hasty])
    each.setServers([`127.0.0.1:${port}`]);
  for (const type of [...Object.keys(records), 'ANY'])
    show(type, await resolver.resolve('example.org', type));
  console.log(await resolver.resolve4('example.org', { ttl: true }));
  console.log(await resolver.reverse('192.0.2.1'));
  console.log((await resolver.resolve4('many.example.org')).length);
  for (const type of [...Object.keys(records), 'ANY']) {
    for (const kind of ['alias', 'dangling', 'other'])
      await failure(resolver.resolve(`${kind}.example.org`, type).then((result) => show(`${kind} ${type}`, result)));
  }
  console.log(await resolver.resolve4('alias.example.org', { ttl: true }), await resolver.resolve6('alias.example.org', { ttl: true }));
  for (const host of ['missing.example.org', 'broken.example.org', 'torn.example.org',
                      `${'x'.repeat(64)}.org`, 'a..b', 'a.onion'])
    await failure(resolver.resolve4(host));
  await failure(hasty.resolve4('silent.example.org'));
  console.log(await resolver.resolveTxt('b\u00fccher.example.org'));
  console.log((await resolver.reverse('127.0.0.1')).length > 0); // of a file that each machine has its own of
  console.log(await resolver.reverse('2001:db8::7'));
  await failure(resolver.reverse('300.1.1.1'));
  const waiting = resolver.resolve4('silent.example.org').catch((error) => console.log(error.code));
  try {
    resolver.setServers(['127.0.0.1']);
  } catch (error) {
    console.log(error.code, error.message);
  }
  resolver.cancel();
  await waiting;
  console.log(resolver.getServers().length);
  await alone(port);
}

// Resolvers without a server, with one that refuses, and with addresses of their own.
async function alone(port) {
  const resolver = new dns.promises.Resolver({ tries: 1, maxTimeout: 3000 });
  resolver.setServers([]);
  console.log(resolver.getServers());
  await failure(resolver.resolve4('example.org'));
  resolver.setServers(['[::1]:5353', '192.0.2.1', '192.0.2.1:53', '192.0.2.2:8053']);
  console.log(resolver.getServers());
  resolver.setServers([`127.0.0.1:${await unused()}`]);
  await failure(resolver.resolveMx('example.org'));
  resolver.setServers([`127.0.0.1:${port}`]);
  resolver.setLocalAddress('127.0.0.1');
  show('NS', await resolver.resolveNs('example.org'));
  for (const addresses of [['127.0.0.1', '127.0.0.2'], ['::1', '::2'], ['x']]) {
    try {
      resolver.setLocalAddress(...addresses);
    } catch (error) {
      console.log(error.code, error.message);
    }
  }
  const names = ['example.org', 'missing.example.org', 'many.example.org', 'alias.example.org'];
  console.log((await Promise.allSettled(names.map((name) => resolver.resolve4(name)))).map(({ status }) => status));
}

// A port that nobody listens on.
async function unused() {
  const socket = dgram.createSocket('udp4');
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}
