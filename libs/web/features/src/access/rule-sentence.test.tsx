import { describe, expect, test } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { text } from '../testing/render.js';
import { RuleList } from './rule-list.js';
import { holderOf, isBoundTo } from './subjects.js';

const rule = (verbs: string[], apiGroups: string[], resources: string[], more: object = {}) => ({
  verbs,
  apiGroups,
  resources,
  ...more,
});

describe('a rule is told in a sentence', () => {
  test.each([
    [rule(['get', 'list', 'watch'], [''], ['pods', 'services']), 'May get, list, and watch pods and services.'],
    [rule(['get'], ['apps'], ['deployments/scale']), 'May get deployments.apps/scale.'],
    [rule(['get'], ['apps', 'batch'], ['jobs']), 'May get jobs.apps and jobs.batch.'],
    [rule(['*'], ['*'], ['*']), 'May do anything with everything.'],
    [rule(['*'], ['apps'], ['*']), 'May do anything with all kinds of apps.'],
    [rule(['get'], [''], ['*']), 'May get all kinds of core.'],
    [rule(['get'], [''], ['secrets'], { resourceNames: ['a', 'b'] }), 'May get secrets named a and b.'],
    [rule(['get'], [], [], { nonResourceURLs: ['/healthz', '/livez'] }), 'May get the paths /healthz and /livez.'],
  ])('%j', (given, sentence) => {
    expect(text(<RuleList rules={[given]} />)).toBe(`– ${sentence}`);
  });

  test.each(LOCALES)('and many are counted beyond some (%s)', (locale) => {
    const rules = Array.from({ length: 5 }, (_, index) => rule(['get'], [''], [`kind${index}`]));
    const said = text(<RuleList rules={rules} most={2} />, { locale });
    expect(said).toContain('kind1');
    expect(said).not.toContain('kind2');
    expect(said).toMatch(/3/);
  });
});

test('a service account is of the binding’s namespace where it names none', () => {
  const account = { kind: 'ServiceAccount', name: 'robot' };
  expect(holderOf(account, 'shop')).toEqual({ ...account, namespace: 'shop' });
  expect(holderOf({ kind: 'User', name: 'jane' }, 'shop')).toEqual({ kind: 'User', name: 'jane' });
});

test('a binding is of whom it names, by kind and name', () => {
  const binding = {
    metadata: { name: 'a' },
    roleRef: { apiGroup: '', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'Group', name: 'team:crew' }],
  } as never;
  expect(isBoundTo(binding, [{ kind: 'Group', name: 'team:crew' }])).toBe(true);
  expect(isBoundTo(binding, [{ kind: 'User', name: 'team:crew' }])).toBe(false);
});
