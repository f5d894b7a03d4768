import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer();
});
afterAll(() => server.close());

const CONFIGS = '/api/v1/namespaces/default/configmaps';
const PODS = '/api/v1/namespaces/default/pods';
const SERVICES = '/api/v1/namespaces/default/services';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
const MERGE = { 'content-type': 'application/merge-patch+json' };

const call = (method: string, path: string, body?: unknown, headers = {}) =>
  server.raw.call(path, { method, body, headers });
const create = async (path: string, body: unknown) => {
  const { status, json } = await call('POST', path, body);
  expect(json.message, 'message of the answer').toBeUndefined();
  expect(status).toBe(201);
  return json;
};
const pod = (name: string, labels = {}) => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
});
const deployment = (name: string) => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  },
});

describe('create', () => {
  test("stamps what is the server's to say", async () => {
    const made = await create(CONFIGS, {
      metadata: { name: 'stamped', uid: 'mine', deletionTimestamp: '2020-01-01T00:00:00Z' },
    });
    expect(made).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default' } });
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.metadata.creationTimestamp).toMatch(/Z$/);
    expect(made.metadata.deletionTimestamp).toBeUndefined();
  });

  test('completes a generated name', async () => {
    const { metadata } = await create(CONFIGS, { metadata: { generateName: 'made-' } });
    expect(metadata.name).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('with dryRun writes nothing', async () => {
    const { status, json } = await call('POST', `${CONFIGS}?dryRun=All`, { metadata: { name: 'dry' } });
    expect([status, json.metadata.resourceVersion]).toEqual([201, undefined]);
    expect((await call('GET', `${CONFIGS}/dry`)).status).toBe(404);
  });
});

describe('update', () => {
  test('of another revision is a Conflict, of none is not', async () => {
    const made = await create(CONFIGS, { metadata: { name: 'raced' } });
    expect((await call('PUT', `${CONFIGS}/raced`, { ...made, data: { a: '1' } })).status).toBe(200);
    const late = await call('PUT', `${CONFIGS}/raced`, { ...made, data: { a: '2' } });
    expect([late.status, late.json.reason]).toEqual([409, 'Conflict']);
    expect(late.json.message).toContain(
      'the object has been modified; please apply your changes to the latest version',
    );
    expect((await call('PUT', `${CONFIGS}/raced`, { metadata: { name: 'raced' } })).status).toBe(200);
  });

  test('of another incarnation is a Conflict', async () => {
    await create(CONFIGS, { metadata: { name: 'reborn' } });
    const answer = await call('PUT', `${CONFIGS}/reborn`, { metadata: { name: 'reborn', uid: 'old' } });
    expect(answer.status).toBe(409);
    expect(answer.json.message).toContain('Precondition failed: UID in precondition: old');
  });

  test('of an object that is gone makes another where the kind allows that, but not the same again', async () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    const { metadata, ...lease } = await create(leases, { metadata: { name: 'gone' }, spec: {} });
    await call('DELETE', `${leases}/gone`);
    const same = await call('PUT', `${leases}/gone`, { ...lease, metadata });
    expect([same.status, same.json.reason]).toEqual([409, 'Conflict']);
    const { uid, ...rest } = metadata;
    const other = await call('PUT', `${leases}/gone`, { ...lease, metadata: rest });
    expect(other.status).toBe(201);
    expect(other.json.metadata.uid).not.toBe(uid);
  });

  test('that changes nothing keeps the revision', async () => {
    const made = await create(CONFIGS, { metadata: { name: 'same' }, data: { a: '1' } });
    const { json } = await call('PUT', `${CONFIGS}/same`, made);
    expect(json.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    const patched = await call('PATCH', `${CONFIGS}/same`, { data: { a: '1' } }, MERGE);
    expect(patched.json.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  test('creates only what the kind lets be created so', async () => {
    expect((await call('PUT', `${CONFIGS}/absent`, { metadata: { name: 'absent' } })).status).toBe(404);
    const lease = '/apis/coordination.k8s.io/v1/namespaces/default/leases/absent';
    expect((await call('PUT', lease, { metadata: { name: 'absent' }, spec: {} })).status).toBe(201);
  });

  test('by many at once loses nothing', async () => {
    await create(CONFIGS, { metadata: { name: 'crowded' } });
    const keys = Array.from({ length: 20 }, (_, at) => `k${at}`);
    const answers = await Promise.all(
      keys.map((key) => call('PATCH', `${CONFIGS}/crowded`, { data: { [key]: 'x' } }, MERGE)),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    const { json } = await call('GET', `${CONFIGS}/crowded`);
    expect(Object.keys(json.data).sort()).toEqual([...keys].sort());
  });

  test('of a patch with an old resourceVersion is a Conflict', async () => {
    const made = await create(CONFIGS, { metadata: { name: 'stale' } });
    await call('PATCH', `${CONFIGS}/stale`, { data: { a: '1' } }, MERGE);
    const patch = { metadata: { resourceVersion: made.metadata.resourceVersion }, data: { a: '2' } };
    expect((await call('PATCH', `${CONFIGS}/stale`, patch, MERGE)).status).toBe(409);
  });

  test('of the status leaves the rest alone, and the other way round', async () => {
    const made = await create(DEPLOYMENTS, deployment('split'));
    const both = { ...made, spec: { ...made.spec, replicas: 5 }, status: { replicas: 3 } };
    const { json: status } = await call('PUT', `${DEPLOYMENTS}/split/status`, both);
    expect([status.spec.replicas, status.status.replicas, status.metadata.generation]).toEqual([1, 3, 1]);
    const next = { ...status, spec: { ...status.spec, replicas: 2 }, status: {} };
    const { json: main } = await call('PUT', `${DEPLOYMENTS}/split`, next);
    expect([main.spec.replicas, main.status.replicas, main.metadata.generation]).toEqual([2, 3, 2]);
  });

  test('merges lists by key where the patch is strategic', async () => {
    await create(DEPLOYMENTS, deployment('merged'));
    const patch = {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'c', image: 'httpd' },
              { name: 'd', image: 'e' },
            ],
          },
        },
      },
    };
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const { json } = await call('PATCH', `${DEPLOYMENTS}/merged`, patch, headers);
    const containers: { name: string; image: string }[] = json.spec.template.spec.containers;
    expect(containers.map(({ name, image }) => `${name}=${image}`)).toEqual(['c=httpd', 'd=e']);
  });

  test('of replicas goes through the scale subresource', async () => {
    await create(DEPLOYMENTS, deployment('scaled'));
    const { json: scale } = await call('GET', `${DEPLOYMENTS}/scaled/scale`);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { selector: 'app=scaled' } });
    const { json } = await call('PUT', `${DEPLOYMENTS}/scaled/scale`, { ...scale, spec: { replicas: 4 } });
    expect(json.spec.replicas).toBe(4);
    expect((await call('PUT', `${DEPLOYMENTS}/scaled/scale`, scale)).status).toBe(409);
    const negative = await call('PATCH', `${DEPLOYMENTS}/scaled/scale`, { spec: { replicas: -1 } }, MERGE);
    expect(negative.status).toBe(422);
    expect((await call('GET', `${DEPLOYMENTS}/scaled`)).json.metadata.generation).toBe(2);
  });
});

