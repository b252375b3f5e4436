'use strict';

// The process was thawed: perhaps not for the only time. What `crypto` has drawn ahead is the same in each of its copies;
// so much of it is used up here that what is handed out from now on was drawn since. Both functions draw by themselves
// again whenever a round is over.

const { BuiltinModule } = require('internal/bootstrap/realm');

const NUMBERS_DRAWN = 1024;
const UUIDS_DRAWN = 128;

const random = 'internal/crypto/random';
if (BuiltinModule.map.get(random).loaded) {
  const { randomInt, randomUUID } = require(random);
  for (let i = 0; i < NUMBERS_DRAWN; i++) randomInt(1);
  for (let i = 0; i < UUIDS_DRAWN; i++) randomUUID();
}
