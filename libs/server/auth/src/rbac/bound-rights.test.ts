import { ruleOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import type { Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BindingIndex } from './bound-rights.js';
import type { HeldBinding, StoredRights } from './stored-rights.js';

const NAMES = ['ann', 'bob', 'cyd'];
const RULES = [ruleOf('get core pods')];
const rightsOf = (bindings: readonly HeldBinding[]) => ({ bindings, rulesOf: () => RULES }) as unknown as StoredRights;

function binding(name: string, namespace: string, subjects: readonly Subject[]): HeldBinding {
  const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  return { kind, name, namespace, roleKind: 'ClusterRole', roleName: 'r', subjects };
}

/** What each of some people has. */
const answers = (index: BindingIndex) =>
  NAMES.map((name) => {
    const { wide, byNamespace } = index.rightsOf({ name, groups: ['ann', 'cyd'] });
    return [wide, [...byNamespace].map(([namespace, grants]) => [namespace, grants()])];
  });

test('what followed all changes knows the same as what was made of how things are', () => {
  const subject = fc.record({
    kind: fc.constantFrom('User', 'Group', 'ServiceAccount'),
    name: fc.constantFrom(...NAMES),
  });
  const made = fc
    .tuple(fc.constantFrom('', 'shop', 'lab'), fc.array(subject, { maxLength: 4 }))
    .map(([namespace, subjects]) => binding('b', namespace, subjects));
  const pool = fc.array(made, { minLength: 1, maxLength: 6 });
  const states = pool.chain((all) => fc.array(fc.subarray(all), { minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(states, (each) => {
      const index = new BindingIndex(rightsOf([]));
      for (const bindings of each) {
        index.update(rightsOf(bindings));
        expect(answers(index)).toEqual(answers(new BindingIndex(rightsOf(bindings))));
      }
    }),
  );
});

test('a change looks at no subjects but those of what has changed', () => {
  let looks = 0;
  const counted = (name: string): HeldBinding => {
    const one = binding(name, 'shop', []);
    const get = () => {
      looks += 1;
      return [{ kind: 'User', name: 'ann' }];
    };
    return Object.defineProperty(one, 'subjects', { get });
  };
  const many = Array.from({ length: 100 }, (_, at) => counted(`b${at}`));
  const index = new BindingIndex(rightsOf(many));
  looks = 0;
  index.update(rightsOf([...many.slice(1), counted('new')]));
  expect(looks).toBe(2);
  expect(index.rightsOf({ name: 'ann', groups: [] }).byNamespace.get('shop')?.().grants).toHaveLength(100);
});

test('what a binding gives is made once for all whom it gives it to, and anew with its role', () => {
  const stored = rightsOf([binding('b', 'shop', [{ kind: 'Group', name: 'all' }])]);
  const index = new BindingIndex(stored);
  const grantsOf = (name: string) => index.rightsOf({ name, groups: ['all'] }).byNamespace.get('shop')?.().grants[0];
  expect(grantsOf('ann')).toBeDefined();
  expect(grantsOf('bob')).toBe(grantsOf('ann'));
  const other = [ruleOf('delete core pods')];
  index.update({ ...stored, rulesOf: () => other } as unknown as StoredRights);
  expect(grantsOf('ann')?.rule).toBe(other[0]);
});
