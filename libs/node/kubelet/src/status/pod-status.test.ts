import type { ContainerStatus as ApiContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus } from '@binnacle/node-cri';
import { describe, expect, test } from 'vitest';
import { podPhase } from './phase.js';
import { type PodFacts, podStatus } from './pod-status.js';
import { statusPatch } from './status-manager.js';

const pod = (spec: Partial<NonNullable<Pod['spec']>> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'u', generation: 3 },
  spec: { ...spec, containers: spec.containers ?? [{ name: 'main', image: 'app' }] },
});

const facts: PodFacts = {
  now: Date.UTC(2026, 0, 1),
  hostIP: '127.0.0.11',
  runtimeName: 'simulated',
  isTerminal: false,
  waiting: new Map(),
  ready: () => true,
  started: () => true,
};

const sandbox = {
  id: 's1',
  metadata: { name: 'p', namespace: 'ns', uid: 'u', attempt: 0 },
  state: 'ready' as const,
  createdAt: 0,
  ip: '10.244.1.2',
  labels: {},
  annotations: {},
};

const container = (more: Partial<ContainerStatus>): ContainerStatus => ({
  id: 'c1',
  sandboxId: 's1',
  metadata: { name: 'main', attempt: 0 },
  state: 'running',
  createdAt: 0,
  startedAt: facts.now,
  image: 'app',
  imageRef: 'docker.io/library/app:latest',
  logPath: '',
  labels: {},
  annotations: {},
  ...more,
});

const conditions = (status: ReturnType<typeof podStatus>) =>
  Object.fromEntries(
    (status.conditions ?? []).map(({ type, status: value, reason }) => [type, reason ? `${value} ${reason}` : value]),
  );

describe('the status of a Pod', () => {
  test('before its containers exist', () => {
    const status = podStatus(pod(), {}, { sandboxes: [], containers: [] }, facts);
    expect(status).toMatchObject({
      phase: 'Pending',
      observedGeneration: 3,
      hostIP: '127.0.0.11',
      qosClass: 'BestEffort',
    });
    expect(status.podIP).toBeUndefined();
    expect(status.containerStatuses?.[0]).toMatchObject({
      ready: false,
      state: { waiting: { reason: 'ContainerCreating' } },
    });
    expect(conditions(status)).toEqual({
      PodReadyToStartContainers: 'False',
      Initialized: 'True',
      Ready: 'False ContainersNotReady',
      ContainersReady: 'False ContainersNotReady',
      PodScheduled: 'True',
    });
  });

  test('while it runs', () => {
    const status = podStatus(pod(), {}, { sandboxes: [sandbox], containers: [container({})] }, facts);
    expect(status).toMatchObject({ phase: 'Running', podIP: '10.244.1.2', podIPs: [{ ip: '10.244.1.2' }] });
    expect(status.containerStatuses?.[0]).toMatchObject({
      ready: true,
      started: true,
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
      containerID: 'simulated://c1',
    });
    expect(conditions(status)).toMatchObject({ Ready: 'True', ContainersReady: 'True' });
  });

  test('while a crashed container waits', () => {
    const waiting = new Map([['main', { reason: 'CrashLoopBackOff', message: 'back-off 10s' }]]);
    const ended = container({ state: 'exited', exitCode: 3, reason: 'Error', metadata: { name: 'main', attempt: 2 } });
    const status = podStatus(pod(), {}, { sandboxes: [sandbox], containers: [ended] }, { ...facts, waiting });
    expect(status.phase).toBe('Running');
    expect(status.containerStatuses?.[0]).toMatchObject({
      restartCount: 2,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3 } },
    });
  });

  test('keeps the time of a condition that has not changed', () => {
    const first = podStatus(pod(), {}, { sandboxes: [sandbox], containers: [container({})] }, facts);
    const later = podStatus(
      pod(),
      first,
      { sandboxes: [sandbox], containers: [container({})] },
      { ...facts, now: facts.now + 60_000 },
    );
    expect(later).toEqual(first);
  });

  test('of a Pod that was made to fail', () => {
    const failed = { reason: 'OutOfcpu', message: 'no room' };
    const status = podStatus(pod(), {}, { sandboxes: [], containers: [] }, { ...facts, failed, isTerminal: true });
    expect(status).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu', message: 'no room' });
  });

  test('of a Pod that was refused tells of no containers, so that the reason is what is shown', () => {
    const failed = { reason: 'OutOfcpu', message: 'no room' };
    const nothing = { sandboxes: [], containers: [] };
    const status = podStatus(pod(), {}, nothing, { ...facts, failed, isRejected: true, isTerminal: true });
    expect(status.containerStatuses).toBeUndefined();
  });

  test('waits for its readiness gates', () => {
    const gated = pod({ readinessGates: [{ conditionType: 'example.com/ready' }] });
    const status = podStatus(gated, {}, { sandboxes: [sandbox], containers: [container({})] }, facts);
    expect(conditions(status)).toMatchObject({ Ready: 'False ReadinessGatesNotReady', ContainersReady: 'True' });
  });
});

