import { expect, test } from 'vitest';
import { type Asked, AuditRules } from './policy.js';
import { readAuditPolicy } from './read-policy.js';

const HEAD = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy' };

function rules(...of: object[]): AuditRules {
  const read = readAuditPolicy({ ...HEAD, rules: of });
  if (read.errors) throw new Error(JSON.stringify(read.errors));
  return new AuditRules(read.policy);
}

const pods = { group: '', version: 'v1', resource: 'pods', subresource: '', namespace: 'n', name: 'p' };
const asked = (more: Partial<Asked> = {}): Asked => ({
  user: { name: 'ada', groups: ['g', 'h'] },
  verb: 'get',
  path: '/api/v1/namespaces/n/pods/p',
  resource: pods,
  ...more,
});
const path = (text: string): Asked => ({ user: asked().user, verb: 'get', path: text });
const Metadata = { level: 'Metadata' };

test.each<[string, object, Asked, boolean]>([
  ['nothing more', {}, asked(), true],
  ['users', { users: ['bob', 'ada'] }, asked(), true],
  ['other users', { users: ['bob'] }, asked(), false],
  ['groups', { userGroups: ['x', 'h'] }, asked(), true],
  ['other groups', { userGroups: ['x'] }, asked(), false],
  ['verbs', { verbs: ['get'] }, asked(), true],
  ['other verbs', { verbs: ['list'] }, asked(), false],
  ['namespaces', { namespaces: ['n'] }, asked(), true],
  ['other namespaces', { namespaces: ['m'] }, asked(), false],
  ['no namespace', { namespaces: [''] }, asked({ resource: { ...pods, namespace: '' } }), true],
  ['a group', { resources: [{ group: '' }] }, asked(), true],
  ['another group', { resources: [{ group: 'apps' }] }, asked(), false],
  ['a resource', { resources: [{ group: '', resources: ['pods'] }] }, asked(), true],
  [
    'a resource, not its subresources',
    { resources: [{ group: '', resources: ['pods'] }] },
    asked({ resource: { ...pods, subresource: 'log' } }),
    false,
  ],
  [
    'a subresource',
    { resources: [{ group: '', resources: ['pods/log'] }] },
    asked({ resource: { ...pods, subresource: 'log' } }),
    true,
  ],
  [
    'all subresources',
    { resources: [{ group: '', resources: ['pods/*'] }] },
    asked({ resource: { ...pods, subresource: 'log' } }),
    true,
  ],
  [
    'that subresource of all',
    { resources: [{ group: '', resources: ['*/log'] }] },
    asked({ resource: { ...pods, subresource: 'log' } }),
    true,
  ],
  [
    'another subresource of all',
    { resources: [{ group: '', resources: ['*/scale'] }] },
    asked({ resource: { ...pods, subresource: 'log' } }),
    false,
  ],
  [
    'all of a group',
    { resources: [{ group: '', resources: ['*'] }] },
    asked({ resource: { ...pods, subresource: 'log' } }),
    true,
  ],
  ['a name', { resources: [{ group: '', resources: ['pods'], resourceNames: ['p'] }] }, asked(), true],
  ['another name', { resources: [{ group: '', resources: ['pods'], resourceNames: ['q'] }] }, asked(), false],
  ['resources, of a path', { resources: [{ group: '' }] }, path('/healthz'), false],
  ['a path', { nonResourceURLs: ['/healthz'] }, path('/healthz'), true],
  ['paths that begin so', { nonResourceURLs: ['/api*'] }, path('/apis'), true],
  ['all paths', { nonResourceURLs: ['*'] }, path('/x'), true],
  ['another path', { nonResourceURLs: ['/x'] }, path('/healthz'), false],
  ['paths, of a resource', { nonResourceURLs: ['*'] }, asked(), false],
])('a rule that says %s', (_what, rule, request, fits) => {
  expect(rules({ ...Metadata, ...rule }).of(request).level).toBe(fits ? 'Metadata' : 'None');
});

test('the first rule that fits counts, and what none fits is not noted', () => {
  const policy = rules({ level: 'None', users: ['ada'] }, { level: 'RequestResponse', verbs: ['get'] });
  expect(policy.of(asked()).level).toBe('None');
  expect(policy.of(asked({ user: { name: 'bob', groups: [] } })).level).toBe('RequestResponse');
  expect(policy.of(asked({ user: { name: 'bob', groups: [] }, verb: 'list' })).level).toBe('None');
});

test('stages are left out by the policy and by the rule, managed fields by the rule before the policy', () => {
  const read = readAuditPolicy({
    ...HEAD,
    omitStages: ['RequestReceived'],
    omitManagedFields: true,
    rules: [{ ...Metadata, omitStages: ['Panic'], omitManagedFields: false, verbs: ['get'] }, Metadata],
  });
  if (read.errors) throw new Error('refused');
  const policy = new AuditRules(read.policy);
  expect(policy.of(asked())).toMatchObject({
    omitManagedFields: false,
    omitStages: new Set(['RequestReceived', 'Panic']),
  });
  expect(policy.of(asked({ verb: 'list' }))).toMatchObject({ omitManagedFields: true });
});

test.each<[string, object, string]>([
  ['no kind', { kind: 'Pod' }, 'kind: Unsupported value: "Pod": supported values: "Policy"'],
  ['no rules', { rules: [] }, 'rules: Required value'],
  ['an unknown level', { rules: [{ level: 'All' }] }, 'rules[0].level: Unsupported value: "All"'],
  ['no level', { rules: [{}] }, 'rules[0].level: Required value'],
  ['an unknown stage', { rules: [Metadata], omitStages: ['x'] }, 'omitStages: Unsupported value: "x"'],
  [
    'an unknown stage of a rule',
    { rules: [{ ...Metadata, omitStages: ['x'] }] },
    'rules[0].omitStages[0]: Unsupported value',
  ],
  [
    'an unknown field',
    { rules: [{ ...Metadata, user: [] }] },
    'rules[0].user: Invalid value: []: is no field of this kind',
  ],
  [
    'paths and resources',
    { rules: [{ ...Metadata, nonResourceURLs: ['/x'], namespaces: ['n'] }] },
    'rules cannot apply to both regular resources and non-resource URLs',
  ],
  ['a path without its slash', { rules: [{ ...Metadata, nonResourceURLs: ['x'] }] }, 'must begin with a "/" character'],
  ['a star within a path', { rules: [{ ...Metadata, nonResourceURLs: ['/a*b'] }] }, 'must be the final character'],
  [
    'names without a resource',
    { rules: [{ ...Metadata, resources: [{ group: '', resourceNames: ['a'] }] }] },
    'requires at least one resource',
  ],
  [
    'a list that is none',
    { rules: [{ ...Metadata, verbs: 'get' }] },
    'rules[0].verbs: Invalid value: "get": must be a list',
  ],
])('a policy with %s is refused', (_what, more, text) => {
  const { errors = [] } = readAuditPolicy({ ...HEAD, rules: [Metadata], ...more });
  expect(errors.map(({ field, message }) => `${field}: ${message}`).join('; ')).toContain(text);
});

test.each([undefined, null, [], 'x', 3])('%j is no policy', (value) => {
  expect(readAuditPolicy(value).errors).toBeDefined();
});
