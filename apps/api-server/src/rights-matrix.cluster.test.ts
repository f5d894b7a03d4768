import 'reflect-metadata';
import type { ClusterRole, PolicyRule, RoleBinding, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';

/**
 * Identities × verbs × kinds × namespaces × clusters by every protocol. What is expected is worked out here from the roles and
 * bindings as they are read, one after the other, as upstream does it.
 */
const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;

interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
}
const IDENTITIES: readonly Identity[] = [
  { name: 'admin', groups: ['system:masters'] },
  { name: 'viewer', groups: ['binnacle:viewers'] },
  { name: 'editor', groups: ['binnacle:editors'] },
  { name: 'dev', groups: [] },
  { name: 'ops', groups: ['ops'] },
  { name: 'nobody', groups: [] },
  { name: 'system:kube-scheduler', groups: [] },
];

interface Kind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}
const kind = (group: string, plural: string, kind: string, namespaced = true): Kind => ({
  group,
  plural,
  kind,
  namespaced,
});
const KINDS = [
  kind('', 'pods', 'Pod'),
  kind('', 'secrets', 'Secret'),
  kind('', 'configmaps', 'ConfigMap'),
  kind('apps', 'deployments', 'Deployment'),
  kind('', 'nodes', 'Node', false),
  kind(GROUP, 'clusterroles', 'ClusterRole', false),
];
const VERBS = ['get', 'list', 'create', 'patch', 'delete'] as const;
const CLUSTERS = ['main', 'lab'];

interface Act {
  readonly identity: Identity;
  readonly cluster: string;
  readonly kind: Kind;
  readonly verb: (typeof VERBS)[number];
  readonly namespace: string;
}

let server: TestApiServer;
const apis = new Map<string, RawApi>();
const sockets = new Map<string, Socket>();
const policies = new Map<string, Policy>();

interface Policy {
  readonly roles: ReadonlyMap<string, PolicyRule[]>;
  readonly bindings: readonly RoleBinding[];
}

const at = (cluster: string, path: string): string => (cluster === 'main' ? path : `/clusters/${cluster}${path}`);

async function make(cluster: string, path: string, body: object): Promise<void> {
  const { status, text } = await server.raw.call(at(cluster, path), { method: 'POST', body });
  if (status !== 201) throw new Error(`${path}: ${text}`);
}

async function bind(cluster: string, namespace: string, role: string, subject: Subject): Promise<void> {
  const body = {
    metadata: { name: `${role}-${subject.name}` },
    subjects: [subject],
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
  };
  const path = namespace ? `${RBAC}/namespaces/${namespace}/rolebindings` : `${RBAC}/clusterrolebindings`;
  await make(cluster, path, body);
}

async function policyOf(cluster: string): Promise<Policy> {
  const items = async (plural: string) => (await server.raw.call(at(cluster, `${RBAC}/${plural}`))).json.items;
  const roles: ClusterRole[] = [...(await items('clusterroles')), ...(await items('roles'))];
  const bindings = [...(await items('clusterrolebindings')), ...(await items('rolebindings'))];
  const keyed = roles.map(
    ({ metadata, rules = [] }) => [`${metadata.namespace ?? ''}/${metadata.name ?? ''}`, rules] as const,
  );
  return { roles: new Map(keyed), bindings };
}

beforeAll(async () => {
  server = await startTestApiServer({
    storage: 'memory',
    modules: (ctx, parts) => [liveModule(ctx, parts), graphqlModule(ctx, parts)],
  });
  await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name: 'lab' } } });
  const person = (name: string): Subject => ({ kind: 'User', name, apiGroup: GROUP });
  const rules = (verbs: string[], apiGroups: string[], resources: string[], resourceNames?: string[]) => [
    { verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) },
  ];
  for (const cluster of CLUSTERS) {
    for (const name of ['a', 'b']) await make(cluster, '/api/v1/namespaces', { metadata: { name } });
    await make(cluster, `${RBAC}/clusterroles`, {
      metadata: { name: 'apps' },
      rules: rules(['*'], ['apps', ''], ['deployments', 'pods']),
    });
    await make(cluster, `${RBAC}/clusterroles`, {
      metadata: { name: 'one-secret' },
      rules: rules(['get', 'list', 'delete'], [''], ['secrets'], ['x']),
    });
    await make(cluster, `${RBAC}/clusterroles`, {
      metadata: { name: 'hardware' },
      rules: rules(['get', 'list', 'watch', 'patch'], ['*'], ['nodes', 'clusterroles']),
    });
  }
  await bind('main', 'a', 'apps', person('dev'));
  await bind('main', 'b', 'one-secret', person('dev'));
  await bind('lab', 'b', 'apps', person('dev'));
  // What a RoleBinding says of kinds that are in no namespace says nothing.
  await bind('main', 'a', 'hardware', person('dev'));
  await bind('lab', '', 'hardware', { kind: 'Group', name: 'ops', apiGroup: GROUP });
  for (const cluster of CLUSTERS) policies.set(cluster, await policyOf(cluster));
  for (const identity of IDENTITIES) await connect(identity);
});

