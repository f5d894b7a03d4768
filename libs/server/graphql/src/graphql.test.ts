import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden, type UnstructuredObject } from '@binnacle/machinery-meta';
import { Permit } from '@binnacle/server-auth';
import {
  admitEverything,
  type CallerContext,
  Registry,
  type RequestContext,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from './cost/limits.js';
import { type Attempt, type Authorize, GraphqlService } from './index.js';

/** A permit of just what was asked for, so that whatever is done without asking fails. */
function permitOf({ user, cluster }: CallerContext, attempt: Attempt): Permit {
  const { verb, definition, subresource = '', namespace = '', name = '' } = attempt;
  const { group, version, names } = definition;
  const resource = { group, version, resource: names.plural, subresource, namespace, name };
  return Permit.of({ user, cluster, verb, resource }, { allowed: true, reason: '' });
}

let ctx: RequestContext;
let registry: Registry;
let service: GraphqlService;
let refused: (attempt: Parameters<Authorize>[1]) => boolean;

beforeEach(async () => {
  const abort = new AbortController();
  ctx = systemContext({ signal: abort.signal, clock: new FakeClock(), logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  refused = () => false;
  const authorize: Authorize = async (caller, attempt) => {
    if (refused(attempt)) throw newForbidden({ group: '', resource: 'x' }, '', 'not yours');
    return { ...caller, permit: permitOf(caller, attempt) };
  };
  service = new GraphqlService({ registry, authorize });
});

interface Answer {
  readonly data?: Record<string, never>;
  readonly errors?: ReadonlyArray<{ message: string; extensions: { code: string } }>;
}

async function ask(query: string, variables: object = {}): Promise<Answer> {
  const body = Buffer.from(JSON.stringify({ query, variables }));
  const answer = await service.execute(ctx, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    search: '',
    body,
  });
  const { extensions: _, ...told } = JSON.parse(answer.body.toString()) as Answer & { extensions?: unknown };
  return told;
}

async function make(group: string, version: string, plural: string, object: Omit<UnstructuredObject, 'apiVersion'>) {
  const store = registry.get(group, version, plural);
  const apiVersion = group ? `${group}/${version}` : version;
  const namespace = store.definition.namespaced ? 'default' : '';
  const draft = { ...object, apiVersion } as UnstructuredObject;
  return store.decode(await store.create(ctx, { namespace }, draft));
}

const configMap = (name: string, data: Record<string, string> = {}) =>
  make('', 'v1', 'configmaps', { kind: 'ConfigMap', metadata: { name }, data });

const pod = (name: string, more: object = {}) =>
  make('', 'v1', 'pods', {
    kind: 'Pod',
    metadata: { name, labels: { app: 'web' }, ...more },
    spec: { nodeName: 'worker-1', containers: [{ name: 'c', image: 'nginx' }] },
  });

describe('queries', () => {
  test('a page is filtered and sorted as a whole, and its pages are of one revision', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await configMap(name, { n: name });
    const query = `query ($after: String) { configMaps(first: 2, after: $after, sort: [{ path: "data.n", direction: DESC }],
      filter: { path: "metadata.name", in: ["a", "b", "d"] }) { nodes { metadata { name } } totalCount endCursor hasNextPage } }`;
    const first = await ask(query);
    expect(first).toMatchObject({
      data: {
        configMaps: {
          nodes: [{ metadata: { name: 'd' } }, { metadata: { name: 'b' } }],
          totalCount: 3,
          hasNextPage: true,
        },
      },
    });
    await configMap('0', { n: 'z' });
    const { endCursor } = first.data?.configMaps as unknown as { endCursor: string };
    expect(await ask(query, { after: endCursor })).toMatchObject({
      data: { configMaps: { nodes: [{ metadata: { name: 'a' } }], totalCount: 3, hasNextPage: false } },
    });
  });

  test('relations lead from Nodes to Pods, from Pods to Nodes, and to owners', async () => {
    await make('', 'v1', 'nodes', { kind: 'Node', metadata: { name: 'worker-1' } });
    const set = await make('apps', 'v1', 'replicasets', {
      kind: 'ReplicaSet',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
      },
    });
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'web',
      uid: set.metadata.uid ?? '',
      controller: true,
    };
    await pod('web-1', { ownerReferences: [owner] });
    const answer = await ask(`{
      node(name: "worker-1") { pods { metadata { name } owners { kind metadata { name } } node { metadata { name } } } }
      replicaSet(name: "web") { pods { metadata { name } } owned { kind } }
    }`);
    expect(answer).toEqual({
      data: {
        node: {
          pods: [
            {
              metadata: { name: 'web-1' },
              owners: [{ kind: 'ReplicaSet', metadata: { name: 'web' } }],
              node: { metadata: { name: 'worker-1' } },
            },
          ],
        },
        replicaSet: { pods: [{ metadata: { name: 'web-1' } }], owned: [{ kind: 'Pod' }] },
      },
    });
  });

  test('the past can be read', async () => {
    const made = await configMap('a', { n: '1' });
    await ask(
      `mutation { apply(manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { n: "2" } }) { kind } }`,
    );
    const query = `query ($at: String) { configMaps(resourceVersion: $at) { nodes { data } } }`;
    expect(await ask(query, { at: made.metadata.resourceVersion })).toEqual({
      data: { configMaps: { nodes: [{ data: { n: '1' } }] } },
    });
    expect(await ask(query)).toEqual({ data: { configMaps: { nodes: [{ data: { n: '2' } }] } } });
  });

  test('what the user may not see is refused, and the rest still answered', async () => {
    await pod('web-1');
    refused = ({ definition }) => definition.names.kind === 'Event';
    const answer = await ask('{ pod(name: "web-1") { metadata { name } } events { totalCount } }');
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['Forbidden']);
  });

  test.each([
    ['an object that is not there', '{ pod(name: "none") { kind } }', 'NotFound'],
    ['a bad selector', '{ pods(labelSelector: "a=b=c") { totalCount } }', 'BadRequest'],
    [
      'a field selector that is only a name every object has',
      '{ pods(fieldSelector: "constructor=x") { totalCount } }',
      'BadRequest',
    ],
    ['an unknown field selector', '{ pods(fieldSelector: "spec.colour=red") { totalCount } }', 'BadRequest'],
    ['a cursor from elsewhere', '{ pods(after: "xyz") { totalCount } }', 'BadRequest'],
    ['too large a page', '{ pods(first: 100000) { totalCount } }', 'BadRequest'],
    ['a comparison without a path', '{ pods(filter: { equals: "x" }) { totalCount } }', 'BadRequest'],
    ['a subscription that comes by HTTP', 'subscription { pods { type } }', 'BadRequest'],
    ['an unknown kind', '{ object(apiVersion: "v1", kind: "Toaster", name: "x") { kind } }', 'NotFound'],
  ])('%s is refused with its reason', async (_, query, code) => {
    expect((await ask(query)).errors?.[0]?.extensions.code).toBe(code);
  });

  test('operations that are nested too deeply are refused before they run', async () => {
    const nested = (levels: number): string => (levels ? `owners { ${nested(levels - 1)} }` : 'kind');
    expect((await ask(`{ pod(name: "a") { ${nested(30)} } }`)).errors?.[0]?.message).toContain('levels deep');
  });
});

