import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const CONFIGS = '/api/v1/namespaces/default/configmaps';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

let server: TestApiServer;
/** The revision and the time before the accident. */
let before: { revision: string; time: string };

const get = (path: string, accept = 'application/json') => server.raw.call(path, { headers: { accept } });
const at = (moment: string) => `/clusters/main@${moment}`;
const map = (name: string, value: string) => ({ metadata: { name, labels: { app: name } }, data: { value } });
const names = (list: { items: { metadata: { name: string } }[] }) =>
  list.items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');

/** Passes once the clock shows another millisecond than before. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now + 1) await new Promise(setImmediate);
}

beforeAll(async () => {
  server = await startTestApiServer();
  for (const name of ['a', 'b', 'c']) await server.raw.call(CONFIGS, { method: 'POST', body: map(name, 'old') });
  const { json } = await get(CONFIGS);
  await nextMillisecond();
  before = { revision: json.metadata.resourceVersion, time: new Date().toISOString() };
  await nextMillisecond();
  await server.raw.call(`${CONFIGS}/a`, { method: 'DELETE' });
  await server.raw.call(`${CONFIGS}/b`, { method: 'PUT', body: map('b', 'new') });
  await server.raw.call(CONFIGS, { method: 'POST', body: map('d', 'new') });
});
afterAll(() => server.close());

describe('a cluster as it was', () => {
  test('is read at a revision and at a time', async () => {
    for (const moment of [before.revision, before.time, encodeURIComponent(before.time)]) {
      const { status, json } = await get(at(moment) + CONFIGS);
      expect([status, names(json), json.metadata.resourceVersion]).toEqual([200, ['a', 'b', 'c'], before.revision]);
      expect((await get(`${at(moment)}${CONFIGS}/b`)).json.data).toEqual({ value: 'old' });
      expect((await get(`${at(moment)}${CONFIGS}/d`)).status).toBe(404);
    }
    expect(names((await get(CONFIGS)).json)).toEqual(['b', 'c', 'd']);
  });

  test('is read by pages, selectors, in Tables and in part', async () => {
    const first = (await get(`${at(before.time)}${CONFIGS}?limit=2&labelSelector=app`)).json;
    expect(names(first)).toEqual(['a', 'b']);
    const next = `limit=2&labelSelector=app&continue=${first.metadata.continue}`;
    expect(names((await get(`${at(before.time)}${CONFIGS}?${next}`)).json)).toEqual(['c']);
    expect(names((await get(`${at(before.time)}${CONFIGS}?labelSelector=app%3Db`)).json)).toEqual(['b']);
    const table = (await get(at(before.time) + CONFIGS, 'application/json;as=Table;v=v1;g=meta.k8s.io')).json;
    expect(table.rows.map(({ cells }: { cells: string[] }) => cells[0])).toContain('a');
    const partial = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    expect((await get(at(before.time) + CONFIGS, partial)).json.kind).toBe('PartialObjectMetadataList');
  });

  test('is discovered and explained as every cluster is', async () => {
    for (const path of ['/api', '/apis', '/version', '/openapi/v3', '/openapi/v2']) {
      const [past, now] = [await get(at(before.time) + path), await get(path)];
      expect([past.status, past.json]).toEqual([200, now.json]);
    }
    const { resources } = (await get(`${at(before.time)}/api/v1`)).json;
    const served = (name: string) => resources.find((resource: { name: string }) => resource.name === name)?.verbs;
    expect([served('pods'), served('pods/status'), served('pods/log')]).toEqual([
      ['get', 'list', 'watch'],
      ['get'],
      undefined,
    ]);
    const { items } = (await get(`${at(before.time)}/apis`, AGGREGATED)).json;
    expect(JSON.stringify(items)).not.toMatch(/"(update|patch|delete|deletecollection)"/);
    expect(JSON.stringify((await get('/apis', AGGREGATED)).json.items)).toMatch(/"update"/);
  });

  test('takes no writes, and says so', async () => {
    const attempts = [
      ['POST', CONFIGS, map('x', '')],
      ['PUT', `${CONFIGS}/b`, map('b', '')],
      ['PATCH', `${CONFIGS}/b`, {}],
      ['DELETE', `${CONFIGS}/b`, undefined],
      ['DELETE', CONFIGS, undefined],
    ] as const;
    for (const [method, path, body] of attempts) {
      const { status, json } = await server.raw.call(at(before.time) + path, { method, body });
      expect([status, json.reason]).toEqual([403, 'Forbidden']);
      expect(json.message).toMatch(/: the past is read only$/);
    }
    expect(names((await get(CONFIGS)).json)).toEqual(['b', 'c', 'd']);
  });

  test('has no logs, and answers what one may do there', async () => {
    const log = await get(`${at(before.time)}/api/v1/namespaces/default/pods/a/log`);
    expect([log.status, log.json.message]).toEqual([
      403,
      expect.stringMatching(/nothing runs in the past: it has no log/),
    ]);
    const may = async (verb: string) => {
      const body = { spec: { resourceAttributes: { verb, resource: 'configmaps', namespace: 'default' } } };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      return (await server.raw.call(at(before.time) + path, { method: 'POST', body })).json.status;
    };
    expect(await may('list')).toEqual({ allowed: true });
    expect(await may('delete')).toEqual({ allowed: false, reason: 'the past is read only' });
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const asked = { method: 'POST', body: { spec: { namespace: 'default' } } };
    const { resourceRules } = (await server.raw.call(at(before.time) + path, asked)).json.status;
    const core = resourceRules.find(({ apiGroups }: { apiGroups: string[] }) => apiGroups.includes(''));
    expect(core).toMatchObject({ verbs: ['get', 'list', 'watch'], resources: expect.arrayContaining(['pods/status']) });
    expect(core.resources).not.toContain('pods/log');
    expect(resourceRules.flatMap(({ verbs }: { verbs: string[] }) => verbs)).not.toContain('*');
  });

  test('is watched: its state is told, and nothing after', async () => {
    const watch = await server.raw.watch(`${at(before.revision)}${CONFIGS}?watch=true&labelSelector=app`);
    const told = [await watch.next(), await watch.next(), await watch.next()];
    expect(told.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'ADDED a',
      'ADDED b',
      'ADDED c',
    ]);
    await server.raw.call(`${CONFIGS}/c`, { method: 'PUT', body: map('c', 'newest') });
    const next = watch.next().then(
      () => 'told',
      () => 'closed',
    );
    const present = await server.raw.watch(`${CONFIGS}?watch=true&fieldSelector=metadata.name%3Dc`);
    await present.next();
    present.close();
    watch.close();
    expect(await next).toBe('closed');
  });

  test('tells a watch that begins before it what led to it', async () => {
    const from = Number(before.revision) - 2;
    const query = `watch=true&resourceVersion=${from}&labelSelector=app`;
    const watch = await server.raw.watch(`${at(before.revision)}${CONFIGS}?${query}`);
    expect((await watch.next()).object.metadata.name).toBe('b');
    expect((await watch.next()).object.metadata.name).toBe('c');
    watch.close();
  });

  test('is not told of what has not come, nor of what is no moment', async () => {
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const words: [string, RegExp][] = [
      ['999999', /has not come: the newest is \d+/],
      [future, /has not come yet/],
      ['yesterday', /neither a revision nor a time such as/],
    ];
    for (const [moment, message] of words) {
      const { status, json } = await get(at(moment) + CONFIGS);
      expect([status, json.reason]).toEqual([400, 'BadRequest']);
      expect(json.message).toMatch(message);
    }
    expect((await get(`/clusters/none@1${CONFIGS}`)).status).toBe(404);
  });

  test('is asked of those who may read it now', async () => {
    const { cert, key } = await server.configFor('mallory');
    const { RawApi } = await import('@binnacle/testing-cluster');
    const raw = new RawApi({ ...server.admin, cert: cert as string, key: key as string });
    expect((await raw.call(at(before.time) + CONFIGS)).status).toBe(403);
    raw.close();
  });

  // Last: what it gives up is gone for the others.
  test('is gone beyond the history that is kept', async () => {
    const ctx = {
      clock: { now: () => Date.now(), after: () => () => undefined },
      signal: new AbortController().signal,
    };
    const newest = Number((await get(CONFIGS)).json.metadata.resourceVersion);
    await server.storage.compact(ctx as never, 'main', newest);
    for (const moment of [before.revision, before.time]) {
      for (const query of ['', '?watch=true']) {
        const { status, json } = await get(`${at(moment)}${CONFIGS}${query}`);
        expect([status, json.reason]).toEqual([410, 'Expired']);
        expect(json.message).toMatch(
          /of cluster "main" is beyond the history that is kept: it goes back to revision \d+/,
        );
      }
    }
  });
});
