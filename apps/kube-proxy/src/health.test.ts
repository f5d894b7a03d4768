import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock } from '@binnacle/machinery-context';
import { ProxyHealth } from '@binnacle/network-proxy';
import { beforeEach, expect, test, vi } from 'vitest';
import { healthReports } from './health.js';

const clock = new FakeClock();
const part = {};
const answeredHealth = vi.fn();
let health: ProxyHealth;
beforeEach(() => {
  answeredHealth.mockClear();
  health = new ProxyHealth();
  health.updated(part, clock.now());
});

const node = (taints: readonly string[]): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  spec: { taints: taints.map((key) => ({ key, effect: 'NoSchedule' })) },
});
const reports = (ownNode?: () => Node | undefined) =>
  healthReports({ clock, health, metrics: { answeredHealth }, ...(ownNode && { ownNode }) });

test('a proxy in time, on a node that may have traffic, says both', () => {
  const report = reports(() => node([]));
  const now = new Date(clock.now()).toISOString();
  const status = { IPv4: { lastUpdated: now, healthy: true } };
  expect(report('/healthz')).toEqual({
    healthy: true,
    body: { lastUpdated: now, currentTime: now, nodeEligible: true, healthy: true, status },
  });
  expect(report('/livez')).toEqual({
    healthy: true,
    body: { lastUpdated: now, currentTime: now, healthy: true, status },
  });
  expect(answeredHealth.mock.calls).toEqual([
    ['healthz', 200],
    ['livez', 200],
  ]);
});

test.each([
  ['is about to be removed', () => node(['ToBeDeletedByClusterAutoscaler'])],
  ['is not there', () => undefined],
])('a node that %s gets no traffic, and the proxy lives', (_, ownNode) => {
  const report = reports(ownNode);
  expect(report('/healthz')).toMatchObject({ healthy: false, body: { nodeEligible: false, healthy: true } });
  expect(report('/livez')).toMatchObject({ healthy: true });
  expect(answeredHealth.mock.calls).toEqual([
    ['healthz', 503],
    ['livez', 200],
  ]);
});

test('a proxy that lags behind is neither', () => {
  health.queued(part, clock.now());
  clock.step(60_000);
  for (const path of ['/healthz', '/livez']) expect(reports()(path)).toMatchObject({ healthy: false });
});

test('other paths are for the checks', () => {
  expect(reports()('/readyz')).toBeUndefined();
  expect(answeredHealth).not.toHaveBeenCalled();
});
