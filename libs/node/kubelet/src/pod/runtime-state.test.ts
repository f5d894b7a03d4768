import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerStatus as ApiContainerStatus } from '@binnacle/apis-kubernetes/core/v1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeContext, podOf, runOf, runtimeOf, sandboxOf } from '../testing/fakes.js';
import {
  forgottenContainers,
  isForgotten,
  latestContainer,
  lostContainers,
  observePod,
  readySandbox,
} from './runtime-state.js';
import { terminationMessage } from './termination-message.js';

const NOW = Date.UTC(2026, 0, 1);

describe('what there is of a Pod', () => {
  test('is the newest first, of all its sandboxes, and what was lost', async () => {
    const sandbox = (id: string, attempt: number) =>
      sandboxOf({ id, state: attempt === 1 ? 'ready' : 'notReady', metadata: { ...sandboxOf().metadata, attempt } });
    const again = runOf('main', { metadata: { name: 'main', attempt: 2 }, sandboxId: 'new' });
    const runtime = runtimeOf({
      listPodSandboxes: async (_, filter) => (filter?.podUid === 'u' ? [sandbox('old', 0), sandbox('new', 1)] : []),
      listContainers: async (_, id) => (id === 'new' ? [again] : [runOf('main', { exitCode: 1, sandboxId: 'old' })]),
    });
    const lost = runOf('main', { exitCode: 255, metadata: { name: 'main', attempt: 1 }, sandboxId: '' });
    const state = await observePod(fakeContext(), runtime, podOf(), [lost]);
    expect(state.sandboxes.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(state.containers.map(({ metadata }) => metadata.attempt)).toEqual([2, 1, 0]);
    expect([readySandbox(state)?.id, latestContainer(state, 'main')?.id, latestContainer(state, 'gone')]).toEqual([
      'new',
      again.id,
      undefined,
    ]);
  });

  test('that is made to be forgotten is kept once each, in no sandbox', () => {
    const runs = [
      runOf('a', { exitCode: 1, metadata: { name: 'a', attempt: 1 } }),
      runOf('a', { exitCode: 0 }),
      runOf('b', { exitCode: 0 }),
    ];
    const kept = forgottenContainers(runs);
    expect(kept.map(({ id, sandboxId }) => [id, sandboxId])).toEqual([
      ['a-1', ''],
      ['b-0', ''],
    ]);
    expect([kept.every(isForgotten), runs.some(isForgotten)]).toEqual([true, false]);
  });
});

describe('containers that a runtime lost', () => {
  const reported = (more: Partial<ApiContainerStatus>): ApiContainerStatus => ({
    name: 'main',
    image: 'app',
    imageID: 'app@1',
    containerID: 'sim://abc',
    ready: false,
    restartCount: 2,
    ...more,
  });
  const lost = (more: Partial<ApiContainerStatus>, status: object = {}) =>
    lostContainers({ ...podOf(), status: { containerStatuses: [reported(more)], ...status } }, [], NOW);

  test.each<[string, Partial<ApiContainerStatus>, object]>([
    [
      'that ran ended when nobody saw it',
      { state: { running: { startedAt: '2025-12-31T23:00:00Z' } } },
      { exitCode: 255, reason: 'Unknown', startedAt: NOW - 3_600_000, finishedAt: NOW },
    ],
    [
      'that had ended did so as it was told',
      {
        state: {
          terminated: {
            exitCode: 3,
            reason: 'Error',
            message: 'bye',
            startedAt: '2025-12-31T23:00:00Z',
            finishedAt: '2025-12-31T23:30:00Z',
          },
        },
      },
      { exitCode: 3, reason: 'Error', message: 'bye', startedAt: NOW - 3_600_000, finishedAt: NOW - 1_800_000 },
    ],
    [
      'that waited to run again ended as it last did',
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 4 } } },
      { exitCode: 4 },
    ],
    ['of which nothing is known ended now', {}, { exitCode: 255, startedAt: NOW, finishedAt: NOW }],
  ])('%s', (_, more, expected) => {
    expect(lost(more)).toEqual([
      expect.objectContaining({ id: 'abc', state: 'exited', metadata: { name: 'main', attempt: 2 }, ...expected }),
    ]);
  });

  test('are only those that it does not know', () => {
    const pod = {
      ...podOf(),
      status: {
        containerStatuses: [reported({}), reported({ name: 'other', containerID: 'sim://o' })],
        initContainerStatuses: [reported({ name: 'init', containerID: undefined })],
      },
    };
    expect(lostContainers(pod, [runOf('main')], NOW).map(({ metadata }) => metadata.name)).toEqual(['other']);
    expect(lostContainers(podOf(), [], NOW)).toEqual([]);
  });

  test('of a Pod that was beginning again are to be run whatever its policy says', () => {
    const restarting = { conditions: [{ type: 'AllContainersRestarting', status: 'True' }] };
    expect(lost({}, restarting).every(isForgotten)).toBe(true);
    expect(lost({}, { conditions: [{ type: 'AllContainersRestarting', status: 'False' }] }).some(isForgotten)).toBe(
      false,
    );
  });
});

describe('what an ended container says', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'binnacle-message-'));
    const lines = Array.from(
      { length: 100 },
      (_, at) => `2026-01-01T00:00:00.000000000Z stdout F line ${at} ${'x'.repeat(100)}\n`,
    );
    await writeFile(join(directory, 'long.log'), lines.join(''));
    await writeFile(join(directory, 'short.log'), '2026-01-01T00:00:00.000000000Z stderr F boom\n');
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const said = (policy: string | undefined, more: Parameters<typeof runOf>[1]) =>
    terminationMessage(
      podOf({ containers: [{ name: 'main', image: 'app', ...(policy && { terminationMessagePolicy: policy }) }] }),
      runOf('main', more),
    );
  const log = (name: string) => join(directory, name);
  const FALLBACK = 'FallbackToLogsOnError';

  test.each<[string, string | undefined, () => Parameters<typeof runOf>[1], string]>([
    ['is what it left for that', FALLBACK, () => ({ exitCode: 1, message: 'own', logPath: log('short.log') }), 'own'],
    [
      'is nothing where the Pod does not ask for its log',
      undefined,
      () => ({ exitCode: 1, logPath: log('short.log') }),
      '',
    ],
    ['is its log where it failed', FALLBACK, () => ({ exitCode: 1, logPath: log('short.log') }), 'boom\n'],
    ['is nothing where it ended well', FALLBACK, () => ({ exitCode: 0, logPath: log('short.log') }), ''],
    ['is nothing where it has no log', FALLBACK, () => ({ exitCode: 1, logPath: log('gone.log') }), ''],
  ])('%s', async (_, policy, more, message) => expect(await said(policy, more())).toBe(message));

  test('is not longer than it may be', async () => {
    expect(await said(undefined, { exitCode: 1, message: 'y'.repeat(5_000) })).toHaveLength(4_096);
    const tail = await said(FALLBACK, { exitCode: 1, logPath: log('long.log') });
    expect(tail).toHaveLength(2_048);
    expect(tail).toMatch(/line 99 x{100}\n$/);
  });
});
