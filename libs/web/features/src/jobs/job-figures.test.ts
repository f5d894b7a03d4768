import { job, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { indexCounts, jobFigures, jobIndexes, nextTryAt } from './job-figures.js';

const NOW = Date.parse('2026-01-01T00:10:00Z');
const at = (second: number) => new Date(NOW + second * 1_000).toISOString();

const podOf = (phase: string, index?: number, endedAt?: number) =>
  pod({
    metadata: { annotations: index === undefined ? {} : { 'batch.kubernetes.io/job-completion-index': String(index) } },
    status: {
      phase,
      ...(endedAt !== undefined && {
        containerStatuses: [
          {
            name: 'main',
            image: 'i',
            imageID: 'i',
            ready: false,
            restartCount: 0,
            state: { terminated: { exitCode: 1, finishedAt: at(endedAt) } },
          },
        ],
      }),
    },
  });

const indexed = job({
  spec: { completions: 5, parallelism: 2, completionMode: 'Indexed' },
  status: { completedIndexes: '0', failedIndexes: '3', succeeded: 1, failed: 2, active: 1 },
});

describe('a Job in figures', () => {
  test('has what its status says, and its limits', () => {
    expect(jobFigures(indexed)).toEqual({
      wanted: 5,
      parallelism: 2,
      succeeded: 1,
      active: 1,
      ready: 0,
      failed: 2,
      terminating: 0,
      limits: { kind: 'all', limit: 6 },
      over: false,
    });
  });

  test('that counts the failures of each index says so', () => {
    const spec = { completionMode: 'Indexed', backoffLimitPerIndex: 1, maxFailedIndexes: 3 };
    expect(jobFigures(job({ spec })).limits).toEqual({ kind: 'perIndex', limit: 1, indexes: 3 });
  });
});

describe('the indexes of a Job', () => {
  test('run where a Pod does', () => {
    const pods = [podOf('Running', 1), podOf('Pending', 2), podOf('Failed', 3), podOf('Succeeded', 0)];
    const found = jobIndexes(indexed, pods);
    expect(found && String(found.active)).toBe('1,2');
    expect(found && indexCounts(found)).toEqual({ failed: 1, active: 2, waiting: 1, succeeded: 1 });
  });

  test('are counted once, though a Pod still runs of one that is settled', () => {
    const found = jobIndexes(indexed, [podOf('Running', 0), podOf('Running', 3), podOf('Running', 1)]);
    expect(found && indexCounts(found)).toEqual({ failed: 1, active: 1, waiting: 2, succeeded: 1 });
  });

  test('are none where it has none', () => {
    expect(jobIndexes(job(), [])).toBeUndefined();
  });
});

describe('the next try after a failure', () => {
  const failing = job({ status: { failed: 2 } });

  test('comes when the pause is over, which doubles with each', () => {
    expect(nextTryAt(failing, [podOf('Failed', undefined, -5)], NOW)).toBe(NOW + 5_000);
    expect(nextTryAt(failing, [podOf('Failed', undefined, -40), podOf('Failed', undefined, -5)], NOW)).toBe(
      NOW + 15_000,
    );
  });

  test.each([
    ['nothing failed', job(), []],
    ['the pause is over', failing, [podOf('Failed', undefined, -60)]],
    ['a Pod runs', job({ status: { active: 1 } }), [podOf('Failed', undefined, -1)]],
    ['it rests', job({ spec: { suspend: true } }), [podOf('Failed', undefined, -1)]],
    [
      'it is over',
      job({ status: { conditions: [{ type: 'Failed', status: 'True' }] } }),
      [podOf('Failed', undefined, -1)],
    ],
  ])('is not waited for where %s', (_, one, pods) => {
    expect(nextTryAt(one, pods, NOW)).toBeUndefined();
  });
});
