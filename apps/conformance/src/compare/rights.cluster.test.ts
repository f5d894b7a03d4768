import { RawApi, startTestApiServer } from '@binnacle/testing-cluster';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peerPrograms, startPeer } from './peer.js';

/** The same roles, bindings and questions to a real kube-apiserver and to ours, where the environment names one. */
const programs = peerPrograms(process.env);
const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const NAMESPACES = ['n1', 'n2'];
const ROLES = 12;

type Body = Readonly<Record<string, unknown>>;

const some = (...values: string[]) => fc.subarray(values, { minLength: 1, maxLength: 3 });
const resourceRule = fc.record(
  {
    verbs: some('get', 'list', 'create', 'update', '*'),
    apiGroups: some('', 'apps', 'batch', '*'),
    resources: some('pods', 'pods/log', '*/scale', 'deployments', 'deployments/scale', 'secrets', '*'),
    resourceNames: fc.subarray(['x', 'y']),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const pathRule = fc.record({ verbs: some('get', 'post', '*'), nonResourceURLs: some('/a', '/a/*', '/b*', '*') });
const subject = fc.oneof(
  fc.constantFrom('u1', 'u2', 'u3').map((name) => ({ kind: 'User', name, apiGroup: GROUP })),
  fc.constantFrom('g1', 'g2').map((name) => ({ kind: 'Group', name, apiGroup: GROUP })),
  fc.constantFrom('n1', 'n2').map((namespace) => ({ kind: 'ServiceAccount', name: 'sa', namespace })),
);
const subjects = fc.array(subject, { minLength: 1, maxLength: 2 });
const roleName = fc.nat(ROLES).map((index) => `r${index}`);

/** One more name than there are roles: some bindings are of a role that is not there. */
const binding = (kinds: string[]) =>
  fc.record({
    subjects,
    roleRef: fc.record({ apiGroup: fc.constant(GROUP), kind: fc.constantFrom(...kinds), name: roleName }),
  });

const named = (bodies: readonly object[], prefix: string): Body[] =>
  bodies.map((body, index) => ({ metadata: { name: `${prefix}${index}` }, ...body }));

function objects(seed: number): [string, Body][] {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, at: number) =>
    fc.sample(arbitrary, { seed: seed + at, numRuns });
  const rulesOf = (rule: fc.Arbitrary<object>) => fc.record({ rules: fc.array(rule, { minLength: 1, maxLength: 3 }) });
  const wide = named(sample(rulesOf(fc.oneof(resourceRule, pathRule)), ROLES, 1), 'r');
  const made: [string, Body][] = [
    ...wide.map((body): [string, Body] => [`${RBAC}/clusterroles`, body]),
    ...named(sample(binding(['ClusterRole']), 5, 2), 'b').map((body): [string, Body] => [
      `${RBAC}/clusterrolebindings`,
      body,
    ]),
  ];
  for (const [index, namespace] of NAMESPACES.entries()) {
    const at = `${RBAC}/namespaces/${namespace}`;
    made.push(
      ...named(sample(rulesOf(resourceRule), ROLES, 10 + index), 'r').map((body): [string, Body] => [
        `${at}/roles`,
        body,
      ]),
    );
    made.push(
      ...named(sample(binding(['ClusterRole', 'Role']), 8, 20 + index), 'b').map((body): [string, Body] => [
        `${at}/rolebindings`,
        body,
      ]),
    );
  }
  return made;
}

const asker = fc.record({
  user: fc.constantFrom('u1', 'u2', 'u3', 'u4', 'system:serviceaccount:n1:sa', 'system:serviceaccount:n2:sa'),
  groups: fc.subarray(['g1', 'g2', 'system:authenticated']),
});
const question = fc.oneof(
  fc.record({
    resourceAttributes: fc.record({
      verb: fc.constantFrom('get', 'list', 'create', 'update', 'escalate'),
      group: fc.constantFrom('', 'apps', 'batch', 'other'),
      resource: fc.constantFrom('pods', 'deployments', 'secrets', 'jobs'),
      subresource: fc.constantFrom('', 'log', 'scale'),
      namespace: fc.constantFrom('', 'n1', 'n2'),
      name: fc.constantFrom('', 'x', 'z'),
    }),
  }),
  fc.record({
    nonResourceAttributes: fc.record({
      verb: fc.constantFrom('get', 'post'),
      path: fc.constantFrom('/a', '/a/b', '/ab', '/bc', '/healthz', '/apis/x'),
    }),
  }),
);

/** Upstream finds bindings in no order: where several allow, each may name another. */
const plain = ({ allowed, reason = '' }: { allowed: boolean; reason?: string }) =>
  allowed ? { allowed } : { allowed, reason: reason.replace(/[[\]]/g, '').replace('RBAC: ', '').split(', ').sort() };

describe.skipIf(!programs)('rights by roles', () => {
  let theirs: RawApi;
  let ours: RawApi;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const peer = await startPeer(programs as NonNullable<typeof programs>);
    const server = await startTestApiServer({ storage: 'memory' });
    [theirs, ours] = [new RawApi(peer.admin), new RawApi(server.admin)];
    closing.push(
      () => peer.close(),
      () => server.close(),
    );
    for (const api of [theirs, ours]) {
      for (const name of NAMESPACES)
        await api.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name } } });
    }
  });
  afterAll(async () => {
    for (const api of [theirs, ours]) api?.close();
    for (const close of closing) await close();
  });

  async function put(api: RawApi, all: [string, Body][]): Promise<void> {
    for (const [path, body] of all) {
      const { status, text } = await api.call(path, { method: 'POST', body });
      if (status !== 201) throw new Error(`${path}: ${text}`);
    }
  }

  async function clear(api: RawApi, all: [string, Body][]): Promise<void> {
    for (const [path, body] of all)
      await api.call(`${path}/${(body.metadata as { name: string }).name}`, { method: 'DELETE' });
  }

  async function review(api: RawApi, spec: object): Promise<ReturnType<typeof plain>> {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    return plain((await api.call(path, { method: 'POST', body: { spec } })).json.status);
  }

  /** The rules of somebody, in no order; those that every signed-in user of ours has besides left out. */
  async function rules(api: RawApi, user: string, groups: readonly string[], namespace: string): Promise<string[]> {
    // A header of several values is sent several times.
    const several = { 'impersonate-group': groups } as unknown as Readonly<Record<string, string>>;
    const headers = { 'impersonate-user': user, ...(groups.length > 0 && several) };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { json } = await api.call(path, { method: 'POST', body: { spec: { namespace } }, headers });
    const { resourceRules, nonResourceRules } = json.status;
    const lines = [...resourceRules, ...nonResourceRules].map((rule: object) =>
      JSON.stringify(Object.entries(rule).sort()),
    );
    const own = /binnacle|"\/auth|"head"/;
    return [...new Set(lines.filter((line) => !own.test(line)))].sort();
  }

  /** Their cache follows what was written in its own time. */
  async function untilSettled(): Promise<void> {
    const marker = {
      metadata: { name: 'zz-marker' },
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'cluster-admin' },
    };
    const bindings: [string, Body][] = [
      `${RBAC}/clusterrolebindings`,
      ...NAMESPACES.map((namespace) => `${RBAC}/namespaces/${namespace}/rolebindings`),
    ].map((path) => [path, { ...marker, subjects: [{ kind: 'User', name: `m${path}`, apiGroup: GROUP }] }]);
    await put(theirs, bindings);
    for (const [path] of bindings) {
      const namespace = /namespaces\/([^/]+)/.exec(path)?.[1] ?? '';
      const spec = { user: `m${path}`, resourceAttributes: { verb: 'get', resource: 'pods', namespace } };
      await expect.poll(() => review(theirs, spec), { timeout: 30_000 }).toEqual({ allowed: true });
    }
    await clear(theirs, bindings);
  }

  test.each([1, 2, 3, 4])('allow the same, whoever asks (%i)', { timeout: 300_000 }, async (seed) => {
    const all = objects(seed * 1000);
    await Promise.all([put(theirs, all), put(ours, all)]);
    await untilSettled();
    const asked = fc.sample(fc.tuple(asker, question), { seed, numRuns: 1_000 });
    const differing: unknown[] = [];
    for (const [who, what] of asked) {
      const spec = { ...who, ...what };
      const [their, our] = await Promise.all([review(theirs, spec), review(ours, spec)]);
      // Health is shown to everybody here, and discovery by other verbs too.
      if (JSON.stringify(their) !== JSON.stringify(our) && !/healthz/.test(JSON.stringify(spec)))
        differing.push({ spec, their, our });
    }
    expect(differing).toEqual([]);
    for (const { user, groups } of fc.sample(asker, { seed, numRuns: 40 })) {
      for (const namespace of NAMESPACES) {
        expect(await rules(ours, user, groups, namespace)).toEqual(await rules(theirs, user, groups, namespace));
      }
    }
    await Promise.all([clear(theirs, all), clear(ours, all)]);
  });

  test('are given by the same roles from the start', async () => {
    const list = async (api: RawApi, plural: string) => {
      const { json } = await api.call(`${RBAC}/${plural}`);
      const items: { metadata: { name: string; labels: object }; rules?: unknown; aggregationRule?: unknown }[] =
        json.items;
      return items
        .filter(({ metadata }) => !metadata.name.startsWith('binnacle:'))
        .map(({ metadata: { name, labels }, rules: found, aggregationRule }) => ({
          name,
          labels,
          rules: found ?? [],
          aggregationRule,
        }));
    };
    for (const plural of ['clusterroles', 'roles'])
      expect(await list(ours, plural)).toEqual(await list(theirs, plural));
  });
});
