'use strict';
// Calls: Fibonacci numbers and Ackermann's function.
const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));

function ackermann(m, n) {
  if (m === 0) return n + 1;
  return ackermann(m - 1, n === 0 ? 1 : ackermann(m, n - 1));
}

module.exports = () => fibonacci(19) + ackermann(2, 40);
