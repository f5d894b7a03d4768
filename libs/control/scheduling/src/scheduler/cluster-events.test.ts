import type { Namespace, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Informer, InformerHandler } from '@binnacle/client-informers';
import { FakeClock } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { ClusterCache } from '../cache/cluster-cache.js';
import type { ClusterEvent } from '../framework/cluster-event.js';
import { WaitingPod, type WaitingPods } from '../framework/waiting-pods.js';
import { type PodInfo, podInfo } from '../pod/pod-info.js';
import { DEFAULT_BACKOFF } from '../queue/queued-pod.js';
import { type QueueRules, SchedulingQueue } from '../queue/scheduling-queue.js';
import { node, pod, type PodParts } from '../testing/builders.js';
import { ClusterEvents } from './cluster-events.js';

/** Hands over what a watch would tell. */
function followed<T extends KubeObject>(follow: (informer: Informer<T>) => void): Required<InformerHandler<T>> {
  let found: InformerHandler<T> = {};
  follow({ addHandler: (handler: InformerHandler<T>) => (found = handler) } as unknown as Informer<T>);
  return { added: () => undefined, updated: () => undefined, deleted: () => undefined, ...found };
}

let cache: ClusterCache;
let queue: SchedulingQueue;
let heard: string[];
let waitingPods: WaitingPods;
let nodes: Required<InformerHandler<Node>>;
let pods: Required<InformerHandler<Pod>>;
let namespaces: Required<InformerHandler<Namespace>>;

const shown = ({ resource, action, old, current }: ClusterEvent): string => {
  const subject = (current ?? old) as Node | PodInfo | undefined;
  const name = subject && 'pod' in subject ? subject.name : subject?.metadata.name;
  return `${resource} ${name} ${action}`;
};

beforeEach(() => {
  cache = new ClusterCache();
  waitingPods = new Map();
  heard = [];
  const rules: QueueRules = {
    before: (a, b) => a.timestamp < b.timestamp,
    backoff: DEFAULT_BACKOFF,
    gate: () => undefined,
    concerns: () => true,
    hears: () => true,
    wakes: ({ action }) => action !== 'Update',
  };
  queue = new SchedulingQueue(new FakeClock(), rules, { queued: () => undefined });
  const listening = Object.create(queue) as SchedulingQueue;
  listening.happened = (event) => heard.push(shown(event));
  const events = new ClusterEvents({ cluster: cache, waitingPods }, listening, new Set(['default-scheduler']));
  nodes = followed((informer) => events.followNodes(informer));
  pods = followed((informer) => events.followPods(informer));
  namespaces = followed((informer) => events.followNamespaces(informer));
});

const on = (name: string, nodeName: string, parts: PodParts = {}): Pod => {
  const made = pod(name, parts);
  return {
    ...made,
    metadata: { ...made.metadata, uid: name, ...parts.metadata },
    spec: { containers: [], ...made.spec, nodeName },
  };
};
const unplaced = (name: string, parts: PodParts = {}): Pod => {
  const made = pod(name, parts);
  return { ...made, metadata: { ...made.metadata, uid: name, ...parts.metadata } };
};

describe('a node', () => {
  test('is known and told of when it comes, and forgotten when it goes', () => {
    nodes.added(node('a'));
    expect([cache.nodes.find('a')?.name, heard]).toEqual(['a', ['Node a Add']]);
    nodes.deleted(node('a'));
    expect(cache.nodes.find('a')).toBeUndefined();
    expect(heard.at(-1)).toBe('Node a Delete');
  });

  test.each<[string, Node, string[]]>([
    ['nothing a rule looks at', { ...node('a'), status: { ...node('a').status, conditions: [] } }, []],
    ['its labels', node('a', { labels: { x: '1' } }), ['Node a UpdateNodeLabel']],
    ['its size', node('a', { cpu: '9' }), ['Node a UpdateNodeAllocatable']],
    ['its taints', node('a', { taints: [{ key: 'k', effect: 'NoSchedule' }] }), ['Node a UpdateNodeTaint']],
    ['that it is cordoned', node('a', { spec: { unschedulable: true } }), []],
    [
      'what its kubelet knows',
      node('a', { status: { allocatable: node('a').status?.allocatable, declaredFeatures: ['f'] } }),
      ['Node a UpdateNodeDeclaredFeature'],
    ],
  ])('that changes in %s', (_, next, events) => {
    nodes.updated(next, node('a'));
    expect(heard).toEqual(events);
    expect(cache.nodes.find('a')?.node).toBe(next);
  });
});

