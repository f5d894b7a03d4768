import { expect, test } from 'vitest';
import { type AccessReview, checkAccessReview } from './review-validation.js';

const SUBJECT = 'SubjectAccessReview';
const LOCAL = 'LocalSubjectAccessReview';
const resource = { verb: 'list', resource: 'pods', namespace: 'n' };

/** What is wrong with it, without what all refusals begin with. */
function complaint(kind: string, review: Partial<AccessReview>, namespace = ''): string {
  try {
    checkAccessReview(kind, { metadata: {}, ...review }, namespace);
    return '';
  } catch (error) {
    return (error as Error).message.replace('.authorization.k8s.io "" is invalid: ', '');
  }
}

const withSelectors = (selectors: object) => ({
  spec: { user: 'u', resourceAttributes: { ...resource, ...selectors } },
});

test('what and who come in upstream’s order', () => {
  const what =
    'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes';
  const who = 'spec.user: Invalid value: "": at least one of user or group must be specified';
  expect(complaint(SUBJECT, {})).toBe(`[${what} must be specified, ${who}]`);
  expect(complaint('SelfSubjectAccessReview', {})).toBe(`${what} must be specified`);
  expect(complaint(SUBJECT, withSelectors({}))).toBe('');
});

test('a path is shown as Go shows it', () => {
  const spec = { user: 'u', nonResourceAttributes: { path: '/x' } };
  const shown = 'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":""}';
  expect(complaint(LOCAL, { spec }, 'n')).toBe(`${shown}: disallowed on this kind of request`);
  const both = { ...spec, resourceAttributes: resource };
  expect(complaint(SUBJECT, { spec: both })).toBe(
    `${shown}: cannot be specified in combination with resourceAttributes`,
  );
});

const VALUES = {
  missing: "values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  spare: "values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
};

test.each([
  ['fieldSelector', { key: '', operator: 'In', values: ['b'] }, 'key: Required value: must be specified'],
  ['fieldSelector', { key: 'a', operator: 'NotIn' }, VALUES.missing],
  ['fieldSelector', { key: 'a', operator: 'Exists', values: ['b'] }, VALUES.spare],
  ['labelSelector', { key: 'a', operator: 'In' }, VALUES.missing],
  ['labelSelector', { key: 'a', operator: 'DoesNotExist', values: ['b'] }, VALUES.spare],
])('%s: %j says too little or too much', (name, requirement, why) => {
  const found = complaint(SUBJECT, withSelectors({ [name]: { requirements: [requirement] } }));
  expect(found).toBe(`spec.resourceAttributes.${name}.requirements[0].${why}`);
});

test('keys and values of labels are judged, and an operator that is not known is not', () => {
  const bad = { key: 'a b', operator: 'In', values: ['c d'] };
  const found = complaint(SUBJECT, withSelectors({ labelSelector: { requirements: [bad] } }));
  expect(found).toContain('labelSelector.requirements[0].key: Invalid value: "a b"');
  expect(found).toContain('labelSelector.requirements[0].values[0]: Invalid value: "c d"');
  const newer = { requirements: [{ key: 'a', operator: 'Gt', values: ['1'] }] };
  expect(complaint(SUBJECT, withSelectors({ labelSelector: newer, fieldSelector: newer }))).toBe('');
});

test('a selector is text or requirements, and one of them', () => {
  const both = { rawSelector: 'a=b', requirements: [{ key: 'a', operator: 'In', values: ['b'] }] };
  expect(complaint(SUBJECT, withSelectors({ labelSelector: both }))).toContain('may not specified at the same time');
  expect(complaint(SUBJECT, withSelectors({ fieldSelector: {} }))).toContain('requirements or rawSelector is required');
  expect(complaint(SUBJECT, withSelectors({ fieldSelector: { rawSelector: 'a=b' } }))).toBe('');
});

test('a review has no name', () => {
  const review = { ...withSelectors({}), metadata: { name: 'x', managedFields: [] } };
  expect(complaint(SUBJECT, review)).toBe('metadata: Invalid value: {"name":"x"}: must be empty');
  expect(complaint(LOCAL, review, 'n')).toBe(
    'metadata: Invalid value: {"name":"x","namespace":"n"}: must be empty except for namespace',
  );
});

test('a review of the whole cluster is told no namespace', () => {
  const metadata = { namespace: 'n' };
  expect(complaint(SUBJECT, { ...withSelectors({}), metadata })).toBe('');
  expect(metadata).toEqual({});
});

test('a local review is of its namespace', () => {
  const metadata = {};
  expect(complaint(LOCAL, { ...withSelectors({}), metadata }, 'n')).toBe('');
  expect(metadata).toEqual({ namespace: 'n' });
  expect(complaint(LOCAL, withSelectors({ namespace: 'other' }), 'n')).toBe(
    'spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
  );
  expect(complaint(LOCAL, { ...withSelectors({}), metadata: { namespace: 'other' } }, 'n')).toBe(
    'the namespace of the provided object does not match the namespace sent on the request',
  );
});
