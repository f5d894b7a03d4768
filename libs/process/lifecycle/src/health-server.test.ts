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
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
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

test('is alive before it is ready', async () => {
  let isReady = false;
  const get = await start({ checks: {}, ready: { dns: () => isReady } });
  const statuses = async () =>
    await Promise.all(['/healthz', '/livez', '/readyz'].map(async (path) => (await get(path)).status));
  expect(await statuses()).toEqual([200, 200, 500]);
  isReady = true;
  expect(await statuses()).toEqual([200, 200, 200]);
});

const metrics = async () => 'up 1\n';

test('serves metrics and nothing unknown to who may read them', async () => {
  const seen: unknown[] = [];
  const get = await start({
    checks: {},
    metrics,
    refusal: async (_, authorization, act) => {
      seen.push(act);
      return authorization === 'Bearer good' ? undefined : { status: 403, message: 'no' };
    },
  });
  const init = { headers: { authorization: 'Bearer good' } };
  expect(await (await get('/metrics?x=y', init)).text()).toBe('up 1\n');
  expect((await get('/elsewhere', init)).status).toBe(404);
  expect((await get('/metrics', { ...init, method: 'POST' })).status).toBe(404);
  expect((await get('/metrics')).status).toBe(403);
  expect(seen[0]).toEqual({ verb: 'get', path: '/metrics' });
});

test.each(['/metrics', '/metrics/', '//metrics', '/debug/pprof/', '/healthz/../metrics', '/elsewhere', '/%6detrics'])(
  "%s is nobody's where nobody decides",
  async (path) => {
    const get = await start({ checks: {}, metrics });
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([401, 'Unauthorized\n']);
    expect((await get('/healthz')).status).toBe(200);
  },
);

test('a program may answer health by a report of its own, and texts to who may read them', async () => {
  let healthy = true;
  const get = await start({
    checks: { good: () => true },
    report: (path) => (path === '/healthz' ? { healthy, body: { lastUpdated: 'now', healthy } } : undefined),
    texts: { '/proxyMode': 'userspace' },
    refusal: async (_, authorization) => (authorization ? undefined : { status: 401, message: 'Unauthorized' }),
  });
  const good = await get('/healthz');
  expect([good.status, good.headers.get('content-type'), await good.json()]).toEqual([
    200,
    'application/json',
    { lastUpdated: 'now', healthy: true },
  ]);
  healthy = false;
  expect((await get('/healthz')).status).toBe(503);
  expect(await (await get('/livez')).text()).toBe('ok');
  expect((await get('/proxyMode')).status).toBe(401);
  const mode = await get('/proxyMode', { headers: { authorization: 'Bearer good' } });
  expect([mode.status, await mode.text()]).toEqual([200, 'userspace']);
});
