'use strict';
// Classes, fields and methods: a tree that keeps its balance (treap), filled, searched and walked.
class Node {
  constructor(key, priority) {
    this.key = key;
    this.priority = priority;
    this.left = null;
    this.right = null;
    this.size = 1;
  }

  update() {
    this.size = 1 + (this.left === null ? 0 : this.left.size) + (this.right === null ? 0 : this.right.size);
    return this;
  }
}

class Tree {
  root = null;
  #random = 12345;

  next() {
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) & 0x7fffffff;
    return this.#random;
  }

  add(key) { this.root = this.#insert(this.root, new Node(key, this.next())); }

  #insert(at, node) {
    if (at === null) return node;
    if (node.priority > at.priority) {
      const halves = this.#split(at, node.key);
      node.left = halves.less;
      node.right = halves.more;
      return node.update();
    }
    if (node.key < at.key) at.left = this.#insert(at.left, node);
    else at.right = this.#insert(at.right, node);
    return at.update();
  }

  #split(at, key) {
    if (at === null) return { less: null, more: null };
    if (at.key < key) {
      const halves = this.#split(at.right, key);
      at.right = halves.less;
      return { less: at.update(), more: halves.more };
    }
    const halves = this.#split(at.left, key);
    at.left = halves.more;
    return { less: halves.less, more: at.update() };
  }

  rank(key) {
    let rank = 0;
    for (let at = this.root; at !== null;) {
      if (at.key < key) {
        rank += 1 + (at.left === null ? 0 : at.left.size);
        at = at.right;
      } else at = at.left;
    }
    return rank;
  }
}

module.exports = () => {
  const tree = new Tree();
  for (let i = 0; i < 700; i++) tree.add((i * 7919) % 10007);
  let sum = tree.root.size;
  for (let key = 0; key < 10007; key += 17) sum += tree.rank(key);
  return sum;
};
