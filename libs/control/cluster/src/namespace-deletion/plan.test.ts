import { CREATED_AT, namespace, pod } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { deletionConditions, type ContentReport } from './plan.js';

const NOW = Date.parse(CREATED_AT);
const conditions = (report: Partial<ContentReport>) =>
  Object.fromEntries(
    deletionConditions(namespace(), { remaining: [], deletionErrors: [], ...report }, NOW).map(
      ({ type, status, reason, message }) => [type, `${status} ${reason}: ${message}`],
    ),
  );

test('an empty namespace has nothing against going', () => {
  const all = conditions({});
  expect(Object.values(all).every((text) => text.startsWith('False'))).toBe(true);
  expect(all.NamespaceContentRemaining).toBe('False ContentRemoved: All content successfully removed');
});

test('what remains is counted, and so are the finalizers that hold it', () => {
  const held = pod({ metadata: { finalizers: ['example.com/hold'] } });
  const all = conditions({ remaining: [{ resource: 'pods.', objects: [held, pod()] }] });
  expect(all.NamespaceContentRemaining).toBe(
    'True SomeResourcesRemain: Some resources are remaining: pods. has 2 resource instances',
  );
  expect(all.NamespaceFinalizersRemaining).toBe(
    'True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  );
});

test('what went wrong is said', () => {
  expect(conditions({ discoveryError: 'x' }).NamespaceDeletionDiscoveryFailure).toMatch(/^True DiscoveryFailed: .*x$/);
  expect(conditions({ deletionErrors: ['y'] }).NamespaceDeletionContentFailure).toMatch(
    /^True ContentDeletionFailed: .*y$/,
  );
});
