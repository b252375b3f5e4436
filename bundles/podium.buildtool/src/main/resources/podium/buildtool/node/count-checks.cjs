'use strict';
// Counts the checks a test makes: calls of node:assert, and of what test/common has to check with. Loaded before the
// test; the count is said at the end, on standard error. Calls that test/common makes itself do not count.
const Module = require('node:module');
const path = require('node:path');
const { stderr } = process;

const load = Module._load;
const common = `${path.sep}test${path.sep}common`;
let checks = 0;

function counted(target, counts) {
  return new Proxy(target, {
    apply(target, self, args) {
      checks++;
      return Reflect.apply(target, self, args);
    },
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function' || !counts(name)) return value;
      return new Proxy(value, {
        apply(value, self, args) {
          checks++;
          return Reflect.apply(value, self === undefined ? target : self, args);
        },
      });
    },
  });
}

Module._load = function(request, parent, isMain) {
  const loaded = Reflect.apply(load, this, [request, parent, isMain]);
  if (parent?.filename?.includes(common)) return loaded;
  if (/^(node:)?assert(\/strict)?$/.test(request)) return counted(loaded, () => true);
  if (/^(\.\.\/)+common(\/index(\.js)?)?$/.test(request)) return counted(loaded, (name) => /^(must|expect)/.test(String(name)));
  return loaded;
};

process.on('exit', () => stderr.write(`checks made: ${checks}\n`));
