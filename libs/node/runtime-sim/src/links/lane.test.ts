import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Lane } from './lane.js';
import { Meter } from './meter.js';
import { joinLinks, type Path } from './path.js';

const link = { delay: 0, jitter: 0, loss: 0, rate: Number.POSITIVE_INFINITY, seed: 's' };
const none = { in: [], out: [] };
const pathOf = (more: Partial<Path>): Path => ({ ...link, ...none, ...more });
const lane = (name = 'a>b') => new Lane('in', name);

describe('links one behind the other', () => {
  it('add up their delays, and multiply what gets through', () => {
    const links = [
      { ...link, delay: 40, jitter: 5, loss: 0.5 },
      { ...link, delay: 10, loss: 0.5, seed: 't' },
    ];
    const meters = { in: [new Meter(1e6)], out: [] };
    expect(joinLinks(links, meters)).toEqual({ delay: 50, jitter: 5, loss: 0.75, seed: 's/t', ...meters });
  });

  it('are no way of their own where nothing is to be noticed', () => {
    expect(joinLinks([], none)).toBeUndefined();
    expect(joinLinks([link], none)).toBeUndefined();
    expect(joinLinks([], { in: [new Meter(1e6)], out: [] })).toBeDefined();
  });
});

test('a packet arrives after the delay, and after all that left before it', () => {
  const slow = pathOf({ delay: 40, in: [new Meter(8_000)] });
  const one = lane();
  expect(one.segment(slow, 1_000, 1_000)).toBe(1_000 + 1_000 + 40);
  expect(one.segment(slow, 1_000, 1_000)).toBe(1_000 + 2_000 + 40);
  expect(one.segment(slow, 9_000, 1_000)).toBe(9_000 + 1_000 + 40);
});

test('who shares a link shares its rate, and the slowest of several bounds it', () => {
  const [wide, narrow] = [new Meter(80_000), new Meter(8_000)];
  expect(lane('a').segment(pathOf({ in: [wide, narrow] }), 0, 1_000)).toBe(1_000);
  expect(lane('b').segment(pathOf({ in: [narrow] }), 0, 1_000)).toBe(2_000);
  // What waits at the narrow one keeps nobody waiting at the wide one.
  expect(lane('c').segment(pathOf({ in: [wide] }), 0, 1_000)).toBe(200);
});

test('who dials waits for both ways', () => {
  expect(lane().handshake(pathOf({ delay: 40 }))).toBe(80);
});

test('a lost segment comes later, and all behind it; a lost datagram does not come', () => {
  const [lossy, one] = [pathOf({ delay: 10, loss: 0.3 }), lane()];
  const times = Array.from({ length: 400 }, (_, at) => one.segment(lossy, at, 1) - at);
  expect(times.filter((time) => time > 10).length).toBeGreaterThan(100);
  const datagrams = Array.from({ length: 1_000 }, (_, at) => lane(`n${at}`).datagram(lossy, 0, 1));
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
      const ways = [1, 2].map(() => pathOf({ ...more, in: [new Meter(1e6)] }));
      const [one, other] = [lane(), lane()];
      const [here, there] = [ways[0] as Path, ways[1] as Path];
      let now = 0;
      let before = 0;
      for (const size of sizes) {
        const at = one.segment(here, now, size);
        expect(at).toBe(other.segment(there, now, size));
        expect(at).toBeGreaterThanOrEqual(Math.max(before, now + more.delay - more.jitter));
        if (more.loss === 0) expect(at).toBeLessThanOrEqual(before + now + size / 125 + more.delay + more.jitter + 1e4);
        [before, now] = [at, now + size];
      }
    }),
  );
});
