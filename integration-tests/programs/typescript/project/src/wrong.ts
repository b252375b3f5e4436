import { Circle } from './shapes.js';

const text: string = new Circle(1).area();
const circle = new Circle('wide');
circle.radius = 2;
export function missing(value: 'a' | 'b'): number { if (value === 'a') return 1; }
circle.areaa();
