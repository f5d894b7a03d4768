// @vitest-environment jsdom
import { cronJob, job, pod } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { FailedIndexes } from './failed-indexes.js';
import { FailureRules } from './failure-rules.js';
import { JobProgress } from './job-progress.js';
import { LastRuns } from './last-runs.js';
import { NextRuns } from './next-runs.js';

afterEach(cleanup);

const untyped = (object: KubeObject) => object as UnstructuredObject;
const ruled = job({
  spec: {
    completionMode: 'Indexed',
    completions: 4,
    parallelism: 2,
    backoffLimitPerIndex: 1,
    maxFailedIndexes: 2,
    podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [42] } }] },
  },
  status: { completedIndexes: '0', failedIndexes: '2', succeeded: 1, failed: 1, active: 1 },
});
const owned = (name: string, index: number, status: object) =>
  pod({
    metadata: {
      name,
      labels: { app: 'web' },
      annotations: { 'batch.kubernetes.io/job-completion-index': String(index) },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: 'work', uid: ruled.metadata.uid ?? '', controller: true },
      ],
    },
    status,
  });
const ended = {
  name: 'main',
  image: 'i',
  imageID: 'i',
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode: 42, reason: 'Error' } },
};
const failed = owned('work-2-x', 2, { phase: 'Failed', containerStatuses: [ended] });

const showJob = (object = ruled, ...pods: KubeObject[]) => {
  const props = { object: untyped(object), around: NO_SURROUNDINGS };
  const panels = (
    <>
      <JobProgress {...props} />
      <FailedIndexes {...props} />
      <FailureRules {...props} />
    </>
  );
  return showPage(panels, { objects: [object, ...pods] });
};

describe('the page of a Job', () => {
  test('shows its indexes as a strip, and says the same in words', async () => {
    showJob(ruled, failed, owned('work-1-y', 1, { phase: 'Running' }));
    await screen.findByRole('img', { name: 'Indexes: 1 failed, 1 running, 1 waiting, 1 done' });
    const marks = [...screen.getByRole('img').children].map((mark) => [
      mark.getAttribute('data-state'),
      mark.getAttribute('title'),
    ]);
    expect(marks).toEqual([
      ['succeeded', 'Index 0: done'],
      ['active', 'Index 1: running'],
      ['failed', 'Index 2: failed'],
      ['waiting', 'Index 3: waiting'],
    ]);
    expect(document.body.textContent).toContain('1 of 4 done');
    expect(document.body.textContent).toContain(
      'Each index may fail once before it is given up. 1 of 2 indexes that may be given up.',
    );
    expect(document.body.textContent).toContain('Failed indexes: 2');
    expect(await accessibilityFindings(document.body)).toEqual([]);
  });

  test('lists what failed, and which rule it fits, as it happens', async () => {
    const { line } = showJob(ruled);
    await screen.findByText('Given up');
    act(() => line.put(failed));
    const table = screen.getByRole('group', { name: 'Indexes with failures' });
    await within(table).findByRole('link', { name: 'work-2-x' });
    expect(within(table).getByText('main: Error (42)')).toBeTruthy();
    const rules = screen.getByRole('group', { name: 'Pod failure policy' });
    expect(within(rules).getByRole('link', { name: 'work-2-x' })).toBeTruthy();
  });

  test('of a plain Job shows neither strip nor policy', () => {
    showJob(job({ status: { active: 1 } }));
    expect(screen.queryByRole('img')).toBeNull();
    expect(screen.queryByRole('group')).toBeNull();
    expect(document.body.textContent).toContain('0 of 6 failures before it is given up.');
  });

  test('of one that rests says so', () => {
    showJob(job({ spec: { suspend: true } }));
    expect(document.body.textContent).toContain('It rests: no Pods are made until it is resumed.');
  });
});

describe('the page of a CronJob', () => {
  const cron = cronJob({ metadata: { name: 'nightly' }, spec: { schedule: '30 2 * * *', timeZone: 'Asia/Tokyo' } });
  const run = (name: string, status: object, annotations: Record<string, string> = {}) =>
    job({
      metadata: {
        name,
        annotations,
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: cron.metadata.uid ?? '', controller: true },
        ],
      },
      status,
    });
  const showCron = (object = cron, ...jobs: KubeObject[]) => {
    const props = { object: untyped(object), around: NO_SURROUNDINGS };
    return showPage(
      <>
        <NextRuns {...props} />
        <LastRuns {...props} />
      </>,
      { objects: jobs },
    );
  };

  test('shows when it runs next by its clocks and by the reader’s', async () => {
    showCron();
    const table = await screen.findByRole('group', { name: 'Next runs' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['Asia/Tokyo', 'Yours: UTC', 'Until then']);
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row.textContent).toMatch(/2:30.*5:30.*in /);
  });

  test('shows one clock where both are the same', async () => {
    showCron(cronJob({ spec: { schedule: '0 0 * * *' } }));
    const table = await screen.findByRole('group', { name: 'Next runs' });
    expect(within(table).getAllByRole('columnheader')).toHaveLength(2);
  });

  test('shows how its runs ended, and who began them', async () => {
    const good = run('good', {
      startTime: '2026-01-01T00:00:00Z',
      completionTime: '2026-01-01T00:01:05Z',
      conditions: [{ type: 'Complete', status: 'True' }],
    });
    const bad = run(
      'bad',
      {
        startTime: '2026-01-02T00:00:00Z',
        conditions: [
          {
            type: 'Failed',
            status: 'True',
            reason: 'BackoffLimitExceeded',
            lastTransitionTime: '2026-01-02T00:00:10Z',
          },
        ],
      },
      { 'cronjob.kubernetes.io/instantiate': 'manual' },
    );
    showCron(cron, good, bad, job({ metadata: { name: 'stranger' } }));
    const table = await screen.findByRole('group', { name: 'Last runs' });
    const rows = within(table)
      .getAllByRole('row')
      .slice(1)
      .map(({ textContent }) => textContent);
    expect(rows).toEqual([
      expect.stringMatching(/^badBackoffLimitExceededhand.*10s$/),
      expect.stringMatching(/^goodCompleteschedule.*65s$/),
    ]);
    expect(await accessibilityFindings(document.body)).toEqual([]);
  });

  test('that rests has no next runs, and says why', () => {
    showCron(cronJob({ spec: { suspend: true } }));
    expect(screen.getByText('None while it is suspended')).toBeTruthy();
  });
});
