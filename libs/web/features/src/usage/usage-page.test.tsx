// @vitest-environment jsdom
import { deployment, node, runningPod } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ListPage } from '../list/list-page.js';
import { LOCALES } from '../messages/index.js';
import { showPage } from '../testing/page.js';
import { served } from '../testing/render.js';
import { usageObject } from '../testing/usages.js';
import { UsagePanel } from './usage-panel.js';

beforeEach(() => layOut({ width: 1_400 }));
afterEach(cleanup);

const web = (name: string, resources: object = {}) =>
  runningPod('worker-1', '10.244.0.1', {
    metadata: { name, namespace: 'shop', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'i', resources }] },
  } as never);
const LIMITED = { requests: { cpu: '100m' }, limits: { cpu: '200m' } };
const used = (name: string, ...millis: number[]) => usageObject('PodUsage', { namespace: 'shop', name, millis });

const heads = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
function cellOf(name: string, head: string): string {
  const row = screen.getByRole('link', { name }).closest('[role=row]') as HTMLElement;
  return within(row).getAllByRole('cell')[heads().indexOf(head)]?.textContent ?? '';
}
async function list(id: string, objects: readonly KubeObject[], address = `/c/main/${id}`) {
  const page = showPage(<ListPage id={id} />, { address, objects });
  await screen.findByRole('table');
  return page;
}

describe('a list', () => {
  test('says of each Pod what it uses, and how much that is of what it may', async () => {
    await list('pods', [web('a', LIMITED), web('b'), web('c'), used('a', 100, 150), used('b', 3)]);
    await screen.findByRole('columnheader', { name: /CPU use/ });
    expect(cellOf('a', 'CPU use')).toBe('150m 75% of the limit');
    expect(cellOf('a', 'Memory use')).toBe('64 MiB nothing is requested');
    expect(cellOf('b', 'CPU use')).toBe('3m nothing is requested');
    expect(cellOf('c', 'CPU use')).toBe('–');
  });

  test('is sorted by what is used, and goes on as that changes', async () => {
    const { line } = await list(
      'pods',
      [web('a'), web('b'), used('a', 5), used('b', 300)],
      '/c/main/pods?sort=-cpuUse',
    );
    const first = () => within(screen.getAllByRole('row')[1] as HTMLElement).getAllByRole('link')[0]?.textContent;
    await waitFor(() => expect(first()).toBe('b'));
    act(() => line.put(used('a', 5, 900)));
    await waitFor(() => expect(first()).toBe('a'));
    expect(cellOf('a', 'CPU use')).toMatch('900m');
  });

  test('has no such columns where nothing is measured', async () => {
    await list('pods', [web('a')]);
    expect(heads()).not.toContain('CPU use');
    cleanup();
    await list('configmaps', [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' } }]);
    expect(heads()).not.toContain('CPU use');
  });

  test('of workloads says what their Pods use together, of Nodes how much of them is used', async () => {
    const sum = { workload: { kind: 'Deployment', name: 'web' }, pods: 2 };
    const shop = deployment({ metadata: { name: 'web', namespace: 'shop' } });
    await list('deployments.apps', [
      shop,
      usageObject('WorkloadUsage', { namespace: 'shop', name: 'deployment.web', millis: [40], more: sum }),
    ]);
    await waitFor(() => expect(cellOf('web', 'CPU use')).toMatch('40m'));
    cleanup();
    const worker = node({ metadata: { name: 'worker-1' }, status: { allocatable: { cpu: '2' } } });
    await list('nodes', [worker, usageObject('NodeUsage', { name: 'worker-1', millis: [500] })]);
    await waitFor(() => expect(cellOf('worker-1', 'CPU use')).toBe('500m 25% of what is allocatable'));
  });

  test('finds by what is used', async () => {
    await list('pods', [web('a'), web('b'), used('a', 5), used('b', 300)], '/c/main/pods?q=cpuUse%3A%3E0.1');
    await waitFor(() => expect(screen.queryByRole('link', { name: 'a' })).toBeNull());
    expect(screen.getByRole('link', { name: 'b' })).toBeTruthy();
  });
});

describe('the page of an object', () => {
  const hour = { window: '1h', step: '15s' };
  const panel = (objects: readonly KubeObject[], locale: (typeof LOCALES)[number] = 'en') =>
    showPage(<UsagePanel resource={served('pods')} object={web('a', LIMITED) as unknown as UnstructuredObject} />, {
      objects,
      locale,
    });
  const a = (...millis: number[]) => usageObject('PodUsage', { namespace: 'shop', name: 'a', millis }, hour);

  test('has a chart of each resource, with what is asked for and allowed', async () => {
    const { line } = panel([a(20, 50, 40)]);
    const chart = await screen.findByRole('slider', { name: 'CPU' });
    expect(chart.getAttribute('aria-valuetext')).toBe('00:00: 40m');
    expect(screen.getByText(/^CPU of a within the last hour: 40m, 20% of the limit now, 50m at most/)).toBeTruthy();
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Request 100m',
      'Limit 200m',
    ]);
    act(() => line.put(a(20, 50, 40, 60)));
    await waitFor(() => expect(chart.getAttribute('aria-valuetext')).toBe('00:00: 60m'));
  });

  test('has none where nothing was measured', async () => {
    const { container } = panel([]);
    await waitFor(() => expect(container.querySelector('section')).toBeNull());
  });

  test.each(LOCALES)('has no faults in %s', async (locale) => {
    const { container } = panel([a(20, 50, 40)], locale);
    await screen.findAllByRole('slider');
    expect(await accessibilityFindings(container)).toEqual([]);
  });
});
