import { applyStrategicMergePatch } from '@binnacle/machinery-patch';
import { describe, expect, test } from 'vitest';
import { builtinSchemas, schemaNames } from './builtin-schemas.js';
import { conform, schemaIn, strategicSchema, strictDecodingError, strictProblems } from '@binnacle/apis-schema';

const POD = 'io.k8s.api.core.v1.Pod';
const DEPLOYMENT = 'io.k8s.api.apps.v1.Deployment';

describe('the tables', () => {
  test('every definition can be read and every reference leads somewhere', () => {
    const names = schemaNames();
    expect(names.length).toBeGreaterThan(700);
    const missing = names.flatMap((name) =>
      [...schemaIn(builtinSchemas, name).fields.values()].flatMap(({ type }) => {
        let inner = type;
        while (inner.kind === 'list' || inner.kind === 'map') inner = inner.of;
        return inner.kind === 'object' && !builtinSchemas.find(inner.name) ? [inner.name] : [];
      }),
    );
    expect(missing).toEqual([]);
  });

  test('a field says all that is known of it', () => {
    expect(schemaIn(builtinSchemas, 'io.k8s.api.core.v1.PodSpec').fields.get('containers')).toEqual({
      name: 'containers',
      written: 'null',
      type: { kind: 'list', of: { kind: 'object', name: 'io.k8s.api.core.v1.Container' }, wrapped: false },
      required: true,
      omitsEmpty: false,
      listType: 'map',
      listMapKeys: ['name'],
      patchMergeKey: 'name',
      patchStrategies: ['merge'],
      wire: [2],
    });
    expect(schemaIn(builtinSchemas, DEPLOYMENT).gvk).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
    expect(builtinSchemas.find('io.k8s.api.core.v1.None')).toBeUndefined();
  });
});

describe('an object is conformed', () => {
  test('to canonical values, without nulls and empty values', () => {
    const { object, unknownFields } = conform(builtinSchemas, POD, {
      metadata: { name: 'a', creationTimestamp: null, labels: {}, deletionTimestamp: '2024-01-01T01:00:00.5+01:00' },
      spec: {
        nodeName: '',
        hostNetwork: false,
        priority: 0,
        containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: 1, memory: '1024Mi' } }, env: [] }],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    });
    expect(object).toEqual({
      metadata: { name: 'a', deletionTimestamp: '2024-01-01T00:00:00Z' },
      spec: {
        priority: 0,
        containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: '1', memory: '1Gi' } } }],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    });
    expect(unknownFields).toEqual([]);
  });

  test('and what is unknown is dropped and told', () => {
    const { object, unknownFields } = conform(builtinSchemas, POD, {
      foo: 1,
      spec: { containers: [{ name: 'c', imag: 'x' }] },
    });
    expect(object).toEqual({ spec: { containers: [{ name: 'c' }] } });
    expect(unknownFields).toEqual(['foo', 'spec.containers[0].imag']);
    const problems = strictProblems(unknownFields, ['spec.nodeName']);
    expect(strictDecodingError({ version: 'v1', kind: 'Pod' }, problems).message).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: duplicate field "spec.nodeName", unknown field "foo", unknown field "spec.containers[0].imag"',
    );
  });

  test('a map keeps any key', () => {
    const data = JSON.parse('{"data":{"__proto__":"x","a":null}}');
    expect(JSON.stringify(conform(builtinSchemas, 'io.k8s.api.core.v1.ConfigMap', data).object)).toBe(
      '{"data":{"__proto__":"x","a":""}}',
    );
  });

  test('micro times keep six digits', () => {
    const { object } = conform(builtinSchemas, 'io.k8s.api.coordination.v1.LeaseSpec', {
      renewTime: '2024-01-01T00:00:00.12Z',
    });
    expect(object).toEqual({ renewTime: '2024-01-01T00:00:00.120000Z' });
  });
});

test.each([
  [
    DEPLOYMENT,
    { spec: { replicas: 'x' } },
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    DEPLOYMENT,
    { spec: { replicas: 1.5 } },
    'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    POD,
    { metadata: { labels: { a: 1 } } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  [
    POD,
    { spec: { containers: {} } },
    'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    POD,
    { spec: { containers: ['x'] } },
    'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
  ],
  [
    POD,
    { spec: { containers: [{ env: [{ value: true }] }] } },
    'json: cannot unmarshal bool into Go struct field EnvVar.spec.containers.env.value of type string',
  ],
  [POD, [], 'json: cannot unmarshal array into Go value of type v1.Pod'],
  [POD, { spec: { overhead: { cpu: 'x' } } }, 'quantities must match the regular expression'],
  [
    POD,
    { metadata: { creationTimestamp: 'today' } },
    'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
  ],
  ['io.k8s.api.core.v1.Secret', { data: { a: 'x$' } }, 'illegal base64 data at input byte 1'],
  ['io.k8s.api.core.v1.ServicePort', { targetPort: true }, 'json: cannot unmarshal bool into Go value of type int32'],
])('%s of %j: %s', (name, value, message) => expect(() => conform(builtinSchemas, name, value)).toThrow(message));

test('a strategic merge patch finds its merge keys in the tables', () => {
  const deployment = {
    spec: {
      template: { spec: { containers: [{ name: 'a', image: '1', env: [{ name: 'x', value: '1' }] }, { name: 'b' }] } },
    },
  };
  const patch = {
    spec: { template: { spec: { containers: [{ name: 'a', image: '2', env: [{ name: 'y', value: '2' }] }] } } },
  };
  expect(applyStrategicMergePatch(deployment, patch, strategicSchema(builtinSchemas, DEPLOYMENT))).toEqual({
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'a',
              image: '2',
              env: [
                { name: 'y', value: '2' },
                { name: 'x', value: '1' },
              ],
            },
            { name: 'b' },
          ],
        },
      },
    },
  });
});