describe('delete', () => {
  test('answers its Status whatever objects are to be transformed to', async () => {
    await create(CONFIGS, { metadata: { name: 'tabled' } });
    const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { status, json } = await call('DELETE', `${CONFIGS}/tabled`, undefined, accept);
    expect([status, json.kind, json.status]).toEqual([200, 'Status', 'Success']);
  });

  test('again with another policy ends a foreground deletion', async () => {
    await create(DEPLOYMENTS, deployment('stuck'));
    const foreground = await call('DELETE', `${DEPLOYMENTS}/stuck?propagationPolicy=Foreground`);
    expect(foreground.json.metadata.finalizers).toEqual(['foregroundDeletion']);
    const { json } = await call('DELETE', `${DEPLOYMENTS}/stuck?propagationPolicy=Background`);
    expect([json.kind, json.status]).toEqual(['Status', 'Success']);
    expect((await call('GET', `${DEPLOYMENTS}/stuck`)).status).toBe(404);
  });

  test('does nothing where it could not answer', async () => {
    await create(CONFIGS, { metadata: { name: 'kept' } });
    expect((await call('DELETE', `${CONFIGS}/kept`, undefined, { accept: 'image/png' })).status).toBe(406);
    expect((await call('GET', `${CONFIGS}/kept`)).status).toBe(200);
  });

  test('answers a Status, and NotFound the second time', async () => {
    const made = await create(CONFIGS, { metadata: { name: 'gone' } });
    const { status, json } = await call('DELETE', `${CONFIGS}/gone`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'gone', uid: made.metadata.uid },
    });
    expect((await call('DELETE', `${CONFIGS}/gone`)).status).toBe(404);
  });

  test('waits for finalizers, which may only be taken away', async () => {
    await create(CONFIGS, { metadata: { name: 'held', finalizers: ['example.com/a'] } });
    const { json: going } = await call('DELETE', `${CONFIGS}/held`);
    expect(going.metadata.deletionTimestamp).toBeDefined();
    const more = { metadata: { finalizers: ['example.com/a', 'example.com/b'] } };
    const added = await call('PATCH', `${CONFIGS}/held`, more, MERGE);
    expect([added.status, added.json.details.causes[0].field]).toEqual([422, 'metadata.finalizers']);
    expect((await call('PATCH', `${CONFIGS}/held`, { metadata: { finalizers: null } }, MERGE)).status).toBe(200);
    expect((await call('GET', `${CONFIGS}/held`)).status).toBe(404);
  });

  test.each([
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ])('%s leaves the dependents to the garbage collector', async (propagationPolicy, finalizer) => {
    const name = `with-${propagationPolicy.toLowerCase()}`;
    await create(CONFIGS, { metadata: { name } });
    const { json } = await call('DELETE', `${CONFIGS}/${name}`, { propagationPolicy });
    expect(json.metadata.finalizers).toEqual([finalizer]);
  });

  test('with preconditions that do not hold is a Conflict', async () => {
    await create(CONFIGS, { metadata: { name: 'guarded' } });
    const { status, json } = await call('DELETE', `${CONFIGS}/guarded`, { preconditions: { uid: 'other' } });
    expect(status).toBe(409);
    expect(json.message).toContain('the UID in the precondition (other) does not match the UID in record');
  });

  test('of a Pod that runs is graceful and may only be shortened', async () => {
    await create(PODS, pod('graceful'));
    const binding = { metadata: { name: 'graceful' }, target: { kind: 'Node', name: 'n1' } };
    expect((await call('POST', `${PODS}/graceful/binding`, binding)).status).toBe(201);
    const { json: marked } = await call('DELETE', `${PODS}/graceful`);
    expect(marked.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(marked.metadata.generation).toBe(2);
    const { json: longer } = await call('DELETE', `${PODS}/graceful`, { gracePeriodSeconds: 60 });
    expect(longer.metadata.deletionGracePeriodSeconds).toBe(30);
    const { json: last } = await call('DELETE', `${PODS}/graceful`, { gracePeriodSeconds: 0 });
    expect(last.kind).toBe('Pod');
    expect((await call('GET', `${PODS}/graceful`)).status).toBe(404);
  });

  test('of a collection honours the selector', async () => {
    for (const name of ['red-1', 'red-2', 'blue']) {
      await create(CONFIGS, { metadata: { name, labels: { colour: name.split('-')[0] } } });
    }
    const { json } = await call('DELETE', `${CONFIGS}?labelSelector=colour%3Dred`);
    expect(json.items).toHaveLength(2);
    expect((await call('GET', `${CONFIGS}/blue`)).status).toBe(200);
    expect((await call('GET', `${CONFIGS}/red-1`)).status).toBe(404);
  });

  test('of a namespace waits for its content, and nothing more is made in it', async () => {
    await create('/api/v1/namespaces', { metadata: { name: 'ending' } });
    const { json } = await call('DELETE', '/api/v1/namespaces/ending');
    expect([json.status.phase, json.spec.finalizers]).toEqual(['Terminating', ['kubernetes']]);
    const refused = await call('POST', '/api/v1/namespaces/ending/configmaps', { metadata: { name: 'late' } });
    expect([refused.status, refused.json.details.causes[0].reason]).toEqual([403, 'NamespaceTerminating']);
    json.spec.finalizers = [];
    expect((await call('PUT', '/api/v1/namespaces/ending/finalize', json)).status).toBe(200);
    expect((await call('GET', '/api/v1/namespaces/ending')).status).toBe(404);
  });

  test('of the default namespace is refused', async () => {
    expect((await call('DELETE', '/api/v1/namespaces/default')).status).toBe(403);
  });
});

