import { event, lease } from '@binnacle/testing-fixtures';
import type { KubeObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { sheetOf } from '../testing/kind-sheet.js';
import { html } from '../testing/render.js';
import { eventView } from './event.js';

const core = event({ count: 7, type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' });
/** The same, as the newer API has it. */
const newer = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'pod-1.1', namespace: 'default', uid: 'e', creationTimestamp: '2026-01-01T00:00:00Z' },
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'kubelet',
  regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'pod-1' },
  type: 'Warning',
  reason: 'BackOff',
  note: 'Back-off restarting failed container',
  series: { count: 7, lastObservedTime: '2026-01-01T00:05:00.000000Z' },
} as unknown as KubeObject;

describe.each([
  ['events', core, '2026-01-01T00:00:00Z', 'default-scheduler'],
  ['events.events.k8s.io', newer, '2026-01-01T00:05:00.000000Z', 'kubelet'],
])('one of %s', (id, object, lastSeen, source) => {
  const sheet = sheetOf(id, object);

  test('is told in a list by what happened to whom, and how often', () => {
    expect(sheet.columns).toMatchObject({
      reason: 'BackOff',
      object: 'Pod/ pod-1',
      message: 'Back-off restarting failed container',
      count: '7',
    });
    expect(sheet.values).toEqual({
      reason: 'BackOff',
      object: 'Pod/pod-1',
      message: 'Back-off restarting failed container',
      count: 7,
      lastSeen: -Date.parse(lastSeen),
    });
  });

  test('is told on its page besides by who says so', () => {
    expect(sheet.facts).toMatchObject({ Source: source, Reason: 'BackOff', Count: '7', Object: 'Pod/ pod-1' });
  });

  test('is a warning or it is not', () => {
    expect(sheet.status).toBe('warn Warning');
    expect(sheetOf(id, { ...object, type: 'Normal' } as KubeObject).status).toBe('idle Normal');
    expect(sheetOf(id, { ...object, type: undefined } as KubeObject).status).toBe('idle Normal');
  });

  test('is found by words of what it tells, of whom, and where', () => {
    expect(eventView.words?.(object as never)).toEqual([
      'BackOff',
      'Back-off restarting failed container',
      'pod-1',
      'default',
    ]);
  });
});

test('the row of an Event leads to itself by its reason, and to whom it is about', () => {
  const cells = eventView
    .columns?.(((key: string) => key) as never, {} as never)
    .map(({ cell }) => html(<>{cell(core as never)}</>));
  expect(cells?.[0]).toMatch(/href="\/c\/main\/events\/default\/pod-1\.1"[^>]*data-row-link/);
  expect(cells?.[1]).toContain('href="/c/main/pods/default/pod-1"');
});

test('the latest stand first, and there is neither name nor age', () => {
  expect(eventView).toMatchObject({ sort: 'lastSeen', frame: 'none', actions: { fleeting: true } });
});

describe('a Lease', () => {
  test('is told by who holds it, and since when it was heard', () => {
    const { columns, values } = sheetOf('leases.coordination.k8s.io', lease());
    expect(columns.holder).toBe('holder-1');
    expect(values).toEqual({ holder: 'holder-1', lastSeen: -Date.parse('2026-01-01T00:00:00Z') });
  });

  test('that nobody holds says so', () => {
    const { columns } = sheetOf('leases.coordination.k8s.io', lease({ spec: undefined }));
    expect(columns).toEqual({ holder: '–', lastSeen: '–' });
  });
});
