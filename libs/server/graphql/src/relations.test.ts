import { beforeEach, describe, expect, test } from 'vitest';
import { startService, type TestService } from './testing/service.js';

let bench: TestService;
beforeEach(async () => {
  bench = await startService();
});

const container = { name: 'c', image: 'nginx' };
const podOf = (name: string, more: object = {}, spec: object = {}) =>
  bench.make('v1/pods', {
    metadata: { name, labels: { app: 'web' }, ...more },
    spec: { containers: [container], ...spec },
  });

const event = (name: string, about: object) =>
  bench.make('v1/events', { metadata: { name }, involvedObject: about, reason: 'Because' });

const dataOf = async (query: string): Promise<unknown> => {
  const { data, errors } = await bench.ask(query);
  expect(errors).toBeUndefined();
  return data;
};

describe('events', () => {
  test('are those about the very object, and those that know only its name', async () => {
    const { metadata } = await podOf('a');
    const about = { kind: 'Pod', name: 'a', namespace: 'default' };
    await event('mine', { ...about, uid: metadata.uid });
    await event('unknown-uid', about);
    await event('by-name', { ...about, uid: 'a' });
    await event('of-the-last', { ...about, uid: 'another' });
    await event('of-another-kind', { ...about, kind: 'Service' });
    const data = await dataOf('{ pod(name: "a") { events { metadata { name } } } }');
    expect(data).toEqual({
      pod: { events: ['by-name', 'mine', 'unknown-uid'].map((name) => ({ metadata: { name } })) },
    });
  });

  test('of what has no namespace stand in default', async () => {
    await bench.make('v1/nodes', { metadata: { name: 'n' } });
    await event('of-node', { kind: 'Node', name: 'n', uid: 'n' });
    expect(await dataOf('{ node(name: "n") { events { reason } } }')).toEqual({
      node: { events: [{ reason: 'Because' }] },
    });
  });
});

describe('what is used', () => {
  const series = { times: [60], usageNanoCores: [5_000_000_000], workingSetBytes: [1024] };
  const used = (plural: string, name: string, more: object = {}) =>
    bench.make(`usage.binnacle.dev/v1/${plural}`, { metadata: { name }, window: '15m', step: '60s', series, ...more });
  const QUERY = '{ pods(sort: [{ path: "metadata.name" }]) { nodes { usage { series { usageNanoCores } } } } }';

  test('is found by the name of what uses it, and is nothing where nothing was measured', async () => {
    await podOf('a');
    await podOf('b');
    await used('podusages', 'a');
    expect(await dataOf(QUERY)).toEqual({
      pods: { nodes: [{ usage: { series: { usageNanoCores: [5_000_000_000] } } }, { usage: null }] },
    });
  });

  test('by a workload is found by its kind and name', async () => {
    const spec = {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    };
    await bench.make('apps/v1/deployments', { metadata: { name: 'web' }, spec });
    const workload = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    await used('workloadusages', 'deployment.web', { workload, pods: 2 });
    expect(await dataOf('{ deployment(name: "web") { usage { pods workload { name } } } }')).toEqual({
      deployment: { usage: { pods: 2, workload: { name: 'web' } } },
    });
  });

  test('is told to those alone who may get it', async () => {
    await podOf('a');
    await used('podusages', 'a');
    bench.refuse = ({ definition }) => definition.names.plural === 'podusages';
    const { errors } = await bench.ask(QUERY);
    expect(errors?.[0]?.extensions?.code).toBe('Forbidden');
  });
});

describe('decisions', () => {
  const decide = (name: string, podUID: string) =>
    bench.make('scheduling.binnacle.dev/v1/decisions', {
      metadata: { name },
      spec: { podName: 'a', podUID },
      status: { result: 'Scheduled', nodeName: 'n' },
    });

  test('are those about the very Pod, asked for it alone and charged for', async () => {
    const { metadata } = await podOf('a');
    await decide('a.1', metadata.uid ?? '');
    await decide('a.2', 'of-one-before');
    const query = '{ pod(name: "a") { decisions { metadata { name } status { result nodeName } } } }';
    const found = [{ metadata: { name: 'a.1' }, status: { result: 'Scheduled', nodeName: 'n' } }];
    expect(await dataOf(query)).toEqual({ pod: { decisions: found } });
    expect(bench.attempts).toContain('list decisions');
    const plain = await bench.cost('{ pod(name: "a") { metadata { name } } }');
    const asked = await bench.cost(query);
    expect(asked.estimated - plain.estimated).toBeGreaterThan(500);
    expect(asked.actual - plain.actual).toBeGreaterThan(500);
  });

  test('are told to those who may list them', async () => {
    await podOf('a');
    bench.refuse = ({ definition }) => definition.names.plural === 'decisions';
    const { errors } = await bench.ask('{ pod(name: "a") { decisions { kind } } }');
    expect(errors?.[0]?.extensions.code).toBe('Forbidden');
  });
});

