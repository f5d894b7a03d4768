import type {
  FlowSchema,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '@binnacle/apis-kubernetes/flowcontrol/v1';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowRequest, FlowUser } from '../types.js';
import { Classifier } from './classifier.js';
import { matchesFlowSchema } from './rules.js';

const ANY: Subject = { kind: 'User', user: { name: '*' } };
const EVERYTHING: ResourcePolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  namespaces: ['*'],
  clusterScope: true,
};
const schema = (rules: PolicyRulesWithSubjects[], name = 's', matchingPrecedence = 1): FlowSchema => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'FlowSchema',
  metadata: { name },
  spec: { priorityLevelConfiguration: { name: 'l' }, matchingPrecedence, rules },
});
const ann: FlowUser = { name: 'ann', groups: ['devs', 'system:authenticated'] };
const asking = (more: object = {}, user = ann): FlowRequest => ({
  user,
  cluster: 'main',
  verb: 'get',
  resource: { group: 'apps', resource: 'deployments', subresource: '', namespace: 'team', ...more },
});

describe('a subject', () => {
  const account = (namespace: string, name: string): Subject => ({
    kind: 'ServiceAccount',
    serviceAccount: { namespace, name },
  });
  const robot: FlowUser = { name: 'system:serviceaccount:team:robot', groups: [] };

  it.each<[string, Subject, FlowUser, boolean]>([
    ['a user by name', { kind: 'User', user: { name: 'ann' } }, ann, true],
    ['another user', { kind: 'User', user: { name: 'bob' } }, ann, false],
    ['a part of a name', { kind: 'User', user: { name: 'an*' } }, ann, false],
    ['every user', ANY, ann, true],
    ['a group', { kind: 'Group', group: { name: 'devs' } }, ann, true],
    ['another group', { kind: 'Group', group: { name: 'dev' } }, ann, false],
    ['every group, even of nobody', { kind: 'Group', group: { name: '*' } }, { name: 'x', groups: [] }, true],
    ['an account', account('team', 'robot'), robot, true],
    ['every account of a namespace', account('team', '*'), robot, true],
    ['an account of another namespace', account('tea', '*'), robot, false],
    ['another account', account('team', 'rob'), robot, false],
    ['a kind without its details', { kind: 'User' }, ann, false],
    ['details of another kind', { kind: 'Group', user: { name: '*' } }, ann, false],
    ['an unknown kind', { kind: 'Robot', user: { name: '*' } } as unknown as Subject, ann, false],
  ])('%s', (_, subject, user, matches) => {
    const one = schema([{ subjects: [subject], resourceRules: [EVERYTHING] }]);
    expect(matchesFlowSchema(asking({}, user), one)).toBe(matches);
  });
});

describe('a rule of resources', () => {
  it.each<[string, Partial<ResourcePolicyRule>, object, boolean]>([
    ['everything', {}, {}, true],
    ['its verb', { verbs: ['list', 'get'] }, {}, true],
    ['another verb', { verbs: ['list'] }, {}, false],
    ['its group', { apiGroups: ['apps'] }, {}, true],
    ['the legacy group', { apiGroups: [''] }, {}, false],
    ['its resource', { resources: ['deployments'] }, {}, true],
    ['a subresource is another resource', { resources: ['deployments'] }, { subresource: 'scale' }, false],
    ['named with its resource', { resources: ['deployments/scale'] }, { subresource: 'scale' }, true],
    ['a wildcard among others is no wildcard', { resources: ['*', 'pods'] }, {}, false],
    ['its namespace', { namespaces: ['team'] }, {}, true],
    ['another namespace', { namespaces: ['other'] }, {}, false],
    ['the whole cluster, where the rule says so', { namespaces: [] }, { namespace: '' }, true],
    ['the whole cluster, where the rule does not', { clusterScope: false }, { namespace: '' }, false],
    ['a namespace, where the rule names none', { namespaces: undefined }, {}, false],
  ])('%s', (_, rule, asked, matches) => {
    const one = schema([{ subjects: [ANY], resourceRules: [{ ...EVERYTHING, ...rule }] }]);
    expect(matchesFlowSchema(asking(asked), one)).toBe(matches);
  });

  it('says nothing of paths, and the other way round', () => {
    const resources = schema([{ subjects: [ANY], resourceRules: [EVERYTHING] }]);
    const paths = schema([{ subjects: [ANY], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] }]);
    const path: FlowRequest = { user: ann, cluster: 'main', verb: 'get', path: '/healthz' };
    expect([matchesFlowSchema(path, resources), matchesFlowSchema(path, paths)]).toEqual([false, true]);
    expect([matchesFlowSchema(asking(), resources), matchesFlowSchema(asking(), paths)]).toEqual([true, false]);
  });
});

describe('a rule of paths', () => {
  it.each<[string, string, boolean]>([
    ['/healthz', '/healthz', true],
    ['/healthz', '/healthz/ping', true],
    ['/healthz', '/healthzz', false],
    ['/healthz/', '/healthz/ping', true],
    ['/healthz/*', '/healthz/ping', true],
    ['/healthz/*', '/healthz', false],
    ['/', '/anything', true],
    ['*', '/anything', true],
    ['/a*', '/ab', false],
  ])('%s for %s: %s', (url, path, matches) => {
    const one = schema([{ subjects: [ANY], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: [url] }] }]);
    expect(matchesFlowSchema({ user: ann, cluster: 'main', verb: 'get', path }, one)).toBe(matches);
    expect(matchesFlowSchema({ user: ann, cluster: 'main', verb: 'put', path }, one)).toBe(false);
  });
});

describe('of several schemas', () => {
  const all = (name: string, precedence: number) =>
    schema([{ subjects: [ANY], resourceRules: [EVERYTHING] }], name, precedence);
  const catchAll = schema([], 'catch-all', 10_000);

  it('the lowest precedence comes first, then the name', () => {
    const order = (schemas: FlowSchema[]) =>
      new Classifier([...schemas, catchAll], ({ metadata }) => metadata.name).classify(asking());
    expect([order([all('b', 5), all('a', 5)]), order([all('a', 9), all('z', 5)]), order([])]).toEqual([
      'a',
      'z',
      'catch-all',
    ]);
  });

  it('one must be the catch-all', () => {
    expect(() => new Classifier([all('a', 1)], () => 1)).toThrow('there is no FlowSchema catch-all');
  });

  it('the answer is found once for each thing that somebody asks', () => {
    let made = 0;
    const classifier = new Classifier([all('a', 1), catchAll], () => (made += 1));
    const before = made;
    const first = classifier.classify(asking());
    expect([classifier.classify(asking()), classifier.classify({ ...asking(), cluster: 'main' })]).toEqual([
      first,
      first,
    ]);
    expect(classifier.classify({ ...asking(), cluster: 'other' })).not.toBe(first);
    expect(classifier.classify(asking({}, { ...ann }))).not.toBe(first);
    expect(made - before).toBe(3);
  });

  it('who asks ever new things is answered the same as ever', () => {
    const classifier = new Classifier(
      [all('a', 1), catchAll],
      ({ metadata }, { resource }) => `${metadata.name} ${resource?.namespace}`,
    );
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { minLength: 1, maxLength: 50 }), (namespaces) => {
        for (const namespace of namespaces)
          expect(classifier.classify(asking({ namespace: `n${namespace}` }))).toBe(`a n${namespace}`);
      }),
      { numRuns: 50 },
    );
  });
});
