import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { cookieOf, startTestApiServer, TestPeople } from '@binnacle/testing-cluster';
import { expect, test } from 'vitest';

const USERS = '/clusters/root/apis/iam.binnacle.dev/v1/users';

/** Whoever has taken a session begins requests all the time, and says the rest of one when the session has ended. */
test('a request that was begun before a password was reset makes no token after', async () => {
  const server = await startTestApiServer();
  const people = new TestPeople(server);
  const { name, cookie } = await people.person();
  const headers = { cookie, 'x-binnacle-csrf': '1', 'content-type': 'application/json' };
  const options = { method: 'POST', headers, ca: server.authority.certificate };
  const begun = request(new URL('/auth/tokens', server.url), options);
  const answered = once(begun, 'response') as Promise<[IncomingMessage]>;
  begun.write('{"name":');
  expect((await people.as(cookie, '/auth/session')).json.user).toBe(name);
  const reset = await server.raw.call(`${USERS}/${name}/password`, { method: 'POST', body: {} });
  expect(reset.status).toBe(201);
  begun.end('"late"}');
  const [{ statusCode }] = await answered;
  expect(statusCode).toBe(401);
  expect((await server.raw.call(`${USERS}/${name}/tokens`)).json.items).toEqual([]);
  people.close();
  await server.close();
});

/** Whoever knows a password changes it to and fro, so that one change is always on its way. */
test('a password that is reset while it is changed is what the reset says, and no session of the change is left', async () => {
  const server = await startTestApiServer();
  const people = new TestPeople(server);
  const { name, cookie } = await people.person();
  const newPassword = 'of a thief who hurries';
  const [changed, reset] = await Promise.all([
    people.as(cookie, '/auth/password', { method: 'POST', body: { password: people.password, newPassword } }),
    server.raw.call(`${USERS}/${name}/password`, { method: 'POST', body: {} }),
  ]);
  expect(reset.status).toBe(201);
  expect([200, 401]).toContain(changed.status);
  expect((await people.as(cookieOf(changed), '/auth/session')).status).toBe(401);
  expect((await people.login(name, newPassword)).status).toBe(401);
  expect((await people.login(name, reset.json.password)).json.mustChangePassword).toBe(true);
  people.close();
  await server.close();
});
