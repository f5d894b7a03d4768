import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Lane } from './lane.js';
import { joinLinks, type Path } from './path.js';

const link = { delay: 0, jitter: 0, loss: 0, rate: Number.POSITIVE_INFINITY, seed: 's' };
const unbounded = { in: Number.POSITIVE_INFINITY, out: Number.POSITIVE_INFINITY };
const pathOf = (more: Partial<Path>): Path => ({ ...link, inRate: link.rate, outRate: link.rate, ...more });
const lane = (more: Partial<Path>, rate = link.rate, name = 'a>b') => new Lane(pathOf(more), rate, name);

describe('links one behind the other', () => {
  it('add up their delays, multiply what gets through, and have the rate of the slowest', () => {
    const links = [
      { ...link, delay: 40, jitter: 5, loss: 0.5, rate: 1e6 },
      { ...link, delay: 10, loss: 0.5, rate: 1e7, seed: 't' },
    ];
    expect(joinLinks(links, { in: 5e5, out: 1e9 })).toEqual({
      ...{ delay: 50, jitter: 5, loss: 0.75, seed: 's/t', inRate: 5e5, outRate: 1e6 },
    });
  });

  it('are no way of their own where nothing is to be noticed', () => {
    expect(joinLinks([], unbounded)).toBeUndefined();
    expect(joinLinks([link], unbounded)).toBeUndefined();
    expect(joinLinks([], { in: 1e6, out: 1e6 })).toMatchObject({ inRate: 1e6 });
  });
});

test('a packet arrives after the delay, and after all that left before it', () => {
  const slow = lane({ delay: 40 }, 8_000);
  expect(slow.segment(1_000, 1_000)).toBe(1_000 + 1_000 + 40);
  expect(slow.segment(1_000, 1_000)).toBe(1_000 + 2_000 + 40);
  expect(slow.segment(9_000, 1_000)).toBe(9_000 + 1_000 + 40);
});

test('who dials waits for both ways', () => {
  expect(lane({ delay: 40 }).handshake()).toBe(80);
});

test('a lost segment comes later, and all behind it; a lost datagram does not come', () => {
  const lossy = lane({ delay: 10, loss: 0.3 });
  const times = Array.from({ length: 400 }, (_, at) => lossy.segment(at, 1) - at);
  expect(times.filter((time) => time > 10).length).toBeGreaterThan(100);
  const datagrams = Array.from({ length: 1_000 }, (_, at) => lane({ loss: 0.3 }, link.rate, `n${at}`).datagram(0, 1));
  const lost = datagrams.filter((at) => at === undefined).length;
  expect(lost).toBeGreaterThan(230);
  expect(lost).toBeLessThan(370);
});

test('streams keep their order, jitter keeps its bounds, and the same seed says the same', () => {
  const some = fc.record({
    delay: fc.integer({ min: 20, max: 100 }),
    jitter: fc.integer({ min: 0, max: 20 }),
    loss: fc.constantFrom(0, 0.1),
    seed: fc.string(),
  });
  fc.assert(
    fc.property(some, fc.array(fc.nat(1_000), { maxLength: 20 }), (more, sizes) => {
      const [one, other] = [lane(more, 1e6), lane(more, 1e6)];
      let now = 0;
      let before = 0;
      for (const size of sizes) {
        const at = one.segment(now, size);
        expect(at).toBe(other.segment(now, size));
        expect(at).toBeGreaterThanOrEqual(Math.max(before, now + more.delay - more.jitter));
        if (more.loss === 0) expect(at).toBeLessThanOrEqual(before + now + size / 125 + more.delay + more.jitter + 1e4);
        [before, now] = [at, now + size];
      }
    }),
  );
});
