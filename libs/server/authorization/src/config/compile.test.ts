import { ConfigurationError } from '@binnacle/machinery-yaml';
import { describe, expect, test } from 'vitest';
import type { AuthorizationConfiguration, WebhookSpec } from './authorization-configuration.js';
import { compileAuthorization } from './compile.js';
import { decodeAuthorization } from './decode.js';

const GOOD: WebhookSpec = {
  timeout: '3s',
  subjectAccessReviewVersion: 'v1',
  failurePolicy: 'NoOpinion',
  connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/etc/hook' },
};
const check = (path: string) => (path === '/etc/hook' ? undefined : 'error loading file: not there');
const compile = (configuration: AuthorizationConfiguration) => compileAuthorization(configuration, check);
const hook = (change: WebhookSpec) => () =>
  compile({ authorizers: [{ type: 'Webhook', name: 'hook', webhook: { ...GOOD, ...change } }] });
const condition = (...expressions: string[]) =>
  hook({
    matchConditionSubjectAccessReviewVersion: 'v1',
    matchConditions: expressions.map((expression) => ({ expression })),
  });
const rbac = { type: 'RBAC', name: 'rbac' };

describe('a configuration', () => {
  test('says who decides, in their order', () => {
    const webhook = { ...GOOD, failurePolicy: 'Deny', unauthorizedTTL: '1m30s', cacheAuthorizedRequests: false };
    const authorizers = [{ type: 'Webhook', name: 'a.example', webhook }, { type: 'Node', name: 'node' }, rbac];
    expect(compile({ authorizers })).toEqual([
      {
        type: 'Webhook',
        name: 'a.example',
        webhook: {
          file: '/etc/hook',
          version: 'v1',
          timeout: 3_000,
          believed: { yes: 0, no: 90_000 },
          failurePolicy: 'Deny',
          conditions: [],
        },
      },
      { type: 'Node', name: 'node' },
      rbac,
    ]);
    expect(hook({})()).toMatchObject([{ webhook: { believed: { yes: 300_000, no: 30_000 } } }]);
  });

  test('may have several webhooks, and everybody else once', () => {
    const hooks = ['a', 'b'].map((name) => ({ type: 'Webhook', name, webhook: GOOD }));
    expect(compile({ authorizers: hooks })).toHaveLength(2);
  });

  test.each<[() => unknown, string]>([
    [() => compile({}), 'authorizers: Required value: at least one authorization mode must be defined'],
    [() => compile({ authorizers: [{}] }), 'authorizers[0].type: Required value'],
    [
      () => compile({ authorizers: [{ type: 'ABAC', name: 'abac' }] }),
      'authorizers[0].type: Unsupported value: "ABAC": supported values: "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"',
    ],
    [() => compile({ authorizers: [rbac, rbac] }), 'authorizers[1].type: Duplicate value: "RBAC"'],
    [() => compile({ authorizers: [{ type: 'RBAC' }] }), 'authorizers[0].name: Required value'],
    [() => compile({ authorizers: [{ type: 'RBAC', name: 'x' }] }), 'expected name rbac for authorizer RBAC'],
    [() => compile({ authorizers: [{ ...rbac, webhook: GOOD }] }), 'may only be specified when type=Webhook'],
    [
      () => compile({ authorizers: [{ type: 'Webhook', name: 'a' }] }),
      'authorizers[0].webhook: Required value: required when type=Webhook',
    ],
    [
      () => compile({ authorizers: [{ type: 'Webhook', name: 'a b', webhook: GOOD }] }),
      'authorizers[0].name: Invalid value: "a b": authorizer name is invalid',
    ],
    [
      () => compile({ authorizers: ['Node', 'Webhook'].map((type) => ({ type, name: 'node', webhook: GOOD })) }),
      'authorizers[1].name: Duplicate value: "node"',
    ],
    [hook({ timeout: '' }), 'authorizers[0].timeout: Required value'],
    [hook({ timeout: '31s' }), 'Invalid value: "31s": must be > 0s and <= 30s'],
    [hook({ timeout: 'soon' }), 'must be a duration such as 30s'],
    [hook({ authorizedTTL: '-1s' }), 'authorizers[0].authorizedTTL: Invalid value: "-1s": must be > 0s'],
    [hook({ unauthorizedTTL: '0s' }), 'authorizers[0].unauthorizedTTL: Required value'],
    [hook({ subjectAccessReviewVersion: '' }), 'authorizers[0].subjectAccessReviewVersion: Required value'],
    [hook({ subjectAccessReviewVersion: 'v2' }), 'Unsupported value: "v2": supported values: "v1", "v1beta1"'],
    [hook({ failurePolicy: '' }), 'authorizers[0].failurePolicy: Required value'],
    [hook({ failurePolicy: 'Allow' }), 'Unsupported value: "Allow": supported values: "NoOpinion", "Deny"'],
    [hook({ connectionInfo: {} }), 'authorizers[0].connectionInfo.type: Required value'],
    [hook({ connectionInfo: { type: 'InClusterConfig' } }), 'Unsupported value: "InClusterConfig"'],
    [hook({ connectionInfo: { type: 'KubeConfigFile' } }), 'connectionInfo.kubeConfigFile: Required value'],
    [hook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: 'x' } }), '"x": must be an absolute path'],
    [hook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/x' } }), 'error loading file: not there'],
    [
      hook({ matchConditions: [{ expression: 'true' }] }),
      'matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified',
    ],
    [hook({ matchConditionSubjectAccessReviewVersion: 'v1beta1' }), 'Unsupported value: "v1beta1"'],
    [condition(' '), 'authorizers[0].matchConditions[0].expression: Required value'],
    [condition('true', 'true'), 'authorizers[0].matchConditions[1].expression: Duplicate value: "true"'],
    [condition('request.user'), 'must evaluate to bool but got string'],
    [condition('request.name == ""'), 'compilation failed'],
    [condition('object.x'), 'compilation failed'],
    [condition(...Array.from({ length: 65 }, (_, at) => `${at} > 0`)), 'matchConditions: Too many: 65'],
  ])('%# is refused', (make, why) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(why);
  });

  test('is refused with all that is wrong', () => {
    expect(hook({ timeout: '', failurePolicy: '' })).toThrow(/^\[.*timeout: .*, .*failurePolicy: .*\]$/);
  });
});

describe('a text', () => {
  const text = (rest: string) => `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n${rest}`;

  test('is read strictly', () => {
    const read = decodeAuthorization(text('authorizers:\n- {type: RBAC, name: rbac, webhook: null}'));
    expect(compile(read)).toEqual([rbac]);
  });

  test.each([
    ['kind: Pod', 'expected kind AuthorizationConfiguration'],
    [text('authorizers: [{typ: RBAC}]'), 'unknown field "authorizers[0].typ"'],
    [text('authorizers: [{webhook: {timeout: 3}}]'), 'authorizers[0].webhook.timeout: expected string'],
  ])('%# is refused', (given, why) => expect(() => decodeAuthorization(given)).toThrow(why));
});
