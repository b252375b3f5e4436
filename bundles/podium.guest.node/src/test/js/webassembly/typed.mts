export type Pair<T> = [T, T];
export const twice = <T,>(value: T): Pair<T> => [value, value];
