import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/machinery-meta';
import { podSpec } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import type { KubeObject } from '@binnacle/web-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { type KindSheet, type SheetOptions, sheetOf } from '../testing/kind-sheet.js';
import { kindView } from './kind-views.js';

let side: PageSide;
beforeAll(async () => {
  side = await PageSide.start();
});
afterAll(() => side.end());

const selector = { matchLabels: { app: 'web' } };
const template = { metadata: { labels: { app: 'web' } }, spec: podSpec() };
const once = { ...template, spec: { ...podSpec(), restartPolicy: 'Never' } };
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

interface Kept {
  readonly ref: ResourceRef;
  readonly spec: object;
  readonly status?: object;
}
const WORKLOADS: Readonly<Record<string, Kept>> = {
  'statefulsets.apps': {
    ref: refs.statefulsets,
    spec: { replicas: 3, serviceName: 'web', selector, template, volumeClaimTemplates: [claim] },
    status: { replicas: 3, readyReplicas: 2, observedGeneration: 1 },
  },
  'daemonsets.apps': {
    ref: refs.daemonsets,
    spec: { selector, template },
    status: { currentNumberScheduled: 2, numberMisscheduled: 0, desiredNumberScheduled: 2, numberReady: 1 },
  },
  'jobs.batch': {
    ref: refs.jobs,
    spec: { completions: 2, template: once },
    status: {
      startTime: '2026-01-01T00:00:00Z',
      failed: 7,
      conditions: [
        { type: 'FailureTarget', status: 'True', reason: 'BackoffLimitExceeded', message: 'it has failed too often' },
        { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'it has failed too often' },
      ],
    },
  },
};

/** The object as the server keeps it and tells of it. */
async function kept(id: string): Promise<KubeObject> {
  const { ref, spec, status } = WORKLOADS[id] as Kept;
  const objects = side.objects<KubeObject>(ref);
  const { group, version, kind } = ref;
  const draft = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'one' }, spec } as KubeObject;
  const found = (await objects.find('one')) ?? (await objects.create(draft));
  return status ? objects.change(found.metadata.name ?? '', { status }, 'status') : found;
}
const sheet = async (id: string, options?: SheetOptions): Promise<KindSheet> => sheetOf(id, await kept(id), options);

describe.each(Object.keys(WORKLOADS))('%s as the server keeps them', (id) => {
  test.each(LOCALES)('are told without a gap (%s)', async (locale) => {
    expect(JSON.stringify(await sheet(id, { locale }))).not.toMatch(/\bundefined\b|\bNaN\b|\[object |Invalid Date/);
  });

  test('lead to the Pods their own selector chooses, by a table of all or by one of their own', async () => {
    const { related, facts } = await sheet(id);
    const { panels = [] } = kindView(id);
    expect(facts.Selector).toBeTruthy();
    expect(related).toEqual(
      id === 'jobs.batch'
        ? [{ title: 'Pods', resource: 'pods', namespace: 'default', labelSelector: facts.Selector, empty: 'No Pods' }]
        : [],
    );
    expect(panels.length).toBeGreaterThan(0);
  });
});

test('a StatefulSet is told by its replicas and its images', async () => {
  const { status, columns, facts } = await sheet('statefulsets.apps');
  expect(status).toBe('warn NotReady 2 of 3 replicas are ready.');
  expect(columns).toEqual({ status: 'NotReady', ready: '2/3', current: '3', owner: '–', images: 'nginx:1.29' });
  expect(facts).toMatchObject({ Replicas: '2 ready of 3 desired', Selector: 'app=web' });
});

test('a Job chooses its Pods by its uid, and one that has failed says why', async () => {
  const job = await kept('jobs.batch');
  const { status, facts } = await sheet('jobs.batch');
  expect(facts.Selector).toBe(`batch.kubernetes.io/controller-uid=${job.metadata.uid}`);
  expect(status).toBe('error BackoffLimitExceeded it has failed too often');
});
