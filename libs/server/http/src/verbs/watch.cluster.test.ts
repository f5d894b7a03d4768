import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer();
});
afterAll(() => server.close());

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
let made = 0;

/** Each test has a namespace of its own. */
async function freshNamespace(): Promise<string> {
  made += 1;
  const name = `watch-${made}`;
  await server.raw.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name } } });
  return `/api/v1/namespaces/${name}/configmaps`;
}

const create = (path: string, name: string, labels = {}) =>
  server.raw.call(path, { method: 'POST', body: { metadata: { name, labels }, data: { a: 'b' } } });
const patch = (path: string, body: object) =>
  server.raw.call(path, { method: 'PATCH', body, headers: { 'content-type': 'application/merge-patch+json' } });
const listVersion = async (path: string) => (await server.raw.call(path)).json.metadata.resourceVersion as string;

describe('a watch', () => {
  test('delivers what is there, then every change in order, with the revision of each', async () => {
    const path = await freshNamespace();
    await create(path, 'one');
    const watch = await server.raw.watch(`${path}?watch=true`);
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'ConfigMap', metadata: { name: 'one' } },
    });
    const { json: two } = await create(path, 'two');
    expect((await watch.next()).object.metadata.resourceVersion).toBe(two.metadata.resourceVersion);
    const { json: patched } = await patch(`${path}/two`, { data: { a: 'c' } });
    expect(await watch.next()).toMatchObject({
      type: 'MODIFIED',
      object: { data: { a: 'c' }, metadata: { resourceVersion: patched.metadata.resourceVersion } },
    });
    await server.raw.call(`${path}/two`, { method: 'DELETE' });
    const deleted = await watch.next();
    expect(deleted).toMatchObject({ type: 'DELETED', object: { data: { a: 'c' } } });
    expect(Number(deleted.object.metadata.resourceVersion)).toBeGreaterThan(Number(patched.metadata.resourceVersion));
    watch.close();
  });

  test('resumes after a revision with nothing missed', async () => {
    const path = await freshNamespace();
    const version = await listVersion(path);
    for (const name of ['a', 'b', 'c']) await create(path, name);
    const watch = await server.raw.watch(`${path}?watch=true&resourceVersion=${version}`);
    const names = [await watch.next(), await watch.next(), await watch.next()].map(
      ({ object }) => object.metadata.name,
    );
    expect(names).toEqual(['a', 'b', 'c']);
    watch.close();
  });

  test('tells of objects that enter and leave a label selector', async () => {
    const path = await freshNamespace();
    await create(path, 'one', { tier: 'back' });
    const watch = await server.raw.watch(
      `${path}?watch=true&labelSelector=tier%3Dfront&resourceVersion=${await listVersion(path)}`,
    );
    await patch(`${path}/one`, { metadata: { labels: { tier: 'front' } } });
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { labels: { tier: 'front' } } } });
    await patch(`${path}/one`, { metadata: { labels: { tier: 'back' } } });
    expect((await watch.next()).type).toBe('DELETED');
    watch.close();
  });

  test('may be about one object only', async () => {
    const path = await freshNamespace();
    const watch = await server.raw.watch(`${path}?watch=true&fieldSelector=metadata.name%3Dwanted`);
    await create(path, 'other');
    await create(path, 'wanted');
    expect((await watch.next()).object.metadata.name).toBe('wanted');
    watch.close();
  });

  test('with sendInitialEvents marks where the present state ends', async () => {
    const path = await freshNamespace();
    await create(path, 'one');
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await server.raw.watch(`${path}?${query}`);
    expect((await watch.next()).type).toBe('ADDED');
    const bookmark = await watch.next();
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    expect(bookmark.object.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    watch.close();
  });

  test('ends by itself after timeoutSeconds', async () => {
    const path = await freshNamespace();
    const watch = await server.raw.watch(`${path}?watch=true&timeoutSeconds=1`);
    const events = [];
    for await (const event of watch) events.push(event);
    expect(events).toEqual([]);
  });

  test('may be asked for as Tables, the columns of which come once', async () => {
    const path = await freshNamespace();
    const watch = await server.raw.watch(`${path}?watch=true`, { accept: TABLE });
    await create(path, 'one');
    await create(path, 'two');
    const [first, second] = [await watch.next(), await watch.next()];
    expect(first.object.columnDefinitions.length).toBeGreaterThan(0);
    expect(second.object.columnDefinitions).toEqual([]);
    expect(second.object.rows[0].cells[0]).toBe('two');
    watch.close();
  });

  test('ends with an ERROR event where its revision is too old', async () => {
    const path = await freshNamespace();
    const version = await listVersion(path);
    for (const name of ['a', 'b', 'c']) await create(path, name);
    const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
    await server.storage.compact(ctx, 'main', Number(await listVersion(path)));
    const watch = await server.raw.watch(`${path}?watch=true&resourceVersion=${version}`);
    expect(watch.status).toBe(200);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    const { json } = await server.raw.call(`${path}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect([json.code, json.reason]).toEqual([410, 'Expired']);
    watch.close();
  });

  test.each([
    ['a match without sendInitialEvents', 'resourceVersion=1&resourceVersionMatch=NotOlderThan'],
    ['sendInitialEvents without a match', 'sendInitialEvents=true'],
    ['sendInitialEvents of an exact state', 'sendInitialEvents=true&resourceVersion=1&resourceVersionMatch=Exact'],
  ])('is Invalid with %s', async (_what, query) => {
    const { status, json } = await server.raw.call(`/api/v1/configmaps?watch=true&${query}`);
    expect([status, json.reason]).toEqual([422, 'Invalid']);
  });
});

test.each([
  ['a watch', '/api/v1/configmaps?watch=true&resourceVersion=abc', 500, ''],
  ['a list', '/api/v1/configmaps?resourceVersion=abc', 400, 'invalid resource version: '],
  ['a get', '/api/v1/namespaces/default?resourceVersion=abc', 500, ''],
])('%s from a revision that is no number fails as upstream', async (_what, path, code, begins) => {
  const { status, json } = await server.raw.call(path);
  const why = 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax';
  expect([status, json.message]).toEqual([code, begins + why]);
});

describe('a list', () => {
  test('comes in pages of one revision, in order, and says how many remain', async () => {
    const path = await freshNamespace();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(path, name);
    const first = (await server.raw.call(`${path}?limit=2`)).json;
    expect(first.metadata.remainingItemCount).toBe(3);
    await create(path, 'bb');
    const token = encodeURIComponent(first.metadata.continue);
    const second = (await server.raw.call(`${path}?limit=10&continue=${token}`)).json;
    const names = [...first.items, ...second.items].map(
      ({ metadata }: { metadata: { name: string } }) => metadata.name,
    );
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  test('can be of the past, exactly', async () => {
    const path = await freshNamespace();
    await create(path, 'one');
    const version = await listVersion(path);
    await create(path, 'two');
    const { json } = await server.raw.call(`${path}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect(json.items).toHaveLength(1);
    expect(json.metadata.resourceVersion).toBe(version);
  });

  test('of a revision that does not exist yet is a Timeout to be tried again', async () => {
    const path = await freshNamespace();
    const { status, json, headers } = await server.raw.call(`${path}?resourceVersion=999999999`);
    expect([status, json.reason, headers['retry-after']]).toEqual([504, 'Timeout', '1']);
    expect(json.details.causes[0].reason).toBe('ResourceVersionTooLarge');
  });

  test.each([
    ['a match without a revision', 'resourceVersionMatch=Exact'],
    ['an exact match of any state', 'resourceVersionMatch=Exact&resourceVersion=0'],
    ['an unknown match', 'resourceVersionMatch=Foo&resourceVersion=1'],
    ['sendInitialEvents', 'sendInitialEvents=true'],
  ])('is Invalid with %s', async (_what, query) => {
    expect((await server.raw.call(`/api/v1/configmaps?${query}`)).status).toBe(422);
  });

  test('of only metadata, and as a Table', async () => {
    const path = await freshNamespace();
    await create(path, 'one');
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { json: partial } = await server.raw.call(path, { headers: { accept } });
    expect(partial).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ kind: 'PartialObjectMetadata' }] });
    expect(partial.items[0].data).toBeUndefined();
    const { json: table } = await server.raw.call(path, { headers: { accept: TABLE } });
    expect(table).toMatchObject({ kind: 'Table', rows: [{ cells: ['one', 1, expect.any(String)] }] });
    expect(table.rows[0].object.kind).toBe('PartialObjectMetadata');
    const { json: whole } = await server.raw.call(`${path}?includeObject=Object`, { headers: { accept: TABLE } });
    expect(whole.rows[0].object.data).toEqual({ a: 'b' });
  });
});
