import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { startTestApiServer, TestPeople } from '@binnacle/testing-cluster';
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
