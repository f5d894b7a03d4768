import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer();
});
afterAll(() => server.close());

const PODS = '/api/v1/namespaces/default/pods';
const SERVICES = '/api/v1/namespaces/default/services';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

const pod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});
const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  },
});
const service = (name: string, port: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80, ...port }] },
});
const post = (path: string, body: unknown, type?: string) =>
  server.raw.call(path, { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) });

describe('a body that cannot be read is a BadRequest', () => {
  test.each([
    ['malformed JSON', '{"kind":"Pod",', 'application/json', "couldn't get version/kind; json parse error"],
    ['malformed YAML', 'kind: Pod\n  x: [', 'application/yaml', 'yaml: line'],
    ['protobuf without its prefix', 'nonsense', 'application/vnd.kubernetes.protobuf', 'must be of type Pod'],
    ['a list', '[]', 'application/json', 'cannot unmarshal array'],
    ['a kind that does not exist', '{"apiVersion":"v1","kind":"Foo"}', undefined, 'no kind "Foo" is registered'],
    ['another kind', JSON.stringify(service('a', {})), undefined, 'Service in version "v1" cannot be handled as a Pod'],
    ['a wrong type', JSON.stringify(pod('a', { nodeName: 1 })), undefined, 'cannot unmarshal number into Go struct'],
  ])('%s', async (_what, body, type, text) => {
    const { status, json } = await post(PODS, body, type);
    expect({ status, reason: json.reason }).toEqual({ status: 400, reason: 'BadRequest' });
    expect(json.message).toContain(text);
  });

  test('another namespace than that of the URL', async () => {
    const other = { ...pod('a'), metadata: { name: 'a', namespace: 'other' } };
    const { status, json } = await post(PODS, other);
    expect(status).toBe(400);
    expect(json.message).toBe('the namespace of the provided object does not match the namespace sent on the request');
  });

  test('another name than that of the URL', async () => {
    await post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'named' } });
    const path = '/api/v1/namespaces/default/configmaps/named';
    const { status, json } = await server.raw.call(path, { method: 'PUT', body: { metadata: { name: 'other' } } });
    expect(status).toBe(400);
    expect(json.message).toBe('the name of the object (other) does not match the name on the URL (named)');
  });
});

describe('YAML is read as version 1.1', () => {
  const YAML = { 'content-type': 'application/yaml' };
  const CONFIG = '/api/v1/namespaces/default/configmaps';

  test('in what is created: words for booleans, octal modes', async () => {
    const text = [
      '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {',
      'containers: [{name: c, image: nginx, stdin: yes, tty: on}],',
      'volumes: [{name: v, secret: {secretName: s, defaultMode: 0640}}]}}',
    ].join('\n');
    const { json } = await post(`${PODS}?dryRun=All`, text, 'application/yaml');
    expect(json.spec.containers[0]).toMatchObject({ stdin: true, tty: true });
    expect(json.spec.volumes[0].secret.defaultMode).toBe(0o640);
  });

  test('in the options of a DELETE', async () => {
    await post(CONFIG, { metadata: { name: 'kept' } });
    const kept = await server.raw.call(`${CONFIG}/kept`, {
      method: 'DELETE',
      headers: YAML,
      body: 'kind: DeleteOptions\napiVersion: v1\ndryRun: [All]\n',
    });
    expect(kept.status).toBe(200);
    expect((await server.raw.call(`${CONFIG}/kept`)).status).toBe(200);
    const body = 'preconditions:\n  uid: [';
    expect((await server.raw.call(`${CONFIG}/kept`, { method: 'DELETE', headers: YAML, body })).status).toBe(400);
  });

  test('in what is answered: words that would be misread stand in quotes', async () => {
    await post(CONFIG, { metadata: { name: 'words' }, data: { a: 'yes', b: '0640', c: '1e3', d: 'null', e: 'plain' } });
    const { text } = await server.raw.call(`${CONFIG}/words`, { headers: { accept: 'application/yaml' } });
    expect(text).toContain('data:\n  a: "yes"\n  b: "0640"\n  c: "1e3"\n  d: "null"\n  e: plain\n');
  });
});

const patchHeaders = (method: string): Record<string, string> =>
  method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};

