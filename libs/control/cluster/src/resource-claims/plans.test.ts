import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLAIM_FINALIZER, POD_CLAIM_ANNOTATION } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { ownerReferenceTo } from '@binnacle/machinery-meta';
import {
  allocatedOn,
  CREATED_AT,
  type Overrides,
  pod,
  resourceClaim,
  resourceClaimTemplate,
} from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { planClaim } from './claim-plan.js';
import { type ClaimsView, generatedBase, planPod, toReserve } from './pod-plan.js';

const POD = { apiVersion: 'v1', kind: 'Pod' };
const podOf = (overrides: Overrides<Pod> = {}) =>
  pod({
    ...overrides,
    metadata: { name: 'p', ...overrides.metadata },
    spec: { resourceClaims: [{ name: 'c', resourceClaimTemplateName: 'gpu' }], ...overrides.spec },
  });
const made = (of: Pod, overrides: Overrides<ResourceClaim> = {}) =>
  resourceClaim({
    ...overrides,
    metadata: {
      name: 'p-c-abcde',
      annotations: { [POD_CLAIM_ANNOTATION]: 'c' },
      ownerReferences: [{ ...ownerReferenceTo(of, POD), controller: true }],
      ...overrides.metadata,
    },
  });
const view = (parts: Partial<ClaimsView> = {}): ClaimsView => ({
  claim: () => undefined,
  template: () => resourceClaimTemplate(),
  own: [],
  ...parts,
});
const told = { status: { resourceClaimStatuses: [{ name: 'c', resourceClaimName: 'p-c-abcde' }] } };

describe('the claims of a Pod', () => {
  test('are made from templates, with labels and annotations of those', () => {
    const metadata = { labels: { a: 'b' }, annotations: { x: 'y' } };
    const template = () => resourceClaimTemplate({ spec: { metadata } });
    expect(planPod(podOf(), view({ template }))).toMatchObject([
      {
        act: 'create',
        podClaim: 'c',
        claim: {
          metadata: {
            generateName: 'p-c-',
            namespace: 'default',
            labels: { a: 'b' },
            annotations: { x: 'y', [POD_CLAIM_ANNOTATION]: 'c' },
            ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', controller: true }],
          },
          spec: template().spec.spec,
        },
      },
    ]);
  });

  test.each<[string, Pod, Partial<ClaimsView>, string[]]>([
    ['one that is there is not made again', podOf(told), { claim: () => made(podOf()) }, []],
    ['one that is lost is', podOf(told), {}, ['create']],
    ['one of that name that is another’s does not do', podOf(told), { claim: () => resourceClaim() }, ['create']],
    ['one that was made and not told of is told of', podOf(), { own: [made(podOf())] }, ['tell']],
    [
      'one that was made for another claim is not',
      podOf(),
      { own: [made(podOf(), { metadata: { annotations: { [POD_CLAIM_ANNOTATION]: 'd' } } })] },
      ['create'],
    ],
    ['none without a template', podOf(), { template: () => undefined }, ['refuse']],
    ['none that the user makes', podOf({ spec: { resourceClaims: [{ name: 'c', resourceClaimName: 'x' }] } }), {}, []],
    ['none that was found not to be needed', podOf({ status: { resourceClaimStatuses: [{ name: 'c' }] } }), {}, []],
    ['none of a Pod that has ended', podOf({ status: { phase: 'Succeeded' } }), {}, []],
    ['none of a Pod that goes', podOf({ metadata: { deletionTimestamp: CREATED_AT } }), {}, []],
  ])('%s', (_, subject, parts, acts) => {
    expect(planPod(subject, view(parts)).map(({ act }) => act)).toEqual(acts);
  });

  test('a template that is missing is told of by name', () => {
    expect(planPod(podOf(), view({ template: () => undefined }))).toEqual([
      {
        act: 'refuse',
        podClaim: 'c',
        why: 'resource claim template "gpu": resourceclaimtemplate.resource.k8s.io "gpu" not found',
      },
    ]);
  });

  test('of long names something is left of each', () => {
    expect(generatedBase('p', 'c')).toBe('p-c-');
    const base = generatedBase('p'.repeat(50), 'c'.repeat(50));
    expect([base.length <= 57, base]).toEqual([true, `${'p'.repeat(27)}-${'c'.repeat(27)}`]);
  });
});

