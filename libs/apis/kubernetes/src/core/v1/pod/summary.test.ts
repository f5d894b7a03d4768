import { describe, expect, it } from 'vitest';
import type { ContainerStatus, Pod, PodSpec, PodStatus } from '../index.js';
import { podSummary } from './summary.js';

const now = Date.parse('2026-01-01T01:00:00Z');

const spec: PodSpec = { containers: [{ name: 'a' }, { name: 'b' }] };
const pod = (status: PodStatus, overrides: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x' },
  spec,
  status,
  ...overrides,
});
const container = (name: string, overrides: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name,
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...overrides,
});
const running = (name: string) =>
  container(name, { ready: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } });
const withInit = { spec: { ...spec, initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }] } };

describe('podSummary', () => {
  it.each<[reason: string, Pod, object]>([
    [
      'a Pod nobody has looked at shows its phase',
      pod({ phase: 'Pending' }),
      { ready: 0, containers: 2, status: 'Pending' },
    ],
    [
      'running containers count as ready',
      pod({ phase: 'Running', containerStatuses: [running('a'), running('b')] }),
      { ready: 2, status: 'Running', restarts: '0' },
    ],
    [
      'a reason to wait says more than the phase',
      pod({
        phase: 'Running',
        containerStatuses: [container('a', { state: { waiting: { reason: 'CrashLoopBackOff' } } })],
      }),
      { status: 'CrashLoopBackOff' },
    ],
    [
      'an exit code stands in for a missing reason',
      pod({ phase: 'Failed', containerStatuses: [container('a', { state: { terminated: { exitCode: 3 } } })] }),
      { status: 'ExitCode:3' },
    ],
    [
      'the first container that has a problem wins',
      pod({
        phase: 'Failed',
        containerStatuses: [
          container('a', { state: { terminated: { exitCode: 1, reason: 'Error' } } }),
          container('b', { state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
        ],
      }),
      { status: 'Error' },
    ],
    [
      'one finished container does not complete a Pod that runs',
      pod({
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          container('a', { state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
          running('b'),
        ],
      }),
      { status: 'Running', ready: 1 },
    ],
    [
      'and reads NotReady while the Pod is not ready',
      pod({
        phase: 'Running',
        containerStatuses: [
          container('a', { state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
          running('b'),
        ],
      }),
      { status: 'NotReady' },
    ],
    [
      'restarts tell when the last one was',
      pod({
        phase: 'Running',
        containerStatuses: [
          container('a', {
            restartCount: 2,
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:55:00Z' } },
          }),
          running('b'),
        ],
      }),
      { restarts: '2 (5m ago)' },
    ],
    [
      'init containers show how far they are',
      pod({ phase: 'Pending', initContainerStatuses: [container('i', { state: { running: {} } })] }, withInit),
      { status: 'Init:0/2', containers: 3 },
    ],
    [
      'a failing init container shows why',
      pod(
        { phase: 'Pending', initContainerStatuses: [container('i', { state: { terminated: { exitCode: 2 } } })] },
        withInit,
      ),
      { status: 'Init:ExitCode:2' },
    ],
    [
      'a started sidecar counts as a container',
      pod(
        {
          phase: 'Running',
          conditions: [{ type: 'Initialized', status: 'True' }],
          initContainerStatuses: [
            container('i', { state: { terminated: { exitCode: 0 } } }),
            { ...running('s'), started: true, restartCount: 1 },
          ],
          containerStatuses: [running('a'), running('b')],
        },
        withInit,
      ),
      { ready: 3, containers: 3, status: 'Running', restarts: '1' },
    ],
    [
      'a deleted Pod is terminating',
      pod({ phase: 'Running' }, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      { status: 'Terminating' },
    ],
    [
      'unless it has finished',
      pod({ phase: 'Succeeded' }, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      { status: 'Succeeded' },
    ],
    [
      'or its node is lost',
      pod({ phase: 'Running', reason: 'NodeLost' }, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      { status: 'Unknown' },
    ],
    [
      'a gated Pod says so',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
      { status: 'SchedulingGated' },
    ],
  ])('%s', (_reason, object, expected) => {
    expect(podSummary(object, now)).toMatchObject(expected);
  });
});
