'use strict';
// Random numbers, the same every time (xorshift32), and what is made of them.

class Numbers {
  #state;

  constructor(seed) {
    this.#state = seed | 1;
  }

  /** Below a number. */
  below(end) {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % end;
  }

  one(list) {
    return list[this.below(list.length)];
  }

  bytes(most) {
    const bytes = Buffer.alloc(1 + this.below(most));
    const step = 1 + this.below(250);
    let value = this.below(256);
    for (let i = 0; i < bytes.length; i++) bytes[i] = value = value * 5 + step & 0xff;
    return bytes;
  }
}

module.exports = { Numbers };
