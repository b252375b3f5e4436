'use strict';
const assert = require('node:assert');

describe('a queue', () => {
  let queue;
  before(() => console.log('before'));
  beforeEach(() => { queue = []; });
  afterEach(function () { console.log('after', this.currentTest.title, this.currentTest.state); });

  it('keeps order', () => {
    queue.push(1, 2);
    assert.deepStrictEqual(queue, [1, 2]);
  });
  it('waits for a promise', async () => { await new Promise((resolve) => setTimeout(resolve, 5)); });
  it('waits for a callback', (done) => { setImmediate(done); });
  it('fails with a difference', () => assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] }));
  it('fails with a text', () => assert.strictEqual('one\ntwo\n', 'one\nthree\n'));
  it('fails by a rejection', () => Promise.reject(new TypeError('rejected')));
  it('fails by a callback', (done) => done(new Error('called')));
  it('fails later', (done) => { setTimeout(() => { throw new Error('thrown later'); }, 1); void done; });
  it('hangs', function (done) { this.timeout(50); void done; });
  it.skip('is left out');
  it('is to come');
  it('has retries', function () {
    this.retries(2);
    this.runs = (this.runs ?? 0) + 1;
    if (this.test.currentRetry() < 2) throw new Error('not yet');
  });

  describe('whose hook fails', () => {
    before(() => { throw new Error('in a hook'); });
    it('never runs', () => {});
  });
});
