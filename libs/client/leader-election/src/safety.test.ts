import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { KubeClient } from '@binnacle/client-rest';
import { MemoryApi } from '@binnacle/client-rest/testing';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeaderElector, releaseLease, runLeading, claimLease } from './index.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The leases of one server as one candidate sees them, who may be cut off. */
function clientOf(api: MemoryApi, isCut: () => boolean): KubeClient {
  const reach = <T>(act: () => T): Promise<T> =>
    isCut() ? Promise.reject(new Error('the server does not answer')) : new Promise((resolve) => resolve(act()));
  const key = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
  const leases = {
    get: (_: unknown, { name, namespace }: { name: string; namespace: string }) =>
      reach(() => api.get('leases', `${namespace}/${name}`)),
    create: (_: unknown, lease: Lease) => reach(() => api.create('leases', lease)),
    update: (_: unknown, lease: Lease) => reach(() => api.update('leases', key(lease), lease)),
  };
  return { resource: () => leases } as unknown as KubeClient;
}

const SECONDS = 1_000;
const deed = fc.record({
  who: fc.nat(2),
  what: fc.constantFrom('cut', 'mend', 'leave', 'nothing', 'nothing'),
  seconds: fc.integer({ min: 1, max: 12 }),
});

test('never do two lead, whoever is cut off or leaves, and somebody leads once they can', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 12 }), async (deeds) => {
      const [api, clock] = [new MemoryApi(), new FakeClock()];
      const cut = [false, false, false];
      const leading = new Set<number>();
      let two = false;
      const candidates = cut.map((_, who) => {
        const abort = new AbortController();
        const lead = (ctx: { signal: AbortSignal }) =>
          new Promise<void>((resolve) => {
            leading.add(who);
            two ||= leading.size > 1;
            ctx.signal.addEventListener('abort', () => (leading.delete(who), resolve()), { once: true });
          });
        const ctx = { signal: abort.signal, clock, logger: silentLogger };
        const ended = runLeading(
          ctx,
          clientOf(api, () => cut[who] ?? false),
          { name: 'x', identity: `c${who}` },
          lead,
        ).catch(() => undefined);
        return { abort, ended };
      });
      const pass = async (seconds: number) => {
        for (let at = 0; at < seconds * 2; at += 1) {
          for (let settling = 0; settling < 3; settling += 1) await turn();
          clock.step(SECONDS / 2);
        }
        await turn();
      };
      for (const { who, what, seconds } of deeds) {
        if (what === 'cut') cut[who] = true;
        if (what === 'mend') cut[who] = false;
        if (what === 'leave') candidates[who]?.abort.abort(new Error('stopped'));
        await pass(seconds);
      }
      cut.fill(false);
      await pass(25);
      expect(two).toBe(false);
      const present = candidates.filter(({ abort }) => !abort.signal.aborted).length;
      expect(leading.size).toBe(Math.min(1, present));
      for (const { abort } of candidates) abort.abort(new Error('over'));
      await Promise.all(candidates.map(({ ended }) => ended));
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('who is told to stop while the lease is being taken gives it back, and never leads', async () => {
  const [api, clock, abort] = [new MemoryApi(), new FakeClock(), new AbortController()];
  const client = clientOf(api, () => {
    // The lease is looked for, then made: the second request is the one that takes it.
    asked += 1;
    if (asked === 2) abort.abort(new Error('stopped'));
    return false;
  });
  let [asked, led] = [0, false];
  const running = new LeaderElector(client, { name: 'x', identity: 'a' }).run(
    { signal: abort.signal, clock, logger: silentLogger },
    async () => void (led = true),
  );
  await expect(running).rejects.toThrow('stopped');
  expect([led, api.get('leases', 'kube-system/x').spec]).toMatchObject([false, { holderIdentity: '' }]);
});

test('a leader that ends by itself gives the lease back, and its failure is told', async () => {
  const [api, clock] = [new MemoryApi(), new FakeClock()];
  const ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
  const elector = new LeaderElector(
    clientOf(api, () => false),
    { name: 'x', identity: 'a' },
  );
  await expect(elector.run(ctx, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(api.get('leases', 'kube-system/x').spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
  expect(elector.isLeader).toBe(false);
});

const leaseOf = (holder: string | undefined, transitions: number | undefined): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'x', resourceVersion: '7' },
  spec: { holderIdentity: holder, acquireTime: 't0', leaseTransitions: transitions },
});
const isAnothers = (holder: string | undefined, own: string): boolean => Boolean(holder) && holder !== own;

/** Only its holder gives a lease back, and anybody may have it then. */
function givesBack(lease: Lease, holder: string): void {
  expect(releaseLease(lease, 'c', 't3')).toBeUndefined();
  const given = releaseLease(lease, holder, 't3');
  expect(given?.spec).toMatchObject({ holderIdentity: '', leaseTransitions: lease.spec?.leaseTransitions });
  expect(claimLease(given, { identity: 'c', now: 't4', leaseMilliseconds: 1, expired: false })).toBeDefined();
}

test('a lease is claimed, kept and given back as client-go has it', () => {
  const claim = fc.record({
    identity: fc.constantFrom('a', 'b'),
    now: fc.constantFrom('t1', 't2'),
    leaseMilliseconds: fc.integer({ min: 1, max: 20_000 }),
    expired: fc.boolean(),
  });
  const lease = fc.option(
    fc.record({
      holder: fc.constantFrom('a', 'b', '', undefined),
      transitions: fc.option(fc.nat(5), { nil: undefined }),
    }),
    { nil: undefined },
  );
  fc.assert(
    fc.property(lease, claim, (known, asked) => {
      const before = known && leaseOf(known.holder, known.transitions);
      const next = claimLease(before, asked);
      expect(next === undefined).toBe(isAnothers(known?.holder, asked.identity) && !asked.expired);
      if (!next) return;
      const kept = known?.holder === asked.identity;
      expect(next.spec).toEqual({
        holderIdentity: asked.identity,
        leaseDurationSeconds: Math.ceil(asked.leaseMilliseconds / 1000),
        acquireTime: kept ? 't0' : asked.now,
        renewTime: asked.now,
        leaseTransitions: (known?.transitions ?? 0) + Number(known !== undefined && !kept),
      });
      expect(next.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
      givesBack(next, asked.identity);
    }),
  );
});
