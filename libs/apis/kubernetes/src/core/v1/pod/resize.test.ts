import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec, PodStatus } from '../index.js';
import { pods } from './definition.js';
import { resizeRules } from './resize.js';

const web: Container = {
  name: 'c',
  image: 'nginx:1',
  resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
};
const once: Container = { name: 'i', image: 'nginx:1', resources: { requests: { cpu: '1' } } };

interface Stored {
  readonly spec?: Partial<PodSpec>;
  readonly status?: PodStatus;
  readonly annotations?: Record<string, string>;
}

function stored({ spec, status, annotations = {} }: Stored = {}): Pod {
  const metadata = { name: 'x', namespace: 'ns', annotations };
  const draft: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [web], ...spec } };
  const { object } = rehearseCreate<Pod>(pods, draft);
  return { ...object, status: { ...object.status, ...status } };
}

/** What a resize makes of a Pod, and what is wrong with it. */
function resize(old: Pod, change: (spec: PodSpec, pod: Pod) => void): { next: Pod; errors: string[] } {
  const next = structuredClone(old);
  if (next.spec) change(next.spec, next);
  resizeRules.prepareForUpdate(next, old, 0);
  return { next, errors: resizeRules.validateUpdate(next, old).map(({ field, message }) => `${field}: ${message}`) };
}

const give = (requests: Record<string, string>, limits: Record<string, string> = { memory: '1Gi' }) => {
  const resources = { requests: { memory: '1Gi', ...requests }, limits };
  return ({ containers: [c] }: PodSpec) => void Object.assign(c ?? {}, { resources });
};

describe('a resize', () => {
  it('changes what containers ask for and may use, and nothing else', () => {
    const { next, errors } = resize(stored(), (spec, pod) => {
      give({ cpu: '2' })(spec);
      spec.containers[0] = { ...(spec.containers[0] as Container), image: 'nginx:2' };
      spec.nodeName = 'elsewhere';
      pod.metadata.labels = { a: 'b' };
      pod.status = { phase: 'Failed' };
    });
    expect(errors).toEqual([]);
    expect(next.spec?.containers[0]).toMatchObject({ image: 'nginx:1', resources: { requests: { cpu: '2' } } });
    expect(next.spec?.nodeName).toBeUndefined();
    expect(next.metadata.labels).toBeUndefined();
    expect(next.status?.phase).toBe('Pending');
    expect(next.metadata.generation).toBe(2);
  });

  it('is of the same generation where it changes nothing', () => {
    const { next } = resize(stored(), (_, { metadata }) => void (metadata.labels = { a: 'b' }));
    expect(next.metadata.generation).toBe(1);
  });

  const first = (spec: PodSpec) => spec.containers[0] as Container;
  it.each<[reason: string, old: Pod, change: (spec: PodSpec) => void, errors: string[]]>([
    [
      'adds no container',
      stored(),
      (spec) => void spec.containers.push({ ...first(spec), name: 'd' }),
      ['spec.containers: Forbidden: containers may not be added or removed on resize'],
    ],
    [
      'renames none',
      stored(),
      (spec) => void (first(spec).name = 'd'),
      ['spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize'],
    ],
    [
      'takes no request away',
      stored(),
      (spec) => void delete first(spec).resources?.requests?.cpu,
      ['spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed'],
    ],
    [
      'takes no limit away',
      stored(),
      (spec) => void delete first(spec).resources?.limits,
      ['spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed'],
    ],
    [
      'gives nothing but cpu and memory',
      stored(),
      give({ cpu: '1', 'ephemeral-storage': '1Gi' }),
      ['spec: Forbidden: only cpu and memory resources are mutable'],
    ],
    [
      'leaves its own policy',
      stored(),
      (spec) => void (first(spec).resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }]),
      ['spec: Forbidden: only cpu and memory resources are mutable'],
    ],
    [
      'leaves the class of service',
      stored(),
      give({ cpu: '1' }, { cpu: '1', memory: '1Gi' }),
      ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
    ],
    [
      'may resize what runs before the others',
      stored({ spec: { initContainers: [once] } }),
      ({ initContainers: [i] = [] }) => void Object.assign(i ?? {}, { resources: { requests: { cpu: '2' } } }),
      [],
    ],
    [
      'changes the Pod as a whole',
      stored({ spec: { resources: { requests: { cpu: '2' } } } }),
      (spec) => void (spec.resources = { requests: { cpu: '3' } }),
      [],
    ],
    [
      'takes no request of the Pod as a whole away',
      stored({ spec: { resources: { requests: { cpu: '2' } } } }),
      (spec) => void delete spec.resources,
      ['spec.resources: Forbidden: pod-level resources cannot be removed'],
    ],
    [
      'is only for Linux',
      stored({ spec: { os: { name: 'windows' } } }),
      give({ cpu: '2' }),
      [': Forbidden: windows pods cannot be resized'],
    ],
    [
      'is not for static Pods',
      stored({ annotations: { 'kubernetes.io/config.mirror': 'x' } }),
      give({ cpu: '2' }),
      [': Forbidden: static pods cannot be resized'],
    ],
    [
      'needs a node that can do it',
      stored({ status: { containerStatuses: [running()] } }),
      give({ cpu: '2' }),
      ['spec: Forbidden: Pod running on node without support for resize'],
    ],
    [
      'is for what runs where the node tells what it has',
      stored({ status: { containerStatuses: [{ ...running(), resources: {} }] } }),
      give({ cpu: '2' }),
      [],
    ],
    ['knows no negative amounts', stored(), give({ cpu: '-1' }), [expect.stringContaining('must be greater than')]],
  ])('%s', (_, old, change, expected) => {
    expect(resize(old, change).errors).toEqual(expected);
  });

  function running() {
    const state = { running: {} };
    return { name: 'c', image: 'nginx:1', imageID: '', ready: true, restartCount: 0, state };
  }
});