describe('limits', () => {
  test('operations that follow relations to more objects than a process can hold are refused', async () => {
    await make('', 'v1', 'nodes', { kind: 'Node', metadata: { name: 'worker-1' } });
    for (let at = 0; at < 30; at += 1) await pod(`web-${at}`);
    const nested = (levels: number): string => (levels ? `pods { node { ${nested(levels - 1)} } }` : 'kind');
    expect((await ask(`{ node(name: "worker-1") { ${nested(2)} } }`)).errors).toBeUndefined();
    const { errors = [] } = await ask(`{ node(name: "worker-1") { ${nested(3)} } }`);
    expect(errors[0]?.extensions.code).toBe('RequestEntityTooLarge');
    expect(errors.length).toBeLessThanOrEqual(100);
  });

  test('Services, ReplicaSets and Nodes find their own among many', async () => {
    const service = (name: string, selector?: object) =>
      make('', 'v1', 'services', { kind: 'Service', metadata: { name }, spec: { selector, ports: [{ port: 80 }] } });
    await service('both', { app: 'web', tier: 'front' });
    await service('none');
    await pod('a', { labels: { app: 'web', tier: 'front' } });
    await pod('b', { labels: { app: 'web' } });
    await pod('c', { labels: { tier: 'front' } });
    expect(await ask('{ services { nodes { pods { metadata { name } } } } }')).toEqual({
      data: { services: { nodes: [{ pods: [{ metadata: { name: 'a' } }] }, { pods: [] }] } },
    });
  });
});

