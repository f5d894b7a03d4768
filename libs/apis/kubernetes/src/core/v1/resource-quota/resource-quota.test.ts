import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import { describe, expect, it } from 'vitest';
import type { ResourceQuota, ResourceQuotaSpec, ScopedResourceSelectorRequirement } from '../index.js';
import { resourceQuotas } from './definition.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const quota = (spec: ResourceQuotaSpec, status?: ResourceQuota['status']): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'default' },
  spec,
  ...(status && { status }),
});
const errorsOf = (spec: ResourceQuotaSpec) => texts(rehearseCreate(resourceQuotas, quota(spec)).errors);

describe('a ResourceQuota', () => {
  it.each<[string, ResourceQuotaSpec]>([
    ['nothing', {}],
    ['amounts', { hard: { cpu: '100', 'limits.memory': '1Gi', 'requests.ephemeral-storage': '10Gi' } }],
    ['objects', { hard: { pods: '10', 'services.nodeports': '0', 'count/widgets.example.com': '5' } }],
    ['storage of a class', { hard: { 'gold.storageclass.storage.k8s.io/requests.storage': '500Gi' } }],
    ['huge pages', { hard: { 'hugepages-2Mi': '1Gi', 'requests.hugepages-2Mi': '1Gi' } }],
    ['extended resources', { hard: { 'requests.example.com/gpu': '4' } }],
  ])('may limit %s', (_what, spec) => {
    expect(errorsOf(spec)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['storage', '1Gi', 'must be a standard resource for quota'],
    ['widgets', '1', 'must be a standard resource for quota'],
    ['pods', '1500m', 'must be an integer'],
    ['cpu', '-1', 'must be greater than or equal to 0'],
  ])('may not limit %s to %s', (name, amount, why) => {
    const found = errorsOf({ hard: { [name]: amount } });
    expect(found.join('; ')).toContain(`spec.hard[${name}]: Invalid value`);
    expect(found.join('; ')).toContain(why);
  });

  it.each<[string, ResourceQuotaSpec, string[]]>([
    ['that fit', { scopes: ['Terminating', 'NotBestEffort'], hard: { pods: 1, cpu: 1, 'limits.memory': 1 } }, []],
    ['of other things', { scopes: ['BestEffort'], hard: { 'count/widgets.example.com': 1 } }, []],
    ['nobody knows', { scopes: ['constructor'] }, ['unsupported scope']],
    [
      'without what is limited',
      { scopes: ['BestEffort'], hard: { cpu: 1 } },
      ['unsupported scope applied to resource'],
    ],
    [
      'of Pods with claims',
      { scopes: ['VolumeAttributesClass'], hard: { pods: 1, persistentvolumeclaims: 1, 'requests.storage': 1 } },
      ['unsupported scope applied to resource'],
    ],
    ['that exclude each other', { scopes: ['Terminating', 'NotTerminating'] }, ['conflicting scopes']],
  ])('with scopes %s', (_what, spec, expected) => {
    const found = errorsOf(spec);
    expect(found).toEqual(expected.map((why) => expect.stringMatching(`^spec.scopes: Invalid value: .*: ${why}$`)));
  });

  const selected = (expression: Partial<ScopedResourceSelectorRequirement>, hard: ResourceQuotaSpec['hard'] = {}) =>
    errorsOf({
      hard,
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', ...expression }] },
    });

  it.each<[string, Partial<ScopedResourceSelectorRequirement>, string, string]>([
    ['a scope nobody knows', { scopeName: 'Odd', values: ['a'] }, 'scopeName', 'unsupported scope'],
    ['no values', {}, 'values', 'must be at least one value'],
    ['values of what exists', { operator: 'Exists', values: ['a'] }, 'values', 'must be no value when'],
    ['another operator', { operator: 'Gt', values: ['1'] }, 'operator', 'not a valid selector operator'],
    [
      'values of a scope without',
      { scopeName: 'Terminating', values: ['a'] },
      'operator',
      "must be 'Exists' when scope",
    ],
  ])('may not select by %s', (_what, expression, field, why) => {
    expect(selected(expression)).toEqual([expect.stringContaining(`spec.scopeSelector.matchExpressions.${field}: `)]);
    expect(selected(expression)[0]).toContain(why);
  });

  it('selects by classes of priority, and only what has one', () => {
    expect(selected({ values: ['high'] }, { pods: 1 })).toEqual([]);
    expect(selected({ values: ['high'] }, { services: 1 })).toEqual([
      expect.stringContaining('spec.scopeSelector.matchExpressions: Invalid value'),
    ]);
  });

  it('does not select by what excludes itself', () => {
    const both = ['BestEffort', 'NotBestEffort'].map((scopeName) => ({ scopeName, operator: 'Exists' }));
    expect(errorsOf({ scopeSelector: { matchExpressions: both } })).toEqual([
      'spec.scopeSelector.matchExpressions: Invalid value: null: conflicting scopes',
    ]);
  });

  it('keeps its scopes, in whatever order, and its status where only the spec is written', () => {
    const old = quota({ scopes: ['Terminating', 'BestEffort'] }, { hard: { pods: '1' }, used: { pods: '1' } });
    const turned = rehearseUpdate(
      resourceQuotas,
      quota({ scopes: ['BestEffort', 'Terminating'], hard: { pods: 2 } }),
      old,
    );
    expect([turned.errors, turned.object.status]).toEqual([[], old.status]);
    const other = rehearseUpdate(resourceQuotas, quota({ scopes: ['BestEffort'] }), old);
    expect(texts(other.errors)).toEqual([expect.stringMatching('^spec.scopes: .*: field is immutable$')]);
  });

  it('has a status that counts what quotas count', () => {
    const old = quota({ hard: { pods: '1' } });
    const update = (status: ResourceQuota['status']) =>
      rehearseStatusUpdate(
        resourceQuotas,
        { ...quota({}, status), metadata: { ...old.metadata, resourceVersion: '1' } },
        old,
      );
    const good = update({ hard: { pods: '1' }, used: { pods: '0' } });
    expect([good.errors, good.object.spec]).toEqual([[], old.spec]);
    expect(texts(update({ used: { widgets: '1' } }).errors).join()).toContain('status.used[widgets]');
  });

  it.each<[string, ResourceQuotaSpec['hard'], string[]]>([
    ['as much', { 'requests.cpu': '1', 'limits.cpu': '1' }, []],
    [
      'less than requests',
      { 'requests.cpu': '2', cpu: '1', 'limits.cpu': '1' },
      ['ResourceQuota requests.cpu (2) should be less than limits.cpu (1)'],
    ],
    [
      'less than bare names',
      { memory: '2Gi', 'limits.memory': '1Gi' },
      ['ResourceQuota memory (2Gi) should be less than limits.memory (1Gi)'],
    ],
    ['less of what has no bare name', { 'limits.ephemeral-storage': '1', 'ephemeral-storage': '2' }, []],
  ])('warns when it is made with limits of %s', (_what, hard, expected) => {
    const made = quota({ hard });
    expect(resourceQuotas.strategy.warnings?.(made as never)).toEqual(expected);
    expect(resourceQuotas.strategy.warnings?.(made as never, made as never)).toEqual([]);
  });
});
