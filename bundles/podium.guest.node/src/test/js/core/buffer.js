// Bytes and strings in all encodings.
const texts = ['', 'a', 'héllo', '€uro', '😀 smile', 'lone \ud800', '\u0000\u0001', 'x'.repeat(100)];
for (const encoding of ['utf8', 'utf16le', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) {
  for (const text of texts) {
    const b = Buffer.from(text, encoding);
    console.log(encoding, b.length, b.toString('hex').slice(0, 40), JSON.stringify(b.toString(encoding)).slice(0, 60));
  }
}
for (const bad of ['a===', '!!!!', 'YQ', 'YQ==YQ', 'zz', 'abc']) console.log(Buffer.from(bad, 'base64'), Buffer.from(bad, 'hex'));
const invalid = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0xf0, 0x9f, 0x98, 0x41, 0xed, 0xa0, 0x80]);
console.log(JSON.stringify(invalid.toString()), invalid.toString('ascii'), new TextDecoder().decode(invalid) === invalid.toString());
const b = Buffer.from('the quick brown fox the lazy');
console.log(b.indexOf('the'), b.indexOf('the', 1), b.lastIndexOf('the'), b.indexOf('zebra'), b.indexOf(0x71), b.indexOf(''), b.indexOf('the', -5), b.lastIndexOf('the', -10), b.includes('fox'));
console.log(Buffer.from('aXbXc', 'utf16le').indexOf('X', 0, 'utf16le'), b.indexOf(Buffer.from('fox')), b.lastIndexOf('t', NaN));
console.log(Buffer.alloc(5, 'ab'), Buffer.alloc(3, 0x101), Buffer.alloc(4, 'é'), Buffer.alloc(4).fill('abc', 1, 3));
try { Buffer.alloc(3, ''); console.log('ok'); Buffer.alloc(3).fill('zz', 'hex'); } catch (e) { console.log(e.code, e.message); }
console.log(Buffer.compare(Buffer.from('a'), Buffer.from('b')), Buffer.from('abc').equals(Buffer.from('abc')), Buffer.from('abcd').compare(Buffer.from('bc'), 0, 2, 1, 3));
const w = Buffer.alloc(8); console.log(w.write('€€€'), w, w.write('abc', 6), w, w.write('zz', 1, 'hex'));
try { w.write('a', 9); } catch (e) { console.log(e.code, e.message); }
console.log(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).swap16(), Buffer.from([1, 2, 3, 4]).swap32(), Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).swap64());
console.log(Buffer.byteLength('é€😀'), Buffer.byteLength('YWJj', 'base64'), Buffer.byteLength('abc', 'hex'), Buffer.concat([Buffer.from('a'), Buffer.from('b')]));
console.log(w.readUInt32BE(0), w.readDoubleLE(0), w.readBigInt64LE(0), w.writeFloatBE(1.5, 2), w);
console.log(atob('aGVsbG8='), btoa('hello'), require('buffer').isUtf8(Buffer.from('é')), require('buffer').isAscii(Buffer.from('é')));
for (const bad of ['a', '=', 'ab=c', '*']) try { console.log(atob(bad)); } catch (e) { console.log(e.name, e.message); }
try { btoa('€'); } catch (e) { console.log(e.name, e.message); }
console.log(Buffer.from(new Uint16Array([1, 256]).buffer), Buffer.from('abc').subarray(1), b.slice(-4).toString(), [...Buffer.from('hi').entries()]);
console.log(new TextEncoder().encode('é€'), new TextEncoder().encodeInto('a€b', new Uint8Array(3)));
try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])); } catch (e) { console.log(e.code, e.name, e.message); }
const { StringDecoder } = require('string_decoder');
for (const encoding of ['utf8', 'utf16le', 'base64', 'hex']) {
  const d = new StringDecoder(encoding); const out = [];
  for (const byte of Buffer.from('é€😀z\ud83d', 'utf8')) out.push(d.write(Buffer.from([byte])));
  console.log(encoding, JSON.stringify(out), JSON.stringify(d.end()));
}
console.log(Buffer.from('test').toJSON(), require('util').inspect(Buffer.alloc(60)));
