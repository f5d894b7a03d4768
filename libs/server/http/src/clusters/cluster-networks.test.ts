import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { networkAt, placeOfAddress } from '@binnacle/server-registry';
import type { ClusterMove } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodesAsked } from './cluster-networks.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const at = (name: string, place: number) => ({ name, place }) as ClusterMove;
const all = [at('main', 0), at('lab', 1), at('other', 2)];
const mayAsk = nodesAsked({ all, find: async (_, name) => all.find((known) => known.name === name) });
const nodeAt = (place: number) => (networkAt(place)?.nodes ?? '').replace(/^10\.(.*)\.0\/24$/, '127.$1.11');

describe('a kubelet', () => {
  it('of a cluster is asked in its own network only', async () => {
    const asked = ['lab', 'other', 'gone'].map((name) => mayAsk(ctx, name, nodeAt(1)));
    expect(await Promise.all(asked)).toEqual([true, false, false]);
    for (const address of ['127.0.0.11', '10.1.36.11', '192.168.1.1', '::1', '127.96.0.1', '127.1'])
      expect(await mayAsk(ctx, 'lab', address)).toBe(false);
  });

  it('of the cluster main is asked anywhere but in the networks of others', async () => {
    for (const address of ['127.0.0.11', '192.168.1.1', '10.1.36.11', '::1', nodeAt(0), nodeAt(700)])
      expect(await mayAsk(ctx, 'main', address)).toBe(true);
    expect([await mayAsk(ctx, 'main', nodeAt(1)), await mayAsk(ctx, 'main', nodeAt(2))]).toEqual([false, false]);
  });
});

it('the place of every address of a network is that of the network', () => {
  const place = fc.integer({ min: 0, max: 1_519 });
  fc.assert(
    fc.property(
      place,
      fc.constantFrom('pods', 'services', 'nodes', 'loadBalancers'),
      fc.integer({ min: 0, max: 255 }),
      (of, part, last) => {
        const [base = ''] = (networkAt(of)?.[part] ?? '').split('/');
        expect(placeOfAddress(base.replace(/0$/, String(last)))).toBe(of);
      },
    ),
  );
});
