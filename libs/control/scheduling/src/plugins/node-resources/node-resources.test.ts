import { describe, expect, test } from 'vitest';
import { podRequests, podRequestsOrDefaults } from '../../pod/pod-requests.js';
import { cluster, info, node, pod } from '../../testing/builders.js';
import { balance as nodeResourcesBalancedAllocation, fit as nodeResourcesFit } from '../../testing/default-plugins.js';
import { scores, verdicts } from '../../testing/verdicts.js';
import { findNodes } from '../../engine/find-nodes.js';

const container = (name: string, cpu: string, restartPolicy?: string) => ({
  name,
  ...(restartPolicy && { restartPolicy }),
  resources: { requests: { cpu } },
});

describe('what a Pod asks for', () => {
  test.each([
    ['its containers together', { containers: [container('a', '1'), container('b', '500m')] }, 1500],
    [
      'an init container that asks for more',
      { containers: [container('a', '1')], initContainers: [container('i', '3')] },
      3000,
    ],
    [
      'sidecars beside the containers, and beside the init containers after them',
      {
        containers: [container('a', '1')],
        initContainers: [container('s', '500m', 'Always'), container('i', '2')],
      },
      2500,
    ],
    [
      'a sidecar does not add to an init container before it',
      { containers: [container('a', '1')], initContainers: [container('i', '2'), container('s', '500m', 'Always')] },
      2000,
    ],
    ['overhead', { containers: [container('a', '1')], overhead: { cpu: '250m' } }, 1250],
    [
      'its own request over its containers',
      { containers: [container('a', '1')], resources: { requests: { cpu: '2' } } },
      2000,
    ],
  ])('%s', (_, spec, milliCpu) => {
    expect(podRequests(pod('p', { spec })).get('cpu')).toBe(milliCpu);
  });

  test('a container that names nothing weighs something all the same', () => {
    const weights = podRequestsOrDefaults(pod('p', { spec: { containers: [{ name: 'a' }, { name: 'b' }] } }));
    expect(weights.get('cpu')).toBe(200);
    expect(weights.get('memory')).toBe(2 * 200 * 2 ** 20);
  });
});

describe('NodeResourcesFit', () => {
  const view = cluster([node('small', { cpu: '1', memory: '1Gi' }), node('big', { cpu: '4', memory: '8Gi' })], {
    big: [info('x', { cpu: '3', memory: '7Gi' })],
  });

  test.each([
    ['fits both', { cpu: '1', memory: '1Gi' }, { small: 'ok', big: 'ok' }],
    ['too much cpu', { cpu: '1001m' }, { small: 'Insufficient cpu', big: 'Insufficient cpu' }],
    [
      'too much of two things',
      { cpu: '2', memory: '2Gi' },
      { small: 'Insufficient cpu, Insufficient memory', big: 'Insufficient cpu, Insufficient memory' },
    ],
    ['nothing asked', {}, { small: 'ok', big: 'ok' }],
  ])('%s', (_, parts, expected) => {
    expect(verdicts(nodeResourcesFit, info('p', parts), view)).toEqual(expected);
  });

  test('says whether evicting others could help', () => {
    const { rejections } = findNodes(info('p', { cpu: '2' }), view, [nodeResourcesFit]);
    expect([0, 1].map((row) => rejections.get(row)?.unresolvable)).toEqual([true, false]);
  });

  test('counts Pods too', () => {
    const full = cluster([node('a', { pods: '1' })], { a: [info('x')] });
    expect(verdicts(nodeResourcesFit, info('p'), full)).toEqual({ a: 'Too many pods' });
  });

  test('an extended resource that no node has', () => {
    const requests = { 'example.com/gpu': '1' };
    const wants = info('p', { spec: { containers: [{ name: 'c', resources: { requests } }] } });
    expect(verdicts(nodeResourcesFit, wants, view).big).toBe('Insufficient example.com/gpu');
  });

  test('a Pod that leaves gives its room back', () => {
    const cache = cluster([node('a', { cpu: '1' })]);
    const first = info('x', { cpu: '1' });
    cache.assume(first, 'a');
    expect(verdicts(nodeResourcesFit, info('p', { cpu: '1' }), cache).a).toBe('Insufficient cpu');
    cache.remove(first.uid);
    expect(verdicts(nodeResourcesFit, info('p', { cpu: '1' }), cache).a).toBe('ok');
  });

  test('prefers the node with the most left', () => {
    // small: (1000-500)/1000 and (1-0.5)/1 left; big: (4000-3500)/4000 and (8-7.5)/8 left.
    expect(scores(nodeResourcesFit, info('p', { cpu: '500m', memory: '512Mi' }), view)).toEqual({ small: 50, big: 9 });
  });
});

describe('NodeResourcesBalancedAllocation', () => {
  test('prefers the node whose cpu and memory would be used alike', () => {
    const view = cluster([node('even', { cpu: '4', memory: '4Gi' }), node('odd', { cpu: '2', memory: '4Gi' })]);
    const wanted = info('p', { cpu: '1', memory: '1Gi' });
    expect(scores(nodeResourcesBalancedAllocation, wanted, view)).toEqual({ even: 75, odd: 68 });
  });

  test('has no opinion on a Pod that asks for nothing', () => {
    expect(scores(nodeResourcesBalancedAllocation, info('p'), cluster([node('a')]))).toBeUndefined();
  });
});
