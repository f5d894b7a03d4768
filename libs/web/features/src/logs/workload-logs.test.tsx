// @vitest-environment jsdom
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { deployment, runningPod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LogSockets } from '../testing/log-sockets.js';
import { showPage } from '../testing/page.js';
import { LogsTab, WorkloadLogsTab } from './logs-tab.js';

const WEB = deployment({ metadata: { name: 'web' } });
const labels = WEB.spec?.selector.matchLabels ?? {};

function pod(name: string, containers: readonly string[] = ['app']): Pod {
  const ready = { image: 'i', imageID: '', ready: true, restartCount: 0, state: { running: {} } };
  return runningPod('n', '10.244.0.1', {
    metadata: { name, uid: `uid-${name}`, labels },
    spec: { containers: containers.map((container) => ({ name: container, image: 'i' })) },
    status: { containerStatuses: containers.map((container) => ({ ...ready, name: container })) },
  });
}

let sockets: LogSockets;
/** What is there already, by Pod. */
let kept: Record<string, string>;
let asked: URL[];
beforeEach(() => {
  layOut({ height: 400 });
  localStorage.clear();
  [sockets, kept, asked] = [new LogSockets(), {}, []];
  vi.stubGlobal('WebSocket', sockets.socketClass());
  vi.stubGlobal('fetch', (path: string) => {
    const url = new URL(path, 'http://localhost');
    asked.push(url);
    return Promise.resolve(new Response(kept[url.pathname.split('/').at(-2) ?? ''] ?? ''));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const stamped = (second: number, text: string) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z ${text}\n`;
const shown = () => [...document.querySelectorAll('[data-index]')].map(({ textContent }) => textContent);
const logs = (...pods: readonly Pod[]) =>
  showPage(<WorkloadLogsTab workload={WEB as unknown as UnstructuredObject} />, { objects: [WEB, ...pods] });
const followed = (name: string, container = 'app') =>
  waitFor(() => {
    const found = sockets.of(name, container);
    expect(found).toBeDefined();
    return found as NonNullable<typeof found>;
  });

test('the logs of all its Pods are one, in the order of their times, each line with whose it is', async () => {
  kept = { 'web-a': stamped(1, 'one') + stamped(4, 'four'), 'web-b': stamped(2, 'two') + stamped(3, 'three') };
  logs(pod('web-a'), pod('web-b'));
  await waitFor(() => expect(shown()).toEqual(['…a appone', '…b apptwo', '…b appthree', '…a appfour']));
  const a = await followed('web-a');
  act(() => a.write(5, 'five'));
  await waitFor(() => expect(shown().at(-1)).toBe('…a appfive'));
  expect(a.url.searchParams.get('sinceTime')).toBe('2026-01-01T00:00:04.000Z');
  expect(screen.getAllByRole('status').at(-1)?.textContent).toContain('2 containers');
  expect(await accessibilityFindings()).toEqual([]);
});

test('Pods come and go, and what those that go have said stays', async () => {
  const { line } = logs(pod('web-a'));
  const a = await followed('web-a');
  act(() => a.write(1, 'from a'));
  act(() => line.put(pod('web-b')));
  const b = await followed('web-b');
  act(() => line.drop(pod('web-a')));
  act(() => {
    a.write(2, 'last words');
    a.end(1_006);
    b.write(3, 'from b');
  });
  await waitFor(() => expect(shown()).toEqual(['…a appfrom a', '…a applast words', '…b appfrom b']));
  // It is gone: nobody asks for it again.
  expect(sockets.all.filter(({ url }) => url.pathname.includes('web-a'))).toHaveLength(1);
});

test('one container of each is chosen, or only what was written lately', async () => {
  const { user } = logs(pod('web-a', ['app', 'proxy']), pod('web-b', ['app', 'proxy']));
  await followed('web-b', 'proxy');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Container' }), 'proxy');
  await waitFor(() => expect(sockets.all.filter(({ isOpen }) => isOpen)).toHaveLength(2));
  asked.length = 0;
  await user.selectOptions(screen.getByRole('combobox', { name: 'Since' }), '5 minutes ago');
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked.map(({ searchParams }) => searchParams.get('sinceSeconds'))).toEqual(['300', '300']);
  expect(new Set(asked.map(({ searchParams }) => searchParams.get('container')))).toEqual(new Set(['proxy']));
});

test('what was cut off goes on where it was', async () => {
  logs(pod('web-a'));
  const first = await followed('web-a');
  act(() => first.write(1, 'one'));
  await waitFor(() => expect(shown()).toEqual(['…a appone']));
  act(() => first.end(1_006));
  await waitFor(() => expect(sockets.all).toHaveLength(2), { timeout: 10_000 });
  expect(sockets.all[1]?.url.searchParams.get('sinceTime')).toBe('2026-01-01T00:00:01.000Z');
});

test('JSON is shown in its parts', async () => {
  kept = { 'web-a': stamped(1, '{"level":"error","msg":"no","n":1}') + stamped(2, 'plain') };
  const { user } = logs(pod('web-a'));
  await waitFor(() => expect(shown()).toHaveLength(2));
  await user.click(screen.getByRole('checkbox', { name: 'JSON' }));
  expect(shown()).toEqual(['…a apperrornon=1', '…a appplain']);
});

test('all containers of a Pod are read together where that is asked for', async () => {
  const web = pod('web-a', ['app', 'proxy']);
  showPage(<LogsTab pod={web as unknown as UnstructuredObject} />, {
    address: '/c/main/pods/default/web-a?tab=logs&container=*',
    objects: [web],
  });
  const [app, proxy] = [await followed('web-a', 'app'), await followed('web-a', 'proxy')];
  act(() => {
    app.write(1, 'x');
    proxy.write(2, 'y');
  });
  await waitFor(() => expect(shown()).toEqual(['web-a appx', 'web-a proxyy']));
});
