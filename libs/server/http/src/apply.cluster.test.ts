import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
});
afterAll(() => server.close());

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const deployment = (name: string, spec: object, image = 'nginx:1') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image }] } },
    ...spec,
  },
});
const apply = (name: string, body: unknown, query = 'fieldManager=alice') =>
  server.raw.call(`${DEPLOYMENTS}/${name}?${query}`, {
    method: 'PATCH',
    body,
    headers: { 'content-type': 'application/apply-patch+yaml' },
  });
const managers = (json: { metadata?: { managedFields?: { manager: string; operation: string }[] } }) =>
  json.metadata?.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`);

describe('server-side apply', () => {
  test('makes an object, and the same again changes nothing', async () => {
    const made = await apply('one', deployment('one', { replicas: 2 }));
    expect(made.status).toBe(201);
    expect(managers(made.json)).toEqual(['alice Apply']);
    const again = await apply('one', deployment('one', { replicas: 2 }));
    expect([again.status, again.json.metadata?.resourceVersion]).toEqual([200, made.json.metadata?.resourceVersion]);
  });

  test('conflicts with other managers unless forced, and gives up what it no longer says', async () => {
    await apply('two', deployment('two', { replicas: 2, minReadySeconds: 5 }));
    const conflict = await apply('two', deployment('two', { replicas: 3 }), 'fieldManager=bob');
    expect(conflict.status).toBe(409);
    expect(conflict.json.message).toBe('Apply failed with 1 conflict: conflict with "alice": .spec.replicas');
    const forced = await apply('two', deployment('two', { replicas: 3 }), 'fieldManager=bob&force=true');
    expect(forced.json.spec).toMatchObject({ replicas: 3, minReadySeconds: 5 });
    const less = await apply('two', deployment('two', {}));
    expect(less.json.spec).toMatchObject({ replicas: 3 });
    expect(less.json.spec).not.toHaveProperty('minReadySeconds');
  });

  test('a patch takes fields over from who applied them', async () => {
    await apply('three', deployment('three', { replicas: 1 }));
    const scaled = await server.raw.call(`${DEPLOYMENTS}/three?fieldManager=scaler`, {
      method: 'PATCH',
      body: { spec: { replicas: 7 } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(managers(scaled.json)).toEqual(['alice Apply', 'scaler Update']);
    const conflict = await apply('three', deployment('three', { replicas: 1 }));
    expect(conflict.json.message).toMatch(
      /^Apply failed with 1 conflict: conflict with "scaler" using apps\/v1 at .*: .spec.replicas$/,
    );
  });

  test('kubectl goes on with what it applied client-side, and others keep what they said', async () => {
    const config = deployment('upgraded', { replicas: 1 });
    const note = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(config) };
    const metadata = { name: 'upgraded', labels: { team: 'b' }, annotations: note };
    await server.raw.call(DEPLOYMENTS, { method: 'POST', body: { ...config, metadata } });
    const applied = await apply('upgraded', deployment('upgraded', { replicas: 2 }), 'fieldManager=kubectl');
    expect([applied.status, applied.json.spec?.replicas]).toEqual([200, 2]);
    expect(managers(applied.json)).toEqual([
      'kubectl Apply',
      'before-first-apply Update',
      'kubectl-client-side-apply Update',
    ]);
    expect(applied.json.metadata.labels).toEqual({ team: 'b' });
  });

  test('scaling takes over the replicas', async () => {
    await apply('scaled', deployment('scaled', { replicas: 1 }));
    const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'scaled' }, spec: { replicas: 4 } };
    await server.raw.call(`${DEPLOYMENTS}/scaled/scale?fieldManager=hpa`, { method: 'PUT', body });
    const conflict = await apply('scaled', deployment('scaled', { replicas: 1 }));
    expect(conflict.json.message).toContain('conflict with "hpa" with subresource "scale" using apps/v1');
    const without = await apply('scaled', deployment('scaled', {}));
    expect(without.json.spec).toMatchObject({ replicas: 4 });
  });

  test('an object nobody applied carries no managed fields', async () => {
    const { json } = await server.raw.call(DEPLOYMENTS, { method: 'POST', body: deployment('four', {}) });
    expect(json.metadata).not.toHaveProperty('managedFields');
  });

  test('dry run stores nothing', async () => {
    const { status } = await apply('five', deployment('five', {}), 'fieldManager=alice&dryRun=All');
    expect(status).toBe(201);
    expect((await server.raw.call(`${DEPLOYMENTS}/five`)).status).toBe(404);
  });

  test('YAML that would be written as gigabytes is refused', async () => {
    const names = [...'abcdefghi'];
    const levels = names
      .slice(1)
      .map((name, at) => `${name}: &${name} [${new Array(9).fill(`*${names[at]}`).join(',')}]`);
    const bomb = ['apiVersion: apps/v1', 'kind: Deployment', 'a: &a [x,x,x,x,x,x,x,x,x]', ...levels].join('\n');
    const { status, json } = await apply('bomb', bomb);
    expect([status, json.reason]).toEqual([413, 'RequestEntityTooLarge']);
  });

  test('an unknown field of a list element is told by its key', async () => {
    const { template } = deployment('keyed', {}).spec;
    const spec = { containers: [{ name: 'c', image: 'i', imag: 'x' }], foo: 1 };
    const { json } = await apply('keyed', deployment('keyed', { template: { ...template, spec } }));
    expect(json).not.toHaveProperty('reason');
    expect(json.message).toContain(
      [
        'errors:',
        '  .spec.template.spec.containers[name="c"].imag: field not declared in schema',
        '  .spec.template.spec.foo: field not declared in schema',
      ].join('\n'),
    );
  });

  test('keys given twice are refused, warned of or passed over', async () => {
    const body = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    a: b\n    "a": c\n';
    const why = 'yaml: unmarshal errors:\n  line 6: key "a" already set in map';
    await apply('twice', deployment('twice', {}));
    const strict = await apply('twice', body, 'fieldManager=b&fieldValidation=Strict');
    expect([strict.status, strict.json.message]).toEqual([400, `error strict decoding YAML: ${why}`]);
    const warned = await apply('twice', body, 'fieldManager=b');
    expect([warned.status, warned.json.metadata.labels]).toEqual([200, { a: 'c' }]);
    expect(warned.headers.warning).toBe(`299 - ${JSON.stringify(why.replace('\n', ' '))}`);
    const silent = await apply('twice', body, 'fieldManager=b&fieldValidation=Ignore');
    expect([silent.status, silent.headers.warning]).toEqual([200, undefined]);
  });

  test.each([
    [
      'no manager',
      deployment('six', {}),
      'force=true',
      422,
      'fieldManager: Required value: is required for apply patch',
    ],
    [
      'an unknown field',
      deployment('six', { foo: 1 }),
      'fieldManager=a',
      500,
      'failed to create typed patch object (/six; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
    ],
    [
      'a wrong type',
      deployment('six', { replicas: 'x' }),
      'fieldManager=a',
      500,
      'failed to create typed patch object (/six; apps/v1, Kind=Deployment): ',
    ],
    [
      'no version',
      { ...deployment('six', {}), apiVersion: undefined },
      'fieldManager=a',
      400,
      'Incorrect version specified',
    ],
    ['no kind', { ...deployment('six', {}), kind: undefined }, 'fieldManager=a', 500, 'no corresponding type for'],
    [
      'an unknown field beside no metadata',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: null, foo: 1 },
      'fieldManager=a',
      500,
      'failed to create typed patch object (/; apps/v1, Kind=Deployment): .foo: field not declared in schema',
    ],
    ['malformed YAML', 'a: [', 'fieldManager=a', 400, 'error decoding YAML: yaml: line 1: '],
    [
      'managed fields',
      { ...deployment('six', {}), metadata: { name: 'six', managedFields: [{ manager: 'x' }] } },
      'fieldManager=a',
      400,
      'metadata.managedFields must be nil',
    ],
    ['another name', deployment('seven', {}), 'fieldManager=a', 400, 'does not match the name on the URL'],
    ['an invalid object', deployment('six', { replicas: -1 }), 'fieldManager=a', 422, 'spec.replicas'],
  ])('%s is refused', async (_what, body, query, code, message) => {
    const { status, json } = await apply('six', body, query);
    expect(status).toBe(code);
    expect(json.message).toContain(message);
  });
});