describe('a Pod that was put on a node by hand', () => {
  const claims = [{ name: 'c', resourceClaimName: 'gpu' }];
  const placed = (overrides: Overrides<Pod> = {}) =>
    podOf({ ...overrides, spec: { nodeName: 'n', resourceClaims: claims } });
  const allocated = resourceClaim({ status: allocatedOn('n', ['gpu-0']) });
  test.each<[string, Pod, ResourceClaim, number]>([
    ['is given claims that are allocated', placed(), allocated, 1],
    ['not ones that are not', placed(), resourceClaim(), 0],
    ['nor those it has', placed(), resourceClaim({ status: allocatedOn('n', ['gpu-0'], [placed()]) }), 0],
    ['nothing without a node', podOf({ spec: { resourceClaims: claims } }), allocated, 0],
    ['nothing when it has ended', placed({ status: { phase: 'Succeeded' } }), allocated, 0],
  ])('%s', (_, subject, claim, expected) => {
    expect(toReserve(subject, () => claim)).toHaveLength(expected);
  });
});

describe('a claim', () => {
  const user = pod({ metadata: { name: 'user' } });
  const other = pod({ metadata: { name: 'other' } });
  const held = { finalizers: [CLAIM_FINALIZER] };
  const going = { ...held, deletionTimestamp: CREATED_AT };
  const status = allocatedOn('n', ['gpu-0'], [user, other]);
  const [first] = status.reservedFor ?? [];
  const used = resourceClaim({ metadata: held, status });

  test('keeps its devices while somebody uses it', () => {
    const plan = planClaim(used, first ? [first] : [], undefined);
    expect(plan).toEqual({ status: { ...status, reservedFor: [first] }, unprotect: false, remove: false });
    expect(planClaim(used, status.reservedFor ?? [], undefined)).toEqual({ unprotect: false, remove: false });
  });

  test('gives them back when nobody does, unless somebody else allocated it', () => {
    expect(planClaim(used, [], undefined)).toEqual({ status: {}, unprotect: true, remove: false });
    const foreign = resourceClaim({ status });
    const { allocation } = status;
    expect(planClaim(foreign, [], undefined)).toEqual({ status: { allocation }, unprotect: false, remove: false });
  });

  test.each<[string, ResourceClaim, object]>([
    [
      'goes with its devices when it was never used',
      resourceClaim({ metadata: going, status: allocatedOn('n', ['gpu-0']) }),
      { status: {}, unprotect: true },
    ],
    ['goes when it has none', resourceClaim({ metadata: going }), { unprotect: true }],
    [
      'stays allocated though nobody uses it yet',
      resourceClaim({ metadata: held, status: allocatedOn('n', ['gpu-0']) }),
      { unprotect: false },
    ],
  ])('%s', (_, claim, expected) => {
    expect(planClaim(claim, [], undefined)).toEqual({ remove: false, ...expected });
  });

  test.each<[string, Overrides<Pod>, boolean]>([
    ['one that runs', {}, false],
    ['one that has ended', { status: { phase: 'Failed' } }, true],
    ['one that goes and never had a node', { metadata: { deletionTimestamp: CREATED_AT } }, true],
    ['one that goes and has a node', { metadata: { deletionTimestamp: CREATED_AT }, spec: { nodeName: 'n' } }, false],
    ['another of its name', { metadata: { uid: 'another' } }, true],
  ])('that was made for %s', (_, overrides, remove) => {
    expect(planClaim(made(podOf()), [], podOf(overrides)).remove).toBe(remove);
    expect(planClaim(made(podOf()), [], undefined).remove).toBe(false);
  });
});
