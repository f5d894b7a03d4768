import { expect, test } from 'vitest';
import { builtinSchemas, schemaNames } from './builtin-schemas.js';

const writtenIn = (name: string) =>
  Object.fromEntries(
    [...(builtinSchemas.find(name)?.fields.values() ?? [])].flatMap(({ name: field, written }) =>
      written ? [[field, written]] : [],
    ),
  );

test.each([
  // `status` and `strategy` are structs, which Go writes whatever their tags say.
  ['io.k8s.api.apps.v1.Deployment', { metadata: 'empty', spec: 'empty', status: 'empty' }],
  ['io.k8s.api.apps.v1.DeploymentSpec', { selector: 'null', strategy: 'empty', template: 'empty' }],
  ['io.k8s.api.core.v1.PodSpec', { containers: 'null' }],
  ['io.k8s.api.core.v1.Container', { name: 'empty', resources: 'empty' }],
  ['io.k8s.api.apps.v1.ControllerRevision', { data: 'null', metadata: 'empty', revision: 'empty' }],
  [
    'io.k8s.api.discovery.v1.EndpointSlice',
    { addressType: 'empty', endpoints: 'null', metadata: 'empty', ports: 'null' },
  ],
  ['io.k8s.api.networking.v1.IPAddressSpec', {}],
  [
    'io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
    { lastTransitionTime: 'null', message: 'empty', reason: 'empty', status: 'empty', type: 'empty' },
  ],
])('%s is written with %j where it says nothing', (name, written) => {
  expect(writtenIn(name)).toEqual(written);
});

test('every kind has metadata, whatever it says', () => {
  const kinds = schemaNames().filter((name) => builtinSchemas.find(name)?.gvk && !name.endsWith('List'));
  const without = kinds.filter((name) => builtinSchemas.find(name)?.fields.get('metadata')?.written !== 'empty');
  expect(without.filter((name) => builtinSchemas.find(name)?.fields.has('metadata'))).toEqual([]);
});