describe('the phase', () => {
  const ended = (exitCode: number): ApiContainerStatus => ({
    name: 'c',
    image: '',
    imageID: '',
    containerID: 'x',
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode } },
  });
  const running: ApiContainerStatus = { ...ended(0), state: { running: {} } };

  test.each([
    ['Always', [ended(0)], false, 'Running'],
    ['Always', [ended(0), ended(0)], true, 'Succeeded'],
    ['Never', [ended(0), ended(0)], false, 'Succeeded'],
    ['Never', [ended(0), ended(1)], false, 'Failed'],
    ['Never', [ended(1), running], false, 'Running'],
    ['OnFailure', [ended(1)], false, 'Running'],
    ['OnFailure', [ended(0)], false, 'Succeeded'],
    ['Always', [ended(1)], true, 'Failed'],
  ])('policy %s, %#', (restartPolicy, main, isTerminal, phase) => {
    expect(podPhase(pod({ restartPolicy }), [], main, isTerminal)).toBe(phase);
  });

  const again = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
  test.each([
    ['Never', { restartPolicy: 'Never', restartPolicyRules: again }, ended(42), 'Running'],
    ['Never', { restartPolicy: 'Never', restartPolicyRules: again }, ended(1), 'Failed'],
    ['Never', { restartPolicy: 'OnFailure' }, ended(1), 'Running'],
    ['Always', { restartPolicy: 'Never' }, ended(1), 'Failed'],
    ['Always', { restartPolicy: 'Never' }, ended(0), 'Succeeded'],
  ])("policy %s with a container's own, %#", (restartPolicy, own, status, phase) => {
    const containers = [{ name: 'c', ...own }];
    expect(podPhase(pod({ restartPolicy, containers }), [], [status], false)).toBe(phase);
  });

  test('waits for an init container that its own rule runs again', () => {
    const initContainers = [{ name: 'i', restartPolicy: 'Never', restartPolicyRules: again }];
    const subject = pod({ restartPolicy: 'Never', initContainers });
    const main = { ...ended(0), containerID: undefined, state: { waiting: {} } };
    expect(podPhase(subject, [{ ...ended(42), name: 'i' }], [main], false)).toBe('Pending');
    expect(podPhase(subject, [{ ...ended(1), name: 'i' }], [main], false)).toBe('Failed');
  });
});

describe('a status patch', () => {
  const now = { type: 'Ready', status: 'True' };

  test('holds what changed, and of conditions only those', () => {
    const sent = {
      phase: 'Pending',
      conditions: [
        { type: 'Ready', status: 'False' },
        { type: 'Initialized', status: 'True' },
      ],
    };
    const wanted = { phase: 'Running', conditions: [now, { type: 'Initialized', status: 'True' }] };
    expect(statusPatch(wanted, sent)).toEqual({ phase: 'Running', conditions: [now] });
  });

  test('replaces addresses', () => {
    expect(statusPatch({ podIPs: [{ ip: '10.0.0.2' }] }, { podIPs: [{ ip: '10.0.0.1' }] })).toEqual({
      podIPs: [{ ip: '10.0.0.2' }, { $patch: 'replace' }],
    });
  });

  test('of nothing is none', () => {
    const status = { phase: 'Running', conditions: [now] };
    expect(statusPatch(status, { ...status, conditions: [now, { type: 'Other', status: 'True' }] })).toBeUndefined();
  });
});
