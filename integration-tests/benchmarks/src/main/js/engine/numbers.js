'use strict';
// Numbers in loops: a set of Mandelbrot in doubles, a hash in 32-bit integers, a filter over typed arrays.
module.exports = () => {
  let inside = 0;
  for (let y = 0; y < 20; y++)
    for (let x = 0; x < 40; x++) {
      const cr = (x / 40) * 3 - 2.1, ci = (y / 20) * 2 - 1;
      let a = 0, b = 0, i = 0;
      for (; i < 50 && a * a + b * b < 4; i++) {
        const next = a * a - b * b + cr;
        b = 2 * a * b + ci;
        a = next;
      }
      if (i === 50) inside++;
    }
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < 20000; i++) {
    hash = Math.imul(hash ^ (i & 255), 0x01000193);
    hash ^= hash >>> 13;
  }
  const signal = new Float64Array(1024), out = new Float64Array(1024);
  for (let i = 0; i < signal.length; i++) signal[i] = (i * 37) % 101;
  for (let i = 4; i < signal.length - 4; i++) {
    let sum = 0;
    for (let k = -4; k <= 4; k++) sum += signal[i + k] * (5 - Math.abs(k));
    out[i] = sum / 25;
  }
  return inside + hash + Math.round(out[500]);
};
