import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldSet } from './index.js';

const element = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map((name) => `f:${name}`),
  fc.constantFrom('"x"', '"y"', '8', '80', '443').map((value) => `k:{"name":${value}}`),
  fc.constantFrom('v:1', 'v:"s"', 'v:10', 'v:9', 'v:true'),
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
const roots = set.map((value) =>
  FieldSet.of(
    false,
    value.elements.map((step) => [step, value.child(step)]),
  ),
);

describe('a set', () => {
  const fields = FieldSet.fromJson({
    'f:spec': { 'f:replicas': {}, 'f:ports': { '.': {}, 'k:{"port":80,"a":1}': { 'f:port': {} } } },
  });

  test('is what it says, of one parent first what is whole', () => {
    expect(fields.paths()).toEqual(['.spec.ports', '.spec.replicas', '.spec.ports[a=1,port=80].port']);
    expect(fields.text).toBe(
      '{"f:spec":{"f:ports":{".":{},"k:{\\"a\\":1,\\"port\\":80}":{"f:port":{}}},"f:replicas":{}}}',
    );
  });

  test('stands in order: members, keys and values by size, as upstream writes it', () => {
    const steps = ['v:10', 'v:9', 'k:{"port":443}', 'k:{"port":80}', 'f:b', 'f:a', 'i:2', 'v:"a"', 'v:true'];
    const some = FieldSet.of(
      false,
      steps.map((step) => [step, FieldSet.self]),
    );
    expect(some.elements).toEqual([
      'f:a',
      'f:b',
      'k:{"port":80}',
      'k:{"port":443}',
      'v:9',
      'v:10',
      'v:"a"',
      'v:true',
      'i:2',
    ]);
  });

  test('is shared by all that read it from equal text', () => {
    const { text } = fields;
    expect(FieldSet.fromText(text)).toBe(FieldSet.fromText(`${text} `.trim()));
  });

  test('leaves out steps of kinds that nobody knows', () => {
    expect(FieldSet.fromJson({ 'x:a': {}, 'f:b': {} }).elements).toEqual(['f:b']);
  });

  test.each([[{ 'k:{': {} }], [{ 'f:a': 1 }], [[]], [{ fa: {} }], [{ 'v:': {} }]])('of %j is refused', (json) => {
    expect(() => FieldSet.fromJson(json)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
  });
});

test('sets obey the laws of sets and survive their text', () => {
  fc.assert(
    fc.property(roots, roots, (left, right) => {
      const paths = (fields: FieldSet) => new Set(fields.paths());
      const [a, b] = [paths(left), paths(right)];
      expect(paths(left.union(right))).toEqual(new Set([...a, ...b]));
      expect(paths(left.intersection(right))).toEqual(new Set([...a].filter((path) => b.has(path))));
      expect(paths(left.difference(right))).toEqual(new Set([...a].filter((path) => !b.has(path))));
      expect(FieldSet.fromText(left.text).equals(left)).toBe(true);
      expect(left.difference(left).isEmpty).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('what an operation leaves as it was is the very set', () => {
  fc.assert(
    fc.property(roots, roots, (left, right) => {
      const both = left.union(right);
      expect(both.union(left)).toBe(both);
      expect(both.union(right).equals(both)).toBe(true);
      const rest = left.difference(right);
      expect(rest.difference(right)).toBe(rest);
    }),
  );
});
