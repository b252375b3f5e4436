import { strictEqual } from 'node:assert';

(globalThis.describe ?? globalThis.suite)('a module', function () {
  (globalThis.it ?? globalThis.test)('is one', () => strictEqual(typeof require, 'undefined'));
});
