import { LABEL_POD_TEMPLATE_HASH } from '@binnacle/apis-kubernetes/well-known';
import { deployment, replicaSet } from '@binnacle/testing-fixtures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentAnnotations, nextRevision } from './annotations.js';
import { templateHash } from '../history/template-hash.js';
import { planHistory } from './history.js';
import { divide, newReplicaSet, refreshedCurrent } from './replica-sets.js';

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';

describe('templateHash', () => {
  test('does not depend on the order of fields, does on the collision count, and is a safe label', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (template, collisions) => {
        const reversed = Object.fromEntries(Object.entries(template).reverse());
        expect(templateHash(reversed, 0)).toBe(templateHash(template, undefined));
        expect(templateHash(template, collisions)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
      }),
    );
    expect(templateHash({}, 1)).not.toBe(templateHash({}, 0));
  });
});

describe('a new ReplicaSet', () => {
  const owner = deployment({ spec: { replicas: 4 }, metadata: { annotations: { team: 'a', [REVISION]: '7' } } });
  const made = newReplicaSet(owner, [], 8n);
  const hash = made.metadata.labels?.[LABEL_POD_TEMPLATE_HASH];

  test('carries the hash in its name, labels, selector and template', () => {
    expect(made.metadata.name).toBe(`web-${hash}`);
    expect(made.spec?.selector.matchLabels).toEqual({ app: 'web', [LABEL_POD_TEMPLATE_HASH]: hash });
    expect(made.spec?.template?.metadata?.labels).toEqual({ app: 'web', [LABEL_POD_TEMPLATE_HASH]: hash });
  });

  test('knows its revision, its owner and what was wanted', () => {
    expect(made.metadata.annotations).toEqual({
      team: 'a',
      [REVISION]: '8',
      'deployment.kubernetes.io/desired-replicas': '4',
      'deployment.kubernetes.io/max-replicas': '5',
    });
    expect(made.metadata.ownerReferences).toMatchObject([
      { kind: 'Deployment', controller: true, blockOwnerDeletion: true },
    ]);
  });

  test('starts with what there is room for', () => {
    expect(made.spec?.replicas).toBe(4);
    expect(newReplicaSet(owner, [replicaSet({ spec: { replicas: 4 } })], 8n).spec?.replicas).toBe(1);
  });

  test('is found again by its template, whatever its hash', () => {
    expect(
      divide(owner, [replicaSet({ metadata: { name: 'x' }, spec: { template: { spec: { hostname: 'x' } } } }), made]),
    ).toMatchObject({
      current: { metadata: { name: made.metadata.name } },
      old: [{ metadata: { name: 'x' } }],
    });
  });

  test('needs no refreshing at once, but does when the Deployment changes', () => {
    expect(refreshedCurrent(owner, made, 8n)).toBeUndefined();
    const changed = { ...owner, metadata: { ...owner.metadata, annotations: { team: 'b' } } };
    expect(refreshedCurrent(changed, made, 8n)?.metadata.annotations?.team).toBe('b');
  });
});

describe('revisions', () => {
  test('go up from the highest old one, and a set that comes back remembers', () => {
    const old = [replicaSet({ metadata: { annotations: { [REVISION]: '3' } } }), replicaSet()];
    expect(nextRevision(old)).toBe(4n);
    const back = currentAnnotations(deployment(), { [REVISION]: '1' }, 4n);
    expect(back).toEqual({ [REVISION]: '4', [HISTORY]: '1' });
    expect(currentAnnotations(deployment(), back, 6n)[HISTORY]).toBe('1,4');
    expect(currentAnnotations(deployment(), back, 3n)).toEqual(back);
  });

  test('beyond what a double holds lose no digits', () => {
    const old = [replicaSet({ metadata: { annotations: { [REVISION]: '3546343826724305832' } } })];
    expect(nextRevision(old)).toBe(3546343826724305833n);
    const next = currentAnnotations(deployment(), {}, nextRevision(old));
    expect(next).toEqual({ [REVISION]: '3546343826724305833' });
  });
});

describe('planHistory', () => {
  const old = [5, 2, 9].map((revision) =>
    replicaSet({
      metadata: { name: `r${revision}`, annotations: { [REVISION]: String(revision) } },
      spec: { replicas: 0 },
      status: { replicas: 0, observedGeneration: 1 },
    }),
  );
  const names = (limit: number) =>
    planHistory(deployment({ spec: { revisionHistoryLimit: limit } }), old).map((set) => set.metadata.name);

  test('the oldest revisions beyond the limit go', () => {
    expect([names(3), names(1), names(0)]).toEqual([[], ['r2', 'r5'], ['r2', 'r5', 'r9']]);
  });

  test('a set that still has Pods stays', () => {
    const busy = { ...old[1], status: { replicas: 1, observedGeneration: 1 } } as (typeof old)[number];
    expect(planHistory(deployment({ spec: { revisionHistoryLimit: 0 } }), [busy])).toEqual([]);
  });
});