describe('a Pod', () => {
  test('without a node waits, and once bound it is counted', () => {
    pods.added(unplaced('p'));
    expect(queue.has('p')).toBe(true);
    pods.updated(on('p', 'a'), unplaced('p'));
    expect([queue.has('p'), cache.placementOf('p')?.node, heard]).toEqual([false, 'a', ['Pod p Add']]);
  });

  test('that this scheduler has placed is confirmed, and may be whom another waits for', () => {
    cache.assume(podInfo(on('p', 'a')), 'a');
    pods.updated(on('p', 'a'), unplaced('p'));
    pods.updated({ ...on('p', 'a'), status: { phase: 'Running' } }, on('p', 'a'));
    expect([cache.isAssumed('p'), heard]).toEqual([false, ['Pod p Add']]);
  });

  test.each<[string, Partial<Pod>]>([
    ['finished', { status: { phase: 'Succeeded' } }],
    ['failed', { status: { phase: 'Failed' } }],
  ])('that %s leaves its room', (_, change) => {
    pods.added(on('p', 'a'));
    pods.updated({ ...on('p', 'a'), ...change }, on('p', 'a'));
    expect([cache.placementOf('p'), heard]).toEqual([undefined, ['Pod p Add', 'Pod p Delete']]);
  });

  test('that is gone leaves its room, and what was promised to it', () => {
    pods.added(on('p', 'a'));
    pods.added(unplaced('q', {}));
    cache.nominations.set(podInfo(unplaced('q')), 'a');
    pods.deleted(unplaced('q'));
    pods.deleted(on('p', 'a'));
    const events = ['Pod p Add', 'Pod q Delete', 'Pod p Delete'];
    expect([queue.has('q'), cache.nominations.isEmpty, heard]).toEqual([false, true, events]);
  });

  test.each<[string, PodParts, string[]]>([
    ['its labels', { labels: { x: '1' } }, ['Pod p UpdatePodLabel']],
    [
      'that it is going',
      { metadata: { uid: 'p', name: 'p', namespace: 'default', deletionTimestamp: 't' } },
      ['Pod p UpdatePodLabel'],
    ],
    ['what it asks for', { cpu: '100m' }, ['Pod p UpdatePodScaleDown']],
    ['nothing that others look at', { cpu: '1' }, []],
  ])('on a node that changes in %s', (_, parts, events) => {
    pods.added(on('p', 'a', { cpu: '1' }));
    heard.length = 0;
    pods.updated(on('p', 'a', { cpu: '1', ...parts }), on('p', 'a'));
    expect(heard).toEqual(events);
  });

  test('that is going before it was placed is no longer waited with', () => {
    pods.added(unplaced('p'));
    pods.updated(
      unplaced('p', { metadata: { uid: 'p', name: 'p', namespace: 'default', deletionTimestamp: 't' } }),
      unplaced('p'),
    );
    expect(queue.has('p')).toBe(false);
  });

  test('that is going while it is being bound is counted until it is known where it is', () => {
    const going = unplaced('p', { metadata: { uid: 'p', name: 'p', namespace: 'default', deletionTimestamp: 't' } });
    cache.assume(podInfo(unplaced('p')), 'a');
    pods.updated(going, unplaced('p'));
    expect(cache.placementOf('p')?.node).toBe('a');
    pods.updated({ ...going, status: { phase: 'Failed' } }, going);
    expect([cache.placementOf('p'), heard]).toEqual([undefined, ['Pod p Delete']]);
  });

  test.each<[string, PodParts, boolean]>([
    ['what it tolerates', { spec: { tolerations: [{ operator: 'Exists' }] } }, true],
    ['its labels', { labels: { a: 'b' } }, true],
    ['its annotations', { metadata: { uid: 'p', name: 'p', namespace: 'default', annotations: { a: 'b' } } }, false],
  ])('that no node took and that changes in %s is looked at again: %s', async (_, parts, again) => {
    const before = { ...unplaced('p'), metadata: { ...unplaced('p').metadata, labels: {} } };
    pods.added(before);
    const taken = await queue.take();
    if (taken) queue.putUnschedulable(taken, new Set(['X']));
    const next = unplaced('p', parts);
    pods.updated({ ...next, metadata: { ...next.metadata, labels: next.metadata.labels ?? {} } }, before);
    expect(queue.sizes.active + queue.sizes.backoff > 0).toBe(again);
  });

  test('that goes while it waits for permission is not waited with any longer', async () => {
    const waiting = new WaitingPod(podInfo(unplaced('p')), 'a', new Map([['Gang', 1000]]), new FakeClock());
    waitingPods.set('p', waiting);
    cache.assume(waiting.pod, 'a');
    pods.deleted(unplaced('p'));
    expect(await waiting.settled).toMatchObject({ message: 'removed', preempted: false });
  });

  test('whose promise is withdrawn leaves the room to others of no higher priority', async () => {
    const before = { ...unplaced('p', { priority: 5 }), status: { nominatedNodeName: 'a' } };
    pods.added(before);
    pods.updated({ ...before, status: {} }, before);
    expect([cache.nominations.isEmpty, heard]).toEqual([true, ['Pod p Delete']]);
  });

  test('of another scheduler is not ours, and may not wait here', () => {
    pods.added(unplaced('p', { spec: { schedulerName: 'other' } }));
    expect([queue.has('p'), heard]).toEqual([false, []]);
  });

  test('to whom room was promised in an earlier life of the scheduler has it again', () => {
    pods.added({ ...unplaced('p'), status: { nominatedNodeName: 'a' } });
    expect(cache.nominations.nodeOf('p')).toBe('a');
  });
});

test('a namespace that comes, or whose labels change, may let Pods in', () => {
  const namespace = (labels: Record<string, string>, phase = 'Active') =>
    ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', labels }, status: { phase } }) as Namespace;
  namespaces.added(namespace({}));
  namespaces.updated(namespace({}, 'Terminating'), namespace({}));
  namespaces.updated(namespace({ a: 'b' }), namespace({}));
  expect(heard).toEqual(['Namespace n Add', 'Namespace n Update']);
});
