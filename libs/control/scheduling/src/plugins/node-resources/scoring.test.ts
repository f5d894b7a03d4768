import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cluster, info, node } from '../../testing/builders.js';
import {
  balance as nodeResourcesBalancedAllocation,
  defaultArgs,
  fit as nodeResourcesFit,
  wakes,
} from '../../testing/default-plugins.js';
import { scores, verdicts } from '../../testing/verdicts.js';
import type { ScoringStrategy, UtilizationShapePoint } from '../../configuration/types.js';
import { nodeResourcesBalancedAllocation as balanceBy } from './balanced-allocation.js';
import { nodeResourcesFit as fitBy } from './fit.js';

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
  const sized = (cpu: string, pods = '110') => node('n', { cpu, pods });
  const changed = (old: string, next: string, action: 'UpdateNodeAllocatable' | 'UpdateNodeLabel') =>
    ({ resource: 'Node', action, old: sized(old), current: sized(next) }) as const;
  const came = (cpu: string) => ({ resource: 'Node', action: 'Add', current: sized(cpu) }) as const;
  const shrank = (name: string, old: object, current: object) =>
    ({ resource: 'Pod', action: 'UpdatePodScaleDown', old: info(name, old), current: info(name, current) }) as const;

  test.each([
    ['a node grew enough', changed('2', '8', 'UpdateNodeAllocatable'), true],
    ['a node grew, and is too small still', changed('1', '2', 'UpdateNodeAllocatable'), false],
    ['a node shrank, and would be large enough', changed('9', '8', 'UpdateNodeAllocatable'), false],
    [
      'a node takes more Pods',
      { resource: 'Node', action: 'UpdateNodeAllocatable', old: sized('8', '1'), current: sized('8', '2') } as const,
      true,
    ],
    ['a node came that is large enough', came('8'), true],
    ['a node came that is too small', came('1'), false],
    ['a node changed in something else', changed('8', '8', 'UpdateNodeLabel'), false],
    ['a Pod left somewhere', { resource: 'Pod', action: 'Delete', old: info('x') } as const, true],
    ['a Pod came somewhere', { resource: 'Pod', action: 'Add', current: info('x') } as const, false],
    ['another asks for less of it', shrank('x', { cpu: '2' }, { cpu: '1' }), true],
    ['another asks for less of something else', shrank('x', { memory: '2Gi' }, { memory: '1Gi' }), false],
  ])('%s: %s', (_, happened, expected) => {
    expect(wakes(nodeResourcesFit, happened, info('p', { cpu: '4' }))).toBe(expected);
  });
});

describe('a strategy', () => {
  const view = cluster([node('empty', { cpu: '10', memory: '10Gi' }), node('half', { cpu: '10', memory: '10Gi' })], {
    half: [info('there', { cpu: '5', memory: '5Gi' })],
  });
  const by = (scoringStrategy: Partial<ScoringStrategy>) =>
    fitBy({
      ...defaultArgs.NodeResourcesFit,
      scoringStrategy: { ...defaultArgs.NodeResourcesFit.scoringStrategy, ...scoringStrategy },
    });
  const pod = info('p', { cpu: '1', memory: '1Gi' });
  const ratio = (...shape: UtilizationShapePoint[]) => ({
    type: 'RequestedToCapacityRatio',
    requestedToCapacityRatio: { shape },
  });

  test.each<[string, Partial<ScoringStrategy>, object]>([
    ['LeastAllocated prefers the emptier', { type: 'LeastAllocated' }, { empty: 90, half: 40 }],
    ['MostAllocated prefers the fuller', { type: 'MostAllocated' }, { empty: 10, half: 60 }],
    [
      'a rising shape packs',
      ratio({ utilization: 0, score: 0 }, { utilization: 100, score: 10 }),
      { empty: 10, half: 60 },
    ],
    [
      'a falling shape spreads',
      ratio({ utilization: 0, score: 10 }, { utilization: 100, score: 0 }),
      { empty: 90, half: 40 },
    ],
    [
      'a broken line is followed point by point',
      ratio({ utilization: 0, score: 0 }, { utilization: 50, score: 10 }, { utilization: 100, score: 0 }),
      { empty: 20, half: 80 },
    ],
    [
      'a flat end goes on',
      ratio({ utilization: 20, score: 3 }, { utilization: 40, score: 7 }),
      { empty: 30, half: 70 },
    ],
    [
      'a resource weighs as it is told',
      { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 3 }] },
      { empty: 10, half: 60 },
    ],
    [
      'a resource the Pod does not ask for does not count',
      { resources: [{ name: 'x.io/gpu', weight: 1 }] },
      { empty: 0, half: 0 },
    ],
  ])('%s', (_, strategy, expected) => expect(scores(by(strategy), pod, view)).toEqual(expected));

  test('resources of others are not looked at', () => {
    const requests = { 'example.com/gpu': '1', 'other.io/x': '1' };
    const wants = info('p', { spec: { containers: [{ name: 'c', resources: { requests } }] } });
    const args = { ...defaultArgs.NodeResourcesFit, ignoredResources: ['other.io/x'] };
    expect(verdicts(fitBy(args), wants, view).empty).toBe('Insufficient example.com/gpu');
    const groups = fitBy({ ...args, ignoredResourceGroups: ['example.com'] });
    expect(verdicts(groups, wants, view).empty).toBe('ok');
  });

  test('the balance of three resources is how far they are from their mean', () => {
    const resources = ['cpu', 'memory', 'ephemeral-storage'].map((name) => ({ name, weight: 1 }));
    const size = { cpu: '10', memory: '10Gi', 'ephemeral-storage': '10Gi', pods: '9' };
    const three = cluster([node('n', { status: { allocatable: size } })]);
    const lopsided = info('p', { cpu: '9' });
    // Shares of 0.9, 0 and 0 deviate by 0.424 from their mean.
    expect(scores(balanceBy({ resources }), lopsided, three)).toEqual({ n: 50 + Math.floor((50 + 57 - 100) / 2) });
  });
});
