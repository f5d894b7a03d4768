import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import {
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
  suggestedFlowSchemas,
  suggestedPriorityLevels,
} from './bootstrap/index.js';
import { flowSchemas } from './flow-schema/definition.js';
import type {
  FlowSchema,
  FlowSchemaSpec,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
} from './index.js';
import { priorityLevelConfigurations } from './priority-level-configuration/definition.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
const schema = (spec: Partial<FlowSchemaSpec>, name = 'mine'): FlowSchema => ({
  apiVersion,
  kind: 'FlowSchema',
  metadata: { name },
  spec: { priorityLevelConfiguration: { name: 'system' }, ...spec },
});
const level = (spec: PriorityLevelConfigurationSpec, name = 'mine'): PriorityLevelConfiguration => ({
  apiVersion,
  kind: 'PriorityLevelConfiguration',
  metadata: { name },
  spec,
});

describe('the bootstrap objects', () => {
  it.each([...mandatoryFlowSchemas, ...suggestedFlowSchemas].map((object) => [object.metadata.name, object]))(
    'FlowSchema %s is valid, and defaults change nothing of it',
    (_name, object) => {
      const made = rehearseCreate(flowSchemas, object as FlowSchema);
      expect(made.errors).toEqual([]);
      expect((made.object as FlowSchema).spec).toEqual((object as FlowSchema).spec);
    },
  );

  it.each([...mandatoryPriorityLevels, ...suggestedPriorityLevels].map((object) => [object.metadata.name, object]))(
    'PriorityLevelConfiguration %s is valid, and defaults change nothing of it',
    (_name, object) => {
      const made = rehearseCreate(priorityLevelConfigurations, object as PriorityLevelConfiguration);
      expect(made.errors).toEqual([]);
      expect(made.object).toMatchObject({ spec: (object as PriorityLevelConfiguration).spec });
    },
  );
});

