import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields } from './changed-fields.js';

const paths = (before: object, after: object) => changedFields(before, after).paths;

describe('the fields that changed', () => {
  it('are named by their paths', () => {
    expect(paths({ spec: { replicas: 1, paused: true } }, { spec: { replicas: 3 }, status: {} })).toEqual([
      'spec.replicas',
      'spec.paused',
      'status',
    ]);
  });

  it('are quoted where a name could be taken for a path', () => {
    const annotated = (value: string) => ({
      metadata: { annotations: { 'deployment.kubernetes.io/revision': value } },
    });
    expect(paths(annotated('1'), annotated('2'))).toEqual([
      'metadata.annotations["deployment.kubernetes.io/revision"]',
    ]);
  });

  it('tell the elements of a list apart by what they are called, and by their places where they have no names', () => {
    const pod = (image: string, args: string[]) => ({
      spec: { containers: [{ name: 'other' }, { name: 'web', image, args }] },
    });
    expect(paths(pod('a', ['x', 'y']), pod('b', ['x', 'z']))).toEqual([
      'spec.containers[name=web].image',
      'spec.containers[name=web].args[1]',
    ]);
    const reordered = (...names: string[]) => ({ containers: names.map((name) => ({ name })) });
    expect(paths(reordered('a', 'b'), reordered('b', 'a', 'c'))).toEqual(['containers[name=c]']);
    const twice = { list: [{ name: 'a' }, { name: 'a', x: 1 }] };
    expect(paths(twice, { list: [{ name: 'a' }, { name: 'a', x: 2 }] })).toEqual(['list[1].x']);
  });

  it('do not tell who owns what', () => {
    expect(paths({ metadata: { managedFields: [1] } }, { metadata: { managedFields: [2] } })).toEqual([]);
  });

  it('are not more than anybody reads, of no more than anybody waits for', () => {
    const wide = (value: number) => Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, value]));
    const { paths: told, more } = changedFields(wide(1), wide(2));
    expect(told).toHaveLength(50);
    expect(more).toBe(60_000 - 50);
    expect(paths({}, { ['x'.repeat(10_000)]: 1 })[0]).toHaveLength(201);
    let [before, after]: object[] = [{ leaf: 1 }, { leaf: 2 }];
    for (let i = 0; i < 5_000; i += 1) [before, after] = [{ a: before }, { a: after }];
    expect(paths(before as object, after as object)).toHaveLength(1);
  });

  it('tell of members that are called as what every object inherits', () => {
    const names = ['constructor', 'toString', 'valueOf', '__proto__'];
    for (const name of names) {
      const labels: object = JSON.parse(`{"labels":{"${name}":"x"}}`) as object;
      expect(paths(labels, { labels: {} })).toEqual([`labels.${name}`]);
      expect(paths({ labels: {} }, labels)).toEqual([`labels.${name}`]);
      expect(paths(labels, structuredClone(labels))).toEqual([]);
    }
  });

  it('are none exactly where nothing differs, and never say a value', () => {
    const value = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(value, value, (before, after) => {
        const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
        const told = paths(before, after);
        if (same) expect(told).toEqual([]);
        expect(paths(after, structuredClone(after))).toEqual([]);
        expect(paths({ data: { a: 'hidden-before' } }, { data: { a: 'hidden-after' } }).join()).not.toContain('hidden');
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
