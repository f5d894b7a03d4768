import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { createKubeClient } from '@binnacle/client-rest';
import type { ProtocolServer } from '@binnacle/client-rest/testing';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBindingServer } from '../testing/binding-server.js';
import { node, type NodeParts, pod, type PodParts } from '../testing/builders.js';
import { runScheduler } from './create-scheduler.js';

let server: ProtocolServer;
let abort: AbortController;
let clock: FakeClock;
let running: Promise<void>;
const events: string[] = [];
const refusals = new Map<string, number>();
const times = new Map<string, number | undefined>();
let whileBinding: () => void = () => undefined;

const recorder: EventRecorder = {
  event(about, type, reason, message, at) {
    events.push(`${about.metadata.name} ${type} ${reason}: ${message}`);
    times.set(reason, at);
  },
};

beforeEach(async () => {
  events.length = 0;
  refusals.clear();
  whileBinding = () => undefined;
  abort = new AbortController();
  clock = new FakeClock();
  server = await startBindingServer((key) => {
    whileBinding();
    return refusals.get(key);
  });
  const ctx = { signal: abort.signal, clock, logger: silentLogger };
  running = runScheduler(ctx, createKubeClient({ server: server.url }), () => recorder);
  running.catch(() => undefined);
});

afterEach(async () => {
  abort.abort(new Error('test over'));
  await running.catch(() => undefined);
  await server.stop();
});

const addNode = (name: string, parts: NodeParts = {}) => server.api.create('nodes', node(name, parts));
const addPod = (name: string, parts: PodParts = {}) => server.api.create('pods', pod(name, parts));
const get = (name: string) => server.api.get('pods', `default/${name}`) as unknown as Pod;
const nodeOf = (name: string) => get(name).spec?.nodeName;
const eventually = (read: () => unknown) => expect.poll(read, { interval: 5, timeout: 4000 });

test('a Pod is bound, and an Event says where', async () => {
  addNode('a');
  addPod('p');
  await eventually(() => nodeOf('p')).toBe('a');
  await eventually(() => events).toEqual(['p Normal Scheduled: Successfully assigned default/p to a']);
});

test('the Event has the time of the decision, before anything the node tells', async () => {
  const decided = clock.now();
  whileBinding = () => clock.step(2000);
  addNode('a');
  addPod('p');
  await eventually(() => times.get('Scheduled')).toBe(decided);
});

test('Pods that come at once never overfill a node, and those left over say why', async () => {
  addNode('a', { cpu: '2' });
  addNode('b', { cpu: '1' });
  for (const name of ['p1', 'p2', 'p3', 'p4']) addPod(name, { cpu: '1' });
  await eventually(() => ['p1', 'p2', 'p3', 'p4'].filter(nodeOf).length).toBe(3);
  const placed = ['p1', 'p2', 'p3', 'p4'].map(nodeOf);
  expect(placed.filter((one) => one === 'a')).toHaveLength(2);
  const left = `p${placed.indexOf(undefined) + 1}`;
  const message =
    '0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: ' +
    '0/2 nodes are available: 2 No preemption victims found for incoming pod.';
  await eventually(() => get(left).status?.conditions?.[0]).toMatchObject({
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
  });
  expect(events).toContain(`${left} Warning FailedScheduling: ${message}`);
});

test('a Pod that waits is placed as soon as another leaves', async () => {
  addNode('a', { cpu: '1' });
  addPod('first', { cpu: '1' });
  await eventually(() => nodeOf('first')).toBe('a');
  addPod('second', { cpu: '1' });
  await eventually(() => get('second').status?.conditions?.length).toBe(1);
  server.api.delete('pods', 'default/first');
  await eventually(() => nodeOf('second')).toBe('a');
});