describe('operations by GET', () => {
  const get = (headers: Record<string, string>) =>
    service.execute(ctx, { method: 'GET', headers, search: '?query={whoami}', body: Buffer.alloc(0) });

  test('are answered to programs', async () => {
    const answer = await get({ 'apollo-require-preflight': '1' });
    expect([answer.status, JSON.parse(answer.body.toString()).data]).toEqual([200, { whoami: 'system:apiserver' }]);
  });

  test('are refused to what a form of another site could send', async () => {
    expect((await get({})).status).toBe(400);
  });
});

describe('what is no operation', () => {
  const send = (
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
    method = 'POST',
  ) => service.execute(ctx, { method, headers, search: '', body: Buffer.from(body) });
  const codeOf = ({ body }: { body: Buffer }) => (JSON.parse(body.toString()) as Answer).errors?.[0]?.extensions.code;

  test.each([
    ['no JSON', '{', 400, 'BadRequest'],
    ['a list of operations', '[{"query":"{ whoami }"}]', 400, 'BadRequest'],
    ['null', 'null', 400, 'BadRequest'],
    ['no query', '{}', 400, 'BadRequest'],
    ['a query that is no text', '{"query":{"toString":"x"}}', 400, 'BadRequest'],
    ['variables that are a list', '{"query":"{ whoami }","variables":[]}', 400, 'BadRequest'],
    ['a name that is a number', '{"query":"{ whoami }","operationName":1}', 400, 'BadRequest'],
    ['a name nothing has', '{"query":"{ whoami }","operationName":"x"}', 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['no document', '{"query":"{"}', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ who }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a lone surrogate', '{"query":"{ \\ud800 }"}', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'a variable of another type',
      '{"query":"query ($n: Int) { pods(first: $n) { totalCount } }","variables":{"n":"x"}}',
      200,
      'BAD_USER_INPUT',
    ],
    ['a number without end', '{"query":"{ pods(first: 1e999) { totalCount } }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a manifest of odd values',
      '{"query":"mutation ($m: JSON!) { apply(manifest: $m) { kind } }","variables":{"m":{"apiVersion":{"toString":"x"},"kind":"Pod","metadata":{"name":"a"}}}}',
      200,
      'BadRequest',
    ],
    ['a name with a null byte', '{"query":"{ pod(name: \\"a\\u0000b\\") { kind } }"}', 200, 'NotFound'],
  ])('%s is said to be so', async (_, body, status, code) => {
    const answer = await send(body);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  test('a form of another site cannot send one', async () => {
    const answer = await send('{"query":"mutation { cordon(name: \\"a\\") { kind } }"}', {
      'content-type': 'text/plain',
    });
    expect([answer.status, codeOf(answer)]).toEqual([415, 'UnsupportedMediaType']);
  });

  test('a change does not come by GET', async () => {
    const search = `?${new URLSearchParams({ query: 'mutation { cordon(name: "a") { kind } }' })}`;
    const asked = { method: 'GET', headers: { 'x-binnacle-csrf': '1' }, search, body: Buffer.alloc(0) };
    const answer = await service.execute(ctx, asked);
    expect([answer.status, answer.headers.allow, codeOf(answer)]).toEqual([405, 'POST', 'MethodNotAllowed']);
  });
});

describe('mutations', () => {
  test('apply creates, then merges; a dry run changes nothing', async () => {
    const apply = `mutation ($manifest: JSON!, $dryRun: Boolean) { apply(manifest: $manifest, dryRun: $dryRun) { raw } }`;
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } };
    await ask(apply, { manifest });
    await ask(apply, { manifest: JSON.stringify({ ...manifest, data: { y: '2' } }) });
    await ask(apply, { manifest: { ...manifest, data: { z: '3' } }, dryRun: true });
    expect(await ask('{ configMap(name: "a") { data } }')).toEqual({
      data: { configMap: { data: { x: '1', y: '2' } } },
    });
  });

  test.each([
    ['a field of another type', { data: { n: 5 } }, 'BadRequest'],
    ['a field the kind does not have', { dat: { n: '5' } }, 'BadRequest'],
    ['a name that is no text', { metadata: { name: 5 } }, 'BadRequest'],
    ['a version that is no text', { apiVersion: 1 }, 'BadRequest'],
  ])('apply refuses %s, for a new object and for one that is there', async (_, wrong, code) => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    const apply = (extra: object) =>
      ask('mutation ($manifest: JSON!) { apply(manifest: $manifest) { raw } }', {
        manifest: { ...manifest, ...extra },
      });
    expect((await apply(wrong)).errors?.[0]?.extensions.code).toBe(code);
    expect((await apply({})).errors).toBeUndefined();
    expect((await apply(wrong)).errors?.[0]?.extensions.code).toBe(code);
  });

  test('apply removes what the manifest has as null', async () => {
    await configMap('a', { n: '1', m: '2' });
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { m: null } };
    await ask('mutation ($manifest: JSON!) { apply(manifest: $manifest) { kind } }', { manifest });
    expect(await ask('{ configMap(name: "a") { data } }')).toEqual({ data: { configMap: { data: { n: '1' } } } });
  });

  test('cordon and uncordon turn a Node', async () => {
    await make('', 'v1', 'nodes', { kind: 'Node', metadata: { name: 'n' } });
    expect(await ask('mutation { cordon(name: "n") { spec { unschedulable } } }')).toMatchObject({
      data: { cordon: { spec: { unschedulable: true } } },
    });
    const { data } = await ask('mutation { uncordon(name: "n") { raw } }');
    expect(JSON.stringify(data)).not.toContain('unschedulable');
  });

  test('scale writes replicas, and says why it cannot', async () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'x' }] } };
    await make('apps', 'v1', 'deployments', {
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, template },
    });
    const scale = (replicas: number) =>
      ask(`mutation { scale(apiVersion: "apps/v1", kind: "Deployment", name: "web", replicas: ${replicas}) { raw } }`);
    expect(await scale(5)).toMatchObject({ data: { scale: { raw: { spec: { replicas: 5 } } } } });
    expect((await scale(-1)).errors?.[0]?.extensions.code).toBe('Invalid');
    const restarted = await ask(`mutation { restart(apiVersion: "apps/v1", kind: "Deployment", name: "web") { raw } }`);
    expect(JSON.stringify(restarted)).toContain('kubectl.kubernetes.io/restartedAt');
  });

  test('delete removes', async () => {
    await configMap('a');
    expect(await ask('mutation { delete(apiVersion: "v1", kind: "ConfigMap", name: "a") }')).toEqual({
      data: { delete: true },
    });
    expect((await ask('{ configMap(name: "a") { kind } }')).errors?.[0]?.extensions.code).toBe('NotFound');
  });
});

