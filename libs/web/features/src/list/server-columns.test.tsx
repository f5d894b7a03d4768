// @vitest-environment jsdom
import type { ResourceQuota, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { podSpec, serviceAccount } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import type { KubeObject } from '@binnacle/web-data';
import { layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DetailPage } from '../detail/detail-page.js';
import { showPage } from '../testing/page.js';
import { ListPage } from './list-page.js';

let side: PageSide;
beforeEach(async () => {
  layOut({ width: 1_600 });
  side = await PageSide.start();
  vi.stubGlobal('fetch', side.fetch());
});
afterEach(() => {
  cleanup();
  side.end();
  vi.unstubAllGlobals();
});

const labels = { app: 'web' };
const template = { metadata: { labels }, spec: podSpec() };
const of = (apiVersion: string, kind: string, spec: object): KubeObject =>
  ({ apiVersion, kind, metadata: { name: 'one' }, spec }) as KubeObject;
const JOB = of('batch/v1', 'Job', { completions: 3, template: { spec: { ...podSpec(), restartPolicy: 'Never' } } });
const DAEMONS = of('apps/v1', 'DaemonSet', { selector: { matchLabels: labels }, template });
const heads = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
const tables = () => side.requests.filter(({ headers }) => headers.accept?.includes('as=Table')).length;
/** What the first row says, by column. */
function row(): Record<string, string> {
  const [, first] = screen.getAllByRole('row');
  const cells = within(first as HTMLElement).getAllByRole('cell');
  return Object.fromEntries(heads().map((head, at) => [head, cells[at]?.textContent ?? '']));
}
const listOf = (id: string, address = `/c/main/${id}`) =>
  showPage(<ListPage id={id} />, { line: side.line(), address });

describe('of kinds the dashboard has no columns for, the server prints the cells', () => {
  test('of a DaemonSet, those that kubectl shows only wide as well', async () => {
    await side.objects<KubeObject>(refs.daemonsets).create(DAEMONS);
    listOf('daemonsets.apps');
    await waitFor(() => expect(heads()).toContain('Desired'));
    await waitFor(() =>
      expect(row()).toMatchObject({ Name: 'one', Desired: '0', Ready: '0', Images: 'nginx:1.29', Selector: 'app=web' }),
    );
  });

  test('of a Job, renewed when it changes', async () => {
    const jobs = side.objects<KubeObject>(refs.jobs);
    await jobs.create(JOB);
    listOf('jobs.batch');
    await waitFor(() => expect(row()).toMatchObject({ Completions: '0/3' }));
    const before = tables();
    await jobs.change('one', { status: { succeeded: 2, startTime: '2026-01-01T00:00:00Z' } }, 'status');
    await waitFor(() => expect(row()).toMatchObject({ Completions: '2/3' }));
    expect(tables()).toBeGreaterThan(before);
  });

  test('and of those it has columns for, the server is not asked', async () => {
    listOf('pods');
    await screen.findByText('No Pods yet');
    expect(tables()).toBe(0);
  });

  test('in the namespace that was chosen, and no other', async () => {
    await side
      .objects<KubeObject>(refs.namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await side
      .objects<ServiceAccount>(refs.serviceaccounts, 'shop')
      .create(serviceAccount({ metadata: { name: 'here', namespace: 'shop' } }));
    await side.objects<ServiceAccount>(refs.serviceaccounts).create(serviceAccount({ metadata: { name: 'there' } }));
    listOf('serviceaccounts', '/c/main/serviceaccounts?ns=shop');
    const asked = () =>
      side.requests.filter(({ headers }) => headers.accept?.includes('as=Table')).map(({ path }) => path.split('?')[0]);
    await waitFor(() => expect(new Set(asked())).toEqual(new Set(['/api/v1/namespaces/shop/serviceaccounts'])));
    await waitFor(() => expect(heads()).toEqual(['', 'Name', 'Age', 'Actions']));
    expect(screen.getAllByRole('row')).toHaveLength(2);
  });

  test('they are filtered and put in order by their names', async () => {
    const quotas = side.objects<ResourceQuota>(refs.resourcequotas);
    for (const [name, pods] of [
      ['a', '10'],
      ['b', '9'],
    ] as const) {
      await quotas.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec: { hard: { pods } } });
    }
    const { user } = listOf('resourcequotas');
    await waitFor(() => expect(heads()).toContain('Request'));
    await user.click(screen.getByRole('button', { name: 'Request' }));
    expect(new URLSearchParams(window.location.search).get('sort')).toMatch(/^t-request/);
    expect(screen.getAllByRole('row')).toHaveLength(3);
  });
});

test('the page of such an object says what the list says of it', async () => {
  await side.objects<KubeObject>(refs.jobs).create(JOB);
  showPage(<DetailPage id="jobs.batch" objectRef={{ namespace: 'default', name: 'one' }} />, { line: side.line() });
  const facts = (await screen.findByRole('heading', { level: 2, name: 'Facts' })).closest('section') as HTMLElement;
  await waitFor(() => expect(within(facts).getByText('Completions').nextElementSibling?.textContent).toBe('0/3'));
  expect(within(facts).getByText('Selector').nextElementSibling?.textContent).toMatch(
    /^batch\.kubernetes\.io\/controller-uid=/,
  );
});
