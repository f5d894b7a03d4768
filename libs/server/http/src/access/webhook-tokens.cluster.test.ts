import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { WebhookTokens } from '@binnacle/server-authentication';
import { ReviewWebhook } from '@binnacle/server-egress';
import { RawApi, startTestApiServer, type TestApiServer, TestAuthority, TestWebhook } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const clock = new FakeClock(systemClock.now());
const abort = new AbortController();
let server: TestApiServer;
let webhook: TestWebhook;
let nobody: RawApi;

beforeAll(async () => {
  const ctx = { clock, logger: silentLogger, signal: abort.signal };
  webhook = await TestWebhook.start(await TestAuthority.create(systemClock.now()));
  const tokens = [
    new WebhookTokens(ctx, new ReviewWebhook(ctx, webhook.target), { version: 'v1beta1', believed: 120_000 }),
  ];
  server = await startTestApiServer({ storage: 'memory', ctx: { clock }, authentication: { tokens } });
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
});
beforeEach(() => {
  clock.step(600_000);
  webhook.asked.length = 0;
  webhook.answer = ({ spec }) =>
    (spec as { token: string }).token === 'of-jane'
      ? { authenticated: true, user: { username: 'jane', groups: ['dev'], extra: { 'acme.com/team': ['a'] } } }
      : { authenticated: false };
});
afterAll(async () => {
  nobody.close();
  await server.close();
  abort.abort();
  await webhook.close();
});

const whoami = (token: string) =>
  nobody.call('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    method: 'POST',
    body: {},
    headers: { authorization: `Bearer ${token}` },
  });

test('a token is whose the webhook says it is, and asked about once for a while', async () => {
  for (let at = 0; at < 3; at += 1) {
    const { status, json } = await whoami('of-jane');
    expect([status, json.status.userInfo]).toEqual([
      201,
      { username: 'jane', groups: ['dev', 'system:authenticated'], extra: { 'acme.com/team': ['a'] } },
    ]);
  }
  expect(webhook.asked).toMatchObject([
    { apiVersion: 'authentication.k8s.io/v1beta1', kind: 'TokenReview', spec: { token: 'of-jane' } },
  ]);
});

test('a token it does not know is nobody’s, and so is one that it takes back', async () => {
  expect((await whoami('made-up')).status).toBe(401);
  expect((await whoami('of-jane')).status).toBe(201);
  webhook.answer = () => ({ authenticated: false });
  expect((await whoami('of-jane')).status).toBe(201);
  clock.step(120_000);
  expect((await whoami('of-jane')).status).toBe(401);
});

test('a webhook that is wrong lets nobody in, and keeps out nobody else', async () => {
  webhook.answer = () => 403;
  expect((await whoami('of-jane')).status).toBe(401);
  webhook.answer = () => ({ authenticated: true, user: { username: 'jane', groups: 'system:masters' } });
  expect((await whoami('of-jane')).status).toBe(401);
  expect((await server.raw.call('/api')).status).toBe(200);
});

test('what is of a kind of our own is never shown to it', async () => {
  const spec = { expirationSeconds: 600 };
  const account = '/api/v1/namespaces/default/serviceaccounts';
  await server.raw.call(account, { method: 'POST', body: { metadata: { name: 'robot' } } });
  const { json } = await server.raw.call(`${account}/robot/token`, { method: 'POST', body: { spec } });
  expect((await whoami(json.status.token)).status).toBe(201);
  expect(webhook.asked).toEqual([]);
});

test('reviews of tokens ask it too', async () => {
  const review = { spec: { token: 'of-jane' } };
  const path = '/apis/authentication.k8s.io/v1/tokenreviews';
  const { json } = await server.raw.call(path, { method: 'POST', body: review });
  expect(json.status).toMatchObject({ authenticated: true, user: { username: 'jane' } });
});
