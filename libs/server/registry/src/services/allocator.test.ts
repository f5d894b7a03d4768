import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { type RequestContext, systemContext } from '../request-context.js';
import { Allocator, JoinedAllocator } from './allocator.js';
import { Claims, privateForm } from './claims.js';
import { addressRange, portRange } from './ranges.js';

const claimant = { namespace: 'a', name: 'b', uid: 'c' };
let ctx: RequestContext;
let claims: Claims;
beforeEach(async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  claims = new Claims(storage, privateForm('binnacle.dev/test'));
});

describe('an allocator', () => {
  test('gives a value once, until it is given back', async () => {
    const allocator = new Allocator(portRange('100-110'), claims);
    const claim = () => allocator.claim(ctx, '105', claimant, false);
    expect([await claim(), await claim()]).toEqual(['claimed', 'taken']);
    await claims.release(ctx, '105');
    expect(await claim()).toBe('claimed');
  });

  test('gives nothing outside its range', async () => {
    expect(await new Allocator(portRange('100-110'), claims).claim(ctx, '99', claimant, false)).toBe('outOfRange');
  });

  test('that only tries keeps nothing', async () => {
    const allocator = new Allocator(portRange('100-110'), claims);
    expect(await allocator.claim(ctx, '105', claimant, true)).toBe('claimed');
    expect(await claims.list(ctx)).toEqual([]);
  });

  test('gives out all it has, each once, and then no more', async () => {
    const allocator = new Allocator(portRange('100-119'), claims);
    const given = [];
    for (let at = 0; at < 20; at += 1) given.push(await allocator.claimAny(ctx, claimant));
    expect(new Set(given).size).toBe(20);
    expect(await allocator.claimAny(ctx, claimant)).toBeUndefined();
  });
  test.each(['10.9.0.1/32', '10.9.0.0/31', 'fd00::1/128'])(
    'gives nothing of a network without room: %s',
    async (cidr) => {
      const none = new Allocator(addressRange(cidr), claims);
      expect(await none.claimAny(ctx, claimant)).toBeUndefined();
      const more = new Allocator(addressRange('10.8.0.0/30'), claims);
      expect(await new JoinedAllocator([none, more], claims).claimAny(ctx, claimant)).toMatch(/^10\.8\.0\./);
    },
  );
});

test('releasing what nobody holds is harmless', async () => {
  await expect(claims.release(ctx, '1')).resolves.toBeUndefined();
});
