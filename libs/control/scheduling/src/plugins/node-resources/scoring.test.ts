import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cluster, info, node } from '../../testing/builders.js';
import { scores } from '../../testing/verdicts.js';
import { nodeResourcesBalancedAllocation } from './balanced-allocation.js';
import { nodeResourcesFit } from './fit.js';

const GI = (count: number) => `${count}Gi`;
/** One node of 10 cores and 10 Gi, with so many of them taken. */
const used = (cpu: number, memory: number) =>
  cluster([node('n', { cpu: '10', memory: '10Gi' })], { n: [info('there', { cpu: `${cpu}`, memory: GI(memory) })] });

describe('the balance of a node', () => {
  test.each<[string, [number, number], [number, number], number]>([
    ['that stays even', [2, 2], [1, 1], 75],
    ['that becomes uneven', [0, 0], [10, 0], 50],
    ['that becomes a little uneven', [2, 2], [1, 0], 72],
    ['that becomes even', [5, 0], [0, 5], 87],
    ['that becomes wholly even', [10, 0], [0, 10], 100],
    ['that is uneven and stays so', [5, 1], [1, 1], 75],
  ])('%s', (_, [cpu, memory], [moreCpu, moreMemory], score) => {
    const pod = info('p', { cpu: `${moreCpu}`, memory: GI(moreMemory) });
    expect(scores(nodeResourcesBalancedAllocation, pod, used(cpu, memory))).toEqual({ n: score });
  });

  test('is not changed on a node that has none of one resource', () => {
    const view = cluster([node('n', { memory: '0' })]);
    expect(scores(nodeResourcesBalancedAllocation, info('p', { cpu: '1' }), view)).toEqual({ n: 75 });
  });

  test('counts what Pods ask for, not what they are taken to use', () => {
    const idle = cluster([node('n', { cpu: '10', memory: '10Gi' })], { n: [info('a'), info('b')] });
    const pod = info('p', { cpu: '1', memory: '1Gi' });
    expect(scores(nodeResourcesBalancedAllocation, pod, idle)).toEqual({ n: 75 });
  });

  test('scores from 50 to 100, the more the evener the node becomes', () => {
    const amount = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (cpu, memory, moreCpu, moreMemory) => {
        fc.pre(moreCpu + moreMemory > 0);
        const pod = info('p', { cpu: `${moreCpu}`, memory: GI(moreMemory) });
        const score = scores(nodeResourcesBalancedAllocation, pod, used(cpu, memory))?.n ?? -1;
        const apart = (a: number, b: number) => Math.abs(Math.min(10, a) - Math.min(10, b));
        const before = apart(cpu, memory);
        const after = apart(cpu + moreCpu, memory + moreMemory);
        expect(score).toBeGreaterThanOrEqual(50);
        expect(score).toBeLessThanOrEqual(100);
        if (after < before) expect(score).toBeGreaterThanOrEqual(75);
        if (after > before) expect(score).toBeLessThanOrEqual(75);
      }),
    );
  });
});

describe('the room that is left', () => {
  test.each<[string, object, { cpu?: string; memory?: string }, number]>([
    ['nothing taken, nothing asked but what every container is taken to use', {}, {}, 98],
    ['half of both', {}, { cpu: '5', memory: '5Gi' }, 50],
    ['all of one, half of the other', {}, { cpu: '10', memory: '5Gi' }, 25],
    ['more than there is', {}, { cpu: '11', memory: '5Gi' }, 25],
    ['a node that says nothing of its memory', { memory: '0' }, { cpu: '5', memory: '1Gi' }, 50],
    ['a node that says nothing', { cpu: '0', memory: '0' }, { cpu: '1' }, 0],
  ])('%s', (_, parts, asked, score) => {
    const view = cluster([node('n', { cpu: '10', memory: '10Gi', ...parts })]);
    expect(scores(nodeResourcesFit, info('p', asked), view)).toEqual({ n: score });
  });

  test('is less after each Pod that comes, and all there again when they leave', () => {
    const view = cluster([node('n', { cpu: '10', memory: '10Gi' })]);
    const score = () => scores(nodeResourcesFit, info('p', { cpu: '1', memory: '1Gi' }), view)?.n ?? -1;
    const before = score();
    const pods = [info('a', { cpu: '2' }), info('b', { memory: '2Gi' })];
    const seen = pods.map((pod) => {
      view.assume(pod, 'n');
      return score();
    });
    expect([before, ...seen].every((value, index, all) => index === 0 || value < (all[index - 1] ?? 0))).toBe(true);
    for (const pod of pods) view.remove(pod.uid);
    expect(score()).toBe(before);
  });
});

describe('whom a change wakes', () => {
  const nothing = { allocatable: false, labels: false, taints: false, features: false };
  const event = (cpu: string, changed: boolean, added = false) =>
    ({ kind: 'node', node: node('n', { cpu }), changes: { ...nothing, allocatable: changed }, added }) as const;

  test.each([
    ['a node grew enough', event('8', true), true],
    ['a node grew, and is too small still', event('2', true), false],
    ['a node came that is large enough', event('8', false, true), true],
    ['a node changed in something else', event('8', false), false],
    ['a Pod left somewhere', { kind: 'podFreed', pod: info('x') } as const, true],
    ['a Pod came somewhere', { kind: 'podAssigned', pod: info('x') } as const, false],
    ['a namespace changed', { kind: 'namespace' } as const, false],
  ])('%s: %s', (_, happened, wakes) => {
    expect(nodeResourcesFit.wakes(happened, info('p', { cpu: '4' }))).toBe(wakes);
  });
});