test.each([
  ['POST', PODS, pod('a')],
  ['POST', '/api/v1/namespaces', { metadata: { name: 'a' } }],
  ['POST', SERVICES, service('a', {})],
  ['PUT', `${PODS}/a`, pod('a')],
  ['PATCH', `${PODS}/a`, {}],
  ['DELETE', `${PODS}/a`, undefined],
  ['DELETE', PODS, undefined],
  ['GET', PODS, undefined],
  ['GET', `${PODS}?watch=true`, undefined],
  ['POST', `${PODS}/a/eviction`, { metadata: { name: 'a' } }],
])('%s %s in a cluster that does not exist is NotFound', async (method, path, body) => {
  const headers = patchHeaders(method);
  const { status, json } = await server.raw.call(`/clusters/nowhere${path}`, { method, body, headers });
  expect([status, json.reason]).toEqual([404, 'NotFound']);
});

const NO_TEXT = { toString: 1, valueOf: null };
test.each([
  ['application/apply-patch+yaml', { ...deployment('x'), apiVersion: NO_TEXT }],
  ['application/apply-patch+yaml', { ...deployment('x'), apiVersion: [] }],
])('%s with what is no text where text belongs is a BadRequest', async (type, body) => {
  await post(DEPLOYMENTS, deployment('x'));
  const path = `${DEPLOYMENTS}/x?fieldManager=a`;
  const { status, json } = await server.raw.call(path, { method: 'PATCH', body, headers: { 'content-type': type } });
  expect([status, json.reason]).toEqual([400, 'BadRequest']);
});

test.each([
  ['POST', `${PODS}/accepted/binding`, { metadata: { name: 'accepted' }, target: { name: 'n' } }],
  ['POST', `${PODS}/accepted/eviction`, { metadata: { name: 'accepted' } }],
  ['PUT', `${PODS}/accepted/status`, { ...pod('accepted'), status: { phase: 'Failed' } }],
  ['DELETE', `${PODS}/accepted`, undefined],
])('%s %s whose answer would not be acceptable writes nothing', async (method, path, body) => {
  await post(PODS, pod('accepted'));
  const before = await server.raw.call(`${PODS}/accepted`);
  const { status } = await server.raw.call(path, { method, body, headers: { accept: 'application/xml' } });
  expect(status).toBe(406);
  expect((await server.raw.call(`${PODS}/accepted`)).text).toBe(before.text);
});

describe('fields the schema does not know', () => {
  const misspelt = { ...pod('misspelt'), spec: { containers: [{ name: 'c', image: 'i', imag: 'x' }] } };

  test('are refused where validation is strict', async () => {
    const { status, json } = await post(`${PODS}?fieldValidation=Strict&dryRun=All`, misspelt);
    expect(status).toBe(400);
    expect(json.message).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imag"',
    );
  });

  test('are warned of by default, and so are fields given twice', async () => {
    const text = JSON.stringify(misspelt).replace('"spec"', '"spec":{},"spec"');
    const { status, headers } = await post(`${PODS}?dryRun=All`, text);
    expect(status).toBe(201);
    expect(headers.warning).toContain('299 - "unknown field \\"spec.containers[0].imag\\""');
    expect(headers.warning).toContain('299 - "duplicate field \\"spec\\""');
  });

  test('are told of in YAML by line and key', async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: b\n  a: c\nfoo: 1\n';
    const { status, json } = await post(
      '/api/v1/namespaces/default/configmaps?fieldValidation=Strict',
      text,
      'application/yaml',
    );
    expect(status).toBe(400);
    expect(json.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ' +
        'yaml: unmarshal errors:\n  line 7: key "a" already set in map, unknown field "foo"',
    );
  });

  test('are dropped in silence where asked so', async () => {
    const { status, headers } = await post(`${PODS}?dryRun=All&fieldValidation=Ignore`, misspelt);
    expect([status, headers.warning]).toEqual([201, undefined]);
  });

  test('unknown values of fieldValidation and dryRun are Invalid', async () => {
    expect((await post(`${PODS}?fieldValidation=Maybe`, pod('a'))).status).toBe(422);
    expect((await post(`${PODS}?dryRun=Some`, pod('a'))).status).toBe(422);
  });
});

