'use strict';
// Maps, sets, arrays: a graph is made, searched and counted.
module.exports = () => {
  const edges = new Map();
  let random = 3;
  for (let i = 0; i < 1500; i++) {
    random = (random * 16807) % 2147483647;
    const from = `n${random % 300}`, to = `n${(random >> 9) % 300}`;
    if (!edges.has(from)) edges.set(from, new Set());
    edges.get(from).add(to);
  }
  let sum = 0;
  for (let start = 0; start < 2; start++) {
    const seen = new Map([[`n${start}`, 0]]), queue = [`n${start}`];
    while (queue.length) {
      const at = queue.shift();
      for (const to of edges.get(at) ?? []) {
        if (seen.has(to)) continue;
        seen.set(to, seen.get(at) + 1);
        queue.push(to);
      }
    }
    for (const [name, steps] of seen) sum += steps * (name.length & 3);
  }
  const byDegree = {};
  for (const [name, targets] of edges) (byDegree[targets.size] ??= []).push(name);
  for (const names of Object.values(byDegree)) sum += names.length ** 2;
  const numbers = Array.from({ length: 2000 }, (_, i) => (i * 31) % 997);
  return sum + new Set(numbers).size + numbers.indexOf(996) + numbers.slice().reverse().findIndex((n) => n === 500);
};
