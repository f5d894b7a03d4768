import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { isForbidden, newForbidden } from '@binnacle/machinery-meta';
import { beforeEach, expect, test, vi } from 'vitest';
import { type AskFor, OpenRights, Permit, RightsNotices, type UserInfo } from './index.js';

const ada: UserInfo = { name: 'ada', groups: [] };
const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };

let open: OpenRights;
let notices: RightsNotices;
let listeners: Map<string, Set<() => void>>;
let mark: string | Error;
let mayAsk: boolean;
const changed = vi.fn();

const ask: AskFor = (_, attributes) => {
  if (!mayAsk) throw newForbidden({ group: '', resource: 'selfsubjectrulesreviews' }, '', 'no');
  return Permit.of(attributes, { allowed: true, reason: '' }, ask, { open, narrows: false });
};
const write = (cluster = 'main') => listeners.get(cluster)?.forEach((listener) => listener());
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

beforeEach(() => {
  changed.mockReset();
  listeners = new Map();
  [mark, mayAsk] = ['1', true];
  open = new OpenRights(ctx, {
    onChange: (cluster, listener) => {
      const among = listeners.get(cluster) ?? new Set();
      listeners.set(cluster, among.add(listener));
      return () => among.delete(listener);
    },
  });
  const markOf = () => (mark instanceof Error ? Promise.reject(mark) : mark);
  notices = new RightsNotices({ markOf }, ask);
});

test('whoever is given something is told once; whoever is given nothing is not', async () => {
  await notices.once(ctx, ada, 'main', changed);
  write();
  await settled();
  expect(changed).not.toHaveBeenCalled();
  mark = '2';
  write('lab');
  await settled();
  expect(changed).not.toHaveBeenCalled();
  write();
  write();
  await settled();
  mark = '3';
  write();
  await settled();
  expect(changed).toHaveBeenCalledTimes(1);
  expect(open.size).toBe(0);
});

test('what has changed since it was asked for is told', async () => {
  await notices.once(ctx, ada, 'main', changed);
  mark = '2';
  await settled();
  expect(changed).toHaveBeenCalledTimes(1);
});

test.each([
  ['is not believed any more', () => open.revoke({ user: 'ada' })],
  ['may not even ask any more', () => ((mayAsk = false), write())],
  ['has roles that cannot be read', () => ((mark = new Error('the database is away')), write())],
])('who %s is told, and finds out the rest by asking', async (_, happen) => {
  await notices.once(ctx, ada, 'main', changed);
  await settled();
  happen();
  await settled();
  expect(changed).toHaveBeenCalledTimes(1);
});

test('nobody is told who has gone', async () => {
  const stop = await notices.once(ctx, ada, 'main', changed);
  stop();
  mark = '2';
  write();
  open.revoke({ user: 'ada' });
  await settled();
  expect(changed).not.toHaveBeenCalled();
  expect(open.size).toBe(0);
});

test('of the past the rights of the present count', async () => {
  await notices.once(ctx, ada, 'main@42', changed);
  mark = '2';
  write('main');
  await settled();
  expect(changed).toHaveBeenCalledTimes(1);
});

test('whoever may not ask is refused', async () => {
  mayAsk = false;
  await expect(notices.once(ctx, ada, 'main', changed)).rejects.toSatisfy(isForbidden);
});
