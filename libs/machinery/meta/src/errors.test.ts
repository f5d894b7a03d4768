import { expect, test } from 'vitest';
import * as errors from './index.js';

const pods = { group: '', resource: 'pods' };
const deployments = { group: 'apps', resource: 'deployments' };

test.each([
  [errors.newNotFound(pods, 'a'), 404, 'NotFound', 'pods "a" not found'],
  [errors.newNotFound(deployments, 'a'), 404, 'NotFound', 'deployments.apps "a" not found'],
  [errors.newAlreadyExists(pods, 'a"b'), 409, 'AlreadyExists', 'pods "a\\"b" already exists'],
  [errors.newForbidden(pods, '', 'no'), 403, 'Forbidden', 'pods is forbidden: no'],
  [errors.newForbidden(pods, 'a', 'no'), 403, 'Forbidden', 'pods "a" is forbidden: no'],
  [errors.newForbidden({ group: '', resource: '' }, '', 'no'), 403, 'Forbidden', 'forbidden: no'],
  [
    errors.newMethodNotSupported(pods, 'update'),
    405,
    'MethodNotAllowed',
    'update is not supported on resources of kind "pods"',
  ],
  [errors.newTimeout('late'), 504, 'Timeout', 'Timeout: late'],
  [errors.newTooOldResourceVersion(5, 9), 410, 'Expired', 'too old resource version: 5 (9)'],
])('%s', (error, code, reason, message) => {
  expect(error.toStatus()).toMatchObject({ code, reason, message, status: 'Failure', kind: 'Status' });
});

test('a conflict tells the client to read again', () => {
  expect(errors.newConflict(deployments, 'web').message).toBe(
    'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
  );
});

test('an invalid object lists each field as a cause', () => {
  const error = errors.newInvalid({ group: '', kind: 'Pod' }, 'web', [
    { type: 'FieldValueRequired', field: 'spec.containers', message: 'Required value' },
  ]);
  expect(error.toStatus()).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Pod "web" is invalid: spec.containers: Required value',
    reason: 'Invalid',
    details: {
      name: 'web',
      kind: 'Pod',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' }],
    },
    code: 422,
  });
});

test('several field errors stand in brackets and the same text stands once', () => {
  const one = { type: 'FieldValueRequired', field: 'a', message: 'Required value' };
  const two = { type: 'FieldValueForbidden', field: 'b', message: 'Forbidden: no' };
  const error = errors.newInvalid({ group: 'apps', kind: 'Deployment' }, 'web', [one, one, two]);
  expect(error.message).toBe('Deployment.apps "web" is invalid: [a: Required value, b: Forbidden: no]');
  expect(error.details?.causes).toHaveLength(3);
});

test('a cause is found by its reason', () => {
  const error = errors.newTooManyRequests('wait', 3, [{ reason: 'DisruptionBudget', message: 'budget' }]);
  expect(errors.statusCause(error, 'DisruptionBudget')?.message).toBe('budget');
  expect(error.details?.retryAfterSeconds).toBe(3);
});
