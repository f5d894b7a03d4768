import { FakeClock, type Logger, silentLogger } from '@binnacle/machinery-context';
import { readOptions } from '@binnacle/process-config';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import type { OrderedAuthorizer } from '@binnacle/server-auth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { POLL_MILLISECONDS } from '../follow-files.js';
import { authorizationOf } from './authorization.js';
import { configurationByFlags } from './by-flags.js';
import { authorizationOptions } from './options.js';

const HOOK = JSON.stringify({
  'current-context': 'c',
  contexts: [{ name: 'c', context: { cluster: 'k' } }],
  clusters: [{ name: 'k', cluster: { server: 'https://hook.example/rights' } }],
});
const WEBHOOK = {
  timeout: '3s',
  failurePolicy: 'Deny',
  subjectAccessReviewVersion: 'v1',
  connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/hook' },
};
const fileOf = (...authorizers: object[]) =>
  JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthorizationConfiguration', authorizers });
const RBAC = { type: 'RBAC', name: 'rbac' };
const NODE = { type: 'Node', name: 'node' };
const ASK = { type: 'Webhook', name: 'ask', webhook: WEBHOOK };

let files: Record<string, string>;
let clock: FakeClock;
let errors: unknown[];
let abort: AbortController;
let registry: MetricsRegistry;
beforeEach(() => {
  [files, clock, errors, abort] = [{ '/hook': HOOK }, new FakeClock(), [], new AbortController()];
  registry = new MetricsRegistry();
});
afterEach(() => abort.abort());

const logger: Logger = { ...silentLogger, error: (_message, fields) => void errors.push(fields?.error) };
const settings = (...argv: string[]) => readOptions(authorizationOptions, argv, {});
const readFile = (path: string): string => files[path] ?? missing(path);
const missing = (path: string): never => {
  throw new Error(`no such file: ${path}`);
};
const run = (...argv: string[]) =>
  authorizationOf({ clock, logger, signal: abort.signal }, settings(...argv), registry, readFile);

/** How many decide, and decide later. */
function followed(...argv: string[]): number[] {
  const sizes: number[] = [];
  const one: OrderedAuthorizer = { authorize: () => ({ allowed: false, reason: '' }) };
  run(...argv).use({ Node: [one], RBAC: [one] }, (order) => sizes.push(order.length));
  return sizes;
}
async function pass(): Promise<void> {
  clock.step(POLL_MILLISECONDS);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('flags', () => {
  test('without any let Nodes and roles decide', () => {
    expect(configurationByFlags(settings())).toEqual({ authorizers: [NODE, RBAC] });
    expect(followed()).toEqual([2]);
  });

  test('name a webhook, and for how long its answers are believed', () => {
    const [flag, ttl] = ['--authorization-webhook-config-file=/hook', '--authorization-webhook-cache'];
    const mode = '--authorization-mode=RBAC,Webhook';
    const of = (...more: string[]) => configurationByFlags(settings(mode, flag, ...more)).authorizers?.[1]?.webhook;
    expect(of()).toEqual({
      ...WEBHOOK,
      timeout: '30s',
      failurePolicy: 'NoOpinion',
      subjectAccessReviewVersion: 'v1beta1',
    });
    const more = [`${ttl}-authorized-ttl=1m`, `${ttl}-unauthorized-ttl=0s`, '--authorization-webhook-version=v1'];
    expect(of(...more)).toMatchObject({
      ...{ authorizedTTL: '60000ms', cacheAuthorizedRequests: true, cacheUnauthorizedRequests: false },
      subjectAccessReviewVersion: 'v1',
    });
    expect(followed(mode, flag, ...more)).toEqual([2]);
  });

  test.each([
    [['--authorization-mode=RBAC,RBAC'], 'says one twice'],
    [['--authorization-mode=ABAC'], '--authorization-mode: authorizers[0].type: Unsupported value: "ABAC"'],
    [['--authorization-mode=Webhook'], 'wants --authorization-webhook-config-file'],
    [['--authorization-webhook-config-file=/hook'], 'wants Webhook in --authorization-mode'],
    [['--authorization-mode=Webhook', '--authorization-webhook-config-file=/nowhere'], 'no such file'],
    [
      [
        '--authorization-mode=Webhook',
        '--authorization-webhook-config-file=/hook',
        '--authorization-webhook-version=v2',
      ],
      'Unsupported value: "v2"',
    ],
    [
      [
        '--authorization-mode=Webhook',
        '--authorization-webhook-config-file=/hook',
        '--authorization-webhook-cache-authorized-ttl=x',
      ],
      'must be a duration',
    ],
    [
      ['--authorization-config=/f', '--authorization-mode=RBAC', '--authorization-webhook-version=v1'],
      '--authorization-config and --authorization-mode, --authorization-webhook-version are mutually exclusive',
    ],
  ])('%j are refused', (argv, why) => expect(() => run(...argv)).toThrow(why));
});

describe('a file', () => {
  test('says who decides, and is read anew when it changes', async () => {
    files['/f'] = fileOf(NODE, RBAC);
    const sizes = followed('--authorization-config=/f');
    files['/f'] = fileOf(ASK, NODE, RBAC);
    await pass();
    expect([sizes, errors]).toEqual([[2, 3], []]);
    expect(await registry.metrics()).toContain('automatic_reloads_total{status="success"} 1');
  });

  test.each([
    [() => fileOf(RBAC), 'missing required types: [Node]'],
    [() => fileOf(NODE, RBAC, { ...ASK, name: '' }), 'authorizers[2].name: Required value'],
    [() => '{', ''],
  ])('that is wrong later changes nothing', async (other, why) => {
    files['/f'] = fileOf(NODE, RBAC);
    const sizes = followed('--authorization-config=/f');
    files['/f'] = other();
    await pass();
    expect([sizes, errors.length]).toEqual([[2], 1]);
    expect((errors[0] as Error).message).toContain(why);
    expect(await registry.metrics()).toContain('automatic_reloads_total{status="failure"} 1');
  });

  test.each([
    [() => fileOf(), 'at least one authorization mode must be defined'],
    [
      () =>
        fileOf({ ...ASK, webhook: { ...WEBHOOK, connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/no' } } }),
      'no such file',
    ],
  ])('that is wrong at the start is refused', (text, why) => {
    files['/f'] = text();
    expect(() => run('--authorization-config=/f')).toThrow(why);
  });
});
