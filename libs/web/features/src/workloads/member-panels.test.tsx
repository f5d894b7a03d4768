// @vitest-environment jsdom
import {
  controllerRevision,
  daemonSet,
  node,
  persistentVolumeClaim,
  runningPod,
  statefulSet,
} from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { Daemons } from './daemons-panel.js';
import { Members } from './members-panel.js';

afterEach(cleanup);

const untyped = (object: KubeObject) => object as UnstructuredObject;
const rows = (name: string) =>
  within(screen.getByRole('group', { name }))
    .getAllByRole('row')
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    );

describe('the members of a StatefulSet', () => {
  const set = statefulSet({
    metadata: { name: 'db' },
    spec: { replicas: 2, volumeClaimTemplates: [persistentVolumeClaim({ metadata: { name: 'data' } })] },
    status: { currentRevision: 'db-1a', updateRevision: 'db-2b' },
  });
  const member = (ordinal: number, revision: string) =>
    runningPod('node-1', '10.0.0.1', {
      metadata: {
        name: `db-${ordinal}`,
        labels: { ...set.spec?.selector.matchLabels, 'controller-revision-hash': revision },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: set.metadata.uid ?? '', controller: true },
        ],
      },
    });
  const claim = persistentVolumeClaim({
    metadata: { name: 'data-db-1' },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  });
  const show = () =>
    showPage(<Members object={untyped(set)} around={NO_SURROUNDINGS} />, { objects: [member(1, 'db-2b'), claim] });

  test('stand in order with their claims, those that are missing too, and change as they do', async () => {
    const { line } = show();
    await screen.findByRole('link', { name: 'db-1' });
    expect(rows('Members')).toEqual([
      ['0', 'db-0', 'Missing', '–', '–', 'data-db-0Missing'],
      ['1', 'db-1', 'Running1/1', '0', '2bnew', 'data-db-1Bound1Gi'],
    ]);
    act(() => line.put(member(0, 'db-1a')));
    await screen.findByRole('link', { name: 'db-0' });
    expect(screen.getByText('1 of 2 have the new template. db-0 is next.')).toBeTruthy();
    expect(await accessibilityFindings(document.body)).toEqual([]);
  });
});

describe('a DaemonSet by node', () => {
  const set = daemonSet({ metadata: { name: 'agent' } });
  const owner = [
    { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: set.metadata.uid ?? '', controller: true },
  ];
  const daemon = (on: string, hash: string) =>
    runningPod(on, '10.0.0.1', {
      metadata: {
        name: `agent-${on}`,
        labels: { ...set.spec?.selector.matchLabels, 'controller-revision-hash': hash },
        ownerReferences: owner,
      },
    });
  const revision = controllerRevision({
    metadata: { name: 'agent-new', labels: { 'controller-revision-hash': 'new' }, ownerReferences: owner },
    revision: 2,
  });
  const tainted = node({ metadata: { name: 'gpu' }, spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } });

  test('tells of each node its Pod, whether it is new, and why there is none', async () => {
    const objects = [
      node({ metadata: { name: 'a' } }),
      node({ metadata: { name: 'b' } }),
      tainted,
      daemon('b', 'old'),
      revision,
    ];
    const { line } = showPage(<Daemons object={untyped(set)} around={NO_SURROUNDINGS} />, { objects });
    await screen.findByText('out of date');
    expect(rows('By node')).toEqual([
      ['a', 'Missing', '–', '–', 'None has been made yet. If that lasts, the events say why.'],
      ['b', 'Running', 'agent-b', 'out of date', ''],
      ['gpu', 'None wanted', '–', '–', 'The taint {gpu: } NoSchedule is not tolerated.'],
    ]);
    act(() => line.put(daemon('a', 'new')));
    await screen.findByText('up to date');
    expect(await accessibilityFindings(document.body)).toEqual([]);
  });
});
