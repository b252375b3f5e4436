// Functions of many kinds that loop for so long, or are called so often, that an engine may change to code made for them
// while they run. None of them may notice.
const ROUNDS = 2e6;

const kinds = {
  plain() {
    let sum = 0;
    for (let i = 0; i < ROUNDS; i++) sum = (sum + i * 3) | 0;
    return sum;
  },

  missingArguments(a, b, c = 7) {
    let sum = a;
    for (let i = 0; i < ROUNDS; i++) { sum = (sum + (b === undefined ? c : 1)) | 0; a = i; }
    return [sum, a, b, c];
  },

  rest(...all) {
    let sum = 0;
    for (let i = 0; i < ROUNDS; i++) sum += all[0];
    return [sum, all.length];
  },

  mappedArguments: Function('first', `
    for (let i = 0; i < ${ROUNDS}; i++) { first = i; if (arguments[0] !== i) return 'lost'; arguments[0] = -i; }
    return [first, arguments.length];`),

  receiver() {
    for (let i = 0; i < ROUNDS; i++) if (this !== kinds) return 'lost';
    return Object.keys(this)[0];
  },

  construction() {
    class Base {
      constructor(step) {
        this.sum = 0;
        for (let i = 0; i < ROUNDS; i++) this.sum = (this.sum + step) | 0;
        this.target = new.target.name;
      }
    }
    class Derived extends Base {
      #secret = 5;
      constructor() {
        let i = 0;
        while (i < ROUNDS) i++;
        super(i % 7);
        for (i = 0; i < ROUNDS; i++) this.#secret ^= i;
      }
      get secret() { return this.#secret; }
    }
    const made = new Derived();
    return [made.sum, made.target, made.secret, new Base(1).target];
  },

  closures() {
    const all = [];
    let shared = 0;
    for (let i = 0; i < ROUNDS; i++) {
      if (i % 500000 === 0) all.push(() => [i, ++shared]);
      shared += i & 1;
    }
    return all.map((one) => one());
  },

  caught() {
    let caught = 0, ended = 0, sum = 0;
    for (let i = 0; i < ROUNDS; i++) {
      try {
        if (i % 16 === 0) throw i;
        sum = (sum + i) | 0;
      } catch (e) {
        caught += e === i;
      } finally {
        ended++;
      }
    }
    return [caught, ended, sum];
  },

  leftThroughFinally() {
    let ended = 0;
    outer: for (let i = 0; ; i++) {
      for (let k = 0; k < 10; k++) {
        try {
          if (k === 5) continue outer;
          if (i * 10 + k > ROUNDS) return [i, k, ended];
        } finally {
          ended++;
        }
      }
    }
  },

  iterators() {
    let closed = 0, sum = 0;
    function* numbers() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed++;
      }
    }
    for (const n of numbers()) {
      sum = (sum + n) | 0;
      if (n >= ROUNDS / 4) break;
    }
    for (let i = 0; i < 3000; i++) {
      const [a, b] = numbers();
      sum += a + b;
      try {
        for (const n of numbers()) if (n === 3) throw n;
      } catch (e) {
        sum += e;
      }
    }
    return [closed, sum];
  },

  deep() {
    function down(depth) {
      let sum = depth;
      for (let i = 0; i < 30000; i++) sum = (sum * 31 + i) | 0;
      return depth === 0 ? sum : sum ^ down(depth - 1);
    }
    return down(100);
  },

  thrownOut() {
    function hot(n) {
      let text = '';
      for (let i = 0; i < ROUNDS; i++) text = i === n ? missing : 'x';
      return text;
    }
    try {
      return hot(ROUNDS - 1);
    } catch (e) {
      return [e.message, ...e.stack.split('\n').slice(1, 3).map((line) => line.replace(/\(.*[\\/]/, '('))];
    }
  },

  endlessRecursion() {
    function again(n) {
      for (let i = 0; i < 3; i++) n++;
      return again(n) + 1;
    }
    const names = [];
    for (let i = 0; i < 20; i++) try { again(0); } catch (e) { names.push(e.name); }
    return new Set(names);
  },

  oftenCalled() {
    const add = (a, b = 1) => a + b;
    const point = { x: 1, get twice() { return this.x * 2; }, set twice(v) { this.x = v / 2; } };
    let sum = 0;
    for (let i = 0; i < ROUNDS / 2; i++) {
      sum = add(add(sum), i & 3);
      point.twice = point.twice + 2;
    }
    return [sum, point.x];
  },

  async awaits() {
    let sum = 0;
    for (let i = 0; i < 300000; i++) {
      sum = (sum + await i) | 0;
      for (let k = 0; k < 10; k++) sum ^= k;
      if (i % 1000 === 0) try { await Promise.reject(i); } catch (e) { sum += e; }
    }
    return sum;
  },

  async asyncGenerator() {
    async function* numbers() {
      for (let i = 0; i < 100000; i++) {
        for (let k = 0; k < 10; k++) if (k > 10) return;
        yield i;
      }
    }
    let sum = 0;
    for await (const n of numbers()) sum += n;
    return sum;
  },
};

(async () => {
  for (const name of Object.keys(kinds)) console.log(name, await kinds[name](2));
})();
