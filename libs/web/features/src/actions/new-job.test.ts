import { cronJob, job } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { jobAgain, jobFromTemplate, runName, selectsByHand } from './new-job.js';

const untyped = (object: KubeObject) => object as UnstructuredObject;

describe('a Job from the template of a CronJob', () => {
  const cron = cronJob({ metadata: { name: 'nightly' } });
  const made = jobFromTemplate(untyped(cron), 'nightly-abcde');

  test('is as the CronJob would make it, and says that somebody made it by hand', () => {
    expect(made).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'nightly-abcde',
        namespace: 'default',
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: cron.metadata.uid, controller: true }],
      },
      spec: cron.spec.jobTemplate.spec,
    });
  });
});

describe('the same Job once more', () => {
  const ran = job({
    metadata: {
      name: 'pi',
      annotations: { note: 'kept', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:00:00Z' },
    },
    spec: { manualSelector: false, suspend: true },
    status: { succeeded: 1 },
  });
  const uid = ran.metadata.uid ?? '';
  const labels = { app: 'pi', 'job-name': 'pi', 'batch.kubernetes.io/job-name': 'pi', 'controller-uid': uid };
  const given = untyped({ ...ran, spec: { ...ran.spec, template: { metadata: { labels } } } } as KubeObject);
  const again = jobAgain(given, 'pi-again');

  test('is written anew: with neither what the server gave the first nor what told of its run', () => {
    expect(again).toMatchObject({ kind: 'Job', metadata: { name: 'pi-again', annotations: { note: 'kept' } } });
    expect(again.metadata.annotations).toEqual({ note: 'kept' });
    expect(again.status).toBeUndefined();
    expect(again.spec).not.toHaveProperty('selector');
    expect(again.spec).not.toHaveProperty('suspend');
    expect(again.spec).toMatchObject({ template: { metadata: { labels: { app: 'pi' } } } });
  });

  test('leaves the first as it is', () => {
    expect(given.spec).toMatchObject({ suspend: true, template: { metadata: { labels } } });
  });

  test('cannot be made where its selector was written by hand', () => {
    expect(selectsByHand(untyped(job()))).toBe(true);
    expect(selectsByHand(given)).toBe(false);
  });
});

test.each([
  ['pi', 'pi-abcde'],
  ['x'.repeat(63), `${'x'.repeat(57)}-abcde`],
])('another run of %s has a name of its own, no longer than a label', (name, wanted) => {
  expect(runName(name, 'abcde')).toBe(wanted);
});