async function connect({ name, groups }: Identity): Promise<void> {
  const config = await server.configFor(name, groups);
  apis.set(name, new RawApi(config));
  const { ca, cert, key } = config;
  const options = { transports: ['websocket'], ca, cert, key, reconnection: false, forceNew: true };
  const socket = io(server.url, options as object);
  sockets.set(name, socket);
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', reject);
  });
}

afterAll(async () => {
  for (const api of apis.values()) api.close();
  for (const socket of sockets.values()) socket.disconnect();
  await server.close();
});

const hasOne = (list: readonly string[] | undefined, value: string) =>
  Boolean(list?.includes('*') || list?.includes(value));

function isMember({ name, groups }: Identity, subject: Subject): boolean {
  return subject.kind === 'User' ? subject.name === name : subject.kind === 'Group' && groups.includes(subject.name);
}

/** As the roles and bindings that were read say it. */
function expected({ identity, cluster, kind, verb, namespace }: Act): boolean {
  const { groups } = identity;
  if (groups.includes('system:masters')) return true;
  const known = { ...identity, groups: [...groups, 'system:authenticated'] };
  const { roles, bindings } = policies.get(cluster) as Policy;
  const name = verb === 'list' || verb === 'create' ? '' : 'x';
  return bindings.some(({ metadata, roleRef, subjects = [] }) => {
    if (metadata.namespace && metadata.namespace !== namespace) return false;
    if (!subjects.some((subject) => isMember(known, subject))) return false;
    const place = roleRef.kind === 'Role' ? (metadata.namespace ?? '') : '';
    return (roles.get(`${place}/${roleRef.name}`) ?? []).some(
      (rule) =>
        hasOne(rule.verbs, verb) &&
        hasOne(rule.apiGroups, kind.group) &&
        hasOne(rule.resources, kind.plural) &&
        (!rule.resourceNames?.length || rule.resourceNames.includes(name)),
    );
  });
}

function pathOf({ kind, namespace, cluster }: Act): string {
  const prefix = kind.group ? `/apis/${kind.group}/v1` : '/api/v1';
  return at(cluster, `${prefix}${namespace ? `/namespaces/${namespace}` : ''}/${kind.plural}`);
}

async function byRest(act: Act): Promise<boolean> {
  const api = apis.get(act.identity.name) as RawApi;
  const path = pathOf(act);
  const headers = { 'content-type': 'application/merge-patch+json' };
  const calls = {
    get: () => api.call(`${path}/x`),
    list: () => api.call(path),
    create: () => api.call(`${path}?dryRun=All`, { method: 'POST', body: { metadata: { name: 'x' }, spec: 1 } }),
    patch: () => api.call(`${path}/x?dryRun=All`, { method: 'PATCH', headers, body: {} }),
    delete: () => api.call(`${path}/x?dryRun=All`, { method: 'DELETE' }),
  };
  return (await calls[act.verb]()).status !== 403;
}

