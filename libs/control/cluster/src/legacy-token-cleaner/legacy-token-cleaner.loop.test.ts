import type { ConfigMap, Pod, Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { pod, secret, serviceAccount } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { legacyTokenCleanerController } from './legacy-token-cleaner.controller.js';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const INVALID = 'kubernetes.io/legacy-token-invalid-since';
let bench: LoopBench;
let secrets: Objects<Secret>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [legacyTokenCleanerController(deps, WEEK)]);
  secrets = bench.objects(refs.secrets);
  const accounts = bench.objects<ServiceAccount>(refs.serviceaccounts);
  await accounts.create(serviceAccount({ metadata: { name: 'robot' }, secrets: [{ name: 'token' }] }));
  const annotations = { 'kubernetes.io/service-account.name': 'robot' };
  for (const name of ['token', 'by-hand'])
    await secrets.create({
      ...secret({ metadata: { name, annotations } }),
      type: 'kubernetes.io/service-account-token',
    });
});

/** Days in one step: on the way there is nothing to see. */
const later = async (milliseconds: number) => {
  bench.ctx.clock.step(milliseconds);
  await bench.advance(1_000);
};
const isMarked = async (name = 'token') => Boolean((await secrets.find(name))?.metadata.labels?.[INVALID]);

test('a token nobody uses is marked, and deleted when it was not missed', async () => {
  await later(WEEK);
  expect(await isMarked()).toBe(false);
  await later(3 * DAY);
  expect(await isMarked()).toBe(true);
  await later(WEEK);
  expect(await secrets.find('token')).toBeDefined();
  await later(3 * DAY);
  expect(await secrets.find('token')).toBeUndefined();
  expect([await secrets.find('by-hand'), await isMarked('by-hand')]).toEqual([expect.anything(), false]);
});

test('one that a Pod has stays', async () => {
  const volumes = [{ name: 't', secret: { secretName: 'token' } }];
  await bench.objects<Pod>(refs.pods).create(pod({ spec: { volumes } }));
  await later(3 * WEEK);
  expect(await isMarked()).toBe(false);
});

test('where nobody says since when use is known, nothing is done', async () => {
  const name = 'kube-apiserver-legacy-service-account-token-tracking';
  await bench.objects<ConfigMap>(refs.configmaps, 'kube-system').change(name, { data: { since: null } });
  await later(3 * WEEK);
  expect(await isMarked()).toBe(false);
});

test('one that was used meanwhile is not deleted', async () => {
  await later(10 * DAY);
  bench.api.hold(/secrets\?.*watch=true/);
  await secrets.change('token', { metadata: { labels: { [INVALID]: null } } });
  await later(10 * DAY);
  expect(await secrets.find('token')).toBeDefined();
});
