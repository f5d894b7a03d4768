import type { Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { podRequests } from '../pod/resources.js';
import { podOf, toldEvents } from '../testing/fakes.js';
import { Allocations } from './allocations.js';

const CORES = 4000;

interface Asked {
  readonly cpu: string;
  readonly generation?: number;
  readonly priority?: number;
  readonly status?: PodStatus;
}

function podWith(uid: string, { cpu, generation = 1, priority = 0, status }: Asked): Pod {
  const containers = [{ name: 'main', resources: { requests: { cpu } } }];
  return { ...podOf({ containers, priority }, { uid, name: uid, generation }), ...(status && { status }) };
}

/** A node of four cores, and the Pods on it. */
function node() {
  const { events, told } = toldEvents();
  const pods = new Map<string, Pod>();
  const changed: string[] = [];
  const allocations: Allocations = new Allocations({
    events,
    admit: (pod) => {
      const others = [...pods.values()].filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
      const sum = [pod, ...others.map((other) => allocations.given(other))]
        .map((each) => podRequests(each).cpu ?? 0)
        .reduce((total, each) => total + each, 0);
      return sum > CORES ? { reason: 'OutOfcpu', message: `${sum}` } : undefined;
    },
    changed: (uid) => void changed.push(uid),
  });
  const run = (uid: string, asked: Asked) => {
    const pod = podWith(uid, asked);
    pods.set(uid, pod);
    return allocations.admit(pod, 'api');
  };
  const ask = (uid: string, asked: Asked) => {
    const pod = podWith(uid, asked);
    pods.set(uid, pod);
    return allocations.resize(pod);
  };
  const gone = (uid: string) => {
    const pod = pods.get(uid) as Pod;
    pods.delete(uid);
    allocations.forget(pod);
  };
  const of = (uid: string) => {
    const pod = pods.get(uid) as Pod;
    return { cpu: allocations.given(pod).spec?.containers[0]?.resources?.requests?.cpu, ...allocations.stateOf(pod) };
  };
  return { allocations, pods, told, changed, run, ask, gone, of };
}

test('a Pod has the size it came with until it is given another', () => {
  const { run, ask, of, allocations, pods, told } = node();
  run('a', { cpu: '1' });
  expect(of('a')).toEqual({ cpu: '1' });
  expect(ask('a', { cpu: '2', generation: 2 })).toBe(true);
  expect(of('a')).toEqual({ cpu: '2', inProgress: { observedGeneration: 2 } });
  allocations.actuated(pods.get('a') as Pod);
  expect(of('a')).toEqual({ cpu: '2' });
  expect(told.map((text) => text.split(':', 1)[0])).toEqual(['Normal ResizeStarted', 'Normal ResizeCompleted']);
});

test('what there is no room for is deferred, and told once', () => {
  const { run, ask, of, told } = node();
  run('a', { cpu: '3' });
  run('b', { cpu: '1' });
  for (const _ of [1, 2]) expect(ask('b', { cpu: '2', generation: 2 })).toBe(false);
  expect(of('b')).toEqual({ cpu: '1', pending: { reason: 'Deferred', message: '5000', observedGeneration: 2 } });
  expect(told).toEqual([expect.stringMatching(/^Warning ResizeDeferred: Pod resize Deferred: .*"error":"5000"/)]);
  ask('b', { cpu: '1', generation: 3 });
  expect(of('b')).toEqual({ cpu: '1' });
});

test('who waits gets its size when there is room, the most urgent first', () => {
  const { run, ask, gone, of, changed } = node();
  for (const uid of ['a', 'b', 'c', 'd']) run(uid, { cpu: '1' });
  ask('b', { cpu: '2', generation: 2 });
  ask('c', { cpu: '2', generation: 2, priority: 10 });
  gone('a');
  expect(changed).toEqual(['c']);
  expect([of('b').cpu, of('c').cpu]).toEqual(['1', '2']);
});

test('a size that shrinks makes room once it has', () => {
  const { run, ask, of, allocations, pods } = node();
  run('a', { cpu: '3' });
  run('b', { cpu: '1' });
  ask('b', { cpu: '2', generation: 2 });
  ask('a', { cpu: '1', generation: 2 });
  expect(of('b').cpu).toBe('1');
  allocations.actuated(pods.get('a') as Pod);
  expect(of('b').cpu).toBe('2');
});

test('a kubelet that begins again goes on from what was told', () => {
  const { run, of, ask } = node();
  const containerStatuses = [
    {
      name: 'main',
      image: '',
      imageID: '',
      ready: true,
      restartCount: 0,
      resources: { requests: { cpu: '1' } },
      allocatedResources: { cpu: '1' },
    },
  ];
  const conditions = [{ type: 'PodResizePending', status: 'True', reason: 'Deferred', observedGeneration: 2 }];
  const asked = { cpu: '2', generation: 2, status: { containerStatuses, conditions } };
  run('a', asked);
  expect(of('a')).toEqual({ cpu: '1', pending: { reason: 'Deferred', observedGeneration: 2 } });
  expect(ask('a', asked)).toBe(true);
});

test('a fault is told once and keeps the generation it began with', () => {
  const { run, ask, of, allocations, pods, told } = node();
  run('a', { cpu: '1' });
  ask('a', { cpu: '2', generation: 2 });
  for (const _ of [1, 2]) allocations.failed(pods.get('a') as Pod, 'too small');
  expect(of('a').inProgress).toEqual({ reason: 'Error', message: 'too small', observedGeneration: 2 });
  expect(told.filter((text) => text.startsWith('Warning ResizeError'))).toHaveLength(1);
});

test('static Pods have what they ask for', () => {
  const { allocations } = node();
  const pod = podWith('s', { cpu: '9' });
  expect(allocations.admit(pod, 'file')?.reason).toBe('OutOfcpu');
  expect(allocations.resize(pod)).toBe(false);
  expect(allocations.given(pod)).toBe(pod);
});
