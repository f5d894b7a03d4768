import type { ControllerRevision, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import { controllerRevision, statefulSet } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { inOrder, LABEL_REVISION_HASH, newRevision, planForgetting, planRevision } from './revisions.js';
import { templateData, templateOf } from './template-data.js';

const setOf = (image: string): StatefulSet =>
  statefulSet({ spec: { template: { spec: { containers: [{ name: 'main', image }] } } } });
const remembers = (name: string, revision: number, image: string): ControllerRevision =>
  controllerRevision({ metadata: { name }, revision, data: templateData(setOf(image).spec?.template ?? {}) as object });

describe('newRevision', () => {
  test('remembers the template as the patch that brings it back, under a name of its hash', () => {
    const set = setOf('a');
    const revision = newRevision(set, 3, 0);
    const hash = revision.metadata.labels?.[LABEL_REVISION_HASH];
    expect(revision.metadata.name).toBe(`web-${hash}`);
    expect(revision).toMatchObject({ revision: 3, data: { spec: { template: { $patch: 'replace' } } } });
    expect(revision.metadata.labels).toMatchObject({ app: 'web' });
    expect(revision.metadata.ownerReferences).toMatchObject([{ kind: 'StatefulSet', controller: true }]);
    expect(templateOf(revision)).toEqual(set.spec?.template);
  });

  test.each([
    ['another template', newRevision(setOf('b'), 1, 0)],
    ['a name that is taken', newRevision(setOf('a'), 1, 1)],
  ])('%s gives another name', (_, other) => {
    expect(other.metadata.name).not.toBe(newRevision(setOf('a'), 1, 0).metadata.name);
  });

  test('a long name leaves room for the hash', () => {
    const name = 'x'.repeat(250);
    expect(newRevision(statefulSet({ metadata: { name } }), 1, 0).metadata.name?.length).toBeLessThanOrEqual(253);
  });
});

describe('planRevision', () => {
  const [a, b] = [remembers('a', 1, 'a'), remembers('b', 2, 'b')];
  test.each([
    ['the first is created', 'a', [], { kind: 'create', as: 1 }],
    ['what is there already is kept', 'b', [a, b], { kind: 'keep', revision: b }],
    ['an older one is brought back', 'a', [a, b], { kind: 'bringBack', revision: a, as: 3 }],
    ['a new one is created after the others', 'c', [a, b], { kind: 'create', as: 3 }],
  ])('%s', (_, image, revisions, plan) => {
    expect(planRevision(setOf(image), revisions)).toEqual(plan);
  });

  test('how the template is written down does not count', () => {
    const set = setOf('a');
    const odd = { spec: { template: { ...set.spec?.template, $patch: 'replace', extra: {} } } };
    const revision = controllerRevision({ data: odd });
    expect(planRevision(set, [revision])).toEqual({ kind: 'keep', revision });
  });
});

test('revisions are told apart by number, then by age, then by name', () => {
  const old = controllerRevision({ metadata: { name: 'z', creationTimestamp: '2025-01-01T00:00:00Z' } });
  const names = inOrder([remembers('c', 2, ''), remembers('b', 1, ''), remembers('a', 1, ''), old]);
  expect(names.map(({ metadata }) => metadata.name)).toEqual(['z', 'a', 'b', 'c']);
});

describe('planForgetting', () => {
  const all = [1, 2, 3, 4].map((number) => remembers(`r${number}`, number, `${number}`));
  const used = ({ metadata }: ControllerRevision) => metadata.name === 'r1';
  test.each([
    [10, []],
    [2, ['r2']],
    [0, ['r2', 'r3', 'r4']],
    [-1, []],
  ])('with a limit of %d goes %j, and never what is in use', (revisionHistoryLimit, names) => {
    const forgotten = planForgetting(statefulSet({ spec: { revisionHistoryLimit } }), all, used);
    expect(forgotten.map(({ metadata }) => metadata.name)).toEqual(names);
  });
});
