import { type FieldError, fieldPath } from '@binnacle/machinery-validation';
import { describe, expect, it } from 'vitest';
import { metadataReader } from '../objects/object-meta.js';
import type { JsonSchema } from '../schema/types.js';
import { approvalOf, isProtectedGroup } from './approval.js';
import { validateColumn, validateSubresources } from './column-validation.js';
import { hasChanged, withCondition, withoutCondition } from './conditions.js';
import { validateConversion } from './conversion-validation.js';
import { validateDefaults } from './default-validation.js';
import { formatWarnings } from './format-warnings.js';
import { validateElements, validateTopology } from './list-rules.js';
import { validateNames, validateRequiredNames } from './names-validation.js';
import { planDeletion } from './prepare.js';
import { validateRuleTexts } from './rule-texts.js';
import { validateSelectableFields } from './selectable-validation.js';
import { forbiddenAtRoot } from './status-root.js';
import type { CustomResourceColumnDefinition, CustomResourceConversion, CustomResourceDefinition } from './types.js';
import { validateDeprecation } from './version-validation.js';
import { isCaBundle, validateWebhookService, validateWebhookUrl } from '@binnacle/apis-registry';

const AT = fieldPath('at');
const told = (errors: readonly FieldError[]): string[] => errors.map(({ field, message }) => `${field}: ${message}`);

describe('a printer column', () => {
  const column = (more: object): CustomResourceColumnDefinition => ({
    name: 'A',
    type: 'string',
    jsonPath: '.a',
    ...more,
  });
  const types = 'must be one of boolean,date,integer,number,string';

  it.each([
    [{}, []],
    [{ format: 'date-time' }, []],
    [{ name: '' }, ['at.name: Required value']],
    [{ type: '' }, [`at.type: Required value: ${types}`]],
    [{ type: 'object' }, [`at.type: Invalid value: "object": ${types}`]],
    [
      { format: 'uuid' },
      ['at.format: Invalid value: "uuid": must be one of byte,date,date-time,double,float,int32,int64,password'],
    ],
    [{ jsonPath: '' }, ['at.JSONPath: Required value']],
    [{ jsonPath: 'a' }, ['at.JSONPath: Invalid value: "a": must be a simple json path starting with .']],
  ])('with %j', (more, faults) => {
    expect(told(validateColumn(column(more), AT))).toEqual(faults);
  });
});