describe('owners', () => {
  const reference = (uid: string, name = 'map', more = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    uid,
    ...more,
  });

  test('are those that are still there, and the very same', async () => {
    const { metadata } = await bench.make('v1/configmaps', { metadata: { name: 'map' } });
    const ownerReferences = [
      reference(metadata.uid ?? ''),
      reference('of-one-before'),
      reference('gone', 'gone'),
      reference('x', 'x', { kind: 'Toaster' }),
    ];
    await podOf('a', { ownerReferences });
    const data = await dataOf('{ pod(name: "a") { owners { kind metadata { name } } } }');
    expect(data).toEqual({ pod: { owners: [{ kind: 'ConfigMap', metadata: { name: 'map' } }] } });
  });

  test('own objects of every kind, each told once', async () => {
    const { metadata } = await bench.make('v1/configmaps', { metadata: { name: 'map' } });
    const ownerReferences = [reference(metadata.uid ?? ''), reference(metadata.uid ?? '')];
    await podOf('a', { ownerReferences });
    await bench.make('v1/secrets', { metadata: { name: 's', ownerReferences } });
    await podOf('stranger');
    const data = await dataOf('{ configMap(name: "map") { owned { kind metadata { name } } } }');
    const owned = (data as { configMap: { owned: { kind: string }[] } }).configMap.owned;
    expect(owned.map(({ kind }) => kind).sort()).toEqual(['Pod', 'Secret']);
    // Of kinds that may not be listed nothing is told, and the others are.
    bench.refuse = ({ definition }) => definition.names.plural === 'secrets';
    const less = await dataOf('{ configMap(name: "map") { owned { kind } } }');
    expect(less).toEqual({ configMap: { owned: [{ kind: 'Pod' }] } });
  });
});

describe('references', () => {
  test('are followed where what they name is there, each once', async () => {
    await bench.make('v1/secrets', { metadata: { name: 'pull' } });
    await bench.make('v1/configmaps', { metadata: { name: 'env' } });
    const envFrom = [
      { configMapRef: { name: 'env' } },
      { configMapRef: { name: 'env' } },
      { secretRef: { name: 'gone' } },
    ];
    await podOf('a', {}, { imagePullSecrets: [{ name: 'pull' }], containers: [{ ...container, envFrom }] });
    const data = await dataOf('{ pod(name: "a") { references { kind metadata { name } } } }');
    const found = (data as { pod: { references: { kind: string; metadata: { name: string } }[] } }).pod.references;
    expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'ConfigMap env',
      'Secret pull',
    ]);
  });

  test('say the kind themselves where they do', async () => {
    await podOf('a');
    await event('e', { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'default' });
    expect(await dataOf('{ event(name: "e") { references { kind metadata { name } } } }')).toEqual({
      event: { references: [{ kind: 'Pod', metadata: { name: 'a' } }] },
    });
  });
});

