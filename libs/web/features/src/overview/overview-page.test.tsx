// @vitest-environment jsdom
import {
  deployment,
  endpointSlice,
  event,
  node,
  pod,
  replicaSet,
  runningPod,
  service,
} from '@binnacle/testing-fixtures';
import type { KubeObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { type PageOptions, showPage } from '../testing/page.js';
import { silentLine } from '../testing/render.js';
import { OverviewPage } from './overview-page.js';

beforeEach(() => {
  layOut();
  vi.stubGlobal('fetch', async () => Response.json({ gitVersion: 'v1.36.0+binnacle' }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const owned = (name: string) => ({
  labels: { app: 'web', 'pod-template-hash': 'abc' },
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-abc`, uid: 'r', controller: true }],
});
const web = (suffix: string, on = 'node-1') =>
  runningPod(on, '10.244.0.1', { metadata: { name: `web-abc-${suffix}`, ...owned('web') } });
const crashing = (suffix: string) =>
  runningPod('node-1', '10.244.0.2', {
    metadata: { name: `bad-abc-${suffix}`, ...owned('bad') },
    status: {
      containerStatuses: [
        {
          name: 'main',
          image: 'i',
          imageID: '',
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
        },
      ],
    },
  });
const available = deployment({
  spec: { replicas: 2 },
  status: {
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    observedGeneration: 1,
    conditions: [
      { type: 'Available', status: 'True' },
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
    ],
  },
});
const silent = node({
  metadata: { name: 'node-2' },
  status: { conditions: [{ type: 'Ready', status: 'Unknown', message: 'silent' }] },
});
const WELL: readonly KubeObject[] = [node(), available, web('1'), web('2'), service(), endpointSlice()];

const page = (objects: readonly KubeObject[], options: PageOptions = {}) =>
  showPage(<OverviewPage />, { objects, ...options });
const tile = (title: string) =>
  screen
    .getAllByRole('link')
    .find((link) => link.textContent?.startsWith(title) && link.className.includes('group')) as HTMLElement;
const attention = () => screen.getByRole('heading', { name: 'Needs attention' }).closest('section') as HTMLElement;
const lines = () =>
  within(within(attention()).getByRole('list', { name: 'Needs attention' }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const warning = (name: string, reason: string, about: string, minutes: number) =>
  event({
    metadata: { name, uid: name } as never,
    type: 'Warning',
    reason,
    message: `${reason} it is`,
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: about },
    lastTimestamp: minutesAgo(minutes),
  });

describe('a cluster that is well', () => {
  test('is told by figures that lead to the lists', async () => {
    page(WELL);
    await waitFor(() => expect(tile('Nodes').textContent).toBe('Nodes11 of 1 ready'));
    expect(tile('Deployments').textContent).toBe('Deployments11 of 1 available');
    expect(tile('Pods').textContent).toBe('Pods22 of 2 healthy');
    expect(tile('Services').textContent).toBe('Services11 of 1 have ready endpoints');
    expect(tile('Pods').getAttribute('href')).toBe('/c/main/pods');
    expect(screen.getByText(/Cluster main · Kubernetes v1\.36\.0\+binnacle/)).toBeTruthy();
  });

  test('needs no attention, and has had no warnings', async () => {
    page(WELL);
    expect(await within(attention()).findByText('Nothing needs attention')).toBeTruthy();
    expect(screen.getByText('No warnings in the last hour')).toBeTruthy();
  });

  test.each(LOCALES)('is told in the language of the page (%s)', async (locale) => {
    page(WELL, { locale });
    await waitFor(() =>
      expect(screen.getAllByRole('link').some(({ textContent }) => /\d/.test(textContent ?? ''))).toBe(true),
    );
    const titles = screen.getAllByRole('heading').map(({ textContent }) => textContent ?? '');
    const foreign = locale === 'en' ? /[\u4e00-\u9fff]/ : /^[A-Za-z ]+$/;
    expect(titles.filter((title) => foreign.test(title))).toEqual([]);
  });

  test('is nothing axe has anything to say of', async () => {
    page([...WELL, silent, crashing('1'), warning('w', 'BackOff', 'bad', 1)]);
    await waitFor(() => expect(lines()).toHaveLength(2));
    expect(await accessibilityFindings()).toEqual([]);
  });
});

describe('what needs attention', () => {
  test('stands in a line for each cause, the worst first, with what it has done behind it', async () => {
    const { user } = page([
      ...WELL,
      silent,
      web('3', 'node-2'),
      web('4', 'node-2'),
      crashing('1'),
      crashing('2'),
      crashing('3'),
    ]);
    await waitFor(() => expect(lines()).toHaveLength(2));
    expect(lines()).toEqual([
      expect.stringMatching(/^Node\/node-2NotReady2 Pods of 1 Deployment in 1 namespacesilent$/),
      expect.stringMatching(/^Deployment\/default\/bad.*CrashLoopBackOff3 Pods$/),
    ]);
    const more = within(attention()).getByRole('button', {
      name: 'Show what is affected by node-2: 2 Pods of 1 Deployment in 1 namespace',
    });
    expect(more.getAttribute('aria-expanded')).toBe('false');
    await user.click(more);
    expect(more.getAttribute('aria-expanded')).toBe('true');
    const members = document.getElementById(more.getAttribute('aria-controls') ?? '');
    expect(
      within(members as HTMLElement)
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toEqual(['/c/main/pods/default/web-abc-3', '/c/main/pods/default/web-abc-4']);
  });

  test('leads to its causes', async () => {
    page([...WELL, crashing('1')]);
    await waitFor(() => expect(lines()).toHaveLength(1));
    expect(within(attention()).getByRole('link', { name: 'bad' }).getAttribute('href')).toBe(
      '/c/main/deployments.apps/default/bad',
    );
  });

  test('is gone as soon as it is over', async () => {
    const { line } = page([...WELL, silent]);
    await waitFor(() => expect(lines()).toHaveLength(1));
    act(() => line.put(node({ metadata: { name: 'node-2' } })));
    expect(await within(attention()).findByText('Nothing needs attention')).toBeTruthy();
  });

  test('is told in eight lines at first', async () => {
    const nodes = Array.from({ length: 11 }, (_, at) =>
      node({ metadata: { name: `dead-${at}` }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    );
    const { user } = page(nodes);
    await waitFor(() => expect(lines()).toHaveLength(8));
    await user.click(within(attention()).getByRole('button', { name: '3 more' }));
    expect(lines()).toHaveLength(11);
    await user.click(within(attention()).getByRole('button', { name: 'Show fewer' }));
    expect(lines()).toHaveLength(8);
  });
});

describe('beside the figures', () => {
  test('cordoned nodes are ready and told, and Services that lead elsewhere are told and not counted', async () => {
    page([
      node(),
      node({ metadata: { name: 'node-2' }, spec: { unschedulable: true } }),
      service(),
      endpointSlice(),
      service({ metadata: { name: 'byhand' }, spec: { selector: undefined } }),
    ]);
    await waitFor(() => expect(tile('Nodes').textContent).toBe('Nodes22 of 2 ready · 1 cordoned'));
    expect(tile('Services').textContent).toBe('Services11 of 1 have ready endpoints · 1 without selector');
  });

  test('what may not be seen is not told as none', async () => {
    const { line } = page(WELL);
    line.refuse('deployments', 403, 'not the deployments');
    await waitFor(() => expect(tile('Deployments').textContent).toBe('DeploymentsYou may not see this'));
    expect(await within(attention()).findByText('None among what you may see')).toBeTruthy();
  });

  test('only what is in the chosen namespace is counted, but for the nodes', async () => {
    const elsewhere = pod({ metadata: { name: 'far', namespace: 'far' } });
    page([...WELL, elsewhere], { address: '/c/main?ns=far' });
    await waitFor(() => expect(tile('Pods').textContent).toBe('Pods0/ 10 of 1 healthy'));
    expect(tile('Nodes').textContent).toBe('Nodes11 of 1 ready');
    expect(tile('Pods').getAttribute('href')).toBe('/c/main/pods?ns=far');
  });
});

describe('the nodes', () => {
  test('are told by how much of each is spoken for', async () => {
    const asks = runningPod('node-1', '10.244.0.9', {
      spec: { containers: [{ name: 'main', image: 'i', resources: { requests: { cpu: '500m', memory: '1Gi' } } }] },
    });
    page([node(), node({ metadata: { name: 'node-10' } }), node({ metadata: { name: 'node-2' } }), asks]);
    const table = await screen.findByRole('table', { name: 'Nodes' });
    const rows = () => within(table).getAllByRole('row').slice(1);
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(rows().map(({ textContent }) => textContent)).toEqual([
      'node-11 / 110500m / 41 GiB / 8 GiB',
      'node-20 / 1100 / 40 B / 8 GiB',
      'node-100 / 1100 / 40 B / 8 GiB',
    ]);
  });

  test('are told without that where their Pods may not be seen', async () => {
    const { line } = page([node()]);
    line.refuse('pods', 403, 'not the pods');
    const table = await screen.findByRole('table', { name: 'Nodes' });
    await waitFor(() => expect(within(table).getAllByRole('row')[1]?.textContent).toBe('node-1–––'));
  });
});

describe('what has happened', () => {
  test('is counted for an hour, and the warnings told: the same of several objects once', async () => {
    page([
      ...WELL,
      event({ lastTimestamp: minutesAgo(1) }),
      warning('w1', 'BackOff', 'a', 2),
      warning('w2', 'BackOff', 'b', 1),
      warning('w3', 'FailedMount', 'c', 3),
      warning('old', 'Ancient', 'd', 70),
    ]);
    expect(await screen.findByText('1 normal, 3 warnings in the last hour')).toBeTruthy();
    const panel = screen.getByRole('heading', { name: 'Recent warnings' }).closest('section') as HTMLElement;
    const told = within(panel)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(told).toEqual([
      expect.stringMatching(/^BackOffPod\/default\/band 1 other.*BackOff it is/),
      expect.stringMatching(/^FailedMountPod\/default\/c.*FailedMount it is/),
    ]);
    expect(within(panel).getByRole('link', { name: 'Show all' }).getAttribute('href')).toBe(
      '/c/main/events?status=warn',
    );
  });
});

test('before anything is known nothing is counted, and no "none" is said', () => {
  page([replicaSet()], { line: silentLine });
  expect(tile('Pods').textContent).toBe('Pods\u00a0');
  expect(screen.queryByText(/Nothing needs attention|No warnings|No nodes/)).toBeNull();
  expect(screen.getAllByRole('status', { name: 'Loading' }).length).toBeGreaterThan(2);
});
