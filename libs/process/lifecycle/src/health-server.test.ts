import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, expect, test } from 'vitest';
import { startHealthServer } from './index.js';

let abort = new AbortController();
afterEach(() => abort.abort());

async function start(options: Omit<Parameters<typeof startHealthServer>[1], 'port'>) {
  abort = new AbortController();
  const port = await startHealthServer(
    { signal: abort.signal, clock: new FakeClock(), logger: silentLogger },
    { port: 0, ...options },
  );
  return (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
}

test('is healthy while every check passes', async () => {
  const get = await start({ checks: { leader: () => true } });
  expect((await get('/healthz')).status).toBe(200);
});

test('names the checks that fail, thrown errors included', async () => {
  const get = await start({
    checks: { good: () => true, bad: () => false, worse: () => Promise.reject(new Error('x')) },
  });
  const response = await get('/readyz');
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('bad, worse');
});

test('serves metrics and nothing unknown', async () => {
  const get = await start({ checks: {}, metrics: async () => 'up 1\n' });
  expect(await (await get('/metrics')).text()).toBe('up 1\n');
  expect((await get('/elsewhere')).status).toBe(404);
});
