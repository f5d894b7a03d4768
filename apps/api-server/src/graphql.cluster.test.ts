import 'reflect-metadata';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ modules: (ctx, parts) => [graphqlModule(ctx, parts)] });
});
afterAll(() => server.close());

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s of /graphql is answered with what is possible', async (method) => {
  for (const path of ['/graphql', '/clusters/main/graphql']) {
    const { status, json, headers } = await server.raw.call(path, { method });
    expect([status, json.reason, headers.allow]).toEqual([405, 'MethodNotAllowed', 'GET, POST']);
  }
});

test('nobody is told that', async () => {
  const nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  expect((await nobody.call('/graphql', { method: 'PUT' })).status).toBe(401);
  nobody.close();
});

test('a query by POST is answered still', async () => {
  const { status, json } = await server.raw.call('/graphql', { method: 'POST', body: { query: '{ __typename }' } });
  expect([status, json.data]).toEqual([200, { __typename: 'Query' }]);
});
