import { expect, test } from 'vitest';
import { Lane } from './link.js';
import { parseLink } from './link-shape.js';
import { send } from './path.js';

let now = 0;
const lane = (text: string, way: 'out' | 'in' = 'out') => new Lane(parseLink(text, 'ns/a'), way, { now: () => now });
const sends = (one: Lane, count: number) => Array.from({ length: count }, () => one.send(100));

test('what is sent arrives after the delay', () => {
  expect(sends(lane('delay 80ms'), 2)).toEqual([80, 80]);
});

test('jitter stays within its bounds, and follows from the seed alone', () => {
  const took = sends(lane('delay 80ms 10ms seed 1'), 200) as number[];
  expect(Math.min(...took)).toBeGreaterThanOrEqual(70);
  expect(Math.min(...took)).toBeLessThan(73);
  expect(Math.max(...took)).toBeLessThanOrEqual(90);
  expect(Math.max(...took)).toBeGreaterThan(87);
  expect(sends(lane('delay 80ms 10ms seed 1'), 200)).toEqual(took);
  expect(sends(lane('delay 80ms 10ms seed 2'), 200)).not.toEqual(took);
  expect(sends(lane('delay 80ms 10ms seed 1', 'in'), 200)).not.toEqual(took);
});

test('about so many are lost, and each run the same', () => {
  const lost = (took: Array<number | undefined>) => took.map((each) => each === undefined);
  const first = lost(sends(lane('loss 25%'), 1000));
  expect(first.filter(Boolean).length).toBeGreaterThan(200);
  expect(first.filter(Boolean).length).toBeLessThan(300);
  expect(lost(sends(lane('loss 25%'), 1000))).toEqual(first);
  expect(sends(lane('loss 100%'), 3)).toEqual([undefined, undefined, undefined]);
  expect(sends(lane('loss 0%'), 3)).toEqual([0, 0, 0]);
});

test('what is sent again comes so much later', () => {
  expect(lane('loss 0% delay 5ms').deliver(100, 'handshake')).toBe(5);
  expect(lane('loss 100%').deliver(100, 'data')).toBe(200 * 63);
  expect(lane('loss 100%').deliver(100, 'handshake')).toBe(63_000);
});

test('what a link cannot carry at once waits its turn', () => {
  const slow = lane('rate 8kbit delay 10ms');
  expect([slow.send(100), slow.send(100)]).toEqual([110, 210]);
  now += 150;
  expect(slow.send(100)).toBe(160);
  now += 10_000;
  expect(slow.send(100)).toBe(110);
});

test('there is no room in front of a narrow link for more datagrams than it carries in ten seconds', () => {
  const slow = lane('rate 8kbit');
  const took = Array.from({ length: 200 }, () => send([slow], 100));
  expect(took.slice(99, 103)).toEqual([10_000, 10_100, undefined, undefined]);
  expect(took.at(-1)).toBeUndefined();
  now += 100;
  expect(send([slow], 100)).toBe(10_100);
});
