import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
let jane: RawApi;
let bob: RawApi;
/** Sees Pods, and no policies. */
let seer: RawApi;

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const MERGE = { 'content-type': 'application/merge-patch+json' };
const REVIEWS = '/apis/networking.binnacle.dev/v1/reachabilityreviews';

async function make(path: string, body: object): Promise<void> {
  const { status, json } = await server.raw.call(path, { method: 'POST', body });
  if (status !== 201) throw new Error(JSON.stringify(json));
}

async function pod(namespace: string, name: string, ip: string, spec: object = {}): Promise<void> {
  const ports = [{ name: 'http', containerPort: 8080 }];
  const containers = [{ name: 'main', image: 'app', ports }];
  const path = `/api/v1/namespaces/${namespace}/pods`;
  await make(path, { metadata: { name, labels: { app: name } }, spec: { nodeName: 'n1', containers, ...spec } });
  const body = { status: { podIP: ip, podIPs: [{ ip }] } };
  await server.raw.call(`${path}/${name}/status`, { method: 'PATCH', body, headers: MERGE });
}

async function policy(namespace: string, name: string, spec: object): Promise<void> {
  await make(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, { metadata: { name }, spec });
}

/** Lets somebody get and list some kinds in the namespace `shop`, and nothing elsewhere. */
async function letSee(name: string, ...resources: string[]): Promise<void> {
  const rules = [{ verbs: ['get', 'list'], apiGroups: ['', 'networking.k8s.io', 'discovery.k8s.io'], resources }];
  await make(`${RBAC}/namespaces/shop/roles`, { metadata: { name }, rules });
  const roleRef = { apiGroup: GROUP, kind: 'Role', name };
  const subjects = [{ kind: 'User', name, apiGroup: GROUP }];
  await make(`${RBAC}/namespaces/shop/rolebindings`, { metadata: { name }, roleRef, subjects });
}

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  jane = new RawApi(await server.configFor('jane'));
  bob = new RawApi(await server.configFor('bob'));
  seer = new RawApi(await server.configFor('seer'));
  for (const name of ['shop', 'data']) await make('/api/v1/namespaces', { metadata: { name } });
  for (const namespace of ['shop', 'data'])
    await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
  await make('/api/v1/nodes', { metadata: { name: 'n1' } });
  const addresses = [{ type: 'InternalIP', address: '127.0.0.11' }];
  await server.raw.call('/api/v1/nodes/n1/status', {
    method: 'PATCH',
    body: { status: { addresses } },
    headers: MERGE,
  });
  await pod('shop', 'web', '10.244.0.1');
  await pod('shop', 'api', '10.244.0.2');
  await pod('data', 'db', '10.244.0.3');
  await pod('data', 'agent', '127.0.0.11', { hostNetwork: true });
  await policy('shop', 'deny', { podSelector: { matchLabels: { app: 'api' } } });
  await policy('shop', 'from-web', {
    podSelector: { matchLabels: { app: 'api' } },
    ingress: [
      { from: [{ ipBlock: { cidr: '192.0.2.0/24' } }] },
      { from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 'http' }] },
    ],
  });
  await letSee('jane', 'pods', 'services', 'networkpolicies', 'endpointslices');
  await letSee('seer', 'pods');
  await letSee('pathfinder', 'services', 'endpointslices', 'networkpolicies');
});
afterAll(async () => {
  for (const api of [jane, bob, seer]) api.close();
  await server.close();
});

const ask = (api: RawApi, from: object, to: object, more: object = {}) =>
  api.call(REVIEWS, { method: 'POST', body: { spec: { from, to, port: 8080, ...more } } });
const web = { namespace: 'shop', pod: 'web' };
const api = { namespace: 'shop', pod: 'api' };
const db = { namespace: 'data', pod: 'db' };
const status = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).json.status;

