import { CustomKinds, exampleDefinition, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PATH = '/apis/example.com/v1/namespaces/default';
/** A schema whose `spec` is so. */
const withSpec = (spec: object) => ({ type: 'object', properties: { spec } });
const KNOWN = { type: 'object', properties: { size: { type: 'integer' } } };
const EMBEDDED = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
};

let server: TestApiServer;

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  const kinds = new CustomKinds(server.raw);
  await kinds.establish(exampleDefinition({ plural: 'boxes', kind: 'Box' }, withSpec(KNOWN)));
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { template: EMBEDDED } };
  await kinds.establish(exampleDefinition({ plural: 'crates', kind: 'Crate' }, withSpec(open)));
});
afterAll(() => server.close());

const text = (kind: string, name: string, spec: string, metadata = '') =>
  `{"apiVersion":"example.com/v1","kind":"${kind}","metadata":{"name":"${name}"${metadata}},"spec":${spec}}`;

const create = (plural: string, body: string, how: string) =>
  server.raw.call(`${PATH}/${plural}?fieldValidation=${how}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });

const apply = (plural: string, name: string, body: string, how: string) =>
  server.raw.call(`${PATH}/${plural}/${name}?fieldManager=test&fieldValidation=${how}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body,
  });

describe('fields of custom objects', () => {
  test('are all known in a good one, created or applied', async () => {
    expect((await create('boxes', text('Box', 'a', '{"size":1}'), 'Strict')).status).toBe(201);
    expect((await apply('boxes', 'b', text('Box', 'b', '{"size":1}'), 'Strict')).status).toBe(201);
  });

  test('that are unknown are refused, warned of or dropped', async () => {
    const body = (name: string) => text('Box', name, '{"size":1,"color":"red"}');
    const strict = await create('boxes', body('c'), 'Strict');
    expect([strict.status, strict.json.message]).toEqual([400, expect.stringContaining('unknown field "spec.color"')]);
    const applied = await apply('boxes', 'c', body('c'), 'Strict');
    expect([applied.status, applied.json.message]).toEqual([
      500,
      expect.stringContaining('field not declared in schema'),
    ]);
    const warned = await create('boxes', body('d'), 'Warn');
    expect([warned.status, warned.headers.warning]).toEqual([201, '299 - "unknown field \\"spec.color\\""']);
    const ignored = await create('boxes', body('e'), 'Ignore');
    expect([ignored.status, ignored.headers.warning, ignored.json.spec]).toEqual([201, undefined, { size: 1 }]);
  });

  test('that are said twice are told where unknown ones are kept', async () => {
    const body = (name: string) => text('Crate', name, '{"a":1,"a":2}');
    const strict = await create('crates', body('a'), 'Strict');
    expect([strict.status, strict.json.message]).toEqual([400, expect.stringContaining('duplicate field "spec.a"')]);
    const warned = await create('crates', body('b'), 'Warn');
    expect([warned.status, warned.headers.warning]).toEqual([201, '299 - "duplicate field \\"spec.a\\""']);
    expect((await create('crates', body('c'), 'Ignore')).json.spec).toEqual({ a: 2 });
  });

  test('of metadata are told at the root and in what is embedded', async () => {
    const inner = '{"template":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","inner":1}}}';
    const strict = await create('crates', text('Crate', 'd', inner, ',"outer":1'), 'Strict');
    expect(strict.status).toBe(400);
    expect(strict.json.message).toContain('unknown field "metadata.outer"');
    expect(strict.json.message).toContain('unknown field "spec.template.metadata.inner"');
    const ignored = await create('crates', text('Crate', 'e', inner, ',"outer":1'), 'Ignore');
    expect([ignored.status, ignored.json.spec.template.metadata]).toEqual([201, { name: 'p' }]);
  });
});

test('a long text holds nobody up, whatever its pattern', async () => {
  const kinds = new CustomKinds(server.raw);
  const slow = { type: 'object', properties: { text: { type: 'string', pattern: '(a{1,30}){1,30}b' } } };
  await kinds.establish(exampleDefinition({ plural: 'slowies', kind: 'Slowie' }, withSpec(slow)));
  const { status, json } = await create('slowies', text('Slowie', 'a', `{"text":"${'a'.repeat(300_000)}"}`), 'Strict');
  expect([status, json.message]).toEqual([422, expect.stringContaining('is too long to be matched with')]);
});

test('who may not change a status is told of the object', async () => {
  const { status, json } = await server.raw.call(`${PATH}/boxes/a/status`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json', 'impersonate-user': 'mallory' },
    body: '{}',
  });
  expect([status, json.message]).toEqual([
    403,
    'boxes.example.com "a" is forbidden: User "mallory" cannot patch resource "boxes/status" in API group "example.com" in the namespace "default"',
  ]);
});