describe('a patch', () => {
  const CONFIG = '/api/v1/namespaces/default/configmaps/patched';
  const patch = (type: string, body: unknown, query = '') =>
    server.raw.call(`${CONFIG}?dryRun=All${query}`, {
      method: 'PATCH',
      body,
      headers: { 'content-type': `application/${type}+json` },
    });
  beforeAll(async () => {
    await post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'patched' }, data: { a: '1' } });
  });

  test.each([
    ['json-patch', '[{', 'error decoding patch: unexpected end of JSON input'],
    ['json-patch', '{}', 'error decoding patch: json: cannot unmarshal object into Go value of type'],
    ['merge-patch', '{', 'error decoding patch: unexpected end of JSON input'],
    ['merge-patch', '[]', 'error decoding patch: json: cannot unmarshal array into Go value of type map'],
    ['strategic-merge-patch', '{', 'unexpected end of JSON input'],
    ['strategic-merge-patch', '[]', 'json: cannot unmarshal array into Go value of type map'],
  ])('of type %s that is %j is a BadRequest', async (type, body, text) => {
    const { status, json } = await patch(type, body);
    expect([status, json.reason]).toEqual([400, 'BadRequest']);
    expect(json.message.startsWith(text)).toBe(true);
  });

  test.each([
    [
      'json-patch',
      '[{"op":"add","path":"/x","path":"/data/b","value":"2","z":1}]',
      'json patch duplicate field "[0].path"',
    ],
    ['json-patch', '[{"op":"add","path":"/data/b","value":"2","z":1}]', 'json patch unknown field "[0].z"'],
    ['merge-patch', '{"data":{"b":"1","b":"2"}}', 'duplicate field "data.b"'],
    ['strategic-merge-patch', '{"data":{"b":"1","b":"2"}}', 'duplicate field "data.b"'],
  ])('of type %s that says %s is warned of, or refused where validation is strict', async (type, body, problem) => {
    const warned = await patch(type, body);
    expect([warned.status, warned.json.data]).toEqual([200, { a: '1', b: '2' }]);
    expect(warned.headers.warning).toContain(`299 - ${JSON.stringify(problem)}`);
    const strict = await patch(type, body, '&fieldValidation=Strict');
    expect([strict.status, strict.json.reason]).toEqual([422, 'Invalid']);
    expect(strict.json.message).toContain(`strict decoding error: ${problem}`);
    expect((await patch(type, body, '&fieldValidation=Ignore')).headers.warning).toBeUndefined();
  });

  test('that is no apply cannot be forced', async () => {
    const { status, json } = await patch('merge-patch', {}, '&force=true');
    expect([status, json.details.causes]).toEqual([
      422,
      [
        {
          reason: 'FieldValueForbidden',
          message: 'Forbidden: may not be specified for non-apply patch',
          field: 'force',
        },
      ],
    ]);
  });
});

test.each(['%07', 'x'.repeat(129)])('the field manager %s is Invalid', async (manager) => {
  const { status, json } = await post(`${PODS}?dryRun=All&fieldManager=${manager}`, pod('a'));
  expect([status, json.details.causes[0].field, json.details.kind]).toEqual([422, 'fieldManager', 'CreateOptions']);
});

describe('an object that breaks a rule is Invalid and says which field', () => {
  const causes = (json: { details: { causes: { field: string }[] } }) => json.details.causes.map(({ field }) => field);

  test.each([
    ['a bad name', PODS, pod('Bad_Name'), 'metadata.name'],
    ['no name', PODS, { ...pod('x'), metadata: {} }, 'metadata.name'],
    ['no containers', PODS, pod('none', { containers: [] }), 'spec.containers'],
    [
      'a negative port',
      PODS,
      pod('port', { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: -1 }] }] }),
      'spec.containers[0].ports[0].containerPort',
    ],
    ['a node port out of range', SERVICES, service('out', { nodePort: 80 }), 'spec.ports[0].nodePort'],
  ])('%s', async (_what, path, body, field) => {
    const { status, json } = await post(path, body);
    expect({ status, reason: json.reason }).toEqual({ status: 422, reason: 'Invalid' });
    expect(causes(json)).toContain(field);
  });

  test('a node port that is taken', async () => {
    expect((await post(SERVICES, service('first', { nodePort: 31_111 }))).status).toBe(201);
    const { status, json } = await post(SERVICES, service('second', { nodePort: 31_111 }));
    expect(status).toBe(422);
    expect(json.message).toBe(
      'Service "second" is invalid: spec.ports[0].nodePort: Invalid value: 31111: provided port is already allocated',
    );
  });

  test('a finalizer of a namespace without a domain', async () => {
    await post('/api/v1/namespaces', { metadata: { name: 'held' } });
    const body = { metadata: { name: 'held' }, spec: { finalizers: ['mine'] } };
    const { status, json } = await server.raw.call('/api/v1/namespaces/held/finalize', { method: 'PUT', body });
    expect([status, json.reason, causes(json)]).toEqual([422, 'Invalid', ['spec.finalizers[0]']]);
  });

  test('an immutable field', async () => {
    const { json: made } = await post(DEPLOYMENTS, deployment('fixed'));
    made.spec.selector.matchLabels = { app: 'other' };
    made.spec.template.metadata.labels = { app: 'other' };
    const { status, json } = await server.raw.call(`${DEPLOYMENTS}/fixed`, { method: 'PUT', body: made });
    expect(status).toBe(422);
    expect(causes(json)).toEqual(['spec.selector']);
    expect(json.message).toContain('field is immutable');
  });
});

