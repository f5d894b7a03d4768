import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../crd/types.js';
import { planStatus } from './plan.js';
import { takenNames } from './names.js';

const NOW = Date.parse('2026-11-29T10:00:00Z');
const LATER = NOW + 60_000;

function definition(names: Partial<CustomResourceDefinitionNames>, more: object = {}): CustomResourceDefinition {
  const all = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', ...names };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${all.plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: all,
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      ...more,
    },
    status: { acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
  };
}

function settled(one: CustomResourceDefinition, others: readonly CustomResourceDefinition[] = [], now = NOW) {
  const status = planStatus(one, takenNames(one.spec.group, others), now);
  return status ? { ...one, status } : one;
}

const said = ({ status }: CustomResourceDefinition): string[] =>
  (status?.conditions ?? []).map(({ type, status: is, reason, message }) => `${type}=${is} ${reason}: ${message}`);

describe('the status of a definition', () => {
  it('grants free names and establishes it at once', () => {
    const served = settled(definition({ shortNames: ['wd'], categories: ['all'] }));
    expect(served.status?.acceptedNames).toEqual(served.spec.names);
    expect(said(served)).toEqual([
      'NamesAccepted=True NoConflicts: no conflicts found',
      'Established=True InitialNamesAccepted: the initial names have been accepted',
    ]);
    expect(served.status?.conditions?.[0]?.lastTransitionTime).toBe('2026-11-29T10:00:00Z');
  });

  it('is settled after once', () => {
    const served = settled(definition({}));
    expect(planStatus(served, takenNames('example.com', [served]), LATER)).toBeUndefined();
  });

  it('tells which name is in use, and keeps what can be granted', () => {
    const first = settled(definition({ shortNames: ['w'] }));
    const second = settled(
      definition({ plural: 'gadgets', singular: 'widget', kind: 'Gadget', shortNames: ['w', 'g'] }),
      [first],
    );
    expect(said(second)).toEqual([
      'NamesAccepted=False ListKindConflict: "WidgetList" is already in use',
      'Established=False NotAccepted: not all names are accepted',
    ]);
    expect(second.status?.acceptedNames).toEqual({ plural: 'gadgets', kind: 'Gadget' });
  });

  it('grants a name once its owner is gone', () => {
    const first = settled(definition({}));
    const second = settled(definition({ plural: 'gadgets', kind: 'Gadget', listKind: 'GadgetList' }), [first]);
    expect(said(second)[0]).toBe('NamesAccepted=False SingularConflict: "widget" is already in use');
    const after = settled(second, [second], LATER);
    expect(said(after)).toEqual([
      'NamesAccepted=True NoConflicts: no conflicts found',
      'Established=True InitialNamesAccepted: the initial names have been accepted',
    ]);
    expect(after.status?.conditions?.[0]?.lastTransitionTime).toBe('2026-11-29T10:01:00Z');
  });

  it('goes on being served under its old names where new ones are refused', () => {
    const other = settled(
      definition({ plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' }),
    );
    const served = settled(definition({}), [other]);
    const asks = { ...served, spec: { ...served.spec, names: { ...served.spec.names, shortNames: ['gadget'] } } };
    const refused = settled(asks, [other, served]);
    expect(said(refused)).toEqual([
      'NamesAccepted=False ShortNamesConflict: "gadget" is already in use',
      'Established=True InitialNamesAccepted: the initial names have been accepted',
    ]);
  });

  it('tells of schemas that are not structural, until they are', () => {
    const loose = definition({});
    loose.spec.versions[0]!.schema = { openAPIV3Schema: { type: 'object', properties: { a: {} } } };
    const told = settled(loose);
    expect(said(told).at(-1)).toContain('NonStructuralSchema=True Violations: spec.versions[0].schema.openAPIV3Schema');
    told.spec.versions[0]!.schema = { openAPIV3Schema: { type: 'object' } };
    expect(said(settled(told)).some((text) => text.startsWith('NonStructuralSchema'))).toBe(false);
  });

  it('tells whether a group of the community was approved', () => {
    const one = definition({}, { group: 'widgets.k8s.io' });
    one.metadata.annotations = { 'api-approved.kubernetes.io': 'unapproved, experimental' };
    expect(said(settled(one)).at(-1)).toBe(
      'KubernetesAPIApprovalPolicyConformant=False UnapprovedAnnotation: not approved: "unapproved, experimental"',
    );
  });
});
