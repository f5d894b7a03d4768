import { controllerReferenceTo } from '@binnacle/machinery-meta';
import { matcherFromSet } from '@binnacle/machinery-selectors';
import { pod, replicaSet } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { planClaims } from './ownership.js';

const set = replicaSet();
const matcher = matcherFromSet({ app: 'web' });
const ours = [controllerReferenceTo(set, set)];
const theirs = [controllerReferenceTo({ metadata: { name: 'other', uid: 'other' } }, set)];
const chosen = (name: string, ownerReferences = ours) =>
  pod({ metadata: { name, labels: { app: 'web' }, ownerReferences } });
const loose = (name: string, ownerReferences = ours) =>
  pod({ metadata: { name, labels: { app: 'x' }, ownerReferences } });

describe('planClaims', () => {
  test('keeps, takes in and lets go by selector and owner', () => {
    const mine = chosen('mine');
    const orphan = chosen('orphan', []);
    const lost = loose('lost');
    const claims = planClaims(set, matcher, [mine, orphan, lost, chosen('foreign', theirs), loose('stranger', [])]);
    expect(claims).toEqual({ kept: [mine], adopt: [orphan], release: [lost] });
  });

  test('an owner on its way out takes in and lets go nobody', () => {
    const leaving = replicaSet({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    const claims = planClaims(leaving, matcher, [chosen('mine'), chosen('orphan', []), loose('lost')]);
    expect([claims.kept.length, claims.adopt.length, claims.release.length]).toEqual([1, 0, 0]);
  });

  test('an orphan on its way out is not taken in', () => {
    const leaving = pod({ metadata: { labels: { app: 'web' }, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(planClaims(set, matcher, [leaving]).adopt).toEqual([]);
  });
});
