'use strict';
// Schemas of all kinds, with values that fit and values that do not; what it says about them, and their JSON schemas.
const { z } = require('zod');

function check(name, schema, ...values) {
  for (const value of values) {
    const { success, data, error } = schema.safeParse(value);
    console.log(name, success ? data : JSON.stringify(error.issues));
  }
}

const user = z.object({
  id: z.uuid(),
  name: z.string().trim().min(2).max(20),
  mail: z.email(),
  age: z.number().int().positive().optional(),
  tags: z.array(z.string().regex(/^\p{L}+$/u)).max(3).default([]),
  role: z.enum(['admin', 'guest']),
});
const id = '123e4567-e89b-12d3-a456-426614174000';
check('user', user,
  { id, name: ' Zoë ', mail: 'zoe@example.org', role: 'guest', more: 1 },
  { id: 'x', name: 'Z', mail: 'zoe', age: 1.5, tags: ['a', 'b1', 'c', 'd'], role: 'king' }, null, []);
check('strict', user.strict().partial(), { more: 1 }, {});
check('picked', user.pick({ name: true }).extend({ extra: z.literal([1, 'two']) }), { name: 'Ann', extra: 'two' }, { name: 'Ann', extra: 3 });
check('union', z.union([z.string(), z.number().nullable()]), 'a', 1, null, undefined, {});
check('kinds', z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), radius: z.number() }), z.object({ kind: z.literal('square'), side: z.number() })]),
{ kind: 'circle', radius: 1 }, { kind: 'square' }, { kind: 'line' });
check('tuple', z.tuple([z.string(), z.number()]).rest(z.boolean()), ['a', 1, true], ['a'], ['a', 1, 'x']);
check('record', z.record(z.string(), z.bigint()), { a: 1n }, { a: 1 });
check('map', z.map(z.string(), z.date()), new Map([['a', new Date(0)]]), new Map([['a', new Date(NaN)]]), {});
check('set', z.set(z.number()).min(2), new Set([1, 2]), new Set([1]));
check('coerced', z.coerce.number(), '12', 'x', true, null);
check('date', z.iso.datetime({ offset: true }), '2024-02-29T12:00:00+02:00', '2023-02-29T12:00:00Z', 'x');
check('addresses', z.union([z.ipv4(), z.ipv6(), z.url(), z.base64()]), '127.0.0.1', '::1', 'https://example.org', 'aGk=', '%');
check('changed', z.string().transform((text) => text.length).pipe(z.number().max(3)), 'abc', 'abcd');
check('refined', z.object({ a: z.string(), b: z.string() }).refine((o) => o.a === o.b, { error: 'differ', path: ['b'] }),
  { a: '1', b: '1' }, { a: '1', b: '2' });
const tree = z.object({ value: z.number(), get children() { return z.array(tree); } });
check('tree', tree, { value: 1, children: [{ value: 2, children: [] }] }, { value: 1, children: [{ value: 'x', children: [] }] });

const bad = user.safeParse({ tags: [1] }).error;
console.log(z.prettifyError(bad));
console.log(z.treeifyError(bad));
console.log(z.flattenError(bad));
console.log(JSON.stringify(z.toJSONSchema(user), null, 1));
z.string().refine(async (text) => text.length > 1).parseAsync('a').catch((error) => console.log(error.name, error.message));
try { z.number().parse('x'); } catch (error) { console.log(error instanceof z.ZodError, error); }
