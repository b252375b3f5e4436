'use strict';
// What must be in a folder, and whether it is there.
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

class File {
  bytes = Buffer.alloc(0);
  mode = 0o644;
  links = 0;

  /** As a write at a place makes it. */
  write(bytes, at) {
    const size = Math.max(this.bytes.length, at + bytes.length);
    this.truncate(size);
    bytes.copy(this.bytes, at);
  }

  truncate(size) {
    const bytes = Buffer.alloc(size);
    this.bytes.copy(bytes, 0, 0, size);
    this.bytes = bytes;
  }

  checkStat(stat) {
    assert.ok(stat.isFile());
    assert.strictEqual(stat.size, this.bytes.length);
    assert.strictEqual(stat.nlink, this.links);
    assert.strictEqual(stat.mode & 0o7777, this.mode);
  }

  check(name) {
    this.checkStat(fs.statSync(name));
    sameBytes(fs.readFileSync(name), this.bytes, name);
  }
}

class Link {
  constructor(target) {
    this.target = target;
  }

  check(name) {
    assert.strictEqual(fs.readlinkSync(name), this.target);
  }
}

class Directory {
  entries = new Map();

  get(name) {
    return this.entries.get(name);
  }

  /** Gives something a name, which another loses by it. */
  put(name, node) {
    this.remove(name);
    this.entries.set(name, node);
    if (node instanceof File) node.links++;
  }

  remove(name) {
    const node = this.entries.get(name);
    if (node instanceof File) node.links--;
    this.entries.delete(name);
  }

  check(name) {
    assert.deepStrictEqual(fs.readdirSync(name).sort(), [...this.entries.keys()].sort(), name);
    for (const [entry, node] of this.entries) node.check(path.join(name, entry));
  }
}

function sameBytes(found, wanted, what) {
  if (found.equals(wanted)) return;
  let at = 0;
  while (at < wanted.length && found[at] === wanted[at]) at++;
  assert.fail(`${what}: ${found.length} bytes, and not the ${wanted.length} that were written; they differ at ${at}`);
}

class Tree {
  constructor(folder) {
    this.folder = folder;
    this.root = new Directory();
    fs.mkdirSync(folder);
  }

  check() {
    this.root.check(this.folder);
  }

  /** A line for each name, in their order: what it is, and of a file mode, links, sum, and its first name. */
  manifest() {
    const lines = [];
    const first = new Map();
    const visit = (directory, above) => {
      for (const name of [...directory.entries.keys()].sort()) {
        const node = directory.get(name);
        const where = above + name;
        if (node instanceof Directory) {
          lines.push(`directory ${where}`);
          visit(node, `${where}/`);
        } else if (node instanceof Link) lines.push(`link ${where} ${node.target}`);
        else {
          if (!first.has(node)) first.set(node, where);
          const sum = crypto.createHash('sha256').update(node.bytes).digest('hex');
          lines.push(`file ${where} ${node.mode.toString(8)} ${node.links} ${sum} ${first.get(node)}`);
        }
      }
    };
    visit(this.root, '');
    return lines;
  }
}

module.exports = { Directory, File, Link, Tree, sameBytes };