describe('one operation', () => {
  test('asks for each list and each object once, however many of its objects lead there', async () => {
    await bench.make('v1/nodes', { metadata: { name: 'n' } });
    for (const name of ['a', 'b', 'c', 'd']) await podOf(name, {}, { nodeName: 'n' });
    await dataOf('{ pods { nodes { node { metadata { name } } events { reason } } } }');
    // Lists are asked for once more to tell beforehand what they cost.
    const asked = ['get nodes', 'list events', 'list events', 'list pods', 'list pods'];
    expect(bench.attempts.toSorted()).toEqual(asked);
  });

  test('is refused where its relations lead and nowhere else', async () => {
    await bench.make('v1/nodes', { metadata: { name: 'n' } });
    await podOf('a', {}, { nodeName: 'n' });
    bench.refuse = ({ definition }) => definition.names.plural === 'nodes';
    const { data, errors } = await bench.ask('{ pods { nodes { metadata { name } node { kind } } } whoami }');
    expect(data).toEqual({ pods: { nodes: [{ metadata: { name: 'a' }, node: null }] }, whoami: 'system:apiserver' });
    expect(errors).toMatchObject([{ path: ['pods', 'nodes', 0, 'node'], extensions: { code: 'Forbidden' } }]);
  });

  test('whose list is refused tells it at the field, and nothing of the rows', async () => {
    await podOf('a');
    bench.refuse = ({ definition, verb }) => verb === 'list' && definition.names.plural === 'pods';
    const { data, errors } = await bench.ask('{ pod(name: "a") { kind } pods { totalCount } }');
    expect([data, errors?.map(({ path, extensions }) => [path, extensions.code])]).toEqual([
      { pod: { kind: 'Pod' }, pods: null },
      [[['pods'], 'Forbidden']],
    ]);
    const needs = { verb: 'list', group: '', resource: 'pods', namespace: '' };
    expect(errors?.[0]).toMatchObject({ extensions: { needs } });
  });
});

describe('mutations', () => {
  const deployment = (more: object = {}) => ({
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    },
    ...more,
  });
  const codes = async (query: string) =>
    (await bench.ask(query)).errors?.map(({ path, extensions }) => [path?.[0], extensions.code]);

  test('run in their order, and one that fails stops none after it', async () => {
    const { data, errors } = await bench.ask(`mutation {
      a: apply(manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } }) { kind }
      b: delete(apiVersion: "v1", kind: "ConfigMap", name: "m")
    }`);
    expect([data, errors]).toEqual([{ a: { kind: 'ConfigMap' }, b: true }, undefined]);
  });

  test('a restart is one of what has a template, by an annotation with the time', async () => {
    await bench.make('apps/v1/deployments', deployment());
    await podOf('a');
    const { data } = await bench.ask(
      'mutation { restart(apiVersion: "apps/v1", kind: "Deployment", name: "web") { raw } }',
    );
    const time = new Date(bench.clock.now()).toISOString().replace('.000', '');
    expect(data?.restart).toMatchObject({
      raw: {
        spec: {
          template: {
            metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': time }, labels: { app: 'web' } },
          },
        },
      },
    });
    expect(await codes('mutation { restart(apiVersion: "v1", kind: "Pod", name: "a") { kind } }')).toEqual([
      ['restart', 'BadRequest'],
    ]);
  });

  test('a dry run of a deletion deletes nothing', async () => {
    await bench.make('v1/configmaps', { metadata: { name: 'm' } });
    const remove = (dryRun: boolean) =>
      bench.ask(`mutation { delete(apiVersion: "v1", kind: "ConfigMap", name: "m", dryRun: ${dryRun}) }`);
    expect((await remove(true)).data).toEqual({ delete: true });
    expect(await dataOf('{ configMaps { totalCount } }')).toEqual({ configMaps: { totalCount: 1 } });
    await remove(false);
    expect(await dataOf('{ configMaps { totalCount } }')).toEqual({ configMaps: { totalCount: 0 } });
  });

  test('deletions hand on how they are meant', async () => {
    const finalizers = ['example.io/wait'];
    await bench.make('v1/configmaps', { metadata: { name: 'm', finalizers } });
    await bench.ask('mutation { delete(apiVersion: "v1", kind: "ConfigMap", name: "m", propagation: Foreground) }');
    const data = await dataOf('{ configMap(name: "m") { metadata { finalizers deletionTimestamp } } }');
    expect(data).toMatchObject({
      configMap: { metadata: { finalizers: expect.arrayContaining(['foregroundDeletion']) as string[] } },
    });
  });

  test.each([
    ['a cordon of a Node that is not there', 'cordon(name: "x") { kind }', 'NotFound'],
    [
      'a scale of what has none',
      'scale(apiVersion: "v1", kind: "ConfigMap", name: "m", replicas: 1) { kind }',
      'NotFound',
    ],
    ['a manifest that is no JSON', 'apply(manifest: "{") { kind }', 'BadRequest'],
    [
      'a manifest without a name',
      'apply(manifest: { apiVersion: "v1", kind: "Pod", metadata: {} }) { kind }',
      'BadRequest',
    ],
    ['a manifest that is a list', 'apply(manifest: []) { kind }', 'BadRequest'],
    [
      'a manifest of an unknown kind',
      'apply(manifest: { apiVersion: "v1", kind: "X", metadata: { name: "a" } }) { kind }',
      'NotFound',
    ],
    [
      'a Pod nobody could run',
      'apply(manifest: { apiVersion: "v1", kind: "Pod", metadata: { name: "A" }, spec: { containers: [] } }) { kind }',
      'Invalid',
    ],
  ])('%s is refused', async (_, text, code) => {
    const [errors] = (await codes(`mutation { ${text} }`)) ?? [];
    expect(errors?.[1]).toBe(code);
  });

  test('what is invalid says where, so that a form can show it', async () => {
    const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [] } };
    const { errors } = await bench.ask('mutation ($m: JSON!) { apply(manifest: $m) { kind } }', { m: manifest });
    expect(errors?.[0]?.extensions.status?.details).toMatchObject({ causes: [{ field: 'spec.containers' }] });
  });

  test('each needs its own right', async () => {
    bench.refuse = ({ verb }) => verb === 'create' || verb === 'delete';
    const manifest = '{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } }';
    expect(await codes(`mutation { apply(manifest: ${manifest}) { kind } }`)).toEqual([['apply', 'Forbidden']]);
    expect(await codes('mutation { delete(apiVersion: "v1", kind: "ConfigMap", name: "m") }')).toEqual([
      ['delete', 'Forbidden'],
    ]);
  });
});

