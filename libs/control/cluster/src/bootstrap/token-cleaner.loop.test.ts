import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { bootstrapToken } from './testing/tokens.js';
import { tokenCleanerController } from './token-cleaner.controller.js';

let bench: LoopBench;
let secrets: Objects<Secret>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [tokenCleanerController(deps)]);
  secrets = bench.objects(refs.secrets, 'kube-system');
});
const names = async () => (await secrets.list()).map(({ metadata }) => metadata.name);

test('a token goes when it has ended, and one without an end stays', async () => {
  await secrets.create(bootstrapToken('abcdef', { expiration: formatTime(bench.now + 60_000) }));
  await secrets.create(bootstrapToken('always'));
  await secrets.create({ ...bootstrapToken('opaque', { expiration: formatTime(0) }), type: 'Opaque' });
  await bench.advance(59_000);
  expect(await names()).toHaveLength(3);
  await bench.advance(2_000);
  expect((await names()).sort()).toEqual(['bootstrap-token-always', 'bootstrap-token-opaque']);
});

test('one that was given more time meanwhile stays', async () => {
  await secrets.create(bootstrapToken('abcdef', { expiration: formatTime(bench.now + 60_000) }));
  await bench.drain();
  bench.api.hold(/secrets\?.*watch=true/);
  await secrets.change('bootstrap-token-abcdef', { data: { expiration: btoa(formatTime(bench.now + 600_000)) } });
  await bench.advance(61_000);
  expect(await names()).toEqual(['bootstrap-token-abcdef']);
});
