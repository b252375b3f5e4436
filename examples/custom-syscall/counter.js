'use strict';
// Adds to a counter: node counter.js NAME DELTA
const counters = require('podium:acme_counters');

const [name = 'visits', delta = '1'] = process.argv.slice(2);
console.log(String(counters.add(name, BigInt(delta))));