async function byReview({ identity, cluster, kind, verb, namespace }: Act): Promise<boolean> {
  const name = verb === 'list' || verb === 'create' ? '' : 'x';
  const resourceAttributes = { verb, group: kind.group, resource: kind.plural, namespace, name };
  const path = at(cluster, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews');
  const body = { spec: { resourceAttributes } };
  const api = apis.get(identity.name) as RawApi;
  return (await api.call(path, { method: 'POST', body })).json.status.allowed;
}

const isForbidden = (errors: readonly { extensions?: { code?: string } }[] | undefined): boolean =>
  (errors ?? []).some(({ extensions }) => extensions?.code === 'Forbidden');

async function byGraphql(act: Act): Promise<boolean> {
  const { kind, namespace, identity, cluster, verb } = act;
  const apiVersion = kind.group ? `${kind.group}/v1` : 'v1';
  const place = namespace ? `, namespace: "${namespace}"` : '';
  const reference = `apiVersion: "${apiVersion}", kind: "${kind.kind}", name: "x"${place}`;
  const query = {
    get: `{ object(${reference}) { __typename } }`,
    list: `{ ${kind.plural === 'clusterroles' ? 'clusterRoles' : kind.plural === 'configmaps' ? 'configMaps' : kind.plural}${namespace ? `(namespace: "${namespace}")` : ''} { totalCount } }`,
    delete: `mutation { delete(${reference}, dryRun: true) }`,
    patch: `mutation { apply(dryRun: true, manifest: { apiVersion: "${apiVersion}", kind: "${kind.kind}", metadata: { name: "x"${place} } }) { __typename } }`,
    create: '',
  }[verb];
  const api = apis.get(identity.name) as RawApi;
  const { json } = await api.call(at(cluster, '/graphql'), { method: 'POST', body: { query } });
  return !isForbidden(json.errors);
}

let subscriptions = 0;

async function bySocket({ identity, cluster, kind, namespace }: Act): Promise<boolean> {
  const id = String(++subscriptions);
  const socket = sockets.get(identity.name) as Socket;
  const query = {
    id,
    cluster,
    ...(kind.group && { group: kind.group }),
    version: 'v1',
    resource: kind.plural,
    ...(namespace && { namespace }),
  };
  const answer = await socket.emitWithAck('subscribe', query);
  socket.emit('unsubscribe', { id });
  return answer.ok === true;
}

const acts = (identity: Identity): Act[] =>
  CLUSTERS.flatMap((cluster) =>
    KINDS.flatMap((kind) =>
      (kind.namespaced ? ['a', 'b', ''] : ['']).flatMap((namespace) =>
        // There is no single object, and nothing to write, across namespaces.
        VERBS.filter((verb) => !kind.namespaced || namespace !== '' || verb === 'list').map((verb) => ({
          identity,
          cluster,
          kind,
          verb,
          namespace,
        })),
      ),
    ),
  );

const textOf = ({ cluster, kind, verb, namespace }: Act) => `${verb} ${kind.plural} ${cluster}/${namespace}`;

/** Across namespaces lists hold what is visible, where some of it is. */
const somewhere = (act: Act): boolean =>
  expected(act) ||
  (act.verb === 'list' &&
    act.kind.namespaced &&
    !act.namespace &&
    ['a', 'b'].some((namespace) => expected({ ...act, namespace })));

/** Applying patches what is there, and creates what is not. */
const byApplying = (act: Act): boolean =>
  somewhere(act) && (act.verb !== 'patch' || expected({ ...act, verb: 'create' }));

async function wrong(
  of: readonly Act[],
  by: (act: Act) => Promise<boolean>,
  should: (act: Act) => boolean = expected,
): Promise<string[]> {
  const found: string[] = [];
  for (const act of of) {
    const [is, allowed] = [await by(act), should(act)];
    if (is !== allowed) found.push(`${textOf(act)}: ${is} instead of ${allowed}`);
  }
  return found;
}

describe.each(IDENTITIES)('what $name may do is the same', (identity) => {
  const all = acts(identity);

  test('over REST, and as reviews tell it', async () => {
    expect(await wrong(all, byRest)).toEqual([]);
    expect(await wrong(all, byReview)).toEqual([]);
  });

  test('over GraphQL', async () => {
    expect(
      await wrong(
        all.filter(({ verb }) => verb !== 'create'),
        byGraphql,
        byApplying,
      ),
    ).toEqual([]);
  });

  test('over Socket.IO', async () => {
    expect(
      await wrong(
        all.filter(({ verb }) => verb === 'list'),
        bySocket,
        somewhere,
      ),
    ).toEqual([]);
  });
});
