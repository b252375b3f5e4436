// URLs and domains.
const list = ['http://user:pass@example.com:8080/a/b/../c?x=1&y=2#frag', 'HTTPS://EXAMPLE.com:443', 'file:///C:/x/../y', 'file:///a/b%20c', 'mailto:x@y.z',
  'http://[::1]:80/', 'http://[1:2::3:4]/', 'http://0x7f.1/', 'http://192.168.257/', 'http://münchen.de/ä?ö#ü', 'http://xn--mnchen-3ya.de', 'data:text/plain,hi there', 'javascript:alert(1)',
  'http://a.b/%zz', 'http://a b/', 'http://a:99999/', 'http://', 'foo://bar/baz', 'foo:bar', 'http:/\\evil', 'http://ex.com/\t\nx', '//x/y', 'http://a/./b/%2e%2e/c', 'blob:https://a.b/c', 'http://例え.テスト/', 'http://a..b/', 'http://1.2.3.4.5/', 'ws://h:80/', 'non-special://[::1]/', 'http://a@b@c/', "http://h/'?'#'"];
for (const text of list) {
  try {
    const u = new URL(text);
    console.log(text, '->', u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash);
  } catch (e) { console.log(text, e.code, e.message, e.input); }
}
for (const [rel, base] of [['../x', 'http://h/a/b/c'], ['?q', 'http://h/a?b#c'], ['#f', 'http://h/a?b#c'], ['//o/p', 'https://h/'], ['', 'http://h/a?b#c'], ['/abs', 'file:///x/y'], ['x', 'mailto:a'], ['.', 'http://h/a/b/'], ['..', 'file:///a/b/c'], ['C|/x', 'file:///a']])
  try { console.log(rel, base, new URL(rel, base).href); } catch (e) { console.log(rel, base, e.code, e.base); }
const u = new URL('http://h:81/p?q#f');
u.port = '80'; console.log(u.href); u.port = '8080x'; console.log(u.href); u.protocol = 'https'; console.log(u.href); u.protocol = 'foo'; console.log(u.href);
u.host = 'x.y:9'; console.log(u.href); u.hostname = 'z'; console.log(u.href); u.pathname = 'a b/../c'; console.log(u.href); u.search = '?é=1'; console.log(u.href);
u.hash = ''; console.log(u.href); u.username = 'ü:'; u.password = '@'; console.log(u.href); u.href = 'ftp://new/'; console.log(u.href); try { u.href = 'bad'; } catch (e) { console.log(e.code); }
u.searchParams.append('k', 'v w'); console.log(u.href, [...new URLSearchParams('a=1&a=2&b=%20+')]);
const { fileURLToPath, pathToFileURL, domainToASCII, domainToUnicode, format, parse } = require('url');
console.log(fileURLToPath('file:///a%20b/c'), pathToFileURL('/tmp/a b#c?%d').href, domainToASCII('español.com'), domainToUnicode('xn--espaol-zwa.com'), domainToASCII('xn--iñvalid.com'));
console.log(format(new URL('http://u:p@測試.com/x?y#z'), { auth: false, fragment: false, unicode: true, search: false }), URL.canParse('x'), URL.canParse('http://x'), parse('http://a/b?c').query);
console.log(u, URL.parse('http://x/'), URL.parse('nope'));
