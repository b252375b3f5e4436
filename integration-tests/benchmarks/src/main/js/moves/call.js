'use strict';
// Calls of node:fs in one of its styles.
const assert = require('node:assert');
const fs = require('node:fs');

/** Calls it synchronously, or on a thread of the pool. */
function call(numbers, name, ...given) {
  if (numbers.below(2)) return fs[`${name}Sync`](...given);
  return new Promise((resolve, reject) => {
    fs[name](...given, (error, value) => error ? reject(error) : resolve(value));
  });
}

/** The same, where an error has to come. */
async function refused(code, numbers, name, ...given) {
  let came;
  try {
    await call(numbers, name, ...given);
  } catch (error) {
    came = error;
  }
  assert.ok(came, `${name} ${given[0]}: no ${code}`);
  if (came.code !== code) throw came;
}

module.exports = { call, refused };
