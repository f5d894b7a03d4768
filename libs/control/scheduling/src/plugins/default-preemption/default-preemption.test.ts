import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { describe, expect, test } from 'vitest';
import type { ClusterCache } from '../../cache/cluster-cache.js';
import { SchedulingEngine } from '../../engine/scheduling-engine.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { cluster, info, node, type PodParts } from '../../testing/builders.js';
import { defaultArgs, defaultPlugins } from '../../testing/default-plugins.js';
import { findPreemption } from './candidates.js';

const plugins = defaultPlugins(() => undefined);

function preempt(
  pod: PodInfo,
  cache: ClusterCache,
  budgets: readonly PodDisruptionBudget[] = [],
  args = defaultArgs.DefaultPreemption,
): string {
  const { rejections } = new SchedulingEngine(cache, plugins, 1).schedule(pod).findings.filtered;
  const view = { cluster: cache, filters: plugins.filters, budgetsOf: () => budgets };
  const outcome = findPreemption(pod, rejections, view, args);
  if ('message' in outcome) return outcome.message;
  return `${outcome.candidate.node}: ${outcome.candidate.victims.map(({ name }) => name).join(',')}`;
}

const low = (name: string, cpu: string, parts: PodParts = {}) => info(name, { cpu, priority: 1, ...parts });
const urgent = (cpu: string, parts: PodParts = {}) => info('urgent', { cpu, priority: 100, ...parts });

describe('who has to go', () => {
  test('as few as possible, and the least important', () => {
    const pods = [low('a', '1', { priority: 5 }), low('b', '1'), low('c', '1', { priority: 3 })];
    expect(preempt(urgent('2'), cluster([node('n', { cpu: '3' })], { n: pods }))).toBe('n: c,b');
  });

  test('the node where the most important victim is the least important', () => {
    const pods = { a: [low('x', '2', { priority: 9 })], b: [low('y', '2', { priority: 2 })] };
    expect(preempt(urgent('2'), cluster([node('a', { cpu: '2' }), node('b', { cpu: '2' })], pods))).toBe('b: y');
  });

  test('one rather than two of the same priority', () => {
    const pods = { a: [low('x', '1'), low('z', '1')], b: [low('y', '2')] };
    expect(preempt(urgent('2'), cluster([node('a', { cpu: '2' }), node('b', { cpu: '2' })], pods))).toBe('b: y');
  });

  test('whom no disruption budget protects', () => {
    const labels = { app: 'guarded' };
    const budget: PodDisruptionBudget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b', namespace: 'default' },
      spec: { selector: { matchLabels: labels } },
      status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 },
    };
    const pods = { a: [low('x', '2', { labels })], b: [low('y', '2', { priority: 50 })] };
    const cache = cluster([node('a', { cpu: '2' }), node('b', { cpu: '2' })], pods);
    expect(preempt(urgent('2'), cache, [budget])).toBe('b: y');
    expect(preempt(urgent('2'), cache)).toBe('a: x');
  });

  test('Pods whose anti-affinity is in the way', () => {
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const cache = cluster([node('n')], { n: [low('shy', '1', { spec: { affinity } }), low('kind', '1')] });
    expect(preempt(urgent('1', { labels: { app: 'web' } }), cache)).toBe('n: shy');
  });

  test('nobody on a node that a more important one was promised', () => {
    const cache = cluster([node('a', { cpu: '2' })], { a: [low('x', '2')] });
    cache.nominations.set(info('boss', { cpu: '2', priority: 200 }), 'a');
    expect(preempt(urgent('2'), cache)).toBe('0/1 nodes are available: 1 Insufficient cpu.');
    expect(preempt(info('chief', { cpu: '2', priority: 300 }), cache)).toBe('a: x');
  });

  test.each([
    ['as long as all would overdraw a budget', 1, 'b: y'],
    ['or as many as are enough are found', 0, 'a: z'],
  ])('whom is looked for %s', (_, percentage, expected) => {
    const labels = { app: 'guarded' };
    const guard = {
      metadata: { name: 'b', namespace: 'default' },
      spec: { selector: { matchLabels: labels } },
      status: { disruptionsAllowed: 0 },
    } as unknown as PodDisruptionBudget;
    const first = percentage ? low('x', '2', { labels }) : low('z', '2', { priority: 50 });
    const cache = cluster([node('a', { cpu: '2' }), node('b', { cpu: '2' })], { a: [first], b: [low('y', '2')] });
    const args = { minCandidateNodesPercentage: percentage, minCandidateNodesAbsolute: 1 };
    expect(preempt(urgent('2'), cache, [guard], args)).toBe(expected);
  });

  test('nothing is different afterwards', () => {
    const cache = cluster([node('n', { cpu: '2' })], { n: [low('x', '2')] });
    preempt(urgent('2'), cache);
    expect(cache.nodes.resource('cpu').requested.get(0)).toBe(2000);
    expect(cache.nodes.at(0).pods.size).toBe(1);
  });
});

describe('when nothing helps', () => {
  test('it says on how many nodes, and why', () => {
    const taints = [{ key: 'k', effect: 'NoSchedule' }];
    const cache = cluster([node('cp', { taints }), node('a', { cpu: '2' }), node('b', { cpu: '2' })], {
      a: [info('x', { cpu: '2', priority: 100 })],
      b: [info('y', { cpu: '2', priority: 200 })],
    });
    expect(preempt(urgent('1'), cache)).toBe(
      '0/3 nodes are available: 1 Preemption is not helpful for scheduling, ' +
        '2 No preemption victims found for incoming pod.',
    );
  });
});

test('room made for one is not taken by another of no higher priority', () => {
  const cache = cluster([node('a', { cpu: '2' })]);
  cache.nominations.set(urgent('2'), 'a');
  const engine = new SchedulingEngine(cache, plugins, 1);
  expect(engine.schedule(info('late', { cpu: '1', priority: 100 })).node).toBeUndefined();
  expect(engine.schedule(info('higher', { cpu: '1', priority: 101 })).node).toBe('a');
});