test('a finished Pod gives its room away', async () => {
  addNode('a', { cpu: '1' });
  addPod('first', { cpu: '1' });
  await eventually(() => nodeOf('first')).toBe('a');
  addPod('second', { cpu: '1' });
  await eventually(() => get('second').status?.conditions?.length).toBe(1);
  server.api.update('pods', 'default/first', { ...get('first'), status: { phase: 'Succeeded' } } as Pod);
  await eventually(() => nodeOf('second')).toBe('a');
});

test('an uncordoned node wakes whom it refused', async () => {
  addNode('a', { spec: { unschedulable: true } });
  addPod('p');
  await eventually(() => events.length).toBe(1);
  expect(events[0]).toContain('0/1 nodes are available: 1 node(s) were unschedulable.');
  server.api.update('nodes', 'a', node('a') as Node);
  await eventually(() => nodeOf('p')).toBe('a');
});

test('without nodes a Pod waits for the first, and is not tried again for what was said of it', async () => {
  const said = (name: string) => `${name} Warning FailedScheduling: no nodes available to schedule pods`;
  addPod('p');
  await eventually(() => get('p').status?.conditions?.length).toBe(1);
  // Who comes later is told later.
  addPod('q');
  await eventually(() => get('q').status?.conditions?.length).toBe(1);
  expect(events).toEqual([said('p'), said('q')]);
  addNode('a');
  await eventually(() => nodeOf('p')).toBe('a');
});

test('a refused binding frees the room and is tried again after a pause', async () => {
  addNode('a', { cpu: '1' });
  refusals.set('default/p', 500);
  addPod('p', { cpu: '1' });
  await eventually(() => events.length).toBe(1);
  expect(events[0]).toContain('p Warning FailedScheduling');
  await eventually(() => get('p').status?.conditions?.[0]?.reason).toBe('SchedulerError');
  addPod('other', { cpu: '1' });
  await eventually(() => nodeOf('other')).toBe('a');
  refusals.clear();
  whileBinding = () => undefined;
  server.api.delete('pods', 'default/other');
  clock.step(1000);
  await eventually(() => nodeOf('p')).toBe('a');
});

test('Pods of another scheduler, and gated ones, are left alone', async () => {
  addNode('a');
  addPod('theirs', { spec: { schedulerName: 'other' } });
  addPod('gated', { spec: { schedulingGates: [{ name: 'g' }] } });
  addPod('ours');
  await eventually(() => nodeOf('ours')).toBe('a');
  expect([nodeOf('theirs'), nodeOf('gated')]).toEqual([undefined, undefined]);
  const gated = get('gated');
  server.api.update('pods', 'default/gated', { ...gated, spec: { containers: [] } } as Pod);
  await eventually(() => nodeOf('gated')).toBe('a');
});

test('a Pod of higher priority takes the room of one of lower', async () => {
  addNode('a', { cpu: '1' });
  addPod('low', { cpu: '1', priority: 1 });
  await eventually(() => nodeOf('low')).toBe('a');
  addPod('high', { cpu: '1', priority: 100 });
  await eventually(() => nodeOf('high')).toBe('a');
  expect(() => get('low')).toThrow('not found');
  expect(events.some((line) => line.startsWith('low Normal Preempted: Preempted by pod high-'))).toBe(true);
  expect(events).toContain('high Warning FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.');
});

test('a Pod for whom room could not be made tries again', async () => {
  addNode('a', { cpu: '1' });
  addPod('low', { cpu: '1', priority: 1 });
  await eventually(() => nodeOf('low')).toBe('a');
  const bind = server.intercept;
  server.intercept = (request, response) => {
    if (request.method !== 'DELETE') return bind(request, response);
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', code: 500, reason: 'InternalError', message: 'not now' }));
    server.intercept = bind;
    return true;
  };
  addPod('high', { cpu: '1', priority: 100 });
  await eventually(() => server.intercept === bind).toBe(true);
  expect(nodeOf('low')).toBe('a');
  await expect
    .poll(
      () => {
        clock.step(500);
        return nodeOf('high');
      },
      { interval: 20, timeout: 4000 },
    )
    .toBe('a');
});
