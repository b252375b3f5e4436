'use strict';
// A solver of one-way constraints: variables, constraints of different strengths that can be satisfied in several
// directions, and a plan made anew whenever one comes or goes.
const REQUIRED = 0, STRONG = 1, NORMAL = 2, WEAK = 3, NONE = 4;

class Variable {
  constructor(value) {
    this.value = value;
    this.strength = NONE;
    this.by = null;
    this.uses = [];
    this.mark = 0;
  }
}

class Constraint {
  constructor(strength, ...variables) {
    this.strength = strength;
    this.variables = variables;
    this.output = null;
    this.mark = 0;
  }

  // The weakest variable that may be an output and is weaker than this constraint.
  choose(mark) {
    let found = null;
    for (const variable of this.outputs)
      if (variable.mark !== mark && variable.strength > this.strength && (found === null || variable.strength > found.strength)) found = variable;
    return found;
  }

  // An output is as strong as the weakest constraint that it takes to give it another value.
  outputStrength() {
    let strength = this.strength;
    for (const variable of this.outputs) if (variable !== this.output && variable.strength > strength) strength = variable.strength;
    return strength;
  }

  get outputs() { return this.variables; }
}

class Stay extends Constraint {
  execute() {}
}

class Edit extends Constraint {
  execute() {}
}

class Equal extends Constraint {
  execute() {
    const [a, b] = this.variables;
    if (this.output === a) a.value = b.value;
    else b.value = a.value;
  }
}

class Scale extends Constraint {
  get outputs() { return [this.variables[0], this.variables[3]]; }

  execute() {
    const [from, factor, offset, to] = this.variables;
    if (this.output === to) to.value = from.value * factor.value + offset.value;
    else from.value = Math.trunc((to.value - offset.value) / factor.value);
  }
}

class Solver {
  mark = 0;

  add(constraint) {
    for (const variable of constraint.variables) variable.uses.push(constraint);
    this.mark++;
    for (let next = constraint; next !== null;) next = this.satisfy(next);
  }

  // Satisfies a constraint, and answers the one that it displaces.
  satisfy(constraint) {
    const output = constraint.choose(this.mark);
    if (output === null) {
      if (constraint.strength === REQUIRED) throw new Error('a required constraint cannot be satisfied');
      constraint.output = null;
      return null;
    }
    for (const variable of constraint.variables) if (variable !== output) variable.mark = this.mark;
    const displaced = output.by;
    if (displaced !== null) displaced.output = null;
    output.by = constraint;
    constraint.output = output;
    this.propagate(output);
    output.mark = this.mark;
    return displaced;
  }

  remove(constraint) {
    for (const variable of constraint.variables) variable.uses.splice(variable.uses.indexOf(constraint), 1);
    const output = constraint.output;
    if (output === null) return;
    output.by = null;
    output.strength = NONE;
    const loose = [];
    for (const variable of this.propagate(output))
      for (const use of variable.uses) if (use.output === null && !loose.includes(use)) loose.push(use);
    loose.sort((a, b) => a.strength - b.strength);
    for (const each of loose) {
      this.mark++;
      for (let next = each; next !== null;) next = this.satisfy(next);
    }
  }

  // Values and strengths, downstream of a variable. Answers the variables it came by.
  propagate(start) {
    const reached = [start];
    for (let i = 0; i < reached.length; i++) {
      const variable = reached[i];
      if (variable.by !== null) {
        variable.strength = variable.by.outputStrength();
        variable.by.execute();
      }
      for (const use of variable.uses) if (use.output !== null && use.output !== variable && !reached.includes(use.output)) reached.push(use.output);
    }
    return reached;
  }

  edit(variable, values) {
    const edit = new Edit(STRONG, variable);
    this.add(edit);
    for (const value of values) {
      variable.value = value;
      this.propagate(variable);
    }
    this.remove(edit);
  }
}

function chain(length) {
  const solver = new Solver();
  const variables = Array.from({ length }, () => new Variable(0));
  for (let i = 1; i < length; i++) solver.add(new Equal(REQUIRED, variables[i - 1], variables[i]));
  solver.add(new Stay(WEAK, variables[length - 1]));
  solver.edit(variables[0], [5, 9, 13, 21]);
  return variables[length - 1].value;
}

function projection(length) {
  const solver = new Solver();
  const factor = new Variable(10), offset = new Variable(1000);
  const stay = (variable) => solver.add(new Stay(NORMAL, variable));
  stay(factor);
  stay(offset);
  const from = [], to = [];
  for (let i = 0; i < length; i++) {
    from.push(new Variable(i));
    to.push(new Variable(i));
    stay(from[i]);
    solver.add(new Scale(REQUIRED, from[i], factor, offset, to[i]));
  }
  solver.edit(from[3], [17, 18, 19]);
  solver.edit(to[5], [1050, 1060]);
  solver.edit(factor, [5, 6]);
  solver.edit(offset, [2000]);
  return to.reduce((sum, variable) => sum + variable.value, from[5].value);
}

module.exports = () => chain(60) * 1000000 + projection(60);
