import 'reflect-metadata';
import { type RawApi, startTestApiServer, TestPeople, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';
import { graphqlSocket } from './testing/graphql-socket.js';

const ROOT = '/clusters/root/graphql';
let server: TestApiServer;
let people: TestPeople;
/** May do everything with people, and is no administrator. */
let registrar: RawApi;

async function ask(query: string, variables: object = {}, api = server.raw, headers: Record<string, string> = {}) {
  const { status, json } = await api.call(ROOT, { method: 'POST', body: { query, variables }, headers });
  return { status, data: json.data, errors: json.errors };
}
/** The code of the first error, and its path. */
const refusal = async (...asked: Parameters<typeof ask>) => {
  const { errors = [] } = await ask(...asked);
  return [errors[0]?.extensions.code, errors[0]?.path?.join('.')];
};
const APPLY = 'mutation ($manifest: JSON!, $dryRun: Boolean) { apply(manifest: $manifest, dryRun: $dryRun) { raw } }';
const apply = (kind: string, name: string, spec: object = {}, api?: RawApi) =>
  ask(APPLY, { manifest: { apiVersion: 'iam.binnacle.dev/v1', kind, metadata: { name }, spec } }, api);

beforeAll(async () => {
  server = await startTestApiServer({ modules: (ctx, parts) => [graphqlModule(ctx, parts)] });
  people = new TestPeople(server);
  registrar = await people.registrars();
  await apply('User', 'captain');
  await apply('Team', 'administrators', { members: ['captain'] });
});
afterAll(async () => {
  people.close();
  registrar.close();
  await server.close();
});

/** The rows that a subscription tells from a revision on, until the first that is no bookmark. */
async function subscribed(many: string, resourceVersion: string, then: () => Promise<unknown>): Promise<unknown[]> {
  const client = await graphqlSocket(server, ROOT);
  const query = `subscription ($from: String) { ${many}(resourceVersion: $from) { type object { metadata { name } } } }`;
  const rows = client.iterate<Record<string, { type: string }>>({ query, variables: { from: resourceVersion } });
  void then();
  try {
    for await (const { data, errors } of rows) {
      if (errors) throw new Error(JSON.stringify(errors));
      const row = data?.[many];
      if (row && row.type !== 'BOOKMARK') return [row];
    }
    return [];
  } finally {
    await client.dispose();
  }
}

describe('the kinds of people', () => {
  test.each([
    ['User', 'user', 'users', { displayName: 'Ann' }, { displayName: 'Ann Lee' }],
    ['Team', 'team', 'teams', { members: ['captain'] }, { displayName: 'Crew' }],
    ['Invitation', 'invitation', 'invitations', { email: 'a@example.com' }, { email: 'b@example.com' }],
    [
      'IdentityProvider',
      'identityProvider',
      'identityProviders',
      { issuer: 'https://id.example', clientID: 'c' },
      { clientID: 'd' },
    ],
  ])('%s is made, changed, listed, watched and deleted', async (kind, one, many, spec, change) => {
    const name = people.newName('one');
    expect((await apply(kind, name, spec)).data.apply.raw).toMatchObject({ kind, metadata: { name }, spec });
    const { apply: changed } = (await apply(kind, name, change)).data;
    expect(changed.raw.spec).toMatchObject({ ...spec, ...change });
    const listed = await ask(
      `query ($name: JSON) { ${many}(filter: { path: "metadata.name", equals: $name }) { totalCount nodes { raw } } }`,
      { name },
    );
    expect(listed.data[many]).toMatchObject({ totalCount: 1, nodes: [{ raw: { metadata: { name } } }] });
    const read = await ask(`query ($name: String!) { ${one}(name: $name) { spec { __typename } raw } }`, { name });
    expect(read.data[one].raw).toEqual(changed.raw);
    const rows = await subscribed(many, changed.raw.metadata.resourceVersion, () =>
      ask(
        'mutation ($name: String!, $kind: String!) { delete(apiVersion: "iam.binnacle.dev/v1", kind: $kind, name: $name) }',
        {
          name,
          kind,
        },
      ),
    );
    expect(rows).toEqual([{ type: 'DELETED', object: { metadata: { name } } }]);
    expect(await refusal(`query ($name: String!) { ${one}(name: $name) { kind } }`, { name })).toEqual([
      'NotFound',
      one,
    ]);
  });

  test('are of the cluster root alone', async () => {
    const body = { query: '{ users { totalCount } }' };
    const { status, json } = await server.raw.call('/graphql', { method: 'POST', body });
    expect([status, json.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    for (const field of ['me { user }', 'invitationOffer(secret: "x") { teams }']) {
      const answer = await server.raw.call('/graphql', { method: 'POST', body: { query: `{ ${field} }` } });
      expect(answer.status).toBe(400);
    }
  });

  test('tell what is wrong with them, at the field', async () => {
    const { errors } = await apply('User', people.newName('u'), { email: 'no address' });
    expect(errors[0].extensions).toMatchObject({
      code: 'Invalid',
      status: { details: { causes: [{ field: 'spec.email', reason: 'FieldValueInvalid' }] } },
    });
    const unknown = await apply('User', people.newName('u'), { emial: 'x' });
    expect(unknown.errors[0].message).toContain('unknown field "spec.emial"');
    const provider = await apply('IdentityProvider', people.newName('p'), {
      issuer: 'http://id.example',
      clientID: 'c',
    });
    expect(provider.errors[0].extensions.status.details.causes[0].field).toBe('spec.issuer');
    const team = await apply('Team', people.newName('t'), { members: ['nobody-there'] });
    expect(team.errors[0].extensions.code).toBe('Forbidden');
  });

  test('are for who has rights, and what makes an administrator for administrators', async () => {
    const { cookie } = await people.person();
    for (const many of ['users', 'teams', 'invitations', 'identityProviders'])
      expect(
        (await ask(`{ ${many} { totalCount } }`, {}, people.nobody, { cookie, 'x-binnacle-csrf': '1' })).errors[0],
      ).toMatchObject({
        path: [many],
        extensions: { code: 'Forbidden', needs: { verb: 'list', resource: many.toLowerCase() } },
      });
    const refused = [
      apply('Team', 'administrators', { members: ['captain', 'x'] }, registrar),
      apply('User', 'captain', { disabled: true }, registrar),
      apply('Invitation', people.newName('i'), { teams: ['administrators'] }, registrar),
      apply('IdentityProvider', people.newName('p'), { issuer: 'https://id.example', clientID: 'c' }, registrar),
    ];
    for (const { errors } of await Promise.all(refused)) expect(errors[0].extensions.code).toBe('Forbidden');
    expect((await apply('User', people.newName('u'), {}, registrar)).errors).toBeUndefined();
    expect((await apply('User', 'captain', { disabled: true })).errors[0].message).toContain('last administrator');
  });
});

describe('nobody in particular', () => {
  test.each([
    ['{ __typename }'],
    ['{ __schema { types { name } } }'],
    ['{ users { totalCount } }'],
    ['{ noSuchField }'],
    ['query { ...F } fragment F on Query { users { totalCount } }'],
    ['query { ... on Query { me { user } } }'],
    ['{ invitationOffer(secret: "x") { teams } me { user } }'],
  ])('is told nothing by %s', async (query) => {
    const { status, errors } = await ask(query, {}, people.nobody);
    expect([status, errors[0].message]).toEqual([401, 'Unauthorized']);
  });

  test('asks no other cluster, and no past', async () => {
    for (const path of [
      '/graphql',
      '/clusters/main/graphql',
      '/clusters/nowhere/graphql',
      '/clusters/root@1/graphql',
    ]) {
      const body = { query: '{ invitationOffer(secret: "x") { teams } }' };
      expect((await people.nobody.call(path, { method: 'POST', body })).status).toBe(401);
    }
  });
});
test('the past has no sessions, and nothing is done to it', async () => {
  const { resourceVersion } = (await ask('{ users { resourceVersion } }')).data.users;
  const { json } = await server.raw.call(`/clusters/root@${resourceVersion}/graphql`, {
    method: 'POST',
    body: { query: 'mutation { resetPassword(user: "captain") }' },
  });
  expect(json.errors[0].extensions.code).toBe('Forbidden');
});