describe('an Event', () => {
  const CORE = '/api/v1/namespaces/default/events';
  const NEW = '/apis/events.k8s.io/v1/namespaces/default/events';
  const event = (name: string) => ({
    metadata: { name },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
    reason: 'Greeting',
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
  });

  test('of the old kind has a time that clients of the new group can read', async () => {
    await create(CORE, event('aged'));
    expect((await call('GET', `${NEW}/aged`)).json).toMatchObject({ reason: 'Greeting', eventTime: null });
    const { items } = (await call('GET', NEW)).json as { items: { metadata: { name: string } }[] };
    expect(items.find(({ metadata }) => metadata.name === 'aged')).toMatchObject({ eventTime: null });
  });

  test('of the old kind is counted on in its own group only', async () => {
    await create(CORE, event('counted'));
    const { status, json } = await call('PATCH', `${NEW}/counted`, { deprecatedCount: 2 }, MERGE);
    expect([status, json.details.causes[0].field]).toEqual([422, 'count']);
    expect((await call('PATCH', `${CORE}/counted`, { count: 2 }, MERGE)).json.count).toBe(2);
  });
});

describe('a Pod', () => {
  test('is bound once', async () => {
    await create(PODS, pod('bound'));
    const bind = (name: string) =>
      call('POST', `${PODS}/bound/binding`, { metadata: { name: 'bound' }, target: { kind: 'Node', name } });
    expect((await bind('n1')).status).toBe(201);
    const second = await bind('n2');
    expect([second.status, second.json.reason]).toEqual([409, 'Conflict']);
    const { json } = await call('GET', `${PODS}/bound`);
    expect(json.spec.nodeName).toBe('n1');
    expect(json.status.conditions).toContainEqual(expect.objectContaining({ type: 'PodScheduled', status: 'True' }));
  });

  test('is evicted only within its disruption budget', async () => {
    await create(PODS, pod('guarded', { app: 'guarded' }));
    await call('PATCH', `${PODS}/guarded/status`, { status: { phase: 'Running' } }, MERGE);
    const budget = await create(BUDGETS, {
      metadata: { name: 'guard' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'guarded' } } },
    });
    const evict = () =>
      call('POST', `${PODS}/guarded/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'guarded' },
      });
    const status = {
      observedGeneration: budget.metadata.generation,
      desiredHealthy: 1,
      currentHealthy: 1,
      expectedPods: 1,
    };
    await call('PATCH', `${BUDGETS}/guard/status`, { status: { ...status, disruptionsAllowed: 0 } }, MERGE);
    await call(
      'PATCH',
      `${PODS}/guarded/status`,
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      MERGE,
    );
    const refused = await evict();
    expect([refused.status, refused.json.details.causes[0].reason]).toEqual([429, 'DisruptionBudget']);
    await call('PATCH', `${BUDGETS}/guard/status`, { status: { ...status, disruptionsAllowed: 1 } }, MERGE);
    expect((await evict()).status).toBe(201);
    expect((await call('GET', `${BUDGETS}/guard`)).json.status.disruptionsAllowed).toBe(0);
    expect((await call('GET', `${PODS}/guarded`)).status).toBe(404);
  });

  describe('that is evicted and held by a finalizer', () => {
    const evict = (name: string, query = '', deleteOptions = {}) =>
      call('POST', `${PODS}/${name}/eviction${query}`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name },
        deleteOptions,
      });
    const held = async (name: string) => {
      const made = await create(PODS, { ...pod(name), metadata: { name, finalizers: ['example.com/hold'] } });
      return made.metadata;
    };
    const disrupted = async (name: string) => {
      const { metadata, status } = (await call('GET', `${PODS}/${name}`)).json;
      const condition = status.conditions?.find(({ type }: { type: string }) => type === 'DisruptionTarget');
      return { leaving: metadata.deletionTimestamp !== undefined, reason: condition?.reason };
    };

    test('says why it goes', async () => {
      await held('told');
      expect((await evict('told')).status).toBe(201);
      expect(await disrupted('told')).toEqual({ leaving: true, reason: 'EvictionByEvictionAPI' });
    });

    test('is left as it was by a dry run and by preconditions that do not hold', async () => {
      const { resourceVersion } = await held('kept');
      expect((await evict('kept', '?dryRun=All')).status).toBe(201);
      expect((await evict('kept', '', { preconditions: { uid: 'another' } })).status).toBe(409);
      expect((await evict('kept', '', { preconditions: { resourceVersion: '1' } })).status).toBe(409);
      expect(await disrupted('kept')).toEqual({ leaving: false, reason: undefined });
      expect((await evict('kept', '', { preconditions: { resourceVersion } })).status).toBe(201);
      expect(await disrupted('kept')).toEqual({ leaving: true, reason: 'EvictionByEvictionAPI' });
    });
  });
});

describe('a Service', () => {
  const service = (name: string, spec: object = {}) => ({
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...spec },
  });

  test('has an address of its own, which it gives back', async () => {
    const { spec } = await create(SERVICES, service('addressed'));
    expect(spec.clusterIP).toMatch(/^10\.96\./);
    expect(spec.clusterIPs).toEqual([spec.clusterIP]);
    const taken = await call('POST', SERVICES, service('greedy', { clusterIP: spec.clusterIP }));
    expect(taken.status).toBe(422);
    expect(taken.json.message).toContain(`failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`);
    await call('DELETE', `${SERVICES}/addressed`);
    await create(SERVICES, service('heir', { clusterIP: spec.clusterIP }));
  });

  test('has no address outside the range, none when headless, and none by name', async () => {
    expect((await call('POST', SERVICES, service('far', { clusterIP: '192.168.0.1' }))).status).toBe(422);
    expect((await create(SERVICES, service('headless', { clusterIP: 'None' }))).spec.clusterIP).toBe('None');
    const named = service('named', { type: 'ExternalName', externalName: 'example.com' });
    expect((await create(SERVICES, named)).spec.clusterIP).toBeUndefined();
  });

  test.each([
    [{ ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]', 'Invalid value: "IPv6": not configured on this cluster'],
    [
      { ipFamilyPolicy: 'RequireDualStack' },
      'spec.ipFamilyPolicy',
      'Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
  ])('that wants %j gets what the cluster has, or nothing', async (spec, field, message) => {
    const { status, json } = await call('POST', SERVICES, service('dual', spec));
    expect([status, json.details.causes]).toEqual([422, [{ reason: 'FieldValueInvalid', message, field }]]);
    await create(`${SERVICES}?dryRun=All`, service('dual', { ipFamilyPolicy: 'PreferDualStack' }));
    const open = await create(`${SERVICES}?dryRun=All`, service('dual', { clusterIP: 'None' }));
    expect(open.spec.ipFamilies).toEqual(['IPv4', 'IPv6']);
  });

  test('gives back what it took of several addresses where it cannot have all', async () => {
    const both = { clusterIPs: ['10.96.77.7', 'fd00::1'], clusterIP: '10.96.77.7', ipFamilyPolicy: 'PreferDualStack' };
    const refused = await call('POST', SERVICES, service('both', { ...both, ipFamilies: ['IPv4'] }));
    expect(refused.status).toBe(422);
    await create(SERVICES, service('one', { clusterIP: '10.96.77.7' }));
  });

  test('takes and gives back node ports as its type changes', async () => {
    const made = await create(
      SERVICES,
      service('ported', { type: 'NodePort', ports: [{ port: 80, nodePort: 31_500 }] }),
    );
    const toClusterIp = { spec: { type: 'ClusterIP', ports: [{ port: 80, nodePort: null }] } };
    const { json } = await call('PATCH', `${SERVICES}/ported`, toClusterIp, MERGE);
    expect([json.spec.ports[0].nodePort, json.spec.clusterIP]).toEqual([undefined, made.spec.clusterIP]);
    await create(SERVICES, service('next', { type: 'NodePort', ports: [{ port: 80, nodePort: 31_500 }] }));
  });

  test('named alike by many at once gives each another port', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `many-${at}`);
    const made = await Promise.all(names.map((name) => create(SERVICES, service(name, { type: 'NodePort' }))));
    const ports = made.map(({ spec }) => spec.ports[0].nodePort);
    expect(new Set(ports).size).toBe(names.length);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(30_000);
  });

  test('of the API server itself is there', async () => {
    const { json } = await call('GET', `${SERVICES}/kubernetes`);
    expect(json.spec.clusterIP).toBe('10.96.0.1');
  });
});
