import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { CREATED_AT, node, pod, runningPod, service } from '@binnacle/testing-fixtures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SlicePlan } from '../slices/slice-writer.js';
import { MOST_ENDPOINTS, planSlices } from './plan.js';

const nodes = () => undefined;
const podAt = (index: number): Pod =>
  runningPod('node-1', `10.244.${index >> 8}.${index & 255}`, { metadata: { name: `p${index}`, uid: `u${index}` } });
const podsOf = (indexes: readonly number[]) => indexes.map(podAt);
const range = (length: number) => Array.from({ length }, (_, index) => index);

let written = 0;
/** The slices after the plan was carried out. */
function carryOut(existing: readonly EndpointSlice[], plan: SlicePlan): EndpointSlice[] {
  const named = plan.create.map((slice) => {
    written += 1;
    return { ...slice, metadata: { ...slice.metadata, name: `s${written}` } };
  });
  const gone = new Set([...plan.remove, ...plan.update].map(({ metadata }) => metadata.name));
  return [...existing.filter(({ metadata }) => !gone.has(metadata.name)), ...plan.update, ...named];
}
const settle = (pods: readonly Pod[], existing: readonly EndpointSlice[] = []) =>
  carryOut(existing, planSlices(service(), pods, existing, nodes));
const addresses = (slices: readonly EndpointSlice[]) =>
  slices.flatMap(({ endpoints }) => (endpoints ?? []).flatMap((endpoint) => endpoint.addresses)).sort();
const sizes = ({ create, update, remove }: SlicePlan) => [create.length, update.length, remove.length];

describe('planSlices', () => {
  test('a Service without Pods has one empty slice', () => {
    const plan = planSlices(service(), [], [], nodes);
    expect(plan.create).toMatchObject([
      {
        addressType: 'IPv4',
        endpoints: [],
        ports: [],
        metadata: {
          generateName: 'web-',
          labels: {
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          },
          ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
        },
      },
    ]);
    expect(sizes(planSlices(service(), [], settle([]), nodes))).toEqual([0, 0, 0]);
  });

  test.each<[string, Pod, object]>([
    ['a ready Pod', podAt(1), { ready: true, serving: true, terminating: false }],
    [
      'one that is not ready',
      runningPod('n', '10.244.0.1', { status: { conditions: [] } }),
      { ready: false, serving: false },
    ],
    [
      'one on its way out that still serves',
      runningPod('n', '10.244.0.1', { metadata: { deletionTimestamp: CREATED_AT } }),
      { ready: false, serving: true, terminating: true },
    ],
  ])('%s', (_, one, conditions) => {
    expect(settle([one])[0]?.endpoints?.[0]?.conditions).toMatchObject(conditions);
  });

  test('Pods without an address or at their end have no endpoint', () => {
    const finished = runningPod('n', '10.244.0.1', { status: { phase: 'Succeeded' } });
    expect(addresses(settle([pod(), finished]))).toEqual([]);
  });

  test('publishNotReadyAddresses makes all ready', () => {
    const unready = runningPod('n', '10.244.0.1', { status: { conditions: [] } });
    const plan = planSlices(service({ spec: { publishNotReadyAddresses: true } }), [unready], [], nodes);
    expect(plan.create[0]?.endpoints?.[0]?.conditions).toEqual({ ready: true, serving: false, terminating: false });
  });

  test('an endpoint knows its Pod, its node and its zone', () => {
    const zoned = node({ metadata: { labels: { 'topology.kubernetes.io/zone': 'z' } } });
    const plan = planSlices(service(), [podAt(1)], [], () => zoned);
    expect(plan.create[0]?.endpoints?.[0]).toMatchObject({
      nodeName: 'node-1',
      zone: 'z',
      targetRef: { kind: 'Pod', name: 'p1', uid: 'u1' },
    });
  });

  test.each<[string | undefined, object | undefined]>([
    [undefined, undefined],
    ['PreferClose', { forZones: [{ name: 'z' }] }],
    ['PreferSameZone', { forZones: [{ name: 'z' }] }],
    ['PreferSameNode', { forZones: [{ name: 'z' }], forNodes: [{ name: 'node-1' }] }],
  ])('with trafficDistribution %s its hints are %j', (trafficDistribution, hints) => {
    const zoned = node({ metadata: { labels: { 'topology.kubernetes.io/zone': 'z' } } });
    const owner = service({ spec: { ...(trafficDistribution && { trafficDistribution }) } });
    const unready = runningPod('node-1', '10.244.9.9', { status: { conditions: [] } });
    const plan = planSlices(owner, [podAt(1), unready], [], () => zoned);
    expect(plan.create[0]?.endpoints?.map((endpoint) => endpoint.hints)).toEqual([hints, undefined]);
  });

  test('Pods whose named port differs are in slices of their own', () => {
    const named = (index: number, containerPort: number) => ({
      ...podAt(index),
      spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort }] }] },
    });
    const owner = service({ spec: { ports: [{ name: 'http', port: 80, targetPort: 'web' }] } });
    const plan = planSlices(owner, [named(1, 8080), named(2, 9090), named(3, 8080)], [], nodes);
    expect(plan.create.map(({ ports, endpoints }) => [ports?.[0]?.port, endpoints?.length])).toEqual([
      [8080, 2],
      [9090, 1],
    ]);
  });

  test('a change of one Pod changes one slice', () => {
    const slices = settle(podsOf(range(250)));
    expect(slices.map(({ endpoints }) => endpoints?.length)).toEqual([100, 100, 50]);
    const unready = podsOf(range(250)).map((one, index) =>
      index === 120 ? { ...one, status: { ...one.status, conditions: [] } } : one,
    );
    expect(sizes(planSlices(service(), unready, slices, nodes))).toEqual([0, 1, 0]);
    expect(sizes(planSlices(service(), podsOf(range(250).filter((index) => index !== 7)), slices, nodes))).toEqual([
      0, 1, 0,
    ]);
  });

  test('a headless Service says so, and labels of the Service are handed down', () => {
    const headless = service({ metadata: { labels: { team: 'a' } }, spec: { clusterIP: 'None' } });
    const [slice] = carryOut([], planSlices(headless, [podAt(1)], [], nodes));
    expect(slice?.metadata.labels).toMatchObject({ team: 'a', 'service.kubernetes.io/headless': '' });
    expect(sizes(planSlices(service(), [podAt(1)], slice ? [slice] : [], nodes))).toEqual([0, 1, 0]);
  });

  test('an ExternalName has none', () => {
    expect(
      sizes(planSlices(service({ spec: { type: 'ExternalName' } }), [podAt(1)], settle([podAt(1)]), nodes)),
    ).toEqual([0, 0, 1]);
  });

  test('whatever came before, the slices say exactly where the Pods are, none is too full, and a second look changes nothing', () => {
    const chosen = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 350 });
    fc.assert(
      fc.property(fc.array(chosen, { minLength: 1, maxLength: 4 }), (history) => {
        let slices: EndpointSlice[] = [];
        for (const indexes of history) {
          const pods = podsOf(indexes);
          slices = settle(pods, slices);
          expect(addresses(slices)).toEqual(pods.map(({ status }) => status?.podIP).sort());
          for (const { endpoints } of slices) expect(endpoints?.length).toBeLessThanOrEqual(MOST_ENDPOINTS);
          expect(sizes(planSlices(service(), pods, slices, nodes))).toEqual([0, 0, 0]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