describe('whether one reaches another', () => {
  test('is told with the policies that select each, and the rule that allows it', async () => {
    const { status: code, json } = await ask(server.raw, web, api);
    expect(code).toBe(201);
    expect(json.status).toEqual({
      allowed: true,
      message: 'shop/web reaches shop/api at TCP 8080.',
      egress: {
        allowed: true,
        reason: 'NotIsolated',
        message: 'No policy selects shop/web for egress: it may speak to everybody.',
        policies: [],
      },
      ingress: {
        allowed: true,
        reason: 'Rule',
        message: 'The policy from-web lets shop/api hear shop/web at TCP 8080 (spec.ingress[1]).',
        policies: ['deny', 'from-web'],
        rule: { policy: 'from-web', index: 1 },
      },
      paths: [expect.objectContaining({ namespace: 'shop', pod: 'api', ip: '10.244.0.2', port: 8080, allowed: true })],
      incomplete: false,
    });
  });

  test('is told where none allows it', async () => {
    expect(await status(server.raw, db, api)).toMatchObject({
      allowed: false,
      message:
        'data/db does not reach shop/api at TCP 8080. No rule of deny, from-web lets shop/api hear data/db at TCP 8080.',
      ingress: { allowed: false, reason: 'NoRule', policies: ['deny', 'from-web'] },
    });
    expect(await status(server.raw, web, api, { port: 9090 })).toMatchObject({ allowed: false });
    expect(await status(server.raw, web, api, { protocol: 'UDP' })).toMatchObject({ allowed: false });
  });

  test.each<[string, object, object]>([
    ['an address outside', { ip: '192.0.2.7' }, { allowed: true, egress: { reason: 'Outside' } }],
    ['another address outside', { ip: '198.51.100.7' }, { allowed: false }],
    ['the address of a Pod', { ip: '10.244.0.1' }, { allowed: true, ingress: { rule: { policy: 'from-web' } } }],
    ['its own node', { ip: '127.0.0.11' }, { allowed: true, ingress: { reason: 'OwnNode' } }],
    ['the machine', { ip: '127.0.0.1' }, { allowed: true, ingress: { reason: 'OwnNode' } }],
    [
      'a Pod of the network of its node',
      { namespace: 'data', pod: 'agent' },
      { allowed: true, egress: { reason: 'HostNetwork' }, ingress: { reason: 'OwnNode' } },
    ],
    ['Pods that need not be there', { namespace: 'shop', labels: { app: 'web' } }, { allowed: true }],
    ['others that need not be there', { namespace: 'data', labels: { app: 'web' } }, { allowed: false }],
    ['itself', api, { allowed: true, ingress: { reason: 'Itself' } }],
  ])('is asked of %s', async (_, from, expected) => {
    expect(await status(server.raw, from, api)).toMatchObject(expected);
  });

  test('is asked of what is outside', async () => {
    expect(await status(server.raw, web, { ip: '192.0.2.7' })).toMatchObject({
      allowed: true,
      ingress: { reason: 'Outside' },
    });
  });
});

