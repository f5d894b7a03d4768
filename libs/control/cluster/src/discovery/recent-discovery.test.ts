import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { RecentDiscovery } from './recent-discovery.js';

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
let asked: number;
let kinds: string[];
let status: number;
let discovery: RecentDiscovery;
beforeEach(() => {
  [asked, kinds, status] = [0, ['Pod'], 200];
  const raw = async (_: unknown, __: string, path: string) => {
    if (path === '/apis') asked += 1;
    const resources = kinds.map((kind) => ({ name: kind, kind, namespaced: true, verbs: ['list'] }));
    return { status, body: JSON.stringify(path === '/apis' ? {} : { resources }) };
  };
  discovery = new RecentDiscovery({ raw } as never);
});

const find = async (kind: string) => (await discovery.find(ctx, '', kind))?.kind;

test('many who look for what is served, and for what is not, ask once', async () => {
  const found = await Promise.all(Array.from({ length: 100 }, (_, index) => find(index % 2 ? 'Pod' : `Nope${index}`)));
  expect(found.filter(Boolean)).toHaveLength(50);
  expect(asked).toBe(1);
});

test('a kind that was missed is found ten seconds later, and one that has gone is missed thirty later', async () => {
  expect(await find('Later')).toBeUndefined();
  kinds = ['Later'];
  clock.step(10_000);
  expect(await find('Later')).toBe('Later');
  kinds = [];
  clock.step(29_999);
  expect(await find('Later')).toBe('Later');
  clock.step(1);
  expect(await find('Later')).toBeUndefined();
});

test('a look that failed is told of, and soon made again', async () => {
  status = 503;
  await expect(find('Pod')).rejects.toThrow('discovery at /apis answered 503');
  await expect(find('Pod')).rejects.toThrow('503');
  expect(asked).toBe(1);
  status = 200;
  clock.step(10_000);
  expect(await find('Pod')).toBe('Pod');
});
