import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { MutatingWebhook, MutatingWebhookConfiguration, RuleWithOperations } from './index.js';
import { mutatingWebhookConfigurations } from './mutating-webhook-configuration/definition.js';
import { validatingWebhookConfigurations } from './validating-webhook-configuration/definition.js';
import { webhooksPrinter } from './webhooks-printer.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const webhook = (fields: Partial<MutatingWebhook> = {}): MutatingWebhook => ({
  name: 'check.example.com',
  admissionReviewVersions: ['v1'],
  clientConfig: { url: 'https://hooks.example.com/check' },
  sideEffects: 'None',
  ...fields,
});
const configuration = (...webhooks: MutatingWebhook[]): MutatingWebhookConfiguration => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'x' },
  webhooks,
});
const rule = (fields: Partial<RuleWithOperations> = {}): RuleWithOperations => ({
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE'],
  resources: ['pods'],
  ...fields,
});
const problems = (fields: Partial<MutatingWebhook>) =>
  texts(rehearseCreate(mutatingWebhookConfigurations, configuration(webhook(fields))).errors);

describe('a webhook', () => {
  it('refuses where it fails, waits ten seconds, and is asked about everything it could have seen', () => {
    const service = { name: 'hook', namespace: 'ns' };
    const said = webhook({ clientConfig: { service }, rules: [rule()] });
    const { object, errors } = rehearseCreate(mutatingWebhookConfigurations, configuration(said));
    expect(errors).toEqual([]);
    expect(object.webhooks).toEqual([
      {
        ...said,
        clientConfig: { service: { ...service, port: 443 } },
        rules: [rule({ scope: '*' })],
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
        reinvocationPolicy: 'Never',
      },
    ]);
    expect(object.metadata.generation).toBe(1);
  });

  it('says what effects it has', () => {
    const { sideEffects: _, ...silent } = webhook();
    const { errors } = rehearseCreate(mutatingWebhookConfigurations, configuration(silent as MutatingWebhook));
    expect(texts(errors)).toEqual(['webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun']);
  });

  it('is not reinvoked where it changes nothing', () => {
    const { object } = rehearseCreate(validatingWebhookConfigurations, configuration(webhook()));
    expect(object.webhooks?.[0]).not.toHaveProperty('reinvocationPolicy');
  });

  it.each<[reason: string, Partial<MutatingWebhook>, expected: string[]]>([
    ['has a name', { name: '' }, ['webhooks[0].name: Required value']],
    [
      'has a whole domain for a name',
      { name: 'example.com' },
      [
        'webhooks[0].name: Invalid value: "example.com": should be a domain with at least three segments separated by dots',
      ],
    ],
    [
      'has known policies',
      { failurePolicy: 'Maybe', matchPolicy: 'Near', reinvocationPolicy: 'Often' },
      [
        'webhooks[0].failurePolicy: Unsupported value: "Maybe": supported values: "Fail", "Ignore"',
        'webhooks[0].matchPolicy: Unsupported value: "Near": supported values: "Equivalent", "Exact"',
        'webhooks[0].reinvocationPolicy: Unsupported value: "Often": supported values: "IfNeeded", "Never"',
      ],
    ],
    [
      'has no effect besides its answer',
      { sideEffects: 'Some' },
      ['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
    ],
    [
      'answers within half a minute',
      { timeoutSeconds: 31 },
      ['webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds'],
    ],
    [
      'selects well',
      { objectSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
      [
        "webhooks[0].objectSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      'is somewhere',
      { clientConfig: {} },
      ['webhooks[0].clientConfig: Required value: exactly one of url or service is required'],
    ],
    [
      'is at a secure address',
      { clientConfig: { url: 'http://a' } },
      [
        `webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
      ],
    ],
    [
      'understands the server',
      { admissionReviewVersions: ['v2', 'v2'] },
      [
        'webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version',
        'webhooks[0].admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1',
      ],
    ],
    [
      'says what it understands',
      { admissionReviewVersions: [] },
      ['webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1'],
    ],
    ['may look first', { matchConditions: [{ name: 'a', expression: "request.userInfo.username != 'x'" }] }, []],
    [
      'may ask who may do what',
      {
        matchConditions: [
          { name: 'a', expression: "!authorizer.group('').resource('pods').namespace('x').check('get').allowed()" },
          { name: 'b', expression: "authorizer.requestResource.check('custom').allowed()" },
        ],
      },
      [],
    ],
    [
      'looks with what can be read',
      { matchConditions: [{ name: 'a', expression: 'object.x +' }] },
      [
        expect.stringContaining(
          'webhooks[0].matchConditions[0].expression: Invalid value: "object.x +": compilation failed: ERROR: <input>:1:11: Syntax error',
        ),
      ],
    ],
    [
      'looks at what there is',
      { matchConditions: [{ name: 'a', expression: 'params.x == 1' }] },
      [expect.stringContaining("undeclared reference to 'params' (in container '')")],
    ],
    [
      'decides by it',
      { matchConditions: [{ name: 'a', expression: "'x'" }] },
      [`webhooks[0].matchConditions[0].expression: Invalid value: "'x'": must evaluate to bool but got string`],
    ],
    [
      'names what it looks at, once',
      {
        matchConditions: [
          { name: 'a', expression: 'true' },
          { name: 'a', expression: ' ' },
          { name: '', expression: 'true' },
        ],
      },
      [
        'webhooks[0].matchConditions[1].expression: Required value',
        'webhooks[0].matchConditions[2].name: Required value',
        'webhooks[0].matchConditions[1].name: Duplicate value: "a"',
      ],
    ],
    [
      'looks 64 times at most',
      { matchConditions: Array.from({ length: 65 }, (_, index) => ({ name: `a${index}`, expression: 'true' })) },
      ['webhooks[0].matchConditions: Too many: 65: must have at most 64 items'],
    ],
  ])('%s', (_reason, fields, expected) => expect(problems(fields)).toEqual(expected));

  it.each<[reason: string, Partial<RuleWithOperations>, expected: string[]]>([
    ['everything', { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'], scope: '*' }, []],
    [
      'something',
      { apiGroups: [], apiVersions: [], operations: [], resources: [] },
      [
        'operations: Required value',
        'apiGroups: Required value',
        'apiVersions: Required value',
        'resources: Required value',
      ],
    ],
    [
      'everything or some things',
      { apiGroups: ['*', 'a'], apiVersions: ['*', 'v1'], operations: ['*', 'CREATE'] },
      [
        `operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`,
        `apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other API groups`,
        `apiVersions: Invalid value: ["*","v1"]: if '*' is present, must not specify other API versions`,
      ],
    ],
    [
      'what there is',
      { operations: ['LIST'], apiVersions: [''], resources: [''], scope: 'World' },
      [
        'operations[0]: Unsupported value: "LIST": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
        'apiVersions[0]: Required value',
        'resources[0]: Required value',
        'scope: Unsupported value: "World": supported values: "*", "Cluster", "Namespaced"',
      ],
    ],
    [
      'each resource once',
      { resources: ['pods/*', 'pods/log', '*/scale', 'deployments/scale', '*/*'] },
      [
        `resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`,
        `resources[3]: Invalid value: "deployments/scale": if '*/scale' is present, must not specify deployments/scale`,
        expect.stringContaining("if '*/*' is present, must not specify other resources"),
      ],
    ],
    [
      'all resources or some',
      { resources: ['*', 'pods'] },
      [
        `resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
      ],
    ],
  ])('has rules about %s', (_reason, fields, expected) => {
    const found = problems({ rules: [rule(fields)] }).map((text) => text.replace('webhooks[0].rules[0].', ''));
    expect(found).toEqual(expected);
  });
});

describe('a configuration', () => {
  it('names each webhook once, and warns of a name that is not for it', () => {
    const twice = { ...configuration(webhook(), webhook()), metadata: { name: 'x.static.k8s.io' } };
    const { object, errors } = rehearseCreate(mutatingWebhookConfigurations, twice);
    expect(texts(errors)).toEqual(['webhooks[1].name: Duplicate value: "check.example.com"']);
    expect(mutatingWebhookConfigurations.strategy.warnings?.(object as never)).toEqual([
      'metadata.name: names ending with ".static.k8s.io" are reserved for static manifest-based configurations and cannot be managed via the API',
    ]);
  });

  it('counts its changes and shows how many webhooks it has', () => {
    const { object: old } = rehearseCreate(mutatingWebhookConfigurations, configuration(webhook()));
    const { object } = rehearseUpdate(mutatingWebhookConfigurations, configuration(), old);
    expect(object.metadata.generation).toBe(2);
    expect(webhooksPrinter.row(old, 0).slice(0, 2)).toEqual(['x', 1]);
  });
});
