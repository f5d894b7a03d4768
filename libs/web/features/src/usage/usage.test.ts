import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { usageObject } from '../testing/usages.js';
import { secondsOf, together, usageOf } from './amounts.js';
import { measuredKind, usageKey } from './measured-kinds.js';

const read = (millis: number[], more: object = {}) =>
  usageOf(usageObject('PodUsage', { name: 'p', millis, more }) as UnstructuredObject);

describe('what was used', () => {
  test('is read in cores and bytes', () => {
    const { cpu, memory, step } = read([100, 250]);
    expect([cpu.now, memory.now, step]).toEqual([0.25, 64 * 1024 ** 2, 60]);
    expect(cpu.points.map(({ value }) => value)).toEqual([0.1, 0.25]);
    expect((cpu.points[1]?.time ?? 0) - (cpu.points[0]?.time ?? 0)).toBe(60);
  });

  test('has no present where nothing is measured any more, and no past where nothing was', () => {
    expect(read([1], { usage: undefined }).cpu).toMatchObject({ now: undefined, points: [{ value: 0.001 }] });
    expect(read([1], { series: undefined }).memory.points).toEqual([]);
  });

  test('of several is added up step by step', () => {
    const sum = together([read([100, 200]), read([1], { usage: undefined }), read([5, 5, 5])]);
    expect(sum?.cpu.points.map(({ value }) => Math.round(value * 1_000))).toEqual([106, 205, 5]);
    expect(sum?.cpu.now).toBeCloseTo(0.205);
    expect(together([])).toBeUndefined();
  });

  test.each([
    ['15s', 15],
    ['15m', 900],
    ['1h', 3_600],
  ])('over %s is over %d seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });
});

describe('what may be used', () => {
  const pod = (...resources: object[]) =>
    ({
      metadata: {},
      spec: { containers: resources.map((each) => ({ name: 'c', resources: each })) },
    }) as unknown as UnstructuredObject & Pod;
  const usage = { ...read([1]), pods: 3 };
  const of = (id: string, object: object, resource: 'cpu' | 'memory' = 'cpu') =>
    measuredKind(id)?.boundsOf(object as UnstructuredObject, usage, resource);

  test('by a Pod is what its containers ask for, and may have where all of them are bound', () => {
    const [bound, free] = [{ requests: { cpu: '100m' }, limits: { cpu: '200m' } }, { requests: { cpu: '50m' } }];
    expect(of('pods', pod(bound, bound))).toEqual({ request: 0.2, limit: 0.4 });
    expect(of('pods', pod(bound, free))).toEqual({ request: 0.15 });
    expect(of('pods', pod({}), 'memory')).toEqual({});
  });

  test('by a workload is that for each of its Pods', () => {
    const template = pod({ requests: { memory: '1Ki' }, limits: { memory: '2Ki' } });
    expect(of('deployments.apps', { metadata: {}, spec: { template } }, 'memory')).toEqual({
      request: 3072,
      limit: 6144,
    });
    expect(of('jobs.batch', { metadata: {} })).toEqual({});
  });

  test('of a Node is what is allocatable', () => {
    expect(of('nodes', { metadata: {}, status: { allocatable: { cpu: '4' } } } as unknown as Node)).toEqual({
      allocatable: 4,
    });
  });

  test('is found by what it is said of', () => {
    const web = { metadata: { namespace: 'shop', name: 'web' } } as UnstructuredObject;
    const keys = ['pods', 'deployments.apps'].map((id) => {
      const kind = measuredKind(id);
      return kind && usageKey(kind, web);
    });
    expect(keys).toEqual(['shop/web', 'shop/deployment.web']);
    expect(measuredKind('configmaps')).toBeUndefined();
  });
});
