import type { Program } from '@binnacle/machinery-cel';
import { type FieldError, fieldPath } from '@binnacle/machinery-validation';
import type { AuthorizationAttributes } from '@binnacle/server-auth';
import { expect, test } from 'vitest';
import { compileConditions, matchedBy } from './match-conditions.js';
import { reviewSpecOf } from './subject-access-review.js';

const attributes: AuthorizationAttributes = {
  user: { name: 'jane', groups: ['dev'], extra: { 'acme.com/x': ['y'] } },
  cluster: 'lab',
  verb: 'list',
  resource: {
    ...{ group: 'apps', version: 'v1', resource: 'deployments', subresource: '', namespace: 'a', name: '' },
    fieldSelector: 'metadata.name=x,status.phase!=y',
    labelSelector: 'app in (b,c),!d',
  },
};
const path: AuthorizationAttributes = {
  user: { name: 'x', groups: [] },
  cluster: 'main',
  verb: 'get',
  path: '/metrics',
};

function conditions(...expressions: string[]): Program[] {
  const errors: FieldError[] = [];
  const compiled = compileConditions(
    errors,
    expressions.map((expression) => ({ expression })),
    fieldPath('c'),
  );
  expect(errors).toEqual([]);
  return compiled;
}

test.each([
  ["request.user == 'jane' && 'dev' in request.groups && request.uid == ''", true],
  ["request.extra['acme.com/x'] == ['y']", true],
  ["request.extra['authorization.binnacle.dev/cluster'] == ['lab']", true],
  ['has(request.resourceAttributes) && !has(request.nonResourceAttributes)', true],
  ["request.resourceAttributes.namespace == 'a' && request.resourceAttributes.subresource == ''", true],
  [
    "request.resourceAttributes.fieldSelector.requirements.exists(r, r.key == 'metadata.name' && r.values == ['x'])",
    true,
  ],
  ["request.resourceAttributes.labelSelector.requirements.all(r, r.operator in ['In', 'DoesNotExist'])", true],
  ['has(request.resourceAttributes.fieldSelector.rawSelector)', false],
  ["request.resourceAttributes.verb == 'delete'", false],
])('%s', (expression, expected) => {
  expect(matchedBy(conditions(expression), reviewSpecOf(attributes))).toEqual({ matches: expected });
});

test('of a path nothing of resources is there', () => {
  const spec = reviewSpecOf(path);
  expect(matchedBy(conditions('!has(request.resourceAttributes)'), spec)).toEqual({ matches: true });
  expect(matchedBy(conditions("request.nonResourceAttributes.path == '/metrics'"), spec)).toEqual({ matches: true });
  expect(matchedBy(conditions("request.resourceAttributes.name == ''"), spec)).toMatchObject({
    fault: expect.stringContaining("cel evaluation error: expression 'request.resourceAttributes.name == ''' resulted"),
  });
});

test('one that does not hold counts for more than one that cannot be told', () => {
  const broken = "request.extra['none'] == []";
  const spec = reviewSpecOf(attributes);
  expect(matchedBy(conditions(broken, 'false'), spec)).toEqual({ matches: false });
  expect(matchedBy(conditions('true', broken), spec)).toMatchObject({ fault: expect.any(String) as string });
  expect(matchedBy([], spec)).toEqual({ matches: true });
});

test('a question says what is asked, and nobody says its cluster of themselves', () => {
  const forged = { ...attributes.user, uid: 'u', extra: { 'authorization.binnacle.dev/cluster': ['main'] } };
  expect(reviewSpecOf({ ...attributes, user: forged })).toEqual({
    resourceAttributes: {
      ...{ namespace: 'a', verb: 'list', group: 'apps', version: 'v1', resource: 'deployments' },
      fieldSelector: {
        requirements: [
          { key: 'metadata.name', operator: 'In', values: ['x'] },
          { key: 'status.phase', operator: 'NotIn', values: ['y'] },
        ],
      },
      labelSelector: {
        requirements: [
          { key: 'app', operator: 'In', values: ['b', 'c'] },
          { key: 'd', operator: 'DoesNotExist' },
        ],
      },
    },
    user: 'jane',
    groups: ['dev'],
    extra: { 'authorization.binnacle.dev/cluster': ['lab'] },
    uid: 'u',
  });
  expect(reviewSpecOf(path)).toEqual({
    nonResourceAttributes: { path: '/metrics', verb: 'get' },
    user: 'x',
    extra: { 'authorization.binnacle.dev/cluster': ['main'] },
  });
});

test.each(['a=b=c', ','])('a selector %s that cannot be read asks for more, not less', (fieldSelector) => {
  const resource = { ...attributes.resource, fieldSelector } as NonNullable<AuthorizationAttributes['resource']>;
  expect(reviewSpecOf({ ...attributes, resource }).resourceAttributes).not.toHaveProperty('fieldSelector');
});