const rules = {
  subjects: [{ kind: 'User', user: { name: 'a' } }],
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/a', '/a/*'] }],
};
const resourceRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['a'] };
const ruled = (more: object): Partial<FlowSchemaSpec> => ({ rules: [{ ...rules, ...more }] });

describe('a FlowSchema', () => {
  it('is matched in the middle unless it says where', () => {
    expect(rehearseCreate(flowSchemas, schema({})).object.spec?.matchingPrecedence).toBe(1000);
  });

  it.each<[reason: string, Partial<FlowSchemaSpec>, expected: string[]]>([
    ['may have rules', ruled({ resourceRules: [resourceRule] }), []],
    [
      'has a precedence in bounds',
      { matchingPrecedence: 10_001 },
      ['spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000'],
    ],
    [
      'does not come first',
      { matchingPrecedence: 1 },
      ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
    ],
    [
      'names a level',
      { priorityLevelConfiguration: { name: '' } },
      ['spec.priorityLevelConfiguration.name: Required value: must reference a priority level'],
    ],
    [
      'tells flows apart in a known way',
      { distinguisherMethod: { type: 'ByColour' } },
      [
        'spec.distinguisherMethod.type: Unsupported value: {"type":"ByColour"}: supported values: "ByNamespace", "ByUser"',
      ],
    ],
    [
      'is about somebody and something',
      { rules: [{ subjects: [] }] },
      [
        'spec.rules[0].subjects: Required value: subjects must contain at least one value',
        'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
      ],
    ],
    [
      'names subjects of known kinds',
      ruled({ subjects: [{ kind: 'Robot' }] }),
      [
        'spec.rules[0].subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
      ],
    ],
    [
      'names one subject at a time',
      ruled({ subjects: [{ kind: 'Group', user: { name: 'a' } }] }),
      [
        "spec.rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
        "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
      ],
    ],
    [
      'names the namespace of an account',
      ruled({ subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: '' } }] }),
      [
        'spec.rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account',
      ],
    ],
    [
      'keeps wildcards alone',
      ruled({ resourceRules: [{ ...resourceRule, verbs: ['*', 'get'], resources: ['*', 'pods'] }] }),
      [
        'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
        'spec.rules[0].resourceRules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources',
      ],
    ],
    [
      'is about namespaces or the cluster',
      ruled({ resourceRules: [{ ...resourceRule, namespaces: [] }] }),
      [
        'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      ],
    ],
    [
      'names paths as they are',
      ruled({ nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['a', '/a b', '//a', '/a*'] }] }),
      [
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a": must start with slash',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a b": must not contain white-space',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: "//a": must not contain double slash',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[3]: Invalid value: "/a*": wildcard can only do suffix matching',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(flowSchemas, schema(spec)).errors)).toEqual(expected);
  });

  it('of the server itself stays as it is', () => {
    const errors = texts(rehearseCreate(flowSchemas, schema({ matchingPrecedence: 5 }, 'catch-all')).errors);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/spec of 'catch-all' must equal the fixed value$/);
  });

  it('has one condition of a type', () => {
    const { object: old } = rehearseCreate(flowSchemas, schema({}));
    const conditions = [{ type: 'Dangling' }, { type: 'Dangling' }, {}];
    const next: FlowSchema = { ...old, metadata: { ...old.metadata, labels: { a: 'b' } }, status: { conditions } };
    const update = rehearseStatusUpdate(flowSchemas, next, old);
    expect(texts(update.errors)).toEqual([
      'status.conditions[1].type: Duplicate value: "Dangling"',
      'status.conditions[2].type: Required value',
    ]);
    expect(update.object.metadata.labels).toBeUndefined();
  });
});

const queuing = (fields: object): PriorityLevelConfigurationSpec => ({
  type: 'Limited',
  limited: { limitResponse: { type: 'Queue', queuing: fields } },
});

describe('a PriorityLevelConfiguration', () => {
  it('has shares and queues unless it says how many', () => {
    expect(rehearseCreate(priorityLevelConfigurations, level(queuing({}))).object.spec?.limited).toEqual({
      nominalConcurrencyShares: 30,
      lendablePercent: 0,
      limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
    });
  });

  it.each<[reason: string, PriorityLevelConfigurationSpec, expected: string[]]>([
    ['may reject', { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } }, []],
    [
      'is of a known type',
      { type: 'Free' },
      ['spec.type: Unsupported value: "Free": supported values: "Exempt", "Limited"'],
    ],
    [
      'is exempt by its name',
      { type: 'Exempt' },
      ["spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"],
    ],
    [
      'says how it limits',
      { type: 'Limited' },
      ['spec.limited: Required value: must not be empty when type is Limited'],
    ],
    [
      'answers in a known way',
      { type: 'Limited', limited: { limitResponse: { type: 'Drop' } } },
      ['spec.limited.limitResponse.type: Unsupported value: "Drop": supported values: "Queue", "Reject"'],
    ],
    [
      'has queues where it queues',
      { type: 'Limited', limited: { limitResponse: { type: 'Queue' } } },
      [
        'spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited',
      ],
    ],
    [
      'deals no more queues than there are',
      queuing({ queues: 4, handSize: 5 }),
      ['spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)'],
    ],
    [
      'deals what a hash can deal',
      queuing({ queues: 1024, handSize: 7 }),
      [
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60',
      ],
    ],
    [
      'lends a part of what it has',
      { type: 'Limited', limited: { lendablePercent: 101, limitResponse: { type: 'Reject' } } },
      ['spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive'],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(priorityLevelConfigurations, level(spec)).errors)).toEqual(expected);
  });

  it('that is exempt may set something aside, and nothing else', () => {
    const [, exempt] = mandatoryPriorityLevels as [PriorityLevelConfiguration, PriorityLevelConfiguration];
    const { object: old } = rehearseCreate(priorityLevelConfigurations, exempt);
    const shares: PriorityLevelConfiguration = {
      ...old,
      spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 10, lendablePercent: 50 } },
    };
    expect(rehearseUpdate(priorityLevelConfigurations, shares, old).errors).toEqual([]);
    const limited: PriorityLevelConfiguration = {
      ...old,
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
    };
    expect(texts(rehearseUpdate(priorityLevelConfigurations, limited, old).errors).at(-1)).toMatch(
      /spec of 'exempt' except the 'spec.exempt' field must equal the fixed value$/,
    );
  });
});