describe('subscriptions', () => {
  async function next(events: AsyncIterator<readonly string[]>): Promise<unknown> {
    for (;;) {
      const { value } = (await events.next()) as { value: readonly string[] };
      const { configMaps } = (JSON.parse(value.join('')) as { data: { configMaps: { type: string } } }).data;
      if (configMaps.type !== 'BOOKMARK') return configMaps;
    }
  }

  async function watchConfigMaps(at?: string): Promise<AsyncIterableIterator<readonly string[]>> {
    const query =
      'subscription ($at: String) { configMaps(resourceVersion: $at) { type resourceVersion object { metadata { name } } } }';
    const operation = await service.operations.read(ctx, { query, variables: { at } });
    return service.operations.subscribe({ ctx }, operation);
  }

  test('start with the present state and go on with every change', async () => {
    await configMap('a');
    const events = await watchConfigMaps();
    expect(await next(events)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    await configMap('b');
    expect(await next(events)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
    await events.return?.();
  });

  test('resume after a resourceVersion with nothing missed or doubled', async () => {
    const a = await configMap('a');
    await configMap('b');
    await configMap('c');
    const events = await watchConfigMaps(a.metadata.resourceVersion);
    expect(await next(events)).toMatchObject({ object: { metadata: { name: 'b' } } });
    expect(await next(events)).toMatchObject({ object: { metadata: { name: 'c' } } });
    await events.return?.();
  });

  test('free what they held when they are given up', async () => {
    const { operations } = service;
    const operation = await operations.read(ctx, { query: 'subscription { configMaps { type } }', variables: {} });
    const open = () => operations.subscribe({ ctx }, operation);
    for (let at = 0; at <= LIMITS.subscriptionsAtOnce; at += 1) await (await open()).return();
    const all = await Promise.all(Array.from({ length: LIMITS.subscriptionsAtOnce }, open));
    await expect(open()).rejects.toMatchObject({ reason: 'TooManyRequests' });
    for (const changes of all) await changes.return();
  });
});
