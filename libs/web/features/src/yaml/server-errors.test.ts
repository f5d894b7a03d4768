import { StatusError } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
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

describe('a wrong type is marked where it stands, though the server names no index', () => {
  const text = [
    'spec:',
    '  replicas: many',
    '  template:',
    '    spec:',
    '      containers:',
    '      - name: a',
    '        env:',
    '        - name: X',
    '          value: text',
    '        - name: Y',
    '          value: yes',
    '        resources:',
    '          limits: {cpu: 1, memory: lots}',
    '  when: soon',
    'metadata:',
    '  labels:',
    '    a: b',
    '    n: 1.5',
  ].join('\n');
  const unmarshal = (what: string, place: string) =>
    `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal ${what} into Go struct field ${place} of type x`;
  test.each([
    [unmarshal('string', 'DeploymentSpec.spec.replicas'), 'spec.replicas', 2],
    [
      unmarshal('bool', 'EnvVar.spec.template.spec.containers.env.value'),
      'spec.template.spec.containers[0].env[1].value',
      11,
    ],
    [unmarshal('number 1.5', 'ObjectMeta.metadata.labels'), 'metadata.labels.n', 18],
    [unmarshal('array', 'PodSpec.spec.template.spec.containers'), 'spec.template.spec.containers', 5],
    [
      "quantities must match the regular expression '^([+-]?[0-9.]+)$'",
      'spec.template.spec.containers[0].resources.limits.memory',
      13,
    ],
    ['parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse', 'spec.when', 14],
    [unmarshal('object', 'DeploymentSpec.spec.replicas'), '', undefined],
  ])('%s', (message, field, line) => {
    expect(complaintsOf(new StatusError(400, 'BadRequest', message), text)).toEqual([{ field, message, line }]);
  });
});

test('a text that is no YAML any more has no lines', () => {
  const error = new StatusError(422, 'Invalid', '', { causes: [{ field: 'spec', message: 'x' }] });
  expect(complaintsOf(error, 'a: [')).toEqual([{ field: 'spec', message: 'x', line: undefined }]);
});
