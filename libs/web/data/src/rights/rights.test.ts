import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rightKey, rightOn, rightSubject } from './right.js';
import { type ResourceRule, rulesAllow } from './rules.js';

const PODS = { group: '', resource: 'pods', namespaced: true };
const NODES = { group: '', resource: 'nodes', namespaced: false };
const rule = (verbs: string[], apiGroups: string[], resources: string[], resourceNames?: string[]): ResourceRule => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames && { resourceNames }),
});

describe('a right', () => {
  test('is of a namespace only where its kind has one', () => {
    expect(rightOn('get', PODS, { namespace: 'shop', name: 'a' })).toEqual({
      verb: 'get',
      group: '',
      resource: 'pods',
      namespace: 'shop',
      name: 'a',
    });
    expect(rightOn('get', NODES, { namespace: 'shop' })).not.toHaveProperty('namespace');
    expect(rightOn('list', PODS, { namespace: '' })).not.toHaveProperty('namespace');
  });

  test('is called as kubectl calls it, and is told from every other', () => {
    const scale = { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale' };
    expect(rightSubject(scale)).toBe('deployments.apps/scale');
    expect(rightSubject(rightOn('get', PODS))).toBe('pods');
    expect(rightKey(scale)).not.toBe(rightKey({ ...scale, subresource: '' }));
    expect(rightKey(rightOn('get', PODS))).toBe(rightKey(rightOn('get', PODS, { namespace: '' })));
  });
});

describe('rules', () => {
  test.each<[ResourceRule, Parameters<typeof rightOn>, boolean]>([
    [rule(['get'], [''], ['pods']), ['get', PODS], true],
    [rule(['get'], [''], ['pods']), ['list', PODS], false],
    [rule(['get'], ['apps'], ['pods']), ['get', PODS], false],
    [rule(['*'], ['*'], ['*']), ['delete', PODS, { subresource: 'exec' }], true],
    [rule(['create'], [''], ['pods']), ['create', PODS, { subresource: 'exec' }], false],
    [rule(['create'], [''], ['pods/exec']), ['create', PODS, { subresource: 'exec' }], true],
    [rule(['create'], [''], ['*/exec']), ['create', PODS, { subresource: 'exec' }], true],
    [rule(['create'], [''], ['*/exec']), ['create', PODS], false],
    [rule(['get'], [''], ['pods'], ['a']), ['get', PODS, { name: 'a' }], true],
    [rule(['get'], [''], ['pods'], ['a']), ['get', PODS, { name: 'b' }], false],
    [rule(['get'], [''], ['pods'], ['a']), ['get', PODS], false],
    [rule(['get'], [''], ['pods'], []), ['get', PODS], true],
  ])('%j: %j %s', (given, asked, allowed) => {
    expect(rulesAllow([given], rightOn(...asked))).toBe(allowed);
  });

  test('give together what one of them gives', () => {
    const some = fc.constantFrom(
      rule(['get'], [''], ['pods']),
      rule(['*'], ['*'], ['*'], ['a']),
      rule(['create'], [''], ['pods/exec']),
    );
    const right = fc.constantFrom(
      rightOn('get', PODS),
      rightOn('get', PODS, { name: 'a' }),
      rightOn('create', PODS, { subresource: 'exec' }),
    );
    fc.assert(
      fc.property(fc.array(some), right, (rules, asked) => {
        expect(rulesAllow(rules, asked)).toBe(rules.some((each) => rulesAllow([each], asked)));
      }),
    );
  });
});
