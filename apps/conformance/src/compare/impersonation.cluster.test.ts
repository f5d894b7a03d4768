import type { ClientConfig } from '@binnacle/client-rest';
import { RawApi, startTestApiServer } from '@binnacle/testing-cluster';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { peerPrograms, startPeer } from './peer.js';

/** The same people ask a real kube-apiserver and ours to be others, where the environment names one. */
const programs = peerPrograms(process.env);
const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const PEOPLE = 60;
const PATIENCE = { timeout: 30_000, interval: 100 };

interface Server {
  readonly admin: ClientConfig;
  configFor(commonName: string): Promise<ClientConfig>;
  close(): Promise<void>;
}

const some = (...values: string[]) => fc.subarray(values, { minLength: 1 });
const MODES = ['user-info', 'serviceaccount', 'arbitrary-node', 'associated-node'];
const wearing = fc.record(
  {
    verbs: some('impersonate', ...MODES.map((mode) => `impersonate:${mode}`), '*'),
    apiGroups: some('', 'authentication.k8s.io'),
    resources: some('users', 'groups', 'serviceaccounts', 'nodes', 'uids', 'userextras/acme.com/scope', 'userextras/*'),
    resourceNames: fc.option(some('jane', 'w1', 'robot', 'a', 'b', '*', 'u-1'), { nil: undefined }),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const doing = fc.record({
  verbs: some(...MODES.flatMap((mode) => ['list', 'get', 'create'].map((verb) => `impersonate-on:${mode}:${verb}`))),
  apiGroups: some('', 'authentication.k8s.io'),
  resources: some('pods', 'configmaps', 'selfsubjectreviews'),
});
const rules = fc
  .tuple(fc.array(wearing, { maxLength: 3 }), fc.array(doing, { maxLength: 2 }))
  .map((both) => both.flat());

/** Upstream asks for several of these in no order. */
const extra = fc.oneof(
  fc.constant({}),
  fc.record({ 'impersonate-extra-acme.com%2fscope': fc.subarray(['x', 'y', 'z', 'w'], { minLength: 1 }) }),
  fc.constantFrom('scopes', 'acme.com%2fA', '').map((key) => ({ [`impersonate-extra-${key}`]: ['x'] })),
);
const who = fc.record(
  {
    'impersonate-user': fc.constantFrom(
      'jane',
      'system:anonymous',
      'system:serviceaccount:n1:robot',
      'system:serviceaccount:N1:x',
      'system:node:w1',
      'system:node:w2',
      'system:node:',
    ),
    'impersonate-group': fc.subarray(['a', 'b', 'c', 'd', 'system:masters', 'system:authenticated'], { minLength: 1 }),
    'impersonate-uid': fc.constant('u-1'),
  },
  { requiredKeys: ['impersonate-user'] },
);
const wanted = fc.tuple(who, extra).map(([a, b]) => ({ ...a, ...b }));
const request = fc.constantFrom(
  ['GET', '/api/v1/namespaces/n1/pods', undefined],
  ['GET', '/api/v1/namespaces/n1/configmaps/x', undefined],
  ['GET', '/metrics', undefined],
  ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}],
) as fc.Arbitrary<readonly [string, string, object | undefined]>;

/** What lets an account be the Node it runs on. */
const AGENT = [
  { verbs: ['impersonate:associated-node'], apiGroups: ['authentication.k8s.io'], resources: ['nodes'] },
  {
    verbs: ['impersonate-on:associated-node:get', 'impersonate-on:associated-node:create'],
    apiGroups: ['', 'authentication.k8s.io'],
    resources: ['configmaps', 'selfsubjectreviews'],
  },
];

