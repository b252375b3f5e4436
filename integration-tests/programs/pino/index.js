'use strict';
// Levels, children, serialisers, redaction, several destinations; into files by its fast writer, too.
const fs = require('node:fs');
const path = require('node:path');
const pino = require('pino');

const options = { base: { name: 'program' }, timestamp: false };
// Otherwise it writes while nobody waits, and what others write may overtake it.
const now = pino.destination({ sync: true });
const log = pino(options, now);
log.info('plain');
log.debug('not shown');
log.warn({ a: [1, { b: null }], u: undefined, big: 12n }, 'with %s and %d and %j', 'text', 4.5, { c: 1 });
log.error(Object.assign(new TypeError('wrong'), { stack: 'no stack', code: 'E_WRONG' }), 'an error');
log.fatal({ quote: '"\\\u0001\u{1f44b}' });
console.log(log.isLevelEnabled('debug'), log.level, pino.levels.labels);

const child = log.child({ part: 'child' }, { level: 'trace' });
child.trace('from a child');
child.setBindings({ more: true });
child.trace({ circle: (() => { const o = {}; o.o = o; return o; })() });

const careful = pino({
  ...options,
  redact: { paths: ['password', 'deep.*.key', 'list[*].secret'], censor: '***' },
  serializers: { request: (request) => ({ url: request.url }), err: pino.stdSerializers.err },
  formatters: { level: (label) => ({ level: label }), log: (object) => ({ ...object, formatted: true }) },
  mixin: () => ({ mixed: 1 }),
  customLevels: { loud: 35 },
  messageKey: 'text',
}, now);
careful.loud({ password: 'x', deep: { a: { key: 1 } }, list: [{ secret: 2, open: 3 }], request: { url: '/', socket: {} } }, 'careful');

const lines = [];
const many = pino(options, pino.multistream([
  { stream: { write: (line) => lines.push(`all: ${line}`) } },
  { level: 'error', stream: { write: (line) => lines.push(`errors: ${line}`) } },
]));
many.info('one');
many.error('two');
process.stdout.write(lines.join(''));

const file = path.join(__dirname, 'quick.log');
fs.rmSync(file, { force: true });
const destination = pino.destination({ dest: file, sync: false, minLength: 4096 });
const quick = pino(options, destination);
for (let i = 0; i < 1000; i++) quick.info({ i }, 'quick');
destination.on('close', () => {
  const written = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  console.log(written.length, written[999]);
  fs.rmSync(file);
});
destination.end();
