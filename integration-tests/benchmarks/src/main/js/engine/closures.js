'use strict';
// Functions as values: streams of numbers built from closures, generators, and methods that take functions.
const from = (n) => ({ head: n, tail: () => from(n + 1) });
const filter = (wanted, s) => {
  while (!wanted(s.head)) s = s.tail();
  return { head: s.head, tail: () => filter(wanted, s.tail()) };
};
const sift = (s) => ({ head: s.head, tail: () => sift(filter((n) => n % s.head !== 0, s.tail())) });

function* pairs(n) {
  for (let i = 1; i <= n; i++) for (let j = i; j <= n; j++) yield [i, j];
}

module.exports = () => {
  let primes = sift(from(2));
  for (let i = 0; i < 50; i++) primes = primes.tail();
  let triples = 0;
  for (const [a, b] of pairs(45)) if (Number.isInteger(Math.sqrt(a * a + b * b))) triples++;
  const compose = (...functions) => functions.reduce((f, g) => (x) => g(f(x)));
  const chain = compose((x) => x + 1, (x) => x * 2, (x) => x ^ 5, (x) => x % 1000);
  const mapped = Array.from({ length: 3000 }, (_, i) => i).map(chain).filter((x) => x & 1).reduce((a, b) => a + b, 0);
  return primes.head + triples + mapped;
};
