import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSummary } from './read-summary.js';

const figures = { cpu: { time: '2026-01-01T00:00:00Z', usageNanoCores: 5 }, memory: { workingSetBytes: 7 } };
const pod = (name: string, more: object = {}) => ({
  podRef: { name, namespace: 'default', uid: 'u' },
  ...figures,
  containers: [{ name: 'main', ...figures }],
  ...more,
});

describe('what a kubelet says', () => {
  test('is read as far as it is used', () => {
    const { pods, ...node } = readSummary({ node: { ...figures, rlimit: {} }, pods: [pod('a')] });
    expect(node).toEqual({ time: '2026-01-01T00:00:00Z', nanoCores: 5, bytes: 7, size: 1 });
    expect([...pods]).toEqual([
      [
        'default/a',
        {
          uid: 'u',
          time: '2026-01-01T00:00:00Z',
          nanoCores: 5,
          bytes: 7,
          containers: [{ name: 'main', nanoCores: 5, bytes: 7 }],
        },
      ],
    ]);
  });

  test.each([
    ['negative', -1],
    ['no number', '5'],
    ['not finite', 1e400],
    ['too much', 1e300],
    ['a list', [5]],
  ])('of an amount that is %s is nothing believed', (_, usageNanoCores) => {
    expect(readSummary({ node: { cpu: { usageNanoCores } } })).toMatchObject({ nanoCores: 0, time: '' });
  });

  test('is kept within bounds, however much there is of it', () => {
    const containers = Array.from({ length: 500 }, (_, at) => ({ name: `c${at}`, ...figures }));
    const pods = Array.from({ length: 3_000 }, (_, at) => pod(`p${at}`));
    const read = readSummary({ pods: [pod('many', { containers }), ...pods] });
    expect(read.pods.size).toBe(1_000);
    expect(read.pods.get('default/many')?.containers).toHaveLength(100);
    expect(read.size).toBe(1_099);
  });

  test('of names and times that are none is nothing kept', () => {
    const long = 'x'.repeat(254);
    const read = readSummary({
      node: { cpu: { time: long } },
      pods: [pod(long), pod(''), { podRef: 5 }, null, pod('a', { containers: [{ name: long }, {}, 'x'] })],
    });
    expect([...read.pods.keys()]).toEqual(['default/a']);
    expect([read.time, read.size]).toEqual(['', 0]);
  });

  test('never fails, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (any, other) => {
        for (const answer of [any, { node: any, pods: other }, { pods: [any, { podRef: other, containers: any }] }])
          expect(readSummary(answer).size).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
