export enum Colour { Red = 1, Green, Blue = 'blue'.length }

export abstract class Shape<T extends string = string> {
  static #count = 0;
  constructor(readonly name: T, protected colour: Colour = Colour.Red) { Shape.#count++; }
  abstract area(): number;
  static get count(): number { return this.#count; }
}

export class Circle extends Shape<'circle'> {
  constructor(private radius: number) { super('circle', Colour.Blue); }
  override area(): number { return Math.PI * this.radius ** 2; }
}

export type Named<T> = { [K in keyof T as `get${Capitalize<string & K>}`]: () => T[K] };
export const sum = (...values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export namespace Units { export const cm = 'cm' as const; }
