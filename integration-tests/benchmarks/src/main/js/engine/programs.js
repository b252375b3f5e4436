'use strict';
// The programs by their names. Each does the same work every time, and returns a number that proves it.
for (const name of ['recursion', 'objects', 'closures', 'strings', 'json', 'regexp', 'collections', 'numbers', 'sort', 'scheduler', 'constraints'])
  exports[name] = require(`./${name}.js`);
