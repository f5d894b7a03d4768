import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newServiceUnavailable, newUnauthorized } from '@binnacle/machinery-meta';
import { beforeEach, expect, test } from 'vitest';
import { HeldConnection, OpenRights, type UserInfo } from '../index.js';

const MINUTE = 60_000;
let clock: FakeClock;
let ctx: Context;
let open: OpenRights;
/** Why who is on the other end is not believed now. */
let refusal: Error | undefined;
let identified: number;
let hungUp: number;
let connection: HeldConnection;

beforeEach(() => {
  clock = new FakeClock();
  ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
  open = new OpenRights(ctx, { onChange: () => () => undefined });
  [refusal, identified, hungUp] = [undefined, 0, 0];
  const identify = async () => {
    identified += 1;
    if (refusal) throw refusal;
  };
  connection = new HeldConnection(open, identify, () => void (hungUp += 1));
});

const begin = (user: Partial<UserInfo> = {}, since = open.sequence) =>
  connection.begin({ ...ctx, user: { name: 'ada', groups: [], ...user }, cluster: 'main' }, since);
const later = async (milliseconds: number) => {
  clock.step(milliseconds);
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

test('is hung up on when its proof ends', async () => {
  begin({ expiresAt: clock.now() + MINUTE });
  await later(MINUTE - 1);
  expect(hungUp).toBe(0);
  await later(1);
  expect([hungUp, open.size, clock.pending]).toEqual([1, 0, 0]);
});

test('is hung up on when its proof is revoked, also while it was opened', async () => {
  begin();
  open.revoke({ user: 'bob' });
  await later(0);
  expect(hungUp).toBe(0);
  open.revoke({ user: 'ada' });
  expect(hungUp).toBe(1);
  connection = new HeldConnection(
    open,
    () => Promise.resolve(),
    () => void (hungUp += 1),
  );
  begin({}, open.sequence - 1);
  await later(0);
  expect(hungUp).toBe(2);
});

test('is a use of its session now and then, and ends with that', async () => {
  begin();
  await later(5 * MINUTE);
  expect([identified, hungUp]).toEqual([1, 0]);
  refusal = newServiceUnavailable('the database is away');
  await later(5 * MINUTE);
  expect([identified, hungUp]).toEqual([2, 0]);
  refusal = newUnauthorized('Unauthorized');
  await later(5 * MINUTE);
  expect([identified, hungUp]).toEqual([3, 1]);
  await later(60 * MINUTE);
  expect([identified, hungUp]).toEqual([3, 1]);
});

test('holds nothing and asks nobody once it is closed, also where that is before it begins', async () => {
  begin();
  connection.close();
  connection.close();
  begin();
  open.revoke({ user: 'ada' });
  await later(60 * MINUTE);
  expect([open.size, clock.pending, identified, hungUp]).toEqual([0, 0, 0, 0]);
});
