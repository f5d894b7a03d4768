import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cluster, info, node } from '../testing/builders.js';
import { defaultPlugins } from '../testing/default-plugins.js';
import { failureMessage } from './diagnosis.js';
import { seededChoice } from './random.js';
import { SchedulingEngine } from './scheduling-engine.js';

const plugins = defaultPlugins(() => undefined);

test('the emptier node is taken', () => {
  const cache = cluster([node('full'), node('empty')], { full: [info('x', { cpu: '3', memory: '6Gi' })] });
  expect(new SchedulingEngine(cache, plugins, 1).schedule(info('p', { cpu: '1', memory: '1Gi' })).node).toBe('empty');
});

test('equal nodes take turns by the seed, the same way every time', () => {
  const place = (seed: number) => {
    const cache = cluster(['a', 'b', 'c', 'd'].map((name) => node(name)));
    const engine = new SchedulingEngine(cache, plugins, seed);
    return Array.from({ length: 8 }, (_, i) => {
      const one = info(`p${i}`, { cpu: '100m', memory: '100Mi' });
      const chosen = engine.schedule(one).node ?? '';
      cache.assume(one, chosen);
      return chosen;
    });
  };
  expect(place(7)).toEqual(place(7));
  expect(new Set([1, 2, 3, 4, 5].map((seed) => place(seed).join())).size).toBeGreaterThan(1);
  // Twice round: no node gets a third before every node has its second.
  for (const name of ['a', 'b', 'c', 'd']) expect(place(7).filter((one) => one === name)).toHaveLength(2);
});

test('a choice from a seed reaches every place', () => {
  const choose = seededChoice(3);
  expect(new Set(Array.from({ length: 200 }, () => choose(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
});

describe('when no node can', () => {
  const taints = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }];
  const cache = cluster([node('cp', { taints }), node('w1'), node('w2'), node('w3')]);
  const result = new SchedulingEngine(cache, plugins, 1).schedule(info('p', { cpu: '64' }));

  test('the message counts the reasons as upstream does', () => {
    const { rejections } = result.findings.filtered;
    expect(failureMessage(4, rejections.kinds, '')).toBe(
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu.',
    );
  });

  test('without nodes it says so', () => {
    expect(failureMessage(0, [], '')).toBe('no nodes available to schedule pods');
  });

  test('the diagnosis says which plugin refused which node, and why', () => {
    const { rejections, node: chosen } = result.explain();
    expect(chosen).toBeUndefined();
    expect(rejections.get('cp')).toMatchObject({
      plugin: 'TaintToleration',
      detail: 'untolerated taint {node-role.kubernetes.io/control-plane: }',
    });
    expect(rejections.get('w1')).toMatchObject({ plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] });
  });
});

test('the diagnosis of a placed Pod has the scores of every candidate', () => {
  const cache = cluster([node('a'), node('b')], { a: [info('x', { cpu: '2', memory: '1Gi' })] });
  const { node: chosen, scores } = new SchedulingEngine(cache, plugins, 1)
    .schedule(info('p', { cpu: '1', memory: '2Gi' }))
    .explain();
  expect(chosen).toBe('b');
  expect(scores.get('b')?.get('NodeResourcesFit')).toEqual({ score: 75, weight: 1 });
  expect(scores.get('a')?.get('TaintToleration')).toEqual({ score: 100, weight: 3 });
});

test('no node is ever given more than it has', () => {
  const amount = fc.integer({ min: 0, max: 3000 });
  const sizes = fc.array(fc.record({ cpu: amount, memory: amount, pods: fc.integer({ min: 0, max: 6 }) }), {
    minLength: 1,
    maxLength: 8,
  });
  const wishes = fc.array(fc.record({ cpu: amount, memory: amount, leave: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, wishes, fc.integer(), (nodes, pods, seed) => {
      const cache = cluster(
        nodes.map(({ cpu, memory, pods: slots }, i) =>
          node(`n${i}`, { cpu: `${cpu}m`, memory: `${memory}Mi`, pods: `${slots}` }),
        ),
      );
      const engine = new SchedulingEngine(cache, plugins, seed);
      const used = nodes.map(() => ({ cpu: 0, memory: 0, pods: 0 }));
      for (const [i, wish] of pods.entries()) {
        const one = info(`p${i}`, { cpu: `${wish.cpu}m`, memory: `${wish.memory}Mi` });
        const chosen = engine.schedule(one).node;
        if (chosen === undefined) continue;
        const at = used[Number(chosen.slice(1))];
        const size = nodes[Number(chosen.slice(1))];
        if (!at || !size) throw new Error(`placed on ${chosen}`);
        cache.assume(one, chosen);
        if (wish.leave) cache.remove(one.uid);
        else Object.assign(at, { cpu: at.cpu + wish.cpu, memory: at.memory + wish.memory, pods: at.pods + 1 });
        expect(at.cpu).toBeLessThanOrEqual(size.cpu);
        expect(at.memory).toBeLessThanOrEqual(size.memory);
        expect(at.pods).toBeLessThanOrEqual(size.pods);
      }
    }),
    { numRuns: 200 },
  );
});
