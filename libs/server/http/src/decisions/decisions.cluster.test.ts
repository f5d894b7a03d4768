import { deflateRawSync } from 'node:zlib';
import { encodeDetail, encodeNames, REFUSES, TAKES } from '@binnacle/apis-kubernetes/decisions/codec';
import type { DecisionRecord } from '@binnacle/apis-kubernetes/decisions/record';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ALL = '/apis/scheduling.binnacle.dev/v1/decisions';
const OF_SHOP = '/apis/scheduling.binnacle.dev/v1/namespaces/shop/decisions';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

let server: TestApiServer;
let scheduler: RawApi;
let viewer: RawApi;
let revision: number;
const others: RawApi[] = [];

async function as(name: string, groups: readonly string[] = []): Promise<RawApi> {
  const api = new RawApi(await server.configFor(name, groups));
  others.push(api);
  return api;
}

const record = (over: Partial<DecisionRecord> = {}): DecisionRecord => ({
  time: Date.parse('2026-11-30T10:00:00.250Z'),
  duration: 812,
  scheduler: 'default-scheduler',
  pod: { namespace: 'shop', name: 'web-0', uid: 'u-0' },
  attempt: 1,
  queued: { since: Date.parse('2026-11-30T09:59:59Z'), event: 'NodeAdd', object: 'Node/c' },
  revision,
  result: 'Scheduled',
  node: 'b',
  nodes: 3,
  feasible: 2,
  refused: [{ plugin: 'TaintToleration', reason: 'had a taint', nodes: 1, examples: ['c'], unresolvable: true }],
  best: {
    plugins: [{ plugin: 'ImageLocality', weight: 2 }],
    nodes: [{ node: 'b', total: 20, raw: [77], scores: [10] }],
  },
  ...over,
});

const detail = deflateRawSync(
  encodeDetail(encodeNames(['a', 'b', 'c']), {
    refusals: [{ plugin: 'TaintToleration', reasons: ['had a taint'], unresolvable: true }],
    verdicts: Uint16Array.of(TAKES, TAKES, REFUSES),
    columns: [{ plugin: 'ImageLocality', weight: 2, raw: Float64Array.of(0.5, 77), scores: Float64Array.of(0, 10) }],
  }),
).toString('base64');

const send = (decisions: readonly object[], api = scheduler, path = '/decisions') =>
  api.call(path, { method: 'POST', body: { decisions } });
const get = (path: string, api: RawApi = viewer, accept = 'application/json') =>
  api.call(path, { headers: { accept } });
const select = (selector: string) => `?fieldSelector=${encodeURIComponent(selector)}`;

const victims = [
  { namespace: 'shop', name: 'old', priority: 0 },
  { namespace: 'secret', name: 'hidden' },
];
const refused: Partial<DecisionRecord> = {
  result: 'Unschedulable',
  message: '0/3 nodes are available',
  pod: { namespace: 'shop', name: 'db-0', uid: 'u-1' },
  feasible: 0,
  preemption: { node: 'a', victims, message: 'soon' },
};

beforeAll(async () => {
  server = await startTestApiServer();
  scheduler = await as('system:kube-scheduler');
  viewer = await as('victor', ['binnacle:viewers']);
  const made = await server.raw.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'shop' } } });
  revision = Number(made.json.metadata.resourceVersion);
  const { node: _, best: _best, ...failed } = record(refused);
  expect((await send([{ record: record(), detail }, { record: failed }])).status).toBe(201);
});
afterAll(async () => {
  for (const api of others) api.close();
  await server.close();
});