/** An account, and a token of it for a Pod on the node `w1`. */
async function agentOf(api: RawApi): Promise<string> {
  const post = async (path: string, body: object) => {
    const { status, json, text } = await api.call(path, { method: 'POST', body });
    if (status !== 201) throw new Error(text);
    return json;
  };
  await post('/api/v1/namespaces', { metadata: { name: 'n1' } });
  await post('/api/v1/nodes', { metadata: { name: 'w1' } });
  const account = { method: 'POST', body: { metadata: { name: 'agent' } } };
  const made = async () => expect((await api.call('/api/v1/namespaces/n1/serviceaccounts', account)).status).toBe(201);
  await vi.waitFor(made, PATIENCE);
  const spec = { nodeName: 'w1', serviceAccountName: 'agent', automountServiceAccountToken: false };
  const pod = { metadata: { name: 'p' }, spec: { ...spec, containers: [{ name: 'c', image: 'i' }] } };
  const { metadata } = await post('/api/v1/namespaces/n1/pods', pod);
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: metadata.uid };
  const path = '/api/v1/namespaces/n1/serviceaccounts/agent/token';
  return (await post(path, { spec: { boundObjectRef, expirationSeconds: 3600 } })).status.token;
}

describe.skipIf(!programs)('who acts as another', () => {
  const names = [...Array.from({ length: PEOPLE }, (_, at) => `u${at}`), 'system:serviceaccount:n1:agent'];
  const servers: Server[] = [];
  const people: RawApi[][] = [];

  beforeAll(async () => {
    servers.push(await startPeer(programs as NonNullable<typeof programs>));
    servers.push(await startTestApiServer({ storage: 'memory' }));
    const made = [...fc.sample(rules, { seed: 7, numRuns: PEOPLE }), AGENT];
    for (const server of servers) {
      const admin = new RawApi(server.admin);
      const token = await agentOf(admin);
      for (const [at, name] of names.entries()) await grant(admin, `r${at}`, name, made[at] ?? []);
      const { ca, server: url } = server.admin;
      const configs = await Promise.all(names.slice(0, PEOPLE).map((name) => server.configFor(name)));
      people.push([...configs, { server: url, ca, token }].map((config) => new RawApi(config as ClientConfig)));
      await settled(admin);
      admin.close();
    }
  }, 300_000);
  afterAll(async () => {
    for (const api of people.flat()) api.close();
    for (const server of servers) await server.close();
  });

  async function grant(admin: RawApi, role: string, user: string, given: readonly object[]): Promise<void> {
    await admin.call(`${RBAC}/clusterroles`, { method: 'POST', body: { metadata: { name: role }, rules: given } });
    const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: role };
    const subjects = [{ apiGroup: GROUP, kind: 'User', name: user }];
    const body = { metadata: { name: role }, roleRef, subjects };
    const { status, text } = await admin.call(`${RBAC}/clusterrolebindings`, { method: 'POST', body });
    if (status !== 201) throw new Error(text);
  }

  /** Their cache follows what was written in its own time. */
  async function settled(admin: RawApi): Promise<void> {
    await grant(admin, 'last', 'last', [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }]);
    const spec = { user: 'last', resourceAttributes: { verb: 'get', resource: 'pods' } };
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const asked = async () =>
      expect((await admin.call(path, { method: 'POST', body: { spec } })).json.status.allowed).toBe(true);
    await vi.waitFor(asked, PATIENCE);
  }

  /** What is told of it: the user that was put on, or whose right is missing. */
  async function answer(api: RawApi | undefined, [method, path, body]: readonly unknown[], headers: object) {
    const call = { method: method as string, headers: headers as Record<string, string>, ...(body ? { body } : {}) };
    const { status, json } = (await api?.call(path as string, call)) ?? { status: 0, json: {} };
    return { status, message: json?.message, user: json?.status?.userInfo };
  }

  test('is let or refused alike, in the same words', { timeout: 600_000 }, async () => {
    const differing: unknown[] = [];
    const outcomes = new Set<string>();
    for (const [at, name] of names.entries()) {
      for (const [what, headers] of fc.sample(fc.tuple(request, wanted), { seed: at, numRuns: 40 })) {
        const [their, our] = await Promise.all(people.map((each) => answer(each[at], what, headers)));
        outcomes.add(/cannot ([a-z-]+:?[a-z-]*)/.exec(their?.message ?? '')?.[1] ?? `${their?.status}`);
        if (JSON.stringify(their) !== JSON.stringify(our)) differing.push({ name, what, headers, their, our });
      }
    }
    expect(differing).toEqual([]);
    expect([...outcomes]).toEqual(
      expect.arrayContaining(['201', 'impersonate', 'impersonate-on:associated-node', 'impersonate-on:user-info']),
    );
  });
});
