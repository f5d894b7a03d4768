import type { ClientConfig } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import { WebhookTokens } from '@binnacle/server-authentication';
import {
  AuthorizationMetrics,
  AuthorizerOrder,
  CLUSTER_EXTRA,
  compileAuthorization,
  decodeAuthorization,
} from '@binnacle/server-authorization';
import { ReviewWebhook } from '@binnacle/server-egress';
import { RawApi, startTestApiServer, TestAuthority, TestWebhook } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PeerServer, peerPrograms, startPeer } from './peer.js';

/** The same webhooks are asked by a real kube-apiserver and by ours, where the environment names one. */
const programs = peerPrograms(process.env);

type Spec = Record<string, unknown> & {
  readonly user: string;
  readonly extra?: Record<string, unknown>;
  readonly resourceAttributes?: { readonly resource: string; readonly name?: string };
};

/** Decides by the name that is asked for. */
function decide({ spec }: { spec?: unknown }): object | number {
  const name = (spec as Spec).resourceAttributes?.name;
  if (name === 'broken') return 400;
  if (name === 'never') return { allowed: false, denied: true, reason: 'never' };
  if (name === 'both') return { allowed: true, denied: true, reason: 'both' };
  return { allowed: name !== 'no', reason: `it is ${name}` };
}

const kubeconfigOf = ({ url, tls }: TestWebhook['target']): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [
      {
        name: 'k',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(tls.ca ?? '').toString('base64') },
      },
    ],
    users: [{ name: 'u', user: {} }],
  });

const configuration = (file: string, failurePolicy: string): string =>
  JSON.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthorizationConfiguration',
    authorizers: [
      {
        type: 'Webhook',
        name: 'ask',
        webhook: {
          ...{ timeout: '5s', failurePolicy, subjectAccessReviewVersion: 'v1' },
          matchConditionSubjectAccessReviewVersion: 'v1',
          connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: file },
          matchConditions: [
            { expression: 'has(request.resourceAttributes)' },
            { expression: "request.resourceAttributes.namespace == 'n1'" },
            { expression: "request.resourceAttributes.name != 'odd' || request.extra['odd'] == ['x']" },
          ],
        },
      },
      { type: 'Node', name: 'node' },
      { type: 'RBAC', name: 'rbac' },
    ],
  });

/** What was asked, without what only ours says. */
const plain = ({ spec }: Record<string, unknown>): object => {
  const { extra = {}, ...rest } = spec as Spec;
  const { [CLUSTER_EXTRA]: _cluster, ...own } = extra;
  return { ...rest, extra: Object.keys(own) };
};

describe.skipIf(!programs).each(['NoOpinion', 'Deny'])('a webhook with the failure policy %s', (failurePolicy) => {
  const abort = new AbortController();
  const ctx = { clock: systemClock, logger: silentLogger, signal: abort.signal };
  const hooks: TestWebhook[] = [];
  const servers: { close(): Promise<void> }[] = [];
  const janes: RawApi[] = [];
  const strangers: RawApi[] = [];

  async function theirs(rights: TestWebhook, tokens: TestWebhook): Promise<PeerServer> {
    return startPeer(programs as NonNullable<typeof programs>, (write) => {
      const file = write('rights.conf', kubeconfigOf(rights.target));
      return [
        `--authorization-config=${write('authorization.yaml', configuration(file, failurePolicy))}`,
        `--authentication-token-webhook-config-file=${write('tokens.conf', kubeconfigOf(tokens.target))}`,
      ];
    });
  }

  async function ours(rights: TestWebhook, tokens: TestWebhook) {
    const compiled = compileAuthorization(decodeAuthorization(configuration('/hook', failurePolicy)), () => undefined);
    const metrics = new AuthorizationMetrics(new MetricsRegistry());
    const authorization = new AuthorizerOrder(ctx, metrics, () => rights.target, compiled);
    const hook = new ReviewWebhook(ctx, tokens.target);
    const authentication = { tokens: [new WebhookTokens(ctx, hook, { version: 'v1beta1', believed: 120_000 })] };
    return startTestApiServer({ storage: 'memory', config: { authorization }, authentication });
  }

  beforeAll(async () => {
    const authority = await TestAuthority.create(systemClock.now());
    for (const start of [theirs, ours]) {
      const [rights, tokens] = [await TestWebhook.start(authority), await TestWebhook.start(authority)];
      rights.answer = decide;
      tokens.answer = ({ spec }) => {
        const { token } = spec as { token: string };
        if (token === 'wrong') return { authenticated: false, error: 'it is wrong' };
        return token === 'ann' ? { authenticated: true, user: { username: 'ann', groups: ['dev'] } } : {};
      };
      hooks.push(rights, tokens);
      const server = await start(rights, tokens);
      servers.push(server);
      janes.push(new RawApi(await server.configFor('jane')));
      const { server: url, ca } = server.admin as ClientConfig;
      strangers.push(new RawApi({ server: url, ca: ca ?? '' }));
    }
  }, 300_000);
  afterAll(async () => {
    for (const api of [...janes, ...strangers]) api.close();
    for (const server of servers) await server.close();
    abort.abort();
    for (const hook of hooks) await hook.close();
  });

  /** What both answer, and what both ask for it. */
  async function both(apis: RawApi[], path: string, call: Parameters<RawApi['call']>[1] = {}) {
    for (const hook of hooks) hook.asked.length = 0;
    const answers = await Promise.all(apis.map((api) => api.call(path, call)));
    const told = answers.map(({ status, json }) => ({ status, message: status === 500 ? '' : json?.message }));
    const [their, , our] = hooks.map(({ asked }) => asked.map(plain));
    return { told, their, our };
  }

  test.each([
    '/api/v1/namespaces/n1/pods/yes',
    '/api/v1/namespaces/n1/pods/no',
    '/api/v1/namespaces/n1/pods/never',
    '/api/v1/namespaces/n1/pods/both',
    '/api/v1/namespaces/n1/pods/broken',
    '/api/v1/namespaces/n1/pods/odd',
    '/api/v1/namespaces/n1/pods/x/log',
    '/api/v1/namespaces/n1/pods?fieldSelector=spec.nodeName%3Da&labelSelector=app+in+(b,c),!d',
    '/apis/apps/v1/namespaces/n1/deployments/yes',
    '/api/v1/namespaces/other/pods/yes',
    '/api/v1/nodes',
    '/metrics',
    '/apis',
  ])('is asked about %s, and decides it, alike', async (path) => {
    const { told, their, our } = await both(janes, path);
    expect(told[1]).toEqual(told[0]);
    expect(our).toEqual(their);
  });

  test.each(['ann', 'wrong', 'nobody'])('tells alike whose the token %s is', async (token) => {
    const call = { method: 'POST', body: {}, headers: { authorization: `Bearer ${token}` } };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const [their, our] = await Promise.all(strangers.map((api) => api.call(path, call)));
    expect([our?.status, our?.json.status?.userInfo]).toEqual([their?.status, their?.json.status?.userInfo]);
    const spec = hooks.map(({ asked }) => asked.map((review) => [review.apiVersion, review.spec]));
    expect(spec[3]?.map(([version]) => version)).toEqual(spec[1]?.map(([version]) => version));
  });
});
