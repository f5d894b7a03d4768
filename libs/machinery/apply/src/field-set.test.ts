import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldSet } from './index.js';

const element = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map((name) => `f:${name}`),
  fc.constantFrom('x', 'y').map((name) => `k:{"name":"${name}"}`),
  fc.constantFrom('v:1', 'v:"s"'),
);
const { set } = fc.letrec<{ set: FieldSet }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 3 },
    fc.constant(FieldSet.self),
    fc
      .tuple(fc.boolean(), fc.array(fc.tuple(element, tie('set')), { maxLength: 4 }))
      .map(([member, children]) => FieldSet.of(member, children)),
  ),
}));
const roots = set.map((value) => FieldSet.of(false, value.children));

test('a set is what it says', () => {
  const fields = FieldSet.fromJson({
    'f:spec': { 'f:replicas': {}, 'f:ports': { '.': {}, 'k:{"port":80,"a":1}': { 'f:port': {} } } },
  });
  expect(fields.paths()).toEqual(['.spec.ports', '.spec.ports[a=1,port=80].port', '.spec.replicas']);
  expect(fields.toJson()).toEqual({
    'f:spec': { 'f:ports': { '.': {}, 'k:{"a":1,"port":80}': { 'f:port': {} } }, 'f:replicas': {} },
  });
});

test.each([[{ 'x:a': {} }], [{ 'k:{': {} }], [{ 'f:a': 1 }], [[]]])('%j is refused', (json) => {
  expect(() => FieldSet.fromJson(json)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
});

test('sets obey the laws of sets and survive their JSON form', () => {
  fc.assert(
    fc.property(roots, roots, (left, right) => {
      const paths = (fields: FieldSet) => new Set(fields.paths());
      const [a, b] = [paths(left), paths(right)];
      expect(paths(left.union(right))).toEqual(new Set([...a, ...b]));
      expect(paths(left.intersection(right))).toEqual(new Set([...a].filter((path) => b.has(path))));
      expect(paths(left.difference(right))).toEqual(new Set([...a].filter((path) => !b.has(path))));
      expect(FieldSet.fromJson(left.toJson()).equals(left)).toBe(true);
      expect(left.difference(left).isEmpty).toBe(true);
    }),
    { numRuns: 300 },
  );
});
