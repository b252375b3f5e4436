// URLPattern: how patterns are read, written back and matched, and what is refused.
const { inspect } = require('util');
const components = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
const show = (pattern) => `${components.map((name) => pattern[name]).join(' | ')} ${pattern.hasRegExpGroups}`;
const attempt = (f) => {
  try { return f(); } catch (e) { return `${e.name} ${e.code}: ${e.message}`; }
};

console.log('strings');
for (const args of [
  ['https://example.com/books/:id'], ['http{s}?://{:sub.}?example.com:*/p/*?q=:q#(h+)'], ['data\\:text/*'], ['foo://[\\:\\:1]:80/'],
  ['https://u:p@h/'], ['https://h?q'], ['https://h\\?q'], ['https://h#x'], ['https://*:8080/*'], ['javascript:x'], ['/a/:b', 'https://h/c/d?e#f'],
  ['?q=*', 'https://h/c/d?e#f'], ['#:x', 'https://h/c/d?e#f'], ['../a', 'https://u:p@h:8/c/d/e'], ['a', 'data:x'], ['https://a-b.c--d.e/'],
  ['https://my-site.com/{a-b}?/&&!!'], ['https://h/:a{b}c'], ['https://h/:a(\\d+)?/:b*/:c+'], ['https://h/{:a}{:b}?{c/:d}*'], ['https://h/*/*(.*)(x)'],
  ['https://h/%66é/../b c'], ['https://MÜNCHEN.de/'], ['https://h:443/'], ['https://h:0443/'], ['wss{}://h'], ['(http|foo)://h/a/../b'], ['https://h/:é/:𝔞x'],
  ['/a'], ['https://h/('], ['https://h/:a/:a'], ['https://h/(a(b))'], ['https://h/(é)'], ['https://h/(?a)'], ['https://h/{a'], ['https://h/a}'],
  ['https://h/\\'], ['https://h:x/'], ['https://h h/'], ['https://h/([)'], ['https://h/a?'], ['x', 'nope'], ['https://h/(a&&b)([a--b])([[a-z]--b])'],
]) console.log(JSON.stringify(args), attempt(() => show(new URLPattern(...args))));

console.log('inits');
for (const init of [
  {}, { pathname: '/a/*' }, { pathname: 'a', baseURL: 'https://h/b/c?d#e' }, { hostname: '*.h', baseURL: 'https://x:8/b?c' }, { protocol: 'http:', port: '80' },
  { search: '?a=:b', hash: '#:c' }, { pathname: '/{:a}?/{b}*{c:d}+' }, { hostname: '[\\:\\:AB]' }, { hostname: '{[:a*]}' }, { hostname: 'a/b' }, { hostname: '1.2' },
  { pathname: 'a b', protocol: 'foo' }, { pathname: '/a/../b', protocol: 'data' }, { pathname: '{/x}', baseURL: 'https://h/y/' }, { username: "a'@*", password: ':x(y)' },
  { protocol: 'ht tp' }, { port: '99999' }, { port: '8\t0' }, { baseURL: 'no' }, { hash: '(' }, { pathname: 1, hash: null, search: undefined },
  new URL('https://u:p@h:8/p?q#r'),
]) console.log(inspect(init), attempt(() => show(new URLPattern(init))));

console.log('matches');
const tryMatch = (pattern, ...inputs) => {
  for (const input of inputs)
    console.log(inspect(input), attempt(() => pattern.test(...input)), inspect(attempt(() => pattern.exec(...input)), { depth: 4 }));
};
tryMatch(new URLPattern('https://:sub.example.com/:kind/:id(\\d+){/:tail}*\\?a=:a'), ['https://x.example.com/k/12?a=b'], ['https://x.example.com/k/12/3/4?a='],
  ['https://x.example.com/k/z?a=b'], ['https://x.example.com:81/k/12?a=b'], ['k/1?a=b', 'https://x.example.com/'], ['nope'], ['https://x.example.com/K/12?a=b', 'no']);
tryMatch(new URLPattern({ pathname: '/A/{:b}?' }, { ignoreCase: true }), ['http://h/a/'], ['http://h/a/b'], [{ pathname: '/a/' }], [{ pathname: 'a/x', baseURL: 'http://h/' }],
  [{ pathname: '/b' }], [{ pathname: '/a/', baseURL: 'no' }], [{}, 'http://h/'], [new URL('http://h/a/b')]);
tryMatch(new URLPattern(), [], [undefined], [null], [''], ['/rel?q'], ['data:x y'], ['http://h/\ud800'], [{ search: "?'", hash: '##', port: '80', protocol: 'http' }], [1], ['a', 1], ['http://h', null]);
tryMatch(new URLPattern('data\\:a/:b'), ['data:a/b'], ['data:a/b/c'], [{ protocol: 'data', pathname: 'a/x y' }], [{ protocol: 'data', pathname: '/a/../b' }]);
tryMatch(new URLPattern({ pathname: '/:__proto__/*' }), ['http://h/a/b']);

console.log('arguments');
const seen = [];
const watched = new Proxy({}, { get: (_, name) => { seen.push(name); } });
for (const args of [
  [], [undefined], [null, null], [1], [Symbol()], ['https://h', 1], ['https://h', null], ['https://h', {}], ['/a', 'http://h', 1], ['/a', 'http://h', null], ['/a', {}, {}],
  ['/a', null, {}], [{}, 'http://h'], [{}, undefined, {}], [{ get pathname() { throw new RangeError('mine'); } }], [{}, { get ignoreCase() { throw new RangeError('mine'); } }],
  [[]], [() => {}], ['/\ud800', 'http://h'], [watched, watched], [watched, 1],
]) console.log(attempt(() => show(new URLPattern(...args))), seen.splice(0).join());

console.log('the class');
const pattern = new URLPattern('https://h/:a');
console.log(pattern, [pattern], inspect(pattern, { showHidden: true }), `${pattern}`, Object.keys(pattern), URLPattern.length, URLPattern.name, pattern.exec.length);
console.log(attempt(() => URLPattern('https://h')), attempt(() => pattern.exec.call({}, 'https://h')), attempt(() => URLPattern.prototype.hash), attempt(() => new pattern.test()));
for (const [name, { enumerable, configurable, writable, get, set }] of Object.entries(Object.getOwnPropertyDescriptors(URLPattern.prototype)).sort())
  console.log(name, enumerable, configurable, writable, get?.name, set);
class Mine extends URLPattern {
  constructor(path) { super({ pathname: path }); }
  get hash() { return `#${super.hash}`; }
}
console.log(new Mine('/x'), new Mine('/x').hash, new Mine('/x').test('http://h/x'), new Mine('/x') instanceof URLPattern, require('url').URLPattern === URLPattern);
console.log(/^a-b--c&&d!!$/v.test('a-b--c&&d!!'), attempt(() => new RegExp('[a&&&b]', 'v')) instanceof RegExp);

RegExp.prototype[Symbol.replace] = String.prototype.slice = String.prototype.codePointAt = () => { throw new Error('a method of the program'); };
console.log(show(new URLPattern('https://h.x/a(.)/{:b}?.c')), JSON.stringify(new URLPattern({ pathname: '/a.b/:c' }).exec('http://h/a.b/d')));
