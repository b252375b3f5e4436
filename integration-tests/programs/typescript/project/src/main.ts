import { Circle, Shape, sum, Units, type Named } from './shapes.js';

declare const console: { log(...values: unknown[]): void };

async function* numbers(count: number): AsyncGenerator<number, void> {
  for (let i = 0; i < count; i++) yield i;
}

const circle = new Circle(2);
const named: Named<{ size: number }> = { getSize: () => circle.area() };
(async () => {
  let total = 0;
  for await (const n of numbers(4)) total += n;
  console.log(total, Shape.count, named.getSize().toFixed(2) + Units.cm, sum(1, 2, 3), circle?.name ?? 'none');
})();
