import { expect, test } from 'vitest';
import { ProxyHealth } from './proxy-health.js';

const [one, two] = [{}, {}];
const at = (seconds: number) => seconds * 1000;
const text = (seconds: number) => new Date(at(seconds)).toISOString();

test('a proxy that starts is healthy however long that takes', () => {
  const health = new ProxyHealth();
  health.queued(one, at(0));
  expect(health.isHealthy(at(3600))).toBe(true);
  expect(health.report(at(10))).toEqual({
    lastUpdated: text(10),
    currentTime: text(10),
    healthy: true,
    status: {},
  });
});

test('what waits for a minute is late, until it is done', () => {
  const health = new ProxyHealth();
  health.updated(one, at(5));
  health.queued(one, at(10));
  health.queued(one, at(50));
  expect(health.isHealthy(at(69))).toBe(true);
  expect(health.report(at(70))).toEqual({
    lastUpdated: text(5),
    currentTime: text(70),
    healthy: false,
    status: { IPv4: { lastUpdated: text(5), healthy: false } },
  });
  health.updated(one, at(71));
  expect(health.report(at(80))).toMatchObject({ lastUpdated: text(80), healthy: true });
});

test('one cluster that is late is enough, and one that is given up is none', () => {
  const health = new ProxyHealth();
  for (const part of [one, two]) health.updated(part, at(0));
  health.queued(two, at(1));
  expect(health.isHealthy(at(100))).toBe(false);
  health.forget(two);
  expect(health.isHealthy(at(100))).toBe(true);
});
