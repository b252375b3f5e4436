'use strict';
// Files that stay open, whatever becomes of their names.
const assert = require('node:assert');
const fs = require('node:fs');
const { call } = require('./call');
const { sameBytes } = require('./tree');

const MOST = 8;
const SIZE = 40_000;

class OpenFiles {
  #files = [];
  #numbers;

  constructor(numbers) {
    this.#numbers = numbers;
  }

  async open(name, file) {
    if (this.#files.length >= MOST) return this.close();
    const appends = this.#numbers.below(4) === 0;
    const fd = await call(this.#numbers, 'open', name, appends ? 'a+' : 'r+');
    this.#files.push({ fd, file, appends });
  }

  async close() {
    if (!this.#files.length) return;
    const [one] = this.#files.splice(this.#numbers.below(this.#files.length), 1);
    await this.#check(one);
    await call(this.#numbers, 'close', one.fd);
  }

  /** Does something to one of them. */
  async change() {
    if (!this.#files.length) return;
    const one = this.#numbers.one(this.#files);
    const { fd, file } = one;
    switch (this.#numbers.below(8)) {
      case 0: {
        const size = this.#numbers.below(SIZE);
        await call(this.#numbers, 'ftruncate', fd, size);
        return file.truncate(size);
      }
      case 1: return call(this.#numbers, this.#numbers.below(2) ? 'fsync' : 'fdatasync', fd);
      case 2: return this.#check(one);
      case 3: return this.#writeParts(one);
      default: return this.#write(one);
    }
  }

  async #write({ fd, file, appends }) {
    const bytes = this.#numbers.bytes(3000);
    const at = appends ? file.bytes.length : this.#numbers.below(SIZE);
    const place = appends ? null : at;
    assert.strictEqual(await call(this.#numbers, 'write', fd, bytes, 0, bytes.length, place), bytes.length);
    file.write(bytes, at);
    if (appends && file.bytes.length > SIZE) {
      await call(this.#numbers, 'ftruncate', fd, 100);
      file.truncate(100);
    }
  }

  async #writeParts({ fd, file, appends }) {
    if (appends) return;
    const parts = [this.#numbers.bytes(500), this.#numbers.bytes(500), this.#numbers.bytes(500)];
    const all = Buffer.concat(parts);
    const at = this.#numbers.below(SIZE);
    assert.strictEqual(await call(this.#numbers, 'writev', fd, parts, at), all.length);
    file.write(all, at);
  }

  async #check({ fd, file }) {
    file.checkStat(await call(this.#numbers, 'fstat', fd));
    const found = Buffer.alloc(file.bytes.length + 1);
    const count = await call(this.#numbers, 'read', fd, found, 0, found.length, 0);
    sameBytes(found.subarray(0, count), file.bytes, `open file ${fd}`);
  }

  async checkAll() {
    for (const one of this.#files) {
      await this.#check(one);
      fs.closeSync(one.fd);
    }
  }
}

module.exports = { OpenFiles };
