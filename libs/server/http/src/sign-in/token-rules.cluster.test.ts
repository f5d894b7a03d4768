import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

const IAM = '/clusters/root/apis/iam.binnacle.dev/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1';
let server: TestApiServer;
let nobody: RawApi;

interface Rule {
  readonly verbs: string[];
  readonly apiGroups: string[];
  readonly resources: string[];
}

beforeAll(async () => {
  server = await startTestApiServer();
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  const make = (kind: string, name: string, spec: object) =>
    post(`${IAM}/${kind.toLowerCase()}s`, { apiVersion: 'iam.binnacle.dev/v1', kind, metadata: { name }, spec });
  await make('User', 'captain', {});
  await make('Team', 'administrators', { members: ['captain'] });
});
afterAll(async () => {
  nobody.close();
  await server.close();
});

const post = (path: string, body: object, token?: string) => {
  const asked = { method: 'POST', body };
  return token
    ? nobody.call(path, { ...asked, headers: { authorization: `Bearer ${token}` } })
    : server.raw.call(path, asked);
};
const newToken = async (scope: object) =>
  (await post(`${IAM}/users/captain/tokens`, { name: 'ci', scope })).json.token as string;

const holds = (list: string[], value: string) => list.includes('*') || list.includes(value);
const allows = (rules: Rule[], verb: string, group: string, resource: string) =>
  rules.some((rule) => holds(rule.verbs, verb) && holds(rule.apiGroups, group) && holds(rule.resources, resource));

type Act = readonly [verb: string, group: string, resource: string];

const ACTS: readonly Act[] = [
  ...['pods', 'pods/log', 'pods/exec', 'pods/proxy', 'services/proxy', 'secrets'].flatMap((resource) =>
    ['get', 'list', 'create', 'delete'].map((verb): Act => [verb, '', resource]),
  ),
  ...['get', 'patch'].map((verb): Act => [verb, 'apps', 'deployments/scale']),
  ['create', 'authorization.k8s.io', 'selfsubjectaccessreviews'],
  ['create', 'authorization.binnacle.dev', 'whocans'],
];

/** Whether somebody may do something, as enforcement says it when it is asked. */
async function may(token: string, [verb, group, whole]: Act): Promise<boolean> {
  const [resource, subresource] = whole.split('/');
  const spec = { resourceAttributes: { verb, group, resource, subresource, namespace: 'default' } };
  return (await post(`${REVIEWS}/selfsubjectaccessreviews`, { spec }, token)).json.status.allowed;
}

test.each([
  ['for reading', { readOnly: true }],
  ['for one logical cluster', { clusters: ['main'] }],
  ['for reading one', { clusters: ['main'], readOnly: true }],
  ['for everything', {}],
])('a token %s is told what it may, and no more', async (_, scope) => {
  const token = await newToken(scope);
  const { json } = await post(`${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: 'default' } }, token);
  const rules: Rule[] = json.status.resourceRules;
  for (const act of ACTS) expect([act, allows(rules, ...act)]).toEqual([act, await may(token, act)]);
  expect(allows(rules, 'delete', '', 'pods')).toBe(!('readOnly' in scope));
  expect(json.status.incomplete).toBe(false);
  expect(json.status.evaluationError ?? '').toBe('clusters' in scope ? 'the token is not for /clusters' : '');
});
