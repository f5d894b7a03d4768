import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { RawApi, startTestApiServer } from '@binnacle/testing-cluster';
import { expect, test } from 'vitest';

const IAM = '/clusters/root/apis/iam.binnacle.dev/v1';
const CSRF = { 'x-binnacle-csrf': '1', 'content-type': 'application/json' };
const GOOD = 'a sentence nobody guesses';

/** Whoever has taken a session begins requests all the time, and says the rest of one when the session has ended. */
test('a request that was begun before a password was reset makes no token after', async () => {
  const server = await startTestApiServer();
  const nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  const post = (path: string, body: object, cookie?: string) =>
    (cookie ? nobody : server.raw).call(path, { method: 'POST', body, headers: cookie ? { ...CSRF, cookie } : {} });
  const cookiesOf = ({ headers }: Awaited<ReturnType<typeof post>>) =>
    (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  await post(`${IAM}/users`, { apiVersion: 'iam.binnacle.dev/v1', kind: 'User', metadata: { name: 'ann' }, spec: {} });
  const { password } = (await post(`${IAM}/users/ann/password`, {})).json;
  const first = cookiesOf(await nobody.call('/auth/login', { method: 'POST', body: { user: 'ann', password } }));
  const cookie = cookiesOf(await post('/auth/password', { password, newPassword: GOOD }, first));

  const options = { method: 'POST', headers: { ...CSRF, cookie }, ca: server.authority.certificate };
  const begun = request(new URL('/auth/tokens', server.url), options);
  const answered = once(begun, 'response') as Promise<[IncomingMessage]>;
  begun.write('{"name":');
  expect((await nobody.call('/auth/session', { headers: { cookie } })).json.user).toBe('ann');
  expect((await post(`${IAM}/users/ann/password`, {})).status).toBe(201);
  begun.end('"late"}');
  const [{ statusCode }] = await answered;
  expect(statusCode).toBe(401);
  expect((await server.raw.call(`${IAM}/users/ann/tokens`)).json.items).toEqual([]);
  nobody.close();
  await server.close();
});
