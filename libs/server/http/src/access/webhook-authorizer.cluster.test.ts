import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import { AuthorizationMetrics, AuthorizerOrder, compileAuthorization } from '@binnacle/server-authorization';
import { RawApi, startTestApiServer, type TestApiServer, TestAuthority, TestWebhook } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const PODS = '/api/v1/namespaces/default/pods';
const clock = new FakeClock(systemClock.now());
const abort = new AbortController();
const registry = new MetricsRegistry();
let server: TestApiServer;
let webhook: TestWebhook;
let order: AuthorizerOrder;
let jane: RawApi;

type Spec = { user: string; resourceAttributes?: { verb: string; resource: string; namespace?: string } };
const RBAC = [
  { type: 'Node', name: 'node' },
  { type: 'RBAC', name: 'rbac' },
];
const ask = (more: object = {}) => ({
  type: 'Webhook',
  name: 'ask',
  webhook: {
    ...{ timeout: '1s', failurePolicy: 'NoOpinion', subjectAccessReviewVersion: 'v1' },
    connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/hook' },
    ...more,
  },
});
const compile = (...authorizers: object[]) => compileAuthorization({ authorizers }, () => undefined);

beforeAll(async () => {
  const ctx: Context = { clock, logger: silentLogger, signal: abort.signal };
  webhook = await TestWebhook.start(await TestAuthority.create(systemClock.now()));
  order = new AuthorizerOrder(ctx, new AuthorizationMetrics(registry), () => webhook.target, compile(...RBAC));
  server = await startTestApiServer({ storage: 'memory', ctx: { clock }, config: { authorization: order } });
  jane = new RawApi(await server.configFor('jane'));
});
beforeEach(() => {
  clock.step(600_000);
  webhook.asked.length = 0;
  webhook.answer = ({ spec }) => ({ allowed: (spec as Spec).resourceAttributes?.resource === 'pods' });
  order.change(compile(...RBAC, ask()));
});
afterAll(async () => {
  jane.close();
  await server.close();
  abort.abort();
  await webhook.close();
});

const status = async (path: string) => (await jane.call(path)).status;

test('a webhook is asked what nobody before it allows, once for a while', async () => {
  for (let at = 0; at < 3; at += 1) expect(await status(PODS)).toBe(200);
  expect(webhook.asked.map(({ spec }) => spec)).toEqual([
    {
      resourceAttributes: { namespace: 'default', verb: 'list', version: 'v1', resource: 'pods' },
      user: 'jane',
      groups: ['system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=/)],
        'authorization.binnacle.dev/cluster': ['main'],
      },
    },
  ]);
  const refused = await jane.call('/api/v1/secrets');
  expect([refused.status, refused.json.reason]).toEqual([403, 'Forbidden']);
  // What roles allow nobody asks it.
  expect(await status('/apis')).toBe(200);
  expect(webhook.asked).toHaveLength(2);
});

test('one that denies is final, whoever comes after it', async () => {
  webhook.answer = () => ({ allowed: false, denied: true, reason: 'it is Sunday' });
  order.change(compile(ask(), ...RBAC));
  const { json, status: code } = await jane.call('/apis');
  expect([code, json.message]).toEqual([403, 'forbidden: User "jane" cannot get path "/apis": it is Sunday']);
  const review = { spec: { user: 'jane', nonResourceAttributes: { verb: 'get', path: '/apis' } } };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const { json: reviewed } = await server.raw.call(path, { method: 'POST', body: review });
  expect(reviewed.status).toEqual({ allowed: false, denied: true, reason: 'it is Sunday' });
  expect((await server.raw.call('/apis')).status).toBe(200);
});

test('conditions leave requests out', async () => {
  const matchConditions = [{ expression: "request.resourceAttributes.namespace == 'default'" }];
  order.change(compile(...RBAC, ask({ matchConditionSubjectAccessReviewVersion: 'v1', matchConditions })));
  expect([await status(PODS), await status(PODS.replace('default', 'kube-system'))]).toEqual([200, 403]);
  expect(webhook.asked).toHaveLength(1);
});

test.each([
  ['NoOpinion', 200],
  ['Deny', 500],
])('a webhook that cannot be asked means %s', async (failurePolicy, expected) => {
  webhook.answer = () => 403;
  order.change(compile(ask({ failurePolicy }), ...RBAC));
  expect(await status('/apis')).toBe(expected);
  expect(await status(PODS)).toBe(500);
  expect((await server.raw.call(PODS)).status).toBe(200);
});

test('what is open by its answer is asked for again when that is over, and at once when others decide', async () => {
  const closes = async (watch: Awaited<ReturnType<RawApi['watch']>>) => {
    for await (const _event of watch);
  };
  const first = await jane.watch(`${PODS}?watch=true`);
  webhook.answer = () => ({ allowed: false });
  clock.step(300_000);
  await closes(first);
  expect(await status(PODS)).toBe(403);
  webhook.answer = () => ({ allowed: true });
  clock.step(30_000);
  const second = await jane.watch(`${PODS}?watch=true`);
  expect(second.status).toBe(200);
  order.change(compile(...RBAC));
  await closes(second);
  expect(await status(PODS)).toBe(403);
});

test('nobody is told by it what rules they have, and that there may be some', async () => {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const { json } = await jane.call(path, { method: 'POST', body: { spec: { namespace: 'default' } } });
  expect(json.status).toMatchObject({
    incomplete: true,
    evaluationError: 'webhook authorizer does not support user rule resolution',
  });
});

test('its right to pods is none to give away', async () => {
  webhook.answer = () => ({ allowed: true });
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
  const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
  webhook.answer = ({ spec }) => ({ allowed: (spec as Spec).resourceAttributes?.verb !== 'escalate' });
  const { status: code, json } = await jane.call(path, { method: 'POST', body: { metadata: { name: 'r' }, rules } });
  expect([code, json.message]).toEqual([403, expect.stringContaining('RBAC permissions not currently held')]);
});

test('what it does is counted', async () => {
  await status(PODS);
  const text = await registry.metrics();
  for (const line of [
    /apiserver_authorization_decisions_total\{type="Webhook",name="ask",decision="allowed"\} [1-9]/,
    /apiserver_authorization_decisions_total\{type="Webhook",name="ask",decision="denied"\} [1-9]/,
    /apiserver_authorization_webhook_evaluations_total\{name="ask",result="success"\} [1-9]/,
    /apiserver_authorization_webhook_evaluations_fail_open_total\{name="ask",result="error"\} [1-9]/,
    /apiserver_authorization_match_condition_exclusions_total\{type="Webhook",name="ask"\} [1-9]/,
  ])
    expect(text).toMatch(line);
});
