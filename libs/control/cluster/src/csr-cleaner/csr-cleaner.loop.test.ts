import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { resources } from '@binnacle/apis-kubernetes/kinds';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { csrCleanerController } from './csr-cleaner.controller.js';

const HOUR = 3_600_000;
let bench: LoopBench;
let requests: Objects<CertificateSigningRequest>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [csrCleanerController(deps)]);
  requests = bench.objects(refs.certificatesigningrequests);
  const definition = resources.find(({ names }) => names.plural === refs.certificatesigningrequests.plural);
  const { group, version, kind } = refs.certificatesigningrequests;
  const base = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'r' } };
  await requests.create({ ...base, ...definition?.example } as unknown as CertificateSigningRequest);
});

const isThere = async () => (await requests.find('r')) !== undefined;

test('a request that nobody decides goes after a day', async () => {
  await bench.advance(23 * HOUR);
  expect(await isThere()).toBe(true);
  await bench.advance(HOUR + 2_000);
  expect(await isThere()).toBe(false);
});

test('one that was denied goes after an hour', async () => {
  const lastUpdateTime = formatTime(bench.now);
  const conditions = [{ type: 'Denied', status: 'True', reason: 'No', message: 'no', lastUpdateTime }];
  await requests.change('r', { status: { conditions } }, 'approval');
  await bench.advance(HOUR - 2_000);
  expect(await isThere()).toBe(true);
  await bench.advance(4_000);
  expect(await isThere()).toBe(false);
});
