import { lease, node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { Heartbeats } from './heartbeats.js';
import { EvictionRates, evictionInterval, zoneOf, zoneState } from './zones.js';

const nodes = (ready: number, unready: number, zone = 'a') =>
  Array.from({ length: ready + unready }, (_, index) =>
    node({
      metadata: { name: `${zone}${index}`, labels: { 'topology.kubernetes.io/zone': zone } },
      status: { conditions: [{ type: 'Ready', status: index < ready ? 'True' : 'Unknown' }] },
    }),
  );

describe('zones', () => {
  test.each([
    [3, 0, 'normal'],
    [1, 2, 'normal'],
    [2, 3, 'partial'],
    [0, 1, 'full'],
  ] as const)('%i ready and %i not is %s', (ready, unready, state) => {
    expect(zoneState(nodes(ready, unready))).toBe(state);
  });

  test('the more that fail at once, the slower Pods are driven off', () => {
    const zone = zoneOf(nodes(1, 0)[0] ?? node());
    expect(evictionInterval(nodes(2, 1), zone)).toBe(10_000);
    expect(evictionInterval(nodes(2, 3), zone)).toBeUndefined();
    expect(evictionInterval(nodes(20, 40), zone)).toBe(100_000);
    expect(evictionInterval(nodes(0, 3), zone)).toBeUndefined();
    expect(evictionInterval([...nodes(0, 3), ...nodes(1, 0, 'b')], zone)).toBe(10_000);
  });

  test('one node of a zone per interval', () => {
    const rates = new EvictionRates();
    expect(rates.take('a', 10_000, 0)).toBeUndefined();
    expect(rates.take('a', 10_000, 5_000)).toBe(10_000);
    expect(rates.take('b', 10_000, 5_000)).toBeUndefined();
    expect(rates.take('a', 10_000, 10_000)).toBeUndefined();
  });
});

describe('Heartbeats', () => {
  const renewed = (renewTime: string) => lease({ spec: { renewTime } });
  test('a change of the lease counts, by our clock; its absence of change does not', () => {
    const heartbeats = new Heartbeats();
    expect(heartbeats.observe(node(), renewed('t0'), 100)).toBe(100);
    expect(heartbeats.observe(node(), renewed('t0'), 200)).toBe(100);
    expect(heartbeats.observe(node(), renewed('t1'), 300)).toBe(300);
  });

  test('after we were cut off ourselves, everybody starts anew', () => {
    const heartbeats = new Heartbeats();
    heartbeats.observe(node(), renewed('t0'), 100);
    heartbeats.forgive(500);
    expect(heartbeats.observe(node(), renewed('t0'), 600)).toBe(500);
  });
});
