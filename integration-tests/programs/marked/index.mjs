// A document with everything in Markdown, its tokens, a renderer and an extension of our own, and the same many times.
import { readFileSync } from 'node:fs';
import { Marked, lexer, marked } from 'marked';

const text = readFileSync(new URL('text.md', import.meta.url), 'utf8');
console.log(marked.parse(text));
console.log(marked.parse(text, { gfm: false }));
console.log(JSON.stringify(lexer(text), null, 1));

const own = new Marked({
  renderer: { heading({ tokens, depth }) { return `<h${depth} class="own">${this.parser.parseInline(tokens)}</h${depth}>\n`; } },
  extensions: [{
    name: 'mention',
    level: 'inline',
    start: (source) => source.indexOf('@'),
    tokenizer(source) {
      const match = /^@(\p{L}+)/u.exec(source);
      return match ? { type: 'mention', raw: match[0], name: match[1] } : undefined;
    },
    renderer: (token) => `<i>${token.name}</i>`,
  }],
  walkTokens(token) { if (token.type === 'strong') token.type = 'em'; },
});
console.log(own.parse('# To @Jürgen\n\n**hello** @ann'));
console.log(await new Marked({ async: true }).parse('*later*'));
try { marked.parse(null); } catch (error) { console.log(error.message); }

const large = marked.parse(text.repeat(100));
console.log(large.length, large.split('<h1>').length);