describe('the scale subresource', () => {
  it.each([
    [{ specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' }, []],
    [{ specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.spec.s' }, []],
    [{}, ['at.scale.specReplicasPath: Required value', 'at.scale.statusReplicasPath: Required value']],
    [
      { specReplicasPath: '.status.n', statusReplicasPath: 'status.n', labelSelectorPath: '.metadata.x' },
      [
        'at.scale.specReplicasPath: Invalid value: ".status.n": should be a json path under .spec',
        'at.scale.statusReplicasPath: Invalid value: "status.n": must be a simple json path starting with .',
        'at.scale.labelSelectorPath: Invalid value: ".metadata.x": should be a json path under either .spec or .status',
      ],
    ],
  ])('with %j', (scale, faults) => {
    expect(told(validateSubresources({ scale } as never, AT))).toEqual(faults);
    expect(validateSubresources({ status: {} }, AT)).toEqual([]);
  });
});

describe('the address of a conversion webhook', () => {
  const form = '; desired format: https://host[/path]';
  it.each([
    ['https://a.example/convert', []],
    ['https://[::1]:9443/', []],
    ['http://a.example', [`at: Invalid value: "http": 'https' is the only allowed URL scheme${form}`]],
    ['https:///x', [`at: Invalid value: "": host must be specified${form}`]],
    ['https://u:p@a.example', ['at: Invalid value: "u:p": user information is not permitted in the URL']],
    ['https://a.example#f', ['at: Invalid value: "f": fragments are not permitted in the URL']],
    ['https://a.example?q=1', ['at: Invalid value: "q=1": query parameters are not permitted in the URL']],
    [
      'https://a.example/%zz',
      [`at: Required value: url must be a valid URL: parse "https://a.example/%zz": invalid URL escape "%zz"${form}`],
    ],
  ])('%s', (url, faults) => {
    expect(told(validateWebhookUrl(url, AT))).toEqual(faults);
  });

  const service = { namespace: 'n', name: 's', port: 443 };
  it.each([
    [{}, []],
    [{ path: '/' }, []],
    [{ path: '/a/b.c/' }, []],
    [{ name: '' }, ['at.namespace: Required value']],
    [{ namespace: '' }, ['at.name: Required value']],
    [{ port: 0 }, ['at.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive']],
    [{ path: '//' }, ['at.path: Invalid value: "//": segment[0] may not be empty']],
    [{ path: '/a//b' }, ['at.path: Invalid value: "/a//b": segment[1] may not be empty']],
  ])('may be a service with %j', (more, faults) => {
    expect(told(validateWebhookService({ ...service, ...more }, AT))).toEqual(faults);
  });

  it('may be trusted by a bundle of certificates', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect([btoa(pem), btoa('none'), '%%%'].map(isCaBundle)).toEqual([true, false, false]);
  });
});

describe('a conversion', () => {
  const rules = { requireRecognizedVersion: true, allowInvalidCaBundle: false };
  const clientConfig = { url: 'https://a.example' };
  const unused = 'should not be set when strategy is not set to Webhook';
  it.each<[CustomResourceConversion, string[]]>([
    [{ strategy: 'None' }, []],
    [{ strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v2', 'v1'] } }, []],
    [{ strategy: '' }, ['at.strategy: Required value']],
    [{ strategy: 'Magic' }, ['at.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"']],
    [
      { strategy: 'None', webhook: { clientConfig, conversionReviewVersions: ['v1'] } },
      [`at.webhookClientConfig: Forbidden: ${unused}`, `at.conversionReviewVersions: Forbidden: ${unused}`],
    ],
    [
      { strategy: 'Webhook' },
      [
        'at.webhookClientConfig: Required value: required when strategy is set to Webhook',
        'at.conversionReviewVersions: Required value',
      ],
    ],
    [
      { strategy: 'Webhook', webhook: { clientConfig: {}, conversionReviewVersions: ['v1'] } },
      ['at.webhookClientConfig: Required value: exactly one of url or service is required'],
    ],
    [
      { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1', 'v1'] } },
      ['at.conversionReviewVersions[1]: Invalid value: "v1": duplicate version'],
    ],
    [
      { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v7'] } },
      ['at.conversionReviewVersions: Invalid value: ["v7"]: must include at least one of v1, v1beta1'],
    ],
    [
      {
        strategy: 'Webhook',
        webhook: { clientConfig: { ...clientConfig, caBundle: 'QQ==' }, conversionReviewVersions: ['v1'] },
      },
      [
        'at.webhookClientConfig.caBundle: Invalid value: "QQ==": unable to load root certificates: unable to parse bytes as PEM block',
      ],
    ],
  ])('%j', (conversion, faults) => {
    expect(told(validateConversion(conversion, AT, rules))).toEqual(faults);
  });
});

describe('names', () => {
  const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };

  it('must be asked for, and may be no others than labels', () => {
    expect(told(validateRequiredNames({ plural: '', kind: 'X' }, AT)).map((one) => one.split(':')[0])).toEqual([
      'at.plural',
      'at.singular',
      'at.listKind',
    ]);
    const bad = { ...names, plural: 'Widgets', kind: 'Wid get', shortNames: ['ok', 'No'], categories: ['a.b'] };
    expect(validateNames(bad, AT).map(({ field }) => field)).toEqual([
      'at.plural',
      'at.kind',
      'at.shortNames[1]',
      'at.categories[0]',
    ]);
    expect(validateNames(names, AT)).toEqual([]);
  });

  it('of a kind and its list differ', () => {
    expect(told(validateNames({ ...names, listKind: 'Widget' }, AT))).toEqual([
      'at.listKind: Invalid value: "Widget": kind and listKind may not be the same',
    ]);
  });
});

describe('lists and maps of a schema', () => {
  const text: JsonSchema = { type: 'string' };
  const map = (items: JsonSchema | undefined, keys?: string[]): JsonSchema => ({
    type: 'array',
    'x-kubernetes-list-type': 'map',
    ...(keys && { 'x-kubernetes-list-map-keys': keys }),
    ...(items && { items }),
  });
  const item = (more: object = {}): JsonSchema => ({
    type: 'object',
    properties: { n: text },
    required: ['n'],
    ...more,
  });

  it.each<[JsonSchema, string[]]>([
    [map(item(), ['n']), []],
    [{ type: 'object', 'x-kubernetes-map-type': 'atomic' }, []],
    [
      { type: 'string', 'x-kubernetes-map-type': 'atomic' },
      ['at.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified'],
    ],
    [
      { type: 'object', 'x-kubernetes-map-type': 'x' },
      ['at.x-kubernetes-map-type: Unsupported value: "x": supported values: "atomic", "granular"'],
    ],
    [
      { 'x-kubernetes-list-type': 'set' },
      ['at.type: Required value: must be array if x-kubernetes-list-type is specified'],
    ],
    [
      { type: 'array', 'x-kubernetes-list-type': 'x' },
      ['at.x-kubernetes-list-type: Unsupported value: "x": supported values: "atomic", "set", "map"'],
    ],
    [
      { type: 'array', items: item(), 'x-kubernetes-list-map-keys': ['n'] },
      ['at.x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty'],
    ],
    [
      map(item()),
      ['at.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map'],
    ],
    [map(undefined, ['n']), ['at.items: Required value: must have a schema if x-kubernetes-list-type is map']],
    [
      map(text, ['n']),
      ['at.items.type: Invalid value: "string": must be object if parent array\'s x-kubernetes-list-type is map'],
    ],
    [
      map(item(), ['x']),
      ['at.x-kubernetes-list-map-keys: Invalid value: ["x"]: entries must all be names of item properties'],
    ],
    [
      map(item(), ['n', 'n']),
      ['at.x-kubernetes-list-map-keys: Invalid value: ["n","n"]: must not contain duplicate entries'],
    ],
  ])('%j', (schema, faults) => {
    expect(told(validateTopology(schema, AT, true))).toEqual(faults);
  });

  it('has whole elements in sets, where that is asked', () => {
    const set = (items: JsonSchema): JsonSchema => ({ type: 'array', 'x-kubernetes-list-type': 'set', items });
    const whole = { type: 'object', 'x-kubernetes-map-type': 'atomic' };
    expect(validateTopology(set(whole), AT, true)).toEqual([]);
    expect(validateTopology(set({ type: 'object' }), AT, false)).toEqual([]);
    expect(validateTopology(set({ type: 'object' }), AT, true)).toHaveLength(1);
    expect(validateTopology(set(set(text)), AT, true)).toHaveLength(1);
  });

  it('has elements and keys that are there', () => {
    const key = 'this property is in x-kubernetes-list-map-keys, so it';
    expect(validateElements(map(item(), ['n']), AT)).toEqual([]);
    expect(validateElements(map(item({ required: [], properties: { n: { default: 'x' } } }), ['n']), AT)).toEqual([]);
    const loose = item({ nullable: true, required: [], properties: { n: { nullable: true } } });
    expect(told(validateElements(map(loose, ['n']), AT))).toEqual([
      'at.items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map',
      `at.items.properties[n].default: Required value: ${key} must have a default or be a required property`,
      `at.items.properties[n].nullable: Forbidden: ${key} cannot be nullable`,
    ]);
  });
});

describe('texts of validation rules', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const rules = (rule: object): JsonSchema => ({ ...schema, 'x-kubernetes-validations': [{ rule: 'true', ...rule }] });
  const path = 'at.x-kubernetes-validations[0]';

  it.each([
    [{ message: 'm', fieldPath: '.a', reason: 'FieldValueRequired' }, []],
    [{ rule: ' ' }, [`${path}.rule: Required value: rule is not specified`]],
    [{ rule: 'a\n&& b' }, [`${path}.message: Required value: message must be specified if rule contains line breaks`]],
    [{ rule: 'a\n&& b', message: 'm' }, []],
    [{ message: ' ' }, [`${path}.message: Invalid value: " ": must be non-empty if specified`]],
    [{ message: 'a\nb' }, [`${path}.message: Invalid value: "a\\nb": must not contain line breaks`]],
    [
      { messageExpression: ' ' },
      [`${path}.messageExpression: Required value: messageExpression must be non-empty if specified`],
    ],
    [
      { reason: 'Bad' },
      [
        `${path}.reason: Unsupported value: "Bad": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
      ],
    ],
    [{ fieldPath: '.b' }, [`${path}.fieldPath: Invalid value: ".b": must be a valid path`]],
    [{ fieldPath: 'a' }, [`${path}.fieldPath: Invalid value: "a": must be a valid path`]],
  ])('%j', (rule, faults) => {
    expect(told(validateRuleTexts(rules(rule), AT))).toEqual(faults);
  });
});

describe('selectable fields', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      metadata: { type: 'object', properties: { name: { type: 'string' } } },
      spec: {
        type: 'object',
        properties: {
          ...Object.fromEntries(Array.from({ length: 9 }, (_one, index) => [`f${index}`, { type: 'string' }])),
          size: { type: 'integer' },
          list: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  };
  const judged = (...paths: string[]): string[] =>
    told(
      validateSelectableFields(
        paths.map((jsonPath) => ({ jsonPath })),
        schema,
        AT,
        false,
      ),
    );
  const kinds =
    'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

  it.each([
    [['.spec.f0', '.spec.size'], []],
    [[''], ['at[0].jsonPath: Required value']],
    [['.spec.f0', '.spec.f0'], ['at[1].jsonPath: Duplicate value: ".spec.f0"']],
    [
      ['.spec.none'],
      ['at[0].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a valid field'],
    ],
    [['spec.f0'], ['at[0].jsonPath: Invalid value: "spec.f0": is an invalid path: expected [ or . but got: spec']],
    [['.spec['], ['at[0].jsonPath: Invalid value: ".spec[": is an invalid path: array notation is not allowed']],
    [['.spec.list'], [`at[0].jsonPath: Invalid value: ".spec.list": ${kinds}`]],
    [['.metadata.name'], ['at[0].jsonPath: Invalid value: ".metadata.name": must not point to fields in metadata']],
  ])('%j', (paths, faults) => {
    expect(judged(...paths)).toEqual(faults);
  });

  it('are eight at most, unless there were more before', () => {
    const many = Array.from({ length: 9 }, (_one, index) => ({ jsonPath: `.spec.f${index}` }));
    expect(told(validateSelectableFields(many, schema, AT, false))).toEqual([
      'at: Too many: 9: must have at most 8 items',
    ]);
    expect(validateSelectableFields(many, schema, AT, true)).toEqual([]);
    expect(validateSelectableFields(many.slice(1), schema, AT, false)).toEqual([]);
  });
});

describe('the root of a schema with a status', () => {
  it.each<[JsonSchema, string | undefined]>([
    [{ type: 'object', properties: {}, required: ['spec'], description: 'x' }, undefined],
    [{ type: 'string' }, 'type'],
    [{ type: 'object', anyOf: [{}] }, 'anyOf'],
    [{ type: 'object', maxProperties: 0 }, 'maxProperties'],
    [{ type: 'object', additionalProperties: false }, 'additionalProperties'],
    [{ type: 'object', nullable: false, enum: [] }, undefined],
    [{ type: 'object', 'x-kubernetes-validations': [{ rule: 'true' }] }, undefined],
  ])('%j: %s', (schema, found) => {
    expect(forbiddenAtRoot(schema)).toBe(found);
  });
});

describe('the warning of a deprecated version', () => {
  const version = (more: object) => ({ name: 'v1', served: true, storage: true, ...more });
  it.each([
    [{}, []],
    [{ deprecated: true, deprecationWarning: 'old 🚢' }, []],
    [{ deprecationWarning: 'old' }, ['can only be set for deprecated versions']],
    [{ deprecated: true, deprecationWarning: '' }, ['must not be an empty string']],
    [
      { deprecated: true, deprecationWarning: 'é\n' },
      ['must only contain printable UTF-8 characters; non-printable character found at index 2'],
    ],
    [{ deprecated: true, deprecationWarning: 'é'.repeat(129) }, ['must be <= 256 characters long']],
  ])('%j', (more, whys) => {
    const errors = told(validateDeprecation(version(more), AT));
    expect(errors).toHaveLength(whys.length);
    for (const [index, why] of whys.entries())
      expect(errors[index]).toMatch(new RegExp(`^at\\.deprecationWarning: Invalid value: .*: ${why}$`, 's'));
  });
});

describe('groups of the community', () => {
  it.each([
    ['k8s.io', true],
    ['a.kubernetes.io', true],
    ['notk8s.io', false],
    ['k8s.io.example.com', false],
  ])('%s: %s', (group, isOne) => {
    expect(isProtectedGroup(group)).toBe(isOne);
  });

  it.each([
    ['', 'Missing'],
    ['https://github.com/kubernetes/x/pull/1', 'Approved'],
    ['unapproved, legacy API', 'Bypassed'],
    ['yes', 'Invalid'],
    ['/only/a/path', 'Invalid'],
  ])('that say %j are %s', (text, approval) => {
    expect(approvalOf({ 'api-approved.kubernetes.io': text }).approval).toBe(approval);
  });
});

describe('defaults of a schema', () => {
  const checks = { reader: metadataReader(), requirePruned: true };
  const judged = (properties: Record<string, JsonSchema>): string[] =>
    told(validateDefaults({ type: 'object', properties }, AT, checks));

  it.each<[Record<string, JsonSchema>, string[]]>([
    [{ a: { type: 'string', default: 'x' } }, []],
    [{ a: { type: 'string', nullable: true, default: null } }, []],
    [
      { a: { type: 'integer', default: 'x' } },
      ['at.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"'],
    ],
    [
      { a: { type: 'object', default: { x: 1 }, properties: { y: { type: 'string' } } } },
      ['at.properties[a].default: Invalid value: {"x":1}: must not have unknown fields'],
    ],
    [
      { a: { type: 'string', maxLength: 1, default: 'xx' } },
      ['at.properties[a].default: Too long: may not be more than 1 byte'],
    ],
  ])('%j', (properties, faults) => {
    expect(judged(properties)).toEqual(faults);
  });

  it('of metadata must lead to good metadata', () => {
    const metadata = (value: string): JsonSchema => ({
      type: 'object',
      properties: { name: { type: 'string', default: value } },
    });
    expect(judged({ metadata: metadata('good') })).toEqual([]);
    const [fault] = judged({ metadata: metadata('a/b') });
    expect(fault).toMatch(
      /^at\.properties\[metadata\]\.properties\[name\]\.default: Invalid value: "a\/b": must result in valid metadata: /,
    );
  });
});

const definition = (more: object = {}, schema: JsonSchema = { type: 'object' }): CustomResourceDefinition =>
  ({
    metadata: { name: 'widgets.example.com', ...more },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }) as unknown as CustomResourceDefinition;

describe('a definition in time', () => {
  const NOW = Date.parse('2026-11-29T10:00:00Z');
  const names = (status: 'True' | 'False') => ({ type: 'NamesAccepted', status, reason: 'R', message: 'm' }) as const;

  it('keeps the time of a condition while its status stays', () => {
    const first = withCondition([], names('True'), NOW);
    const again = withCondition(first, { ...names('True'), reason: 'Other' }, NOW + 5000);
    expect(again).toEqual([{ ...names('True'), reason: 'Other', lastTransitionTime: '2026-11-29T10:00:00Z' }]);
    const turned = withCondition(again, names('False'), NOW + 5000);
    expect(turned[0]?.lastTransitionTime).toBe('2026-11-29T10:00:05Z');
    expect(withCondition(turned, { ...names('True'), type: 'Established' }, NOW).map(({ type }) => type)).toEqual([
      'NamesAccepted',
      'Established',
    ]);
    expect(withoutCondition(turned, 'NamesAccepted')).toEqual([]);
  });

  it('has changed when its generation went on, which being deleted alone does too', () => {
    const changed = (generation: number, deletionTimestamp?: string) =>
      hasChanged(definition({ generation, deletionTimestamp }));
    expect([changed(1), changed(2), changed(2, 'now'), changed(3, 'now')]).toEqual([false, true, false, true]);
  });

  it('waits for its objects when it is deleted, and is not asked twice', () => {
    const plan = planDeletion(definition({ uid: 'u' }), {}, NOW);
    expect(plan.act).toBe('mark');
    const next = plan.act === 'mark' ? plan.next : definition();
    expect(next.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    expect(next.status?.conditions).toMatchObject([
      { type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending' },
    ]);
    expect(planDeletion(next, {}, NOW + 1).act).toBe('wait');
  });

  it('warns of formats nobody checks, as far as they are new', () => {
    const schema = (format: string): JsonSchema => ({ type: 'object', properties: { a: { type: 'string', format } } });
    expect(formatWarnings(definition({}, schema('postcode')))).toEqual(['unrecognized format "postcode"']);
    expect(formatWarnings(definition({}, schema('uuid')))).toEqual([]);
    expect(formatWarnings(definition({}, schema('postcode')), definition({}, schema('postcode')))).toEqual([]);
  });
});
