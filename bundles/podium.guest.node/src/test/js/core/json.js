// What JSON.parse and JSON.stringify say of wrong texts and of circles.
for (const s of ['', ' ', '{', '[', '[1', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '[1,', '"abc', '"a\\', '"a\\u12', '"a\\x"', '"a\nb"', 'tru', 'nul', 'truu', '-', '1.', '1.e', '1e', '01', '.5', '+1', '{a:1}', "{'a':1}", '[,]', '{,}', '{"a" 1}', '[1 2]', '1 2', '{"a":1}x', 'undefined', 'NaN', '"\u0001"', '[1,]', '{"a":1,}', '\ufeff{}', '{"a":tru}', '/*x*/1', '1//', '"' + 'x'.repeat(100), '{"a":' + '[1,'.repeat(30)+'x' , 'x'.repeat(100), '{\n"a": 1,\n"b": bad\n}', '"\\u00zz"', '{"a":1 "b":2}', '\u00e9', '"é', '[ "a", ]', '- 1', '-x', '1x', 'falsy', '"\t"', '{"a":"\n"}', ']', '}', '[}', '{]', '"a" "b"', 'n', '\u{1f44b}'])
  try { JSON.parse(s); console.log('ok', s) } catch (e) { console.log(JSON.stringify(s).slice(0,30), e.name, e.message) }
try { JSON.parse(undefined) } catch (e) { console.log(e.message) } try { JSON.parse({}) } catch (e) { console.log(e.message) } try { JSON.parse(null); JSON.parse(Symbol()) } catch (e) { console.log(e.message) }
const o={}; o.o=o; try { JSON.stringify(o) } catch (e) { console.log(e.message) } const q={a:{b:[{}]}}; q.a.b[0].c=q.a; try { JSON.stringify(q) } catch (e) { console.log(e.message) } class Foo{}; const f=new Foo; f.x={y:f}; try { JSON.stringify(f) } catch (e) { console.log(e.message) }
try { JSON.stringify(1n) } catch (e) { console.log(e.message) }
const chain = {}; chain.one = { two: { three: { four: { five: [chain] } } } };
try { JSON.stringify(chain); } catch (e) { console.log(e.message); }
try { JSON.stringify({ inner: chain.one }); } catch (e) { console.log(e.message); }
for (const text of ['[\r\n1,\r\n\u{1f44b}', '["\u{1f44b}é" x]', `${'\u{1f44b}'.repeat(20)}`, `[${'"aé",'.repeat(9)} x, ${'1,'.repeat(9)}`])
  try { JSON.parse(text); } catch (e) { console.log(e.message); }
try { JSON.parse('[1, x]', () => {}); } catch (e) { console.log(e.message, Object.getOwnPropertyNames(e).join()); }
