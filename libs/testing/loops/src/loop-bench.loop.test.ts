import type { ConfigMap } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { againAt, createController, done, fromMapped, type Outcome } from '@binnacle/client-controller';
import { StatusError } from '@binnacle/machinery-meta';
import { configMap } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { LoopBench } from './index.js';

/** A loop over ConfigMaps that does what it is told, and says of each reconcile what its cache knew. */
async function start(reconcile: (key: string, data: string | undefined) => Promise<Outcome> | Outcome = () => done) {
  const seen: Array<string | undefined> = [];
  const bench = await LoopBench.start(
    (_, { informers }) => {
      const maps = informers.for<ConfigMap>(refs.configmaps);
      return [
        createController({
          name: 'test',
          // The API server keeps a ConfigMap of its own.
          sources: [fromMapped(maps, ({ metadata: { name } }) => (name === 'settings' ? 'default/settings' : []))],
          reconciler: {
            reconcile: async (__, key) => {
              const known = maps.get(key)?.data?.key;
              seen.push(known);
              return reconcile(key, known);
            },
          },
        }),
      ];
    },
    { as: { commonName: 'system:kube-controller-manager' } },
  );
  return { bench, seen, maps: bench.objects<ConfigMap>(refs.configmaps) };
}

test('a turn sees everything that has been written before it', async () => {
  const { bench, seen, maps } = await start();
  await maps.create(configMap());
  for (let round = 0; round < 5; round += 1) await maps.change('settings', { data: { key: String(round) } });
  expect(await bench.due('test')).toBe(1);
  expect(await bench.turn()).toMatchObject({ controller: 'test', key: 'default/settings' });
  expect(seen).toEqual(['4']);
  expect(await bench.turn()).toBeUndefined();
});

test('time stands until it is moved, and then stops wherever something is due', async () => {
  const times: number[] = [];
  const { bench, maps } = await start(() => {
    times.push(bench.now - begun);
    return times.length < 3 ? againAt(bench.now + 1_000) : done;
  });
  const begun = bench.now;
  await maps.create(configMap());
  await bench.drain();
  expect(times).toEqual([0]);
  await bench.advance(999);
  expect(times).toEqual([0]);
  await bench.advance(10_000);
  expect(times).toEqual([0, 1_000, 2_000]);
  expect(bench.now - begun).toBe(10_999);
});

test('what is held up is not seen until it is let go', async () => {
  const { bench, seen, maps } = await start();
  await maps.create(configMap());
  await bench.drain();
  bench.api.hold(/configmaps/);
  await maps.change('settings', { data: { key: 'new' } });
  expect(await bench.turn()).toBeUndefined();
  bench.api.hold(undefined);
  await bench.drain();
  expect(seen).toEqual(['value', 'new']);
});

test('a failure is answered, and the key comes again after its pause', async () => {
  let failures = 2;
  const { bench, maps } = await start(() => {
    failures -= 1;
    if (failures >= 0) throw new StatusError(409, 'Conflict', 'lost');
    return done;
  });
  await maps.create(configMap());
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  expect(await bench.turn()).toBeUndefined();
  expect((await bench.advance(1_000)).map(({ error }) => error !== undefined)).toEqual([true, false]);
});

test('a loop that wakes itself for ever is found out', async () => {
  const { bench, maps } = await start(async (_, data) => {
    await maps.change('settings', { data: { key: `${data}!`.slice(-20) + Math.random() } });
    return done;
  });
  await maps.create(configMap());
  await expect(bench.drain()).rejects.toThrow('never at rest: test default/settings');
});

test('a restart hears of everything anew, and a request that befell a mishap was never served', async () => {
  const { bench, seen, maps } = await start();
  await maps.create(configMap());
  await bench.drain();
  await bench.restart();
  await bench.drain();
  expect(seen).toEqual(['value', 'value']);
  bench.api.befall(({ method }) =>
    method === 'DELETE' ? new StatusError(503, 'ServiceUnavailable', 'no') : undefined,
  );
  await expect(maps.delete('settings')).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
  expect(await maps.find('settings')).toBeDefined();
});

test('the loops may do no more than their identity may', async () => {
  const { bench } = await start();
  const client = bench.api.client({ commonName: 'system:kube-proxy' });
  await expect(client.resource(refs.secrets).list(bench.ctx)).rejects.toMatchObject({ reason: 'Forbidden' });
});