describe('subscriptions', () => {
  interface Row {
    readonly type: string;
    readonly resourceVersion: string;
    readonly object: { readonly metadata: { readonly name: string } } | null;
  }

  async function open(args = '', ctx = bench.ctx) {
    const query = `subscription { pods${args} { type resourceVersion object { metadata { name } } } }`;
    const operation = await bench.service.operations.read(ctx, { query, variables: {} });
    const answers = await bench.service.operations.subscribe({ ctx }, operation);
    const next = async (): Promise<string> => {
      for (;;) {
        const { value, done } = await answers.next();
        if (done) return 'end';
        const { data } = JSON.parse((value as readonly string[]).join('')) as { data: { pods: Row } };
        if (data.pods.type !== 'BOOKMARK') return `${data.pods.type} ${data.pods.object?.metadata.name}`;
      }
    };
    return { next, close: () => answers.return() };
  }

  test('tell only of what they select, and of what leaves the selection as deleted', async () => {
    await podOf('a');
    await podOf('b', { labels: { app: 'db' } });
    const pods = await open('(labelSelector: "app=web")');
    expect(await pods.next()).toBe('ADDED a');
    await podOf('c', { labels: { app: 'db' } });
    await bench.ask(
      'mutation { apply(manifest: { apiVersion: "v1", kind: "Pod", metadata: { name: "b", labels: { app: "web" } } }) { kind } }',
    );
    expect(await pods.next()).toBe('ADDED b');
    await bench.ask(
      'mutation { apply(manifest: { apiVersion: "v1", kind: "Pod", metadata: { name: "a", labels: { app: "db" } } }) { kind } }',
    );
    expect(await pods.next()).toBe('DELETED a');
    await pods.close();
    expect(await pods.next()).toBe('end');
  });

  test('end at once when they are given up, even while they wait', async () => {
    const pods = await open();
    const waiting = pods.next();
    await pods.close();
    expect(await waiting).toBe('end');
  });

  test.each([
    ['a version that is none', '(resourceVersion: "x")', 'BadRequest'],
    ['a selector that is none', '(labelSelector: "a=b=c")', 'BadRequest'],
    ['a selector that is too long', `(labelSelector: "${'a'.repeat(5000)}")`, 'BadRequest'],
  ])('with %s are refused', async (_, args, reason) => {
    const failed = await open(args).then(
      () => undefined,
      (error: unknown) => bench.service.operations.refusal(error).join(''),
    );
    expect(failed).toContain(`"code":"${reason}"`);
  });

  test('that may not watch are refused', async () => {
    bench.refuse = ({ verb }) => verb === 'watch';
    const failed = await open().catch((error: unknown) => bench.service.operations.refusal(error).join(''));
    expect(failed).toContain('"code":"Forbidden"');
  });
});