describe('a review that does not say what is asked', () => {
  const REVIEWS = '/apis/authorization.k8s.io/v1';
  const act = { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'other' } };

  test.each([
    ['selfsubjectaccessreviews', {}, 'spec.resourceAttributes'],
    [
      'selfsubjectaccessreviews',
      { spec: { ...act, nonResourceAttributes: { path: '/' } } },
      'spec.nonResourceAttributes',
    ],
    ['subjectaccessreviews', { spec: act }, 'spec.user'],
    [
      'namespaces/default/localsubjectaccessreviews',
      { spec: { user: 'a', nonResourceAttributes: { path: '/' } } },
      'spec.nonResourceAttributes',
    ],
    [
      'namespaces/default/localsubjectaccessreviews',
      { spec: { user: 'a', ...act } },
      'spec.resourceAttributes.namespace',
    ],
  ])('%s of %j is Invalid at %s', async (path, body, field) => {
    const { status, json } = await post(`${REVIEWS}/${path}`, body);
    expect([status, json.reason]).toEqual([422, 'Invalid']);
    expect(json.details.causes).toEqual([expect.objectContaining({ field })]);
  });

  test.each([
    [`${REVIEWS}/selfsubjectrulesreviews`, {}, 'no namespace on request'],
    ['/apis/authentication.k8s.io/v1/tokenreviews', {}, 'token is required for TokenReview in authentication'],
    [
      `${REVIEWS}/namespaces/default/localsubjectaccessreviews`,
      { metadata: { namespace: 'other' }, spec: { user: 'a', ...act } },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
  ])('%s of %j is a BadRequest', async (path, body, message) => {
    const { status, json } = await post(path, body);
    expect([status, json.message]).toEqual([400, message]);
  });
});

