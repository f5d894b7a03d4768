import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const GROUP = '/apis/flowcontrol.apiserver.k8s.io/v1';
const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
const PODS = '/api/v1/namespaces/default/pods';
let server: TestApiServer;
let ann: RawApi;

beforeAll(async () => {
  server = await startTestApiServer();
  ann = new RawApi(await server.configFor('ann', ['binnacle:viewers']));
});
afterAll(async () => {
  ann.close();
  await server.close();
});

const read = async (path: string) => (await server.raw.call(`${GROUP}/${path}`)).json;
const uidOf = async (path: string): Promise<string> => (await read(path)).metadata.uid;
const create = (path: string, body: object) => server.raw.call(`${GROUP}/${path}`, { method: 'POST', body });

const schema = (name: string, level: string, precedence: number) => ({
  apiVersion,
  kind: 'FlowSchema',
  metadata: { name },
  spec: {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: precedence,
    rules: [
      {
        subjects: [{ kind: 'User', user: { name: 'ann' } }],
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['pods'], namespaces: ['*'] }],
      },
    ],
  },
});
const noSeats = {
  apiVersion,
  kind: 'PriorityLevelConfiguration',
  metadata: { name: 'none' },
  spec: {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse: { type: 'Reject' } },
  },
};

describe('every answer', () => {
  test.each<[who: string, api: () => RawApi, path: string, schemaName: string, level: string]>([
    ['an administrator', () => server.raw, PODS, 'exempt', 'exempt'],
    ['somebody', () => ann, PODS, 'global-default', 'global-default'],
    ['somebody who may not', () => ann, '/api/v1/secrets', 'global-default', 'global-default'],
    ['a probe', () => ann, '/readyz', 'probes', 'exempt'],
  ])('to %s says how it was classified', async (_who, api, path, schemaName, level) => {
    const { headers } = await api().call(path);
    expect(headers['x-kubernetes-pf-flowschema-uid']).toBe(await uidOf(`flowschemas/${schemaName}`));
    expect(headers['x-kubernetes-pf-prioritylevel-uid']).toBe(await uidOf(`prioritylevelconfigurations/${level}`));
  });
});

test('a schema says whether its level exists', async () => {
  const dangling = async (name: string) => (await read(`flowschemas/${name}`)).status.conditions?.[0];
  expect(await dangling('probes')).toMatchObject({
    type: 'Dangling',
    status: 'False',
    reason: 'Found',
    message: 'This FlowSchema references the PriorityLevelConfiguration object named "exempt" and it exists',
  });
  await create('flowschemas', schema('lost', 'nowhere', 60));
  await vi.waitFor(async () => expect((await dangling('lost'))?.status).toBe('True'));
  expect((await ann.call(PODS)).status).toBe(200);
});

test('a configuration holds as soon as it is written, and a request without a seat is TooManyRequests', async () => {
  expect((await ann.call(PODS)).status).toBe(200);
  await create('prioritylevelconfigurations', noSeats);
  await create('flowschemas', schema('none', 'none', 50));
  const level = await vi.waitFor(() => {
    const found = server.parts.flow.levels.find('none');
    expect(found?.uid).toBeTruthy();
    return found as NonNullable<typeof found>;
  });
  // One request is served even where there is no seat at all, as upstream does.
  const user = { name: 'ann', groups: ['system:authenticated'] };
  const resource = { group: '', resource: 'pods', subresource: '', namespace: 'default' };
  const held = { user, cluster: 'main', verb: 'list', resource };
  const { flow } = server.parts;
  await vi.waitFor(() => expect(flow.classify({ ...held, user: { ...user } }).level).toBe(level));
  const seat = await flow.admit(
    { signal: new AbortController().signal },
    flow.classify({ ...held, user: { ...user } }),
    held,
  );
  const { headers, json } = await ann.call(PODS);
  expect(headers['retry-after']).toBe('1');
  expect(headers['x-kubernetes-pf-prioritylevel-uid']).toBe(await uidOf('prioritylevelconfigurations/none'));
  expect(json).toMatchObject({
    kind: 'Status',
    status: 'Failure',
    message: 'Too many requests, please try again later.',
    reason: 'TooManyRequests',
    details: { retryAfterSeconds: 1 },
    code: 429,
  });
  expect((await ann.call(`${PODS}?watch=1`)).status).toBe(429);
  expect((await ann.call('/api/v1/namespaces/default/services')).status).toBe(200);
  expect((await server.raw.call(PODS)).status).toBe(200);
  seat.release();
  await server.raw.call(`${GROUP}/flowschemas/none`, { method: 'DELETE' });
  const levelNow = async () => (await ann.call(PODS)).headers['x-kubernetes-pf-prioritylevel-uid'];
  const usual = await uidOf('prioritylevelconfigurations/global-default');
  await vi.waitFor(async () => expect(await levelNow()).toBe(usual));
});

