import type { ContainerState, Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { podState } from './pod-status.js';

const container = (state: ContainerState, ready = false, restartCount = 0) => ({
  name: 'app',
  image: 'app',
  imageID: '',
  ready,
  restartCount,
  state,
});
const pod = (status: PodStatus, metadata = {}, spec = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'app' }], ...spec },
  status,
});
const running = container({ running: { startedAt: '2026-01-01T00:00:00Z' } }, true);

describe('podState', () => {
  test.each([
    ['a running Pod', pod({ phase: 'Running', containerStatuses: [running] }), 'Running', 'ok'],
    ['one not ready', pod({ phase: 'Running', containerStatuses: [{ ...running, ready: false }] }), 'Running', 'warn'],
    [
      'one that crashes',
      pod({ phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] }),
      'CrashLoopBackOff',
      'error',
    ],
    [
      'one that starts',
      pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] }),
      'ContainerCreating',
      'progress',
    ],
    ['an unscheduled one', pod({ phase: 'Pending' }), 'Pending', 'progress'],
    [
      'one that fits nowhere',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }),
      'Pending',
      'warn',
    ],
    [
      'one in its init containers',
      pod(
        { phase: 'Pending', initContainerStatuses: [running] },
        {},
        { initContainers: [{ name: 'a' }, { name: 'b' }] },
      ),
      'Init:0/2',
      'progress',
    ],
    [
      'one whose init container fails',
      pod({ phase: 'Pending', initContainerStatuses: [container({ terminated: { exitCode: 1, reason: 'Error' } })] }),
      'Init:Error',
      'error',
    ],
    [
      'one that goes',
      pod({ phase: 'Running', containerStatuses: [running] }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'Terminating',
      'progress',
    ],
    [
      'one that is done',
      pod({ phase: 'Succeeded', containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })] }),
      'Completed',
      'idle',
    ],
    [
      'one whose first container crashes while another is done',
      pod({
        phase: 'Running',
        containerStatuses: [
          container({ waiting: { reason: 'CrashLoopBackOff' } }),
          container({ terminated: { exitCode: 0, reason: 'Completed' } }),
        ],
      }),
      'CrashLoopBackOff',
      'error',
    ],
    [
      'one on a node that no longer answers',
      pod({ phase: 'Running', containerStatuses: [running], conditions: [{ type: 'Ready', status: 'False' }] }),
      'Running',
      'warn',
    ],
    ['an evicted one', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', 'error'],
  ])('%s', (_, given, label, tone) => {
    expect(podState(given)).toMatchObject({ label, tone });
  });

  test('counts ready containers and restarts', () => {
    const given = pod({ phase: 'Running', containerStatuses: [{ ...running, restartCount: 3 }] });
    expect(podState(given)).toMatchObject({ ready: 1, total: 1, restarts: 3 });
  });

  test('counts sidecars among the containers', () => {
    const sidecar = { ...running, name: 'side', started: true, restartCount: 1 };
    const given = pod(
      { phase: 'Running', containerStatuses: [running], initContainerStatuses: [sidecar] },
      {},
      { initContainers: [{ name: 'side', restartPolicy: 'Always' }] },
    );
    expect(podState(given)).toMatchObject({ label: 'Running', tone: 'ok', ready: 2, total: 2, restarts: 1 });
  });

  test('says why a running Pod is not ready', () => {
    const message = 'containers with unready status: [app]';
    const given = pod({
      phase: 'Running',
      containerStatuses: [{ ...running, ready: false }],
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', message }],
    });
    expect(podState(given)).toMatchObject({ label: 'Running', detail: message });
  });

  describe('on a node that has fallen silent', () => {
    const around = { ...NO_SURROUNDINGS, lostNodes: new Set(['dead']) };
    const on = (nodeName: string, status: object, metadata: object = {}) => pod(status, metadata, { nodeName });

    test.each([
      ['one that ran', on('dead', { phase: 'Running', containerStatuses: [running] }), 'Running,NodeLost', 'warn'],
      [
        'one that nobody there will stop',
        on('dead', { phase: 'Running', containerStatuses: [running] }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
        'Terminating,NodeLost',
        'warn',
      ],
      ['one that was done', on('dead', { phase: 'Succeeded' }), 'Succeeded', 'idle'],
      ['one that had failed before', on('dead', { phase: 'Failed' }), 'Failed', 'error'],
      ['one elsewhere', on('alive', { phase: 'Running', containerStatuses: [running] }), 'Running', 'ok'],
    ])('%s', (_, given, label, tone) => {
      expect(podState(given, around)).toMatchObject({ label, tone });
    });
  });

  test('one that should have been gone long ago is no progress any more', () => {
    const given = pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    const at = (time: string) => ({ ...NO_SURROUNDINGS, now: Date.parse(time) });
    expect(podState(given, at('2026-01-01T00:00:30Z')).tone).toBe('progress');
    expect(podState(given, at('2026-01-01T00:05:00Z'))).toMatchObject({ label: 'Terminating', tone: 'warn' });
  });
});
