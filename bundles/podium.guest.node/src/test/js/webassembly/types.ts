// Types are stripped: by a module of Node's own.
import { strictEqual } from 'node:assert';
import type { Server } from 'node:http';
import { twice, type Pair } from './typed.mts';

interface Named { readonly name: string; age?: number }
type Maybe<T> = T | undefined;
abstract class Animal implements Named {
  readonly name: string;
  protected legs: number = 4;
  constructor(name: string) { this.name = name; }
  abstract sound(): string;
}
class Dog extends Animal {
  declare age: number;
  override sound(): string { return `${this.name!} says woof`; }
}
function first<T extends Named>(all: readonly T[], or?: T): Maybe<T> { return all[0] ?? or; }
const pair = twice<number>(21) satisfies Pair<number>;
const server = undefined as unknown as Server;
console.log(first([new Dog('Rex')])?.sound(), pair, server, process.features.typescript);
strictEqual((pair as any)[0], 21 as number);
console.log(new Error('where').stack!.split('\n')[1].replace(/file:.*\//, ''));
