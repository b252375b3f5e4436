'use strict';
// A small operating system: tasks of several kinds send one another packets and take turns by priority.
class Packet {
  constructor(kind, owner) {
    this.kind = kind;
    this.owner = owner;
    this.next = null;
    this.letters = [0, 0, 0, 0];
    this.used = 0;
  }
}

class Queue {
  first = null;
  last = null;

  put(packet) {
    packet.next = null;
    if (this.first === null) this.first = packet;
    else this.last.next = packet;
    this.last = packet;
  }

  take() {
    const packet = this.first;
    if (packet !== null) this.first = packet.next;
    return packet;
  }

  get empty() { return this.first === null; }
}

class Task {
  constructor(system, name, priority) {
    this.system = system;
    this.name = name;
    this.priority = priority;
    this.inbox = new Queue();
    this.runs = 0;
  }

  get ready() { return !this.inbox.empty; }

  run() {
    this.runs++;
    this.step(this.inbox.take());
  }
}

class Idle extends Task {
  left = 1500;
  state = 1;

  get ready() { return this.left > 0; }

  step() {
    this.left--;
    this.state = this.state & 1 ? (this.state >> 1) ^ 0xd008 : this.state >> 1;
    this.system.tick(this.state & 1 ? 'device-a' : 'device-b');
  }
}

class Worker extends Task {
  letter = 0;
  turn = false;

  step(packet) {
    this.turn = !this.turn;
    for (let i = 0; i < packet.letters.length; i++) packet.letters[i] = this.letter = (this.letter % 26) + 1;
    packet.used = 0;
    this.system.send(this.turn ? 'handler-a' : 'handler-b', packet);
  }
}

class Handler extends Task {
  constructor(system, name, priority, device) {
    super(system, name, priority);
    this.device = device;
  }

  step(packet) {
    if (packet.kind === 'device') {
      packet.owner.used++;
      this.system.sum += packet.letters[0];
      if (packet.owner.used < packet.owner.letters.length) this.request(packet.owner);
      else this.system.send('worker', packet.owner);
    } else this.request(packet);
  }

  request(work) {
    const packet = new Packet('device', work);
    packet.letters[0] = work.letters[work.used];
    this.system.send(this.device, packet, this.name);
  }
}

class Device extends Task {
  waiting = new Queue();

  step(packet) { this.waiting.put(packet); }

  interrupt() {
    const packet = this.waiting.take();
    if (packet !== null) this.system.send(packet.sender, packet);
  }
}

class System {
  tasks = new Map();
  sum = 0;

  add(task) { this.tasks.set(task.name, task); }

  send(name, packet, sender) {
    packet.sender = sender;
    this.tasks.get(name).inbox.put(packet);
  }

  tick(device) { this.tasks.get(device).interrupt(); }

  run() {
    const order = [...this.tasks.values()].sort((a, b) => b.priority - a.priority);
    for (let task; (task = order.find((each) => each.ready)) !== undefined;) task.run();
  }
}

module.exports = () => {
  const system = new System();
  system.add(new Idle(system, 'idle', 0));
  system.add(new Worker(system, 'worker', 100));
  system.add(new Handler(system, 'handler-a', 200, 'device-a'));
  system.add(new Handler(system, 'handler-b', 300, 'device-b'));
  system.add(new Device(system, 'device-a', 400));
  system.add(new Device(system, 'device-b', 500));
  for (let i = 0; i < 6; i++) system.send('worker', new Packet('work', null));
  system.run();
  return [...system.tasks.values()].reduce((sum, task) => sum * 7 + task.runs, system.sum);
};