test('a watch takes a seat only until it has told what there is', async () => {
  const level = server.parts.flow.levels.find('global-default');
  const watches = await Promise.all(
    Array.from({ length: 5 }, () =>
      ann.watch(`${PODS}?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`),
    ),
  );
  for (const watch of watches) expect((await watch.next()).type).toBe('BOOKMARK');
  await vi.waitFor(() => expect(level?.queues.executing).toBe(0));
  for (const watch of watches) watch.close();
});

test('operators see what is served', async () => {
  const { text } = await server.raw.call('/debug/api_priority_and_fairness/dump_priority_levels');
  expect(text).toMatch(/^PriorityLevelName, ActiveQueues, .*\n/);
  expect(text).toMatch(/^global-default, 0, true, false, 0, 0, \d+, 0, 0, 0, \d+$/m);
  expect((await ann.call('/debug/api_priority_and_fairness/dump_priority_levels')).status).toBe(403);
  const metrics = (await server.raw.call('/metrics')).text;
  expect(metrics).toMatch(/apiserver_flowcontrol_nominal_limit_seats\{[^}]*priority_level="workload-low"[^}]*\} \d+/);
  expect(metrics).toMatch(/apiserver_flowcontrol_rejected_requests_total\{[^}]*reason="concurrency-limit"[^}]*\} \d+/);
});

test('kubectl sees schemas in the order in which they are matched', async () => {
  const { json } = await server.raw.call(`${GROUP}/flowschemas`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  const rows = (json.rows as { cells: unknown[] }[]).map(({ cells }) => cells[2]);
  expect(rows).toEqual([...rows].sort((a, b) => Number(a) - Number(b)));
  expect(json.rows[0].cells).toMatchObject(['exempt', 'exempt', 1, '<none>', expect.any(String), 'False']);
});

test('a body of more values than the server may spend its thread on is refused, whatever it is written in', async () => {
  const path = '/api/v1/namespaces/default/configmaps';
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
  const map = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'many' }, data });
  const sent = async (type: string, body: string, method = 'POST', to = path) =>
    (await server.raw.call(to, { method, body, headers: { 'content-type': type } })).status;
  expect(await sent('application/json', JSON.stringify(map(many(15_000))))).toBe(201);
  expect(await sent('application/json', JSON.stringify(map(many(30_000))))).toBe(413);
  expect(await sent('application/yaml', `data:\n${'  k: v\n'.repeat(100_000)}`)).toBe(413);
  const more = Object.fromEntries(Object.keys(many(15_000)).map((key) => [`other-${key}`, 'v']));
  const patch = JSON.stringify({ data: more });
  expect(await sent('application/merge-patch+json', patch, 'PATCH', `${path}/many`)).toBe(413);
  const again = JSON.stringify({ ...map(more), metadata: { name: 'many', namespace: 'default' } });
  expect(await sent('application/apply-patch+yaml', again, 'PATCH', `${path}/many?fieldManager=m`)).toBe(413);
});