describe('whether one reaches a Service', () => {
  beforeAll(async () => {
    const spec = { selector: { tier: 'x' }, clusterIP: '10.96.0.50', ports: [{ port: 80, targetPort: 8080 }] };
    await make('/api/v1/namespaces/shop/services', { metadata: { name: 'both' }, spec });
    const target = (name: string) => ({ kind: 'Pod', namespace: 'shop', name });
    await make('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices', {
      metadata: { name: 'both-1', labels: { 'kubernetes.io/service-name': 'both' } },
      addressType: 'IPv4',
      ports: [{ port: 8080, protocol: 'TCP' }],
      endpoints: [
        { addresses: ['10.244.0.1'], targetRef: target('web') },
        { addresses: ['10.244.0.2'], targetRef: target('api') },
      ],
    });
    await make('/api/v1/namespaces/shop/services', { metadata: { name: 'none' }, spec: { ports: [{ port: 80 }] } });
  });

  test('is told of each endpoint, at the port it has', async () => {
    const answer = await status(server.raw, db, { namespace: 'shop', service: 'both' }, { port: 80 });
    expect(answer).toMatchObject({ allowed: false, partly: true });
    expect(answer.paths).toMatchObject([
      { pod: 'web', port: 8080, allowed: true },
      { pod: 'api', port: 8080, allowed: false },
    ]);
    expect(await status(server.raw, db, { ip: '10.96.0.50' }, { port: 80 })).toEqual(answer);
    expect(await status(server.raw, web, { namespace: 'shop', service: 'both' }, { port: 80 })).toMatchObject({
      allowed: true,
    });
  });

  test('is told without the Pods that one may not see', async () => {
    const pathfinder = new RawApi(await server.configFor('pathfinder'));
    const answer = await status(pathfinder, { ip: '192.0.2.200' }, { ip: '10.96.0.50' }, { port: 80 });
    pathfinder.close();
    expect(answer.paths).toMatchObject([
      { ip: '10.244.0.1', port: 8080, allowed: true, ingress: { reason: 'Withheld', policies: [] } },
      { ip: '10.244.0.2', port: 8080, allowed: true, ingress: { reason: 'Withheld', policies: [] } },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/web|api/);
  });

  test('is told of where it leads nowhere', async () => {
    const to = (service: string) => ({ namespace: 'shop', service });
    expect(await status(server.raw, web, to('none'), { port: 80 })).toMatchObject({
      allowed: false,
      message: 'shop/web reaches nobody. The Service shop/none has no endpoints at that port.',
      paths: [],
    });
    expect((await status(server.raw, web, to('both'), { port: 81 })).message).toContain('has no port TCP 81');
  });
});

test('of many policies some are named', async () => {
  await make('/api/v1/namespaces', { metadata: { name: 'many' } });
  await make('/api/v1/namespaces/many/serviceaccounts', { metadata: { name: 'default' } });
  await pod('many', 'one', '10.244.0.10');
  for (let n = 0; n < 103; n += 1) await policy('many', `p${n}`, { podSelector: {} });
  const { ingress } = await status(server.raw, web, { namespace: 'many', pod: 'one' });
  expect([ingress.policies.length, ingress.more, ingress.message]).toEqual([
    100,
    3,
    'No rule of p0, p1, p10, p100, p101 and 98 more lets many/one hear shop/web at TCP 8080.',
  ]);
});

describe('nobody is told', () => {
  test('of Pods they may not see, where they name them', async () => {
    expect((await ask(jane, web, api)).status).toBe(201);
    for (const [from, to] of [
      [web, db],
      [db, api],
    ] as const) {
      const { status: code, json } = await ask(jane, from, to);
      expect([code, json.message]).toEqual([
        403,
        'pods "db" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "data"',
      ]);
    }
    expect((await ask(bob, web, api)).status).toBe(403);
  });

  test('what policies they may not list say of Pods that they think of', async () => {
    const { status: code, json } = await ask(jane, { namespace: 'data', labels: {} }, api);
    expect([code, json.message]).toEqual([403, expect.stringContaining('cannot list resource "networkpolicies"')]);
    const carl = await ask(seer, { namespace: 'shop', labels: { app: 'web' } }, api);
    expect(carl.status).toBe(403);
  });

  test('which policies they may not list let one reach another, or not', async () => {
    const { status: code, json } = await ask(seer, web, api);
    expect(code).toBe(201);
    expect(json.status).toMatchObject({
      allowed: true,
      egress: { allowed: true, reason: 'Withheld', policies: [] },
      ingress: { allowed: true, reason: 'Withheld', policies: [] },
    });
    const refused = await status(seer, web, api, { port: 9090 });
    expect(refused.message).toBe(
      'shop/web does not reach shop/api at TCP 9090. shop/api may not hear shop/web at TCP 9090. You may not see what says so.',
    );
    expect(JSON.stringify([json, refused])).not.toMatch(/from-web|deny/);
    expect((await status(seer, { ip: '192.0.2.7' }, api)).egress.reason).toBe('Outside');
  });

  test('which Pod has an address', async () => {
    expect((await ask(jane, { ip: '10.244.0.1' }, api)).status).toBe(201);
    const { status: code, json } = await ask(jane, { ip: '10.244.0.3' }, api);
    expect([code, json.message]).toEqual([
      403,
      'pods is forbidden: you may not see the Pod that has the address 10.244.0.3',
    ]);
  });
});

test('a namespace of too many policies is not looked through', async () => {
  await make('/api/v1/namespaces', { metadata: { name: 'full' } });
  await make('/api/v1/namespaces/full/serviceaccounts', { metadata: { name: 'default' } });
  await pod('full', 'one', '10.244.0.9');
  const full = { namespace: 'full', pod: 'one' };
  const annotations = { note: 'x'.repeat(250_000) };
  for (let n = 0; n < 9; n += 1) {
    expect((await ask(server.raw, web, full)).status).toBe(201);
    const metadata = { name: `p${n}`, annotations };
    const path = '/apis/networking.k8s.io/v1/namespaces/full/networkpolicies';
    await make(path, { metadata, spec: { podSelector: {} } });
  }
  const { status: code, json } = await ask(server.raw, web, full);
  expect([code, json.message]).toEqual([
    413,
    expect.stringContaining('more networkpolicies than one question looks at'),
  ]);
});

describe('what is no question', () => {
  test.each<[string, object, string]>([
    ['says nothing', {}, 'spec.from.namespace: Required value'],
    ['has no port', { from: web, to: api }, 'spec.port: Invalid value: 0: must be between 1 and 65535, inclusive'],
    [
      'has another protocol',
      { from: web, to: api, port: 1, protocol: 'ICMP' },
      'spec.protocol: Unsupported value: "ICMP"',
    ],
    ['names two', { from: { ...web, labels: {} }, to: api, port: 1 }, 'spec.from: Invalid value: "pod, labels"'],
    ['names an address and a Pod', { from: { ...web, ip: '10.0.0.1' }, to: api, port: 1 }, 'spec.from.ip: Forbidden'],
    [
      'has no address',
      { from: { ip: 'x' }, to: api, port: 1 },
      'spec.from.ip: Invalid value: "x": must be a valid IP address',
    ],
    [
      'asks from a Service',
      { from: { namespace: 'shop', service: 'both' }, to: api, port: 1 },
      'spec.from.service: Forbidden',
    ],
    ['asks to labels', { from: web, to: { namespace: 'shop', labels: {} }, port: 1 }, 'spec.to.labels: Forbidden'],
  ])('is refused where it %s', async (_, spec, message) => {
    const { status: code, json } = await server.raw.call(REVIEWS, { method: 'POST', body: { spec } });
    expect([code, json.message]).toEqual([422, expect.stringContaining(message)]);
  });

  test('is about nobody who is not there', async () => {
    expect((await ask(server.raw, web, { namespace: 'shop', pod: 'nobody' })).status).toBe(404);
  });
});

test('it is asked of the past as it was then', async () => {
  const { json } = await server.raw.call('/api/v1/namespaces/shop/pods');
  await policy('shop', 'late', { podSelector: { matchLabels: { app: 'web' } } });
  expect(await status(server.raw, db, web)).toMatchObject({ allowed: false });
  const past = `/clusters/main@${json.metadata.resourceVersion}${REVIEWS}`;
  const then = await server.raw.call(past, { method: 'POST', body: { spec: { from: db, to: web, port: 80 } } });
  expect([then.status, then.json.status.allowed]).toEqual([201, true]);
});
