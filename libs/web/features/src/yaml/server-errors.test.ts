import { StatusError } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { complaintsOf, marksOf } from './server-errors.js';

const yaml = 'kind: Deployment\nspec:\n  replicas: -1\n  foo: 1\n';

test('each cause is put at its line', () => {
  const error = new StatusError(422, 'Invalid', 'is invalid', {
    causes: [
      { field: 'spec.replicas', message: 'must be greater than or equal to 0' },
      { field: 'nowhere', message: 'x' },
    ],
  });
  expect(complaintsOf(error, yaml)).toEqual([
    { field: 'spec.replicas', message: 'must be greater than or equal to 0', line: 3 },
    { field: 'nowhere', message: 'x', line: undefined },
  ]);
  expect(marksOf(complaintsOf(error, yaml))).toHaveLength(1);
});

test('unknown fields are read from the sentence', () => {
  const error = new StatusError(400, 'BadRequest', 'strict decoding error: unknown field "spec.foo"');
  expect(complaintsOf(error, yaml)).toEqual([{ field: 'spec.foo', message: 'unknown field "spec.foo"', line: 4 }]);
});

test('anything else is shown as it is', () => {
  expect(complaintsOf(new Error('away'), yaml)).toEqual([{ field: '', message: 'away', line: undefined }]);
});
