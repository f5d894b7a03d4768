import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { CheckFailure, healthReport, singleCheck } from './health-report.js';

const clock = new FakeClock(0);
const ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
const ok = () => Promise.resolve();
const full = () => Promise.reject(new CheckFailure('the disk of the database is full'));
const secret = () => Promise.reject(new Error('connect ENOENT /secret/socket'));
const query = (text = '') => new URLSearchParams(text);
const report = async (checks: Parameters<typeof healthReport>[2], text = '') => {
  const { status, body } = await healthReport(ctx, 'readyz', checks, query(text));
  return [status, String(body)];
};

test('says ok, and each check when asked for', async () => {
  expect(await report({ ping: ok })).toEqual([200, 'ok']);
  expect(await report({ ping: ok }, 'verbose')).toEqual([200, '[+]ping ok\nreadyz check passed\n']);
});

test('names what fails, and tells only what was said for others to hear', async () => {
  expect(await report({ ping: ok, storage: secret, 'storage-write': full })).toEqual([
    500,
    '[+]ping ok\n[-]storage failed: reason withheld\n[-]storage-write failed: the disk of the database is full\nreadyz check failed\n',
  ]);
});

test('leaves out what is excluded', async () => {
  expect(await report({ ping: ok, storage: full }, 'verbose&exclude=storage&exclude=nothing')).toEqual([
    200,
    '[+]ping ok\n[+]storage excluded: ok\nwarn: some health checks cannot be excluded: no matches for "nothing"\nreadyz check passed\n',
  ]);
});

test('does not wait for ever', async () => {
  const answer = report({ storage: () => new Promise(() => undefined) });
  clock.step(4_500);
  expect(await answer).toEqual([500, '[-]storage failed: no answer within 4.5 s\nreadyz check failed\n']);
});

test('answers one check alone', async () => {
  expect(await singleCheck(ctx, 'storage', ok)).toMatchObject({ status: 200 });
  const failed = await singleCheck(ctx, 'storage', full);
  expect([failed.status, String(failed.body)]).toEqual([
    500,
    'internal server error: the disk of the database is full\n',
  ]);
});
