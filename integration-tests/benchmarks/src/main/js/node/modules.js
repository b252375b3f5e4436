'use strict';
// modules.js FOLDER: requires a tree of modules, each of which adds up what is below it.
const count = require(`${process.argv[2]}/modules/0.js`);
if (count !== 1000) throw new Error(`these are ${count} modules`);
