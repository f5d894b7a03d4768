import { FakeClock } from '@binnacle/machinery-context';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

const HOUR = 3_600_000;
const INVITATIONS = '/clusters/root/apis/iam.binnacle.dev/v1/invitations';
const AS_TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const clock = new FakeClock();
let server: TestApiServer;

beforeAll(async () => {
  server = await startTestApiServer({ ctx: { clock } });
});
afterAll(() => server?.close());

const inHours = (hours: number) => new Date(clock.now() + hours * HOUR).toISOString().replace(/\.\d+/, '');

test('says that it has expired when it has, in its row and its status, and waits again with more time', async () => {
  const { raw } = server;
  const body = { apiVersion: 'iam.binnacle.dev/v1', kind: 'Invitation', metadata: { name: 'ann' } };
  const made = await raw.call(INVITATIONS, { method: 'POST', body: { ...body, spec: { expiresAt: inHours(1) } } });
  expect(made.status).toBe(201);
  const one = `${INVITATIONS}/ann`;
  const phase = async () => (await raw.call(one)).json.status.phase;
  expect(await phase()).toBe('Pending');
  clock.step(HOUR);
  await expect.poll(phase).toBe('Expired');
  expect((await raw.call(one, { headers: AS_TABLE })).json.rows[0].cells).toContain('Expired');
  const headers = { 'content-type': 'application/merge-patch+json' };
  const more = JSON.stringify({ spec: { expiresAt: inHours(2) } });
  expect((await raw.call(one, { method: 'PATCH', headers, body: more })).json.status).toEqual({ phase: 'Pending' });
  clock.step(2 * HOUR);
  await expect.poll(phase).toBe('Expired');
});