describe('decisions', () => {
  test('are listed, the newest first, and say in words what was found out', async () => {
    const { status, json } = await get(OF_SHOP);
    expect([status, json.kind]).toEqual([200, 'DecisionList']);
    const [db, web] = json.items;
    expect(web.metadata).toMatchObject({ namespace: 'shop', name: 'web-0.1', resourceVersion: String(revision) });
    expect(web.metadata.creationTimestamp).toBe('2026-11-30T10:00:00Z');
    expect(web.spec).toEqual({
      podName: 'web-0',
      podUID: 'u-0',
      schedulerName: 'default-scheduler',
      attempt: 1,
      queuedTime: '2026-11-30T09:59:59.000Z',
      queuedBy: 'NodeAdd',
      queuedByObject: 'Node/c',
      revision,
    });
    expect(web.status).toEqual({
      result: 'Scheduled',
      nodeName: 'b',
      time: '2026-11-30T10:00:00.250Z',
      durationMicroseconds: 812,
      nodes: 3,
      feasibleNodes: 2,
      rejections: [
        { plugin: 'TaintToleration', reason: 'had a taint', nodes: 1, exampleNodes: ['c'], unresolvable: true },
      ],
      bestNodes: [
        { node: 'b', total: 20, plugins: [{ plugin: 'ImageLocality', raw: 77, score: 10, weight: 2, weighted: 20 }] },
      ],
      nodeDetail: true,
    });
    expect(db.status).toMatchObject({ result: 'Unschedulable', preemption: { node: 'a', victims, message: 'soon' } });
    expect(db.status.nodeDetail).toBe(false);
  });

  test('are printed, selected and read one by one', async () => {
    const { json } = await get(`${OF_SHOP}${select('status.result=Scheduled')}`, viewer, TABLE);
    expect(json.rows.map(({ cells }: { cells: unknown[] }) => cells.slice(0, 6))).toEqual([
      ['web-0.1', 'web-0', 'Scheduled', 'b', '2/3', 1],
    ]);
    const names = async (selector: string) =>
      (await get(`${ALL}${select(selector)}`)).json.items.map(({ metadata }: never) => metadata['name']);
    expect(await names('spec.podName=db-0')).toEqual(['db-0.2']);
    expect(await names('spec.podUID=u-0')).toEqual(['web-0.1']);
    expect(await names('status.nodeName!=b')).toEqual(['db-0.2']);
    expect(await names('metadata.name=web-0.1')).toEqual(['web-0.1']);
    expect((await get(`${ALL}${select('spec.color=red')}`)).status).toBe(400);
    expect((await get(`${OF_SHOP}/web-0.1`)).json.spec.podUID).toBe('u-0');
    for (const name of ['web-0.2', 'web-0.7', 'web-0', 'other.1'])
      expect((await get(`${OF_SHOP}/${name}`)).status).toBe(404);
    expect((await get('/apis/scheduling.binnacle.dev/v1/namespaces/default/decisions/web-0.1')).status).toBe(404);
  });

  test('come in pages', async () => {
    const first = (await get(`${ALL}?limit=1`)).json;
    expect(first.items[0].metadata.name).toBe('db-0.2');
    const second = (await get(`${ALL}?limit=1&continue=${first.metadata.continue}`)).json;
    expect([second.items[0].metadata.name, second.metadata.continue]).toEqual(['web-0.1', undefined]);
  });

  test('tell of every single node where that was kept', async () => {
    const { json } = await get(`${OF_SHOP}/web-0.1/nodes`);
    expect(json).toMatchObject({
      kind: 'DecisionNodes',
      names: ['a', 'b', 'c'],
      verdicts: [-1, -1, 0],
      refusals: [{ plugin: 'TaintToleration', reasons: ['had a taint'], unresolvable: true }],
      columns: [{ plugin: 'ImageLocality', weight: 2, raw: [0.5, 77], scores: [0, 10] }],
    });
    expect((await get(`${OF_SHOP}/db-0.2/nodes`)).status).toBe(404);
  });

  test('are seen in the past up to its moment, and written there by nobody', async () => {
    expect((await get(`/clusters/main@${revision}${ALL}`)).json.items).toHaveLength(2);
    expect((await get(`/clusters/main@${revision - 1}${ALL}`)).json.items).toHaveLength(0);
    expect((await get(`/clusters/main@${revision - 1}${OF_SHOP}/web-0.1`)).status).toBe(404);
    expect((await send([], scheduler, `/clusters/main@${revision}/decisions`)).status).toBe(403);
  });

  test('belong to their own cluster, and go with it', async () => {
    const makeLab = () => server.raw.call('/clusters', { method: 'POST', body: { metadata: { name: 'lab' } } });
    await makeLab();
    const listLab = async () => (await get(`/clusters/lab${ALL}`)).json.items.length;
    expect(await listLab()).toBe(0);
    expect((await send([{ record: record() }], scheduler, '/clusters/lab/decisions')).status).toBe(201);
    expect(await listLab()).toBe(1);
    await server.raw.call('/clusters/lab', { method: 'DELETE' });
    expect((await send([{ record: record() }], scheduler, '/clusters/lab/decisions')).status).toBe(404);
    await makeLab();
    expect(await listLab()).toBe(0);
    await server.raw.call('/clusters/lab', { method: 'DELETE' });
  });
});

describe('who may', () => {
  test('write them is the scheduler and no other', async () => {
    const editor = await as('eve', ['binnacle:editors']);
    const node = await as('system:node:a', ['system:nodes']);
    const manager = await as('system:kube-controller-manager');
    for (const api of [editor, node, manager, viewer])
      expect((await send([{ record: record() }], api)).status).toBe(403);
    for (const [method, path] of [
      ['POST', OF_SHOP],
      ['DELETE', `${OF_SHOP}/web-0.1`],
      ['PUT', `${OF_SHOP}/web-0.1`],
    ] as const)
      expect((await server.raw.call(path, { method, body: { metadata: { name: 'x' } } })).status).toBe(405);
    expect((await server.raw.call('/decisions')).status).toBe(405);
  });

  test('read them is who may read', async () => {
    const nobody = await as('norman');
    for (const path of [ALL, `${OF_SHOP}/web-0.1`, `${OF_SHOP}/web-0.1/nodes`])
      expect((await get(path, nobody)).status).toBe(403);
  });
});

describe('what is sent', () => {
  const refusals: readonly (readonly [string, unknown])[] = [
    ['no JSON', '{'],
    ['a list', []],
    ['nothing', { decisions: [{}] }],
    ['a record that is none', { decisions: [{ record: { ...record(), result: 'Maybe' } }] }],
    ['no base64', { decisions: [{ record: record(), detail: 'a*==' }] }],
    ['too much of each node', { decisions: [{ record: record(), detail: 'A'.repeat(262_148) }] }],
    ['too many', { decisions: Array.from({ length: 201 }, () => ({ record: record() })) }],
  ];

  test.each(refusals)('%s is refused', async (_, body) => {
    const before = (await get(ALL)).json.items.length;
    const { status, json } = await scheduler.call('/decisions', { method: 'POST', body });
    expect([status, json.reason]).toEqual([400, 'BadRequest']);
    expect((await get(ALL)).json.items).toHaveLength(before);
  });

  test('bytes that are no detail are told to be none, and harm nobody', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000)).toString('base64');
    const pod = { namespace: 'default', name: 'bad', uid: 'u-9' };
    for (const garbage of ['AAAA', bomb]) await send([{ record: record({ pod }), detail: garbage }]);
    const { json } = await get(`${ALL}${select('spec.podName=bad')}`);
    expect(json.items).toHaveLength(2);
    for (const { metadata } of json.items) {
      const path = `/apis/scheduling.binnacle.dev/v1/namespaces/default/decisions/${metadata.name}/nodes`;
      expect((await get(path)).status).toBe(404);
    }
  });
});
