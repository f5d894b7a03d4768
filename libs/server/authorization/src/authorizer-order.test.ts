import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import type { AuthorizationAttributes, Decision, OrderedAuthorizer } from '@binnacle/server-auth';
import { beforeEach, expect, test } from 'vitest';
import { AuthorizerOrder } from './authorizer-order.js';
import type { CompiledAuthorizer } from './compiled-authorizer.js';
import { AuthorizationMetrics } from './metrics.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const attributes: AuthorizationAttributes = {
  user: { name: 'a', groups: [] },
  cluster: 'main',
  verb: 'get',
  path: '/',
};
const says = (decision: Partial<Decision>): OrderedAuthorizer => ({
  authorize: () => ({ allowed: false, reason: '', ...decision }),
});
const [node, ingress] = [says({}), says({ reason: 'nothing that is served' })];
const rbac: OrderedAuthorizer = {
  authorize: () => Promise.resolve({ allowed: true, reason: 'RBAC' }),
  rulesFor: () => ({ rules: [], errors: ['gone'] }),
};
const known = { Node: [node, ingress], RBAC: [rbac] };

let registry: MetricsRegistry;
let metrics: AuthorizationMetrics;
let order: readonly OrderedAuthorizer[];
beforeEach(() => {
  registry = new MetricsRegistry();
  metrics = new AuthorizationMetrics(registry);
});

const target = { url: 'https://hook.example', tls: {}, headers: () => ({}) };
const of = (...types: ('Node' | 'RBAC' | 'AlwaysAllow' | 'AlwaysDeny')[]): CompiledAuthorizer[] =>
  types.map((type) => ({ type, name: type.toLowerCase() }));
const hook = (file = '/etc/hook'): CompiledAuthorizer => {
  const more = { version: 'v1', timeout: 1_000, believed: { yes: 0, no: 0 }, failurePolicy: 'Deny' } as const;
  return { type: 'Webhook', name: 'hook', webhook: { file, ...more, conditions: [] } };
};
const readTarget = (file: string) => {
  if (file === '/etc/hook') return target;
  throw new Error(`no such file: ${file}`);
};
function start(...given: CompiledAuthorizer[]): AuthorizerOrder {
  const made = new AuthorizerOrder(ctx, metrics, readTarget, ...(given.length > 0 ? [given] : []));
  made.use(known, (now) => (order = now));
  return made;
}
const decide = () => Promise.all(order.map((one) => one.authorize(ctx, attributes)));

test('without more Nodes decide, then roles, and both are counted', async () => {
  start();
  expect((await decide()).map(({ allowed, reason }) => [allowed, reason])).toEqual([
    [false, ''],
    [false, 'nothing that is served'],
    [true, 'RBAC'],
  ]);
  expect(order.map((one) => one.rulesFor?.(ctx, attributes.user, { cluster: 'main', namespace: '' }))).toEqual([
    undefined,
    undefined,
    { rules: [], errors: ['gone'] },
  ]);
  const text = await registry.metrics();
  expect(text).toContain('apiserver_authorization_decisions_total{type="RBAC",name="rbac",decision="allowed"} 1');
  expect(text).not.toContain('type="Node"');
});

test('who allows or denies everything does so', async () => {
  start(...of('AlwaysDeny', 'AlwaysAllow'));
  expect(await decide()).toEqual([
    { allowed: false, reason: 'Everything is forbidden.' },
    { allowed: true, reason: '' },
  ]);
});

test('another order holds from then on, with or without webhooks', () => {
  const made = start(...of('Node', 'RBAC'));
  expect(order).toHaveLength(3);
  made.change([...of('RBAC'), hook(), ...of('Node')]);
  expect(order).toHaveLength(4);
  made.change(of('Node', 'RBAC'));
  expect(order).toHaveLength(3);
});

test.each<[CompiledAuthorizer[], string]>([
  [of('RBAC'), 'missing required types: [Node]'],
  [of('Node', 'RBAC', 'AlwaysAllow'), 'not enabled at the start of the server: AlwaysAllow'],
  [[...of('Node', 'RBAC'), hook('/etc/other')], 'no such file: /etc/other'],
])('an order that cannot be used changes nothing: %#', (other, why) => {
  const made = start(...of('Node', 'RBAC'));
  const before = order;
  expect(() => made.change(other)).toThrow(why);
  expect(order).toBe(before);
});

test('an order with a webhook that cannot be asked is none', () => {
  expect(() => new AuthorizerOrder(ctx, metrics, readTarget, [hook('/nowhere')])).toThrow('no such file');
});