describe('requests that cannot be served', () => {
  const get = (path: string, headers = {}) => server.raw.call(path, { headers });

  test.each([
    ['a bad label selector', `${PODS}?labelSelector=a%20b%20c`, 400, 'BadRequest'],
    ['a bad field selector', `${PODS}?fieldSelector=a`, 400, 'BadRequest'],
    ['a field that cannot be selected by', `${PODS}?fieldSelector=spec.foo%3Dbar`, 400, 'BadRequest'],
    ['a limit that is no number', `${PODS}?limit=x`, 400, 'BadRequest'],
    ['a continue token of somebody else', `${PODS}?continue=x`, 400, 'BadRequest'],
    ['an unknown resource', '/api/v1/namespaces/default/foos', 404, 'NotFound'],
    ['an unknown group', '/apis/foo.example/v1/foos', 404, 'NotFound'],
    ['an unknown path', '/foo', 404, 'NotFound'],
    ['an object that is not there', `${PODS}/nothing`, 404, 'NotFound'],
    ['a namespace that is not there', '/api/v1/namespaces/nowhere', 404, 'NotFound'],
  ])('%s', async (_what, path, status, reason) => {
    const answer = await get(path);
    expect({ status: answer.status, reason: answer.json.reason, kind: answer.json.kind }).toEqual({
      status,
      reason,
      kind: 'Status',
    });
  });

  test.each([
    ['PUT', '/api/v1/namespaces/default/configmaps', 405],
    ['PATCH', '/api/v1/namespaces/default/configmaps', 405],
    ['POST', '/api/v1/configmaps', 405],
    ['DELETE', '/api/v1/configmaps', 405],
    ['GET', '/api/v1/configmaps/a', 404],
    ['GET', `${PODS}/a/foo`, 404],
    ['GET', `${PODS}/a/status/foo`, 404],
    ['POST', '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews', 404],
    ['POST', '/apis/authentication.k8s.io/v1/namespaces/default/selfsubjectreviews', 404],
    ['POST', '/apis/authorization.k8s.io/v1/localsubjectaccessreviews', 404],
    ['GET', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 405],
  ])('%s %s, where there is nothing of that kind', async (method, path, status) => {
    const headers = patchHeaders(method);
    const answer = await server.raw.call(path, { method, body: {}, headers });
    // A 404 must not name the object: clients would take that for missing, not what they ask of it.
    expect([answer.status, answer.json.reason, answer.json.details?.name]).toEqual([
      status,
      status === 404 ? 'NotFound' : 'MethodNotAllowed',
      undefined,
    ]);
  });

  test.each([
    ['binding', `${PODS}/a/binding`, 'POST', { apiVersion: 'v1', kind: 'Binding' }],
    ['eviction', `${PODS}/a/eviction`, 'POST', { apiVersion: 'policy/v1', kind: 'Eviction' }],
  ])('a %s that names another object than the URL', async (_what, path, method, kind) => {
    const { status, json } = await server.raw.call(path, { method, body: { ...kind, metadata: { name: 'b' } } });
    expect([status, json.message]).toEqual([400, `name in URL does not match name in ${kind.kind} object`]);
    const elsewhere = { ...kind, metadata: { name: 'a', namespace: 'other' } };
    expect((await server.raw.call(path, { method, body: elsewhere })).status).toBe(400);
    expect((await server.raw.call(path, { method, body: { ...kind, metadata: {} } })).status).toBe(400);
  });

  test.each([
    ['another name', { name: 'b' }, 'the name of the object (b) does not match the name on the URL (a)'],
    ['no name', {}, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
    ['another namespace', { name: 'a', namespace: 'b' }, 'the namespace of the provided object does not match'],
  ])('a scale of %s', async (_what, metadata, why) => {
    const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata };
    const { status, json } = await server.raw.call(`${DEPLOYMENTS}/a/scale`, { method: 'PUT', body });
    expect([status, json.message]).toEqual([400, expect.stringContaining(why)]);
  });

  test('a verb that the kind does not have', async () => {
    const { status, json } = await server.raw.call('/api/v1/namespaces', { method: 'DELETE' });
    expect([status, json.reason]).toEqual([405, 'MethodNotAllowed']);
  });

  test('a media type nobody can make', async () => {
    const { status, json } = await get(PODS, { accept: 'application/vnd.kubernetes.protobuf' });
    expect([status, json.reason]).toEqual([406, 'NotAcceptable']);
    expect(json.message).toBe('only the following media types are accepted: application/json, application/yaml');
  });

  test('a media type nobody can read', async () => {
    const { status, json } = await post(PODS, 'x', 'text/plain');
    expect([status, json.reason]).toEqual([415, 'UnsupportedMediaType']);
    const patched = await server.raw.call(`${PODS}/x`, {
      method: 'PATCH',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(patched.status).toBe(415);
  });

  test('a body of more than 3 MiB', async () => {
    const big = { metadata: { name: 'big' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } };
    const { status, json } = await post('/api/v1/namespaces/default/configmaps', big);
    expect([status, json.reason]).toEqual([413, 'RequestEntityTooLarge']);
  });

  test('a namespace that does not exist to create in', async () => {
    const { status, json } = await post('/api/v1/namespaces/nowhere/pods', pod('a'));
    expect([status, json.message]).toEqual([404, 'namespaces "nowhere" not found']);
  });

  test('an object that exists already', async () => {
    await post(PODS, pod('twice'));
    const { status, json } = await post(PODS, pod('twice'));
    expect([status, json.reason, json.message]).toEqual([409, 'AlreadyExists', 'pods "twice" already exists']);
  });
});
