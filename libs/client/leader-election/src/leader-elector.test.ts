import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient } from '@binnacle/client-rest';
import { type ProtocolServer, startProtocolServer } from '@binnacle/client-rest/testing';
import { type Clock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimLease, LeaderElector, LeadershipLost, releaseLease } from './index.js';

const fast = { leaseMilliseconds: 1500, renewMilliseconds: 1000, retryMilliseconds: 200 };
const clock: Clock = {
  now: () => Date.now() * 10,
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay / 10);
    return () => clearTimeout(timer);
  },
};
let server: ProtocolServer;
let aborts: AbortController[] = [];

beforeEach(async () => {
  server = await startProtocolServer();
});
afterEach(async () => {
  for (const abort of aborts) abort.abort(new Error('over'));
  aborts = [];
  await server.stop();
});

function candidate(identity: string) {
  const abort = new AbortController();
  aborts.push(abort);
  const elector = new LeaderElector(createKubeClient({ server: server.url }), { name: 'x', identity, ...fast });
  const ended = elector.run(
    { signal: abort.signal, clock, logger: silentLogger },
    (ctx) => new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve(), { once: true })),
  );
  ended.catch(() => undefined);
  return { elector, abort, ended };
}

const holder = () =>
  (server.api.get(refs.leases.plural, 'kube-system/x').spec as { holderIdentity: string }).holderIdentity;

test('one leads; when it stops, the other follows at once', async () => {
  const first = candidate('first');
  await expect.poll(() => first.elector.isLeader, { interval: 5 }).toBe(true);
  const second = candidate('second');
  first.abort.abort(new Error('over'));
  await first.ended;
  await expect.poll(() => second.elector.isLeader, { interval: 5 }).toBe(true);
  expect(first.elector.isLeader).toBe(false);
  expect(holder()).toBe('second');
});

test('a leader that cannot renew steps down', async () => {
  const { elector, ended } = candidate('only');
  await expect.poll(() => elector.isLeader, { interval: 5 }).toBe(true);
  await server.stop();
  await expect(ended).rejects.toBeInstanceOf(LeadershipLost);
  expect(elector.isLeader).toBe(false);
});

test('a candidate that lost the lease leads again when it can', async () => {
  const abort = new AbortController();
  aborts.push(abort);
  let terms = 0;
  const elector = new LeaderElector(createKubeClient({ server: server.url }), { name: 'x', identity: 'one', ...fast });
  const ended = elector.campaign({ signal: abort.signal, clock, logger: silentLogger }, (ctx) => {
    terms += 1;
    return new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve(), { once: true }));
  });
  await expect.poll(() => terms, { interval: 5 }).toBe(1);
  await server.stop();
  await expect.poll(() => elector.isLeader, { interval: 5 }).toBe(false);
  await server.start();
  await expect.poll(() => terms, { interval: 5, timeout: 3000 }).toBe(2);
  abort.abort(new Error('over'));
  await ended;
});

test('a dead leader is followed when its lease has not changed for its duration', async () => {
  const claim = { identity: 'dead', now: '2026-01-01T00:00:00.000000Z', leaseMilliseconds: 15_000, expired: false };
  const lease = claimLease(undefined, claim);
  if (!lease) throw new Error('the lease was free');
  server.api.create(refs.leases.plural, { ...lease, metadata: { name: 'x', namespace: 'kube-system' } });
  const { elector } = candidate('heir');
  await expect.poll(() => elector.isLeader, { interval: 5, timeout: 3000 }).toBe(true);
  expect(holder()).toBe('heir');
});

test('a held lease is not taken, a renewed one keeps when it was acquired, a new holder is counted', () => {
  const base = { leaseMilliseconds: 15_000, expired: false };
  const held = claimLease(undefined, { ...base, identity: 'a', now: 't0' });
  expect(held?.spec).toMatchObject({ acquireTime: 't0', leaseTransitions: 0, leaseDurationSeconds: 15 });
  expect(claimLease(held, { ...base, identity: 'b', now: 't1' })).toBeUndefined();
  expect(claimLease(held, { ...base, identity: 'a', now: 't1' })?.spec).toMatchObject({
    acquireTime: 't0',
    renewTime: 't1',
  });
  const taken = claimLease(held, { ...base, identity: 'b', now: 't2', expired: true });
  expect(taken?.spec).toMatchObject({ acquireTime: 't2', leaseTransitions: 1 });
  expect(held && releaseLease(held, 'b', 't3')).toBeUndefined();
});
