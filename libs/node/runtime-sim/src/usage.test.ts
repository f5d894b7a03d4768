import { describe, expect, test } from 'vitest';
import { anyOtherImage } from './catalogue/images.js';
import { Load } from './load.js';
import { usageOf } from './usage.js';

const NOW = 1_000_000;
const MILLISECOND = 1_000_000;
const behaviour = { ...anyOtherImage, cpuMillis: [10, 10], memoryMegabytes: [100, 200] } as const;
const consumer = (load = new Load(), more: object = {}) => ({
  behaviour,
  seed: 'a',
  load,
  startedAt: NOW - 60_000,
  ...more,
});

describe('what a container uses', () => {
  test('at rest is its own, at any time the same', () => {
    const { memoryBytes, ...cpu } = usageOf(consumer(), NOW);
    expect(cpu).toEqual({ cpuNanoCores: 10 * MILLISECOND, cpuCoreNanoSeconds: 600 * MILLISECOND });
    expect(memoryBytes).toBeGreaterThanOrEqual(100 * 2 ** 20);
    expect(usageOf(consumer(), NOW + 5_000).memoryBytes).toBe(memoryBytes);
    expect(usageOf(consumer(undefined, { seed: 'b' }), NOW).memoryBytes).not.toBe(memoryBytes);
  });

  test('under load is what it is asked, over the last quarter of a minute', () => {
    const load = new Load();
    for (let second = 0; second < 15; second += 1) load.add(100 * MILLISECOND, NOW + second * 1000);
    expect(usageOf(consumer(load), NOW + 15_000).cpuNanoCores).toBe(110 * MILLISECOND);
    expect(usageOf(consumer(load), NOW + 22_500).cpuNanoCores).toBe(Math.round((10 + (100 * 8) / 15) * MILLISECOND));
    expect(usageOf(consumer(load), NOW + 60_000)).toMatchObject({
      cpuNanoCores: 10 * MILLISECOND,
      cpuCoreNanoSeconds: (1_200 + 1_500) * MILLISECOND,
    });
  });

  test('is no more than its limit', () => {
    const load = new Load();
    load.add(60_000 * MILLISECOND, NOW - 1000);
    expect(usageOf(consumer(load, { limit: 500 }), NOW).cpuNanoCores).toBe(500 * MILLISECOND);
  });
});
