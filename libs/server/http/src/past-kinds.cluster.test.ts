import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.io/v1/namespaces/default/widgets';

let server: TestApiServer;
/** Revisions: nothing was defined, widgets were there, nothing is defined any more. */
let moments: { before: string; during: string; after: string };

const get = (path: string) => server.raw.call(path);
const revisionNow = async () => (await get('/api/v1/namespaces')).json.metadata.resourceVersion as string;

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: { size: { type: 'string' } } } },
  },
};
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.io' },
  spec: {
    group: 'example.io',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  },
};
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

beforeAll(async () => {
  server = await startTestApiServer();
  const before = await revisionNow();
  await server.raw.call(DEFINITIONS, { method: 'POST', body: definition });
  await eventually(async () => expect((await get(WIDGETS)).status).toBe(200));
  const widget = { apiVersion: 'example.io/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { size: 'large' } };
  expect((await server.raw.call(WIDGETS, { method: 'POST', body: widget })).status).toBe(201);
  const during = await revisionNow();
  await server.raw.call(`${DEFINITIONS}/widgets.example.io`, { method: 'DELETE' });
  await eventually(async () => expect((await get(WIDGETS)).status).toBe(404));
  moments = { before, during, after: await revisionNow() };
});
afterAll(() => server.close());

test('the past has the kinds that were defined then', async () => {
  const at = (moment: string) => `/clusters/main@${moment}`;
  const { status, json } = await get(at(moments.during) + WIDGETS);
  expect([status, json.items]).toEqual([200, [expect.objectContaining({ spec: { size: 'large' } })]]);
  expect((await get(`${at(moments.during)}${WIDGETS}/a`)).json.spec).toEqual({ size: 'large' });
  expect((await get(`${at(moments.during)}/apis/example.io/v1`)).json.resources).toMatchObject([{ name: 'widgets' }]);
  expect((await get(`${at(moments.during)}/openapi/v3/apis/example.io/v1`)).status).toBe(200);
  for (const moment of [moments.before, moments.after]) {
    expect((await get(at(moment) + WIDGETS)).status).toBe(404);
    expect((await get(`${at(moment)}/apis/example.io/v1`)).status).toBe(404);
  }
});

test('changes tell of objects whose kind is gone', async () => {
  const path = '/apis/history.binnacle.dev/v1/namespaces/default/changes?fieldSelector=spec.group%3Dexample.io';
  const { items } = (await get(path)).json;
  const told = items.map(({ spec }: { spec: Record<string, string> }) => `${spec.verb} ${spec.kind} ${spec.name}`);
  expect(told.at(-1)).toBe('create Widget a');
  expect(told[0]).toBe('delete Widget a');
});

test('a moment that has not come has no kinds either', async () => {
  for (const path of ['/apis', '/api/v1', '/openapi/v3']) {
    const { status, json } = await get(`/clusters/main@99999999${path}`);
    expect([status, json.message]).toEqual([400, expect.stringMatching(/has not come/)]);
  }
});
