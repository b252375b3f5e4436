'use strict';
// Sorting: by the library with a comparison of one's own, and by hand (heap, merge).
function heapSort(values) {
  const sink = (from, end) => {
    for (let at = from, child; (child = 2 * at + 1) < end; at = child) {
      if (child + 1 < end && values[child + 1] > values[child]) child++;
      if (values[at] >= values[child]) return;
      [values[at], values[child]] = [values[child], values[at]];
    }
  };
  for (let i = values.length >> 1; i-- > 0;) sink(i, values.length);
  for (let end = values.length - 1; end > 0; end--) {
    [values[0], values[end]] = [values[end], values[0]];
    sink(0, end);
  }
  return values;
}

function mergeSort(values) {
  if (values.length < 2) return values;
  const middle = values.length >> 1, left = mergeSort(values.slice(0, middle)), right = mergeSort(values.slice(middle));
  const merged = [];
  for (let i = 0, j = 0; i < left.length || j < right.length;)
    merged.push(j === right.length || (i < left.length && left[i] <= right[j]) ? left[i++] : right[j++]);
  return merged;
}

module.exports = () => {
  const values = [];
  for (let i = 0, random = 1; i < 800; i++) values.push((random = (random * 48271) % 2147483647) % 100000);
  const records = values.map((key, i) => ({ key, name: `r${key % 1000}`, i }));
  records.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.key - b.key));
  const heap = heapSort(values.slice()), merge = mergeSort(values);
  let sum = records[100].key + records[700].i;
  for (let i = 0; i < heap.length; i++) sum += heap[i] === merge[i] ? i : -1e9;
  return sum;
};
