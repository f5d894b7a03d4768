// @vitest-environment jsdom
import { endpointSlice, runningPod, service } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { answerWith, refusal } from '../testing/answers.js';
import { showPage } from '../testing/page.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { ServiceConnections } from './service-connections.js';
import { ServicePath } from './service-path.js';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const IN = '/apis/networking.binnacle.dev/v1/namespaces/default';
const untyped = service() as unknown as UnstructuredObject;
const connection = (name: string, minute: number, draining = false) => ({
  metadata: { name, namespace: 'default', creationTimestamp: `2026-01-01T00:0${minute}:00Z` },
  spec: {
    protocol: 'TCP',
    serviceName: 'web',
    servicePort: '80',
    purpose: 'NodePort',
    asked: { address: '10.0.0.1', port: 30_080 },
    client: { address: name, port: 40_000, nodeName: 'node-2' },
    endpoint: { address: '10.244.0.1', port: 8080 },
  },
  status: { sentBytes: 2048, receivedBytes: 3, draining },
});
const slice = endpointSlice({
  endpoints: [{ addresses: ['10.244.0.1'], targetRef: { kind: 'Pod', name: 'web-1', namespace: 'default' } }],
});

test('who is connected is told, the newest first, by Pods where those are known', async () => {
  const items = [connection('10.244.0.8', 1), connection('10.244.0.9', 2, true)];
  const asked = answerWith({ [`GET ${IN}/connections`]: { items } });
  showPage(<ServiceConnections object={untyped} around={NO_SURROUNDINGS} />, { objects: [slice] as never });
  await screen.findAllByRole('link', { name: 'web-1' });
  const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent?.split('node port')[0])).toEqual([
    expect.stringContaining('10.244.0.9:40000node-2'),
    expect.stringContaining('10.244.0.8:40000node-2'),
  ]);
  expect(rows[0]?.textContent).toMatch(
    /10\.0\.0\.1:30080node port10\.244\.0\.1:8080web-1 · gets no new ones2 KiB \/ 3 B/,
  );
  expect(decodeURIComponent(asked[0]?.path ?? '')).toContain('fieldSelector=spec.serviceName=web');
});

test('that nobody is connected is said where that is known, and else why it is not', async () => {
  answerWith({ [`GET ${IN}/connections`]: { items: [] } });
  showPage(<ServiceConnections object={untyped} around={NO_SURROUNDINGS} />);
  expect(await screen.findByText('Nobody is connected')).toBeTruthy();
  cleanup();
  answerWith({ [`GET ${IN}/connections`]: () => refusal(503, { message: 'no kube-proxy can be asked' }) });
  showPage(<ServiceConnections object={untyped} around={NO_SURROUNDINGS} />);
  expect(await screen.findByText(/no kube-proxy can be asked/)).toBeTruthy();
});

test('the way has what its proxy counts', async () => {
  const tally = { active: 1, total: 7, failed: 0, sentBytes: 1024, receivedBytes: 1024 };
  const ports = [
    {
      ...tally,
      name: '80',
      protocol: 'TCP',
      unanswered: 3,
      notAdmitted: 0,
      endpoints: [{ address: '10.244.0.1', port: 8080, ...tally }],
    },
  ];
  answerWith({ [`GET ${IN}/servicetraffics/web`]: { metadata: { name: 'web' }, ports } });
  const pod = runningPod('node-1', '10.244.0.1', { metadata: { name: 'web-1', labels: { app: 'web' } } });
  showPage(<ServicePath object={untyped} around={NO_SURROUNDINGS} />, { objects: [pod, slice] as never });
  expect(await screen.findAllByText('1 open · 7 so far · 2 KiB')).toHaveLength(2);
  expect(screen.getByText('3 found nobody')).toBeTruthy();
});
