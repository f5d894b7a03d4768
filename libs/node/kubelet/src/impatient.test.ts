import type { KubeClient } from '@binnacle/client-rest';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { expect, test } from 'vitest';
import { impatient } from './impatient.js';

/** A server that takes requests and never answers. */
const hanging = {
  resource: () => ({
    get: (ctx: { signal: AbortSignal }) =>
      new Promise((_, reject) => void ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))),
  }),
} as unknown as KubeClient;

test('a request that is never answered is given up', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const get = () =>
    impatient(hanging).resource(refs.nodes).get({ clock, signal: abort.signal, logger: silentLogger }, { name: 'n' });
  const waiting = get();
  clock.step(10_000);
  await expect(waiting).rejects.toThrow('no answer within 10 s');
  const second = get();
  abort.abort(new Error('stop'));
  await expect(second).rejects.toThrow('stop');
  expect(clock.pending).toBe(0);
});
