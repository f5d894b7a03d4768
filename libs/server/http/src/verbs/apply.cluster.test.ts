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

  test('of no metadata, by who owned all that there was of them, names no object', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap' };
    const path = '/api/v1/namespaces/default/configmaps/bare';
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    await server.raw.call('/api/v1/namespaces/default/configmaps', {
      method: 'POST',
      body: { ...body, metadata: { name: 'bare' }, data: { a: 'b' } },
    });
    const applied = (more: object) =>
      server.raw.call(`${path}?fieldManager=alice`, { method: 'PATCH', headers, body: { ...body, ...more } });
    expect((await applied({})).status).toBe(200);
    expect((await applied({ metadata: { labels: { a: 'b' } } })).json.metadata?.labels).toEqual({ a: 'b' });
    const { status, json } = await applied({});
    expect([status, json.message]).toEqual([
      400,
      'the name of the object (bare based on URL) was undeterminable: name must be provided',
    ]);
    expect((await applied({ metadata: {} })).json.metadata).not.toHaveProperty('labels');
  });

  test('makes what is gone, whatever version of it the configuration was read from, but not the very object', async () => {
    const body = deployment('again', { replicas: 1 });
    const very = await apply('again', { ...body, metadata: { name: 'again', uid: 'old' } });
    expect([very.status, very.json.message]).toEqual([
      409,
      expect.stringContaining('uid mismatch: the provided object specified uid old, and no existing object was found'),
    ]);
    const made = await apply('again', { ...body, metadata: { name: 'again', resourceVersion: '1' } });
    expect(made.status).toBe(201);
    expect(made.json.metadata?.resourceVersion).not.toBe('1');
  });

  test('of a status owns nothing of what a status writer cannot change', async () => {
    await apply('watched', deployment('watched', { replicas: 2 }));
    const { apiVersion, kind, spec } = deployment('watched', { replicas: 9 });
    const body = {
      apiVersion,
      kind,
      spec,
      metadata: { name: 'watched', labels: { team: 'b' }, annotations: { note: 'b' } },
      status: { observedGeneration: 1 },
    };
    const written = await apply('watched/status', body, 'fieldManager=bob');
    const entry = written.json.metadata?.managedFields?.find(({ manager }: { manager: string }) => manager === 'bob');
    expect(entry).toMatchObject({
      subresource: 'status',
      fieldsV1: {
        'f:metadata': { 'f:annotations': { 'f:note': {} } },
        'f:status': { 'f:observedGeneration': {} },
      },
    });
    expect(Object.keys(entry.fieldsV1['f:metadata'])).toEqual(['f:annotations']);
    expect(written.json.metadata?.labels).toBeUndefined();
    expect(written.json.spec.replicas).toBe(2);
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
    expect(conflict.json.message).toBe(
      'Apply failed with 1 conflict: conflict with "scaler" using apps/v1: .spec.replicas',
    );
  });

  test('kubectl goes on with what it applied client-side, and others keep what they said', async () => {
    const config = deployment('upgraded', { replicas: 1 });
    const note = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(config) };
    const metadata = { name: 'upgraded', labels: { team: 'b' }, annotations: note };
    const query = 'fieldManager=kubectl-client-side-apply';
    await server.raw.call(`${DEPLOYMENTS}?${query}`, { method: 'POST', body: { ...config, metadata } });
    const applied = await apply('upgraded', deployment('upgraded', { replicas: 2 }), 'fieldManager=kubectl');
    expect([applied.status, applied.json.spec?.replicas]).toEqual([200, 2]);
    expect(managers(applied.json)).toEqual(['kubectl Apply', 'kubectl-client-side-apply Update']);
    expect(applied.json.metadata.labels).toEqual({ team: 'b' });
    const said = JSON.parse(applied.json.metadata.annotations[Object.keys(note)[0] ?? '']);
    expect(said.spec.replicas).toBe(2);
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

  test('meets who made the object, by the name of its program', async () => {
    const headers = { 'user-agent': 'helm/v3.1' };
    await server.raw.call(DEPLOYMENTS, { method: 'POST', body: deployment('four', { replicas: 1 }), headers });
    const { status, json } = await apply('four', deployment('four', { replicas: 2 }));
    expect([status, json.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "helm" using apps/v1: .spec.replicas',
    ]);
  });

  test('of a Scale owns the replicas of the object', async () => {
    await apply('applied-scale', deployment('applied-scale', { replicas: 1 }));
    const scale = (replicas: number, query: string) =>
      apply(
        'applied-scale/scale',
        { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'applied-scale' }, spec: { replicas } },
        query,
      );
    const refused = await scale(3, 'fieldManager=hpa');
    expect([refused.status, refused.json.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "alice": .spec.replicas',
    ]);
    const forced = await scale(3, 'fieldManager=hpa&force=true');
    expect([forced.status, forced.json.spec]).toEqual([200, { replicas: 3 }]);
    const { json } = await server.raw.call(`${DEPLOYMENTS}/applied-scale`);
    const entry = json.metadata.managedFields.find(({ manager }: { manager: string }) => manager === 'hpa');
    expect(entry).toEqual({
      manager: 'hpa',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      subresource: 'scale',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
  });

  test('says false and null, and what was never said is not applied', async () => {
    await apply('said', deployment('said', { paused: true, minReadySeconds: 3 }));
    const conflict = await apply('said', deployment('said', { paused: false }), 'fieldManager=bob');
    expect(conflict.json.message).toBe('Apply failed with 1 conflict: conflict with "alice": .spec.paused');
    const { status, json } = await apply('said', deployment('said', { paused: false, minReadySeconds: null }));
    expect([status, json.spec.paused, json.spec.minReadySeconds]).toEqual([200, undefined, undefined]);
    const { metadata } = json;
    expect(Object.keys(metadata.managedFields[0].fieldsV1['f:spec'])).toEqual([
      'f:minReadySeconds',
      'f:paused',
      'f:selector',
      'f:template',
    ]);
  });

  test.each([[[]], [[{}]]])('after managed fields were set to %j begins anew', async (managedFields) => {
    const name = `reset-${managedFields.length}`;
    await apply(name, deployment(name, { replicas: 1 }));
    const reset = await server.raw.call(`${DEPLOYMENTS}/${name}`, {
      method: 'PATCH',
      body: { metadata: { managedFields } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(reset.json.metadata).not.toHaveProperty('managedFields');
    const conflict = await apply(name, deployment(name, { replicas: 2 }));
    expect(conflict.json.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas',
    );
  });

  test('is told the same by who puts an object back, however its managed fields are written', async () => {
    const putBack = async (name: string, space: number) => {
      const { json } = await apply(name, deployment(name, { replicas: 1 }));
      const body = JSON.stringify({ ...json, spec: { ...json.spec, replicas: 2 } }, undefined, space);
      const path = `${DEPLOYMENTS}/${name}?fieldManager=carol`;
      const put = await server.raw.call(path, {
        method: 'PUT',
        body,
        headers: { 'content-type': 'application/json' },
      });
      const entries: { time?: string }[] = put.json.metadata.managedFields;
      return [put.status, entries.map(({ time: _time, ...entry }) => entry)];
    };
    const asItWas = await putBack('back-1', 0);
    expect(asItWas).toEqual(await putBack('back-2', 1));
    expect(asItWas[1]).toMatchObject([{ manager: 'alice' }, { manager: 'carol', operation: 'Update' }]);
  });

  test('does not take 1000 and 1k for the same', async () => {
    const quota = (cpu: unknown) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec: { hard: { cpu } },
    });
    const call = (body: unknown, query: string) =>
      server.raw.call(`/api/v1/namespaces/default/resourcequotas/q?${query}`, {
        method: 'PATCH',
        body,
        headers: { 'content-type': 'application/apply-patch+yaml' },
      });
    const made = await call(quota('1000'), 'fieldManager=a');
    expect([made.status, made.json.spec]).toEqual([201, { hard: { cpu: '1k' } }]);
    const other = await call(quota(1000), 'fieldManager=b');
    expect([other.status, other.json.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "a": .spec.hard.cpu',
    ]);
  });

  test('dry run stores nothing', async () => {
    const { status } = await apply('five', deployment('five', {}), 'fieldManager=alice&dryRun=All');
    expect(status).toBe(201);
    expect((await server.raw.call(`${DEPLOYMENTS}/five`)).status).toBe(404);
  });

  test('JSON is read as the YAML it is', async () => {
    const body = JSON.stringify(deployment('json', { replicas: 2 }));
    const call = (text: string) => apply('json', text, 'fieldManager=alice&force=true&fieldValidation=Strict');
    expect((await call(body)).json.spec.replicas).toBe(2);
    expect((await call(`${body.slice(0, -1)} # none\n}`)).json.spec.replicas).toBe(2);
    const twice = await call(body.replace('"replicas":2', '"replicas":2,"replicas":3'));
    expect([twice.status, twice.json.message]).toEqual([
      400,
      expect.stringContaining('line 1: key "replicas" already set in map'),
    ]);
  });

  test('YAML that would be written as gigabytes is refused', async () => {
    const names = [...'abcdefghi'];
    const levels = names
      .slice(1)
      .map((name, at) => `${name}: &${name} [${new Array(9).fill(`*${names[at]}`).join(',')}]`);
    const bomb = ['apiVersion: apps/v1', 'kind: Deployment', 'a: &a [x,x,x,x,x,x,x,x,x]', ...levels].join('\n');
    const { status, json } = await apply('bomb', bomb);
    expect([status, json.reason]).toEqual([400, 'BadRequest']);
    expect(json.message).toContain('document contains excessive aliasing');
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
    const why = 'error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key "a" already set in map';
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
      'failed to create typed patch object (/six; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string',
    ],
    [
      'no version',
      { ...deployment('six', {}), apiVersion: undefined },
      'fieldManager=a',
      400,
      'invalid object type: /, Kind=Deployment',
    ],
    [
      'another kind',
      { ...deployment('six', {}), kind: 'Pod' },
      'fieldManager=a',
      400,
      'invalid object type: apps/v1, Kind=Pod',
    ],
    [
      'an unknown field beside no metadata',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: null, foo: 1 },
      'fieldManager=a',
      500,
      'failed to create typed patch object (/; apps/v1, Kind=Deployment): .foo: field not declared in schema',
    ],
    [
      'malformed YAML',
      'a: [',
      'fieldManager=a',
      400,
      'error decoding YAML: error converting YAML to JSON: yaml: line 1: ',
    ],
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
