import type { Container, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pod } from '../testing/builders.js';
import { podInfo } from './pod-info.js';
import { amounts, DEFAULT_MEMORY, DEFAULT_MILLI_CPU, podRequests, podRequestsOrDefaults } from './pod-requests.js';

const asking = (cpu: string, restartPolicy?: string): Container =>
  ({ name: 'c', resources: { requests: { cpu } }, ...(restartPolicy && { restartPolicy }) }) as Container;
const cpuOf = (spec: Partial<PodSpec>) => podRequests(pod('p', { spec: { containers: [], ...spec } })).get('cpu');

describe('what a Pod asks for', () => {
  test.each<[string, Partial<PodSpec>, number | undefined]>([
    ['nothing', {}, undefined],
    ['its containers together', { containers: [asking('1'), asking('250m')] }, 1250],
    [
      'its largest init container, if that is more',
      { containers: [asking('1')], initContainers: [asking('3'), asking('2')] },
      3000,
    ],
    [
      'its containers, if they are more',
      { containers: [asking('2'), asking('2')], initContainers: [asking('3')] },
      4000,
    ],
    [
      'its sidecars beside its containers',
      { containers: [asking('1')], initContainers: [asking('2', 'Always')] },
      3000,
    ],
    [
      'an init container beside the sidecars that began before it',
      { containers: [asking('1')], initContainers: [asking('2', 'Always'), asking('4'), asking('1', 'Always')] },
      6000,
    ],
    [
      'an init container without the sidecars that begin after it',
      { containers: [asking('1')], initContainers: [asking('4'), asking('2', 'Always')] },
      4000,
    ],
    [
      'what the Pod as a whole says, whatever its containers say',
      { containers: [asking('1')], resources: { requests: { cpu: '5' } } },
      5000,
    ],
    ['and what running it costs', { containers: [asking('1')], overhead: { cpu: '100m' } }, 1100],
    [
      'the Pod as a whole and what running it costs',
      { containers: [asking('1')], resources: { requests: { cpu: '5' } }, overhead: { cpu: '1' } },
      6000,
    ],
  ])('%s', (_, spec, cpu) => expect(cpuOf(spec)).toBe(cpu));

  test.each([
    ['what it asks for, was given and has, the most of it', undefined, 3000],
    ['what its node gave it, where that can give no more', 'Infeasible', 2000],
    ['what it asks for, where that may still be', 'Deferred', 3000],
  ])('while it is resized, %s', (_, reason, cpu) => {
    const told = {
      name: 'c',
      image: '',
      imageID: '',
      ready: true,
      restartCount: 0,
      allocatedResources: { cpu: '2' },
      resources: { requests: { cpu: '1500m' } },
    };
    const conditions = reason ? [{ type: 'PodResizePending', status: 'True', reason }] : [];
    const spec = { containers: [asking('3')], initContainers: [{ ...asking('1'), name: 'i' }] };
    const subject = { ...pod('p', { spec }), status: { containerStatuses: [told], conditions } };
    expect(podRequests(subject).get('cpu')).toBe(cpu);
    expect(podRequestsOrDefaults(subject).get('cpu')).toBe(cpu);
  });

  test('is counted in thousandths of a core, bytes and pieces, rounded up', () => {
    const list = {
      cpu: '1.5',
      memory: '1Ki',
      'example.com/gpu': '2',
      'hugepages-2Mi': '4Mi',
      'ephemeral-storage': '1k',
    };
    expect(Object.fromEntries(amounts(list))).toEqual({
      cpu: 1500,
      memory: 1024,
      'example.com/gpu': 2,
      'hugepages-2Mi': 4 * 2 ** 20,
      'ephemeral-storage': 1000,
    });
    expect([amounts({ cpu: '100u' }).get('cpu'), amounts({ memory: '1m' }).get('memory')]).toEqual([1, 1]);
    expect(amounts(undefined).size).toBe(0);
  });

  test('for comparing nodes, every container weighs something', () => {
    const weights = podRequestsOrDefaults(pod('p', { spec: { containers: [asking('1'), { name: 'b', image: 'x' }] } }));
    expect(weights.get('cpu')).toBe(1000 + DEFAULT_MILLI_CPU);
    expect(weights.get('memory')).toBe(2 * DEFAULT_MEMORY);
  });

  test('is at least what any moment of its life needs, and no more than everything at once', () => {
    const containers = fc.array(fc.record({ cpu: fc.nat(9), always: fc.boolean() }), { maxLength: 5 });
    fc.assert(
      fc.property(containers, fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }), (inits, mains) => {
        const initContainers = inits.map(({ cpu, always }) => asking(`${cpu}`, always ? 'Always' : undefined));
        const asked = cpuOf({ containers: mains.map((cpu) => asking(`${cpu}`)), initContainers }) ?? 0;
        const sum = (list: readonly number[]) => list.reduce((one, other) => one + other, 0) * 1000;
        const sidecarsBefore = (at: number) => inits.slice(0, at).flatMap(({ cpu, always }) => (always ? [cpu] : []));
        const moments = [
          sum([...sidecarsBefore(inits.length), ...mains]),
          ...inits.map(({ cpu }, at) => sum([...sidecarsBefore(at), cpu])),
        ];
        expect(asked).toBe(Math.max(...moments));
      }),
    );
  });
});

describe('a Pod that is read', () => {
  test('takes the addresses of the node that its lasting containers name', () => {
    const ports = (...hostPorts: number[]) => hostPorts.map((hostPort) => ({ containerPort: 80, hostPort }));
    const read = podInfo(
      pod('p', {
        spec: {
          initContainers: [
            { name: 'once', ports: ports(1) },
            { name: 'sidecar', restartPolicy: 'Always', ports: ports(2) },
          ],
          containers: [
            {
              name: 'c',
              ports: [...ports(3, 0), { containerPort: 9, hostPort: 4, hostIP: '10.0.0.1', protocol: 'UDP' }],
            },
          ],
        },
      }),
    );
    expect(read.hostPorts).toEqual([
      { protocol: 'TCP', ip: '0.0.0.0', port: 3 },
      { protocol: 'UDP', ip: '10.0.0.1', port: 4 },
      { protocol: 'TCP', ip: '0.0.0.0', port: 2 },
    ]);
  });

  test('in the network of its node takes every port it names', () => {
    const spec = { hostNetwork: true, containers: [{ name: 'c', ports: [{ containerPort: 8080 }] }] };
    expect(podInfo(pod('p', { spec })).hostPorts).toEqual([{ protocol: 'TCP', ip: '0.0.0.0', port: 8080 }]);
    expect(podInfo(pod('p', { spec: { ...spec, hostNetwork: false } })).hostPorts).toEqual([]);
  });

  test('is of one group with those of the same namespace, labels and affinity, whatever the order of the labels', () => {
    const one = podInfo(pod('a', { labels: { x: '1', y: '2' } }));
    expect(podInfo(pod('b', { labels: { y: '2', x: '1' }, cpu: '5' })).group).toBe(one.group);
    const others = [
      pod('c', { labels: { x: '1' } }),
      pod('c', { labels: { x: '1', y: '2' }, namespace: 'other' }),
      pod('c', { labels: { x: '1', y: '2' }, spec: { affinity: { podAffinity: {} } } }),
      pod('c', { metadata: { namespace: 'default', labels: { x: '1', y: '2' }, deletionTimestamp: 't' } }),
    ];
    for (const other of others) expect(podInfo(other).group).not.toBe(one.group);
  });
});
