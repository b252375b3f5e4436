// Strings compared as dictionaries do.
const ascii = Array.from({length:128},(_,i)=>String.fromCharCode(i)); 
console.log(JSON.stringify([...ascii].sort((a,b)=>a.localeCompare(b)).join('')));
const w = 'a A b B ab AB Ab aB äb Äb ä a-b a_b a.b a b ab1 ab10 ab2 résumé resume Résumé resumé z Z é e E È ñ n N o ö ø Ω ω α Ж ж я 1 10 2 01 -V --version V v x/y x\\y README readme .git _a'.split(' ');
for (const o of [undefined, {numeric:true}]) console.log([...w].sort((a,b)=>a.localeCompare(b, undefined, o)).join(' '));
for (const s of ['base','accent','case','variant']) console.log(s, ['a','A','á','b'].map(x=>'a'.localeCompare(x,'en',{sensitivity:s})).join());
console.log('a'.localeCompare('a\u0000'), ''.localeCompare('a'), 'a2'.localeCompare('a10',undefined,{numeric:true}), 'x'.localeCompare(), 'file 007'.localeCompare('file 7',undefined,{numeric:true}),'a1b'.localeCompare('a01c',undefined,{numeric:true}));
try { 'a'.localeCompare('b','en',{sensitivity:'x'}) } catch (e) { console.log(e.name, e.message) }
let seed = 1;
const rnd=(n)=>Math.floor(Math.abs(Math.sin(seed++)*1e6))%n; const al='aAbBzZéÉäö-_. 019/ñç';
const words = Array.from({length:400},()=>Array.from({length:rnd(5)+1},()=>al[rnd(al.length)]).join(''));
console.log(words.sort((a,b)=>a.localeCompare(b)).join('|')); console.log(words.sort((a,b)=>a.localeCompare(b,'en',{numeric:true,sensitivity:'base'})).join('|'));
