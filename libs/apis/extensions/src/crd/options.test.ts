import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../schema/types.js';
import { applyDefaults, noteStoredVersion } from './defaults.js';
import { internalSpec } from './internal.js';
import { FOR_NEW, optionsForUpdate, type ValidationOptions } from './options.js';
import type { CustomResourceDefinition } from './types.js';

const version = (name: string, schema: JsonSchema | undefined, more: object = {}) => ({
  name,
  served: true,
  storage: name === 'v1',
  ...(schema && { schema: { openAPIV3Schema: schema } }),
  ...more,
});

const definition = (versions: object[], more: object = {}, status?: object): CustomResourceDefinition =>
  ({
    metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', scope: 'Cluster', names: { plural: 'widgets', kind: 'Widget' }, versions, ...more },
    ...(status && { status }),
  }) as unknown as CustomResourceDefinition;

const object = (property: JsonSchema): JsonSchema => ({ type: 'object', properties: { a: property } });
const GOOD = object({ type: 'string' });

describe('what is asked of a change', () => {
  const options = (old: CustomResourceDefinition): ValidationOptions => optionsForUpdate(structuredClone(old), old);
  const of = (schema: JsonSchema): ValidationOptions => options(definition([version('v1', schema)]));

  it('is all that is asked of a new one, where the old one fulfilled it', () => {
    const { unchanged, ...asked } = of(GOOD);
    const { unchanged: _unchanged, ...always } = FOR_NEW;
    expect(asked).toEqual(always);
    expect([...unchanged]).toEqual(['v1']);
  });

  it.each<[keyof ValidationOptions, JsonSchema]>([
    ['requireValidType', object({ type: 'text' })],
    ['requireStructural', object({})],
    ['requirePrunedDefaults', object({ type: 'object', default: { x: 1 }, properties: { y: { type: 'string' } } })],
    ['requireAtomicSets', object({ type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } })],
    [
      'requireElements',
      object({ type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string', nullable: true } }),
    ],
  ])('%s is not asked where the old one broke it', (name, schema) => {
    expect(of(GOOD)[name]).toBe(true);
    expect(of(schema)[name]).toBe(false);
  });

  it('is no schema where one version had none', () => {
    expect(options(definition([version('v1', GOOD), version('v2', undefined)])).requireOpenApiSchema).toBe(false);
  });

  it('is a review version that is known, unless the old one had none such', () => {
    const asking = (versions: string[]) =>
      options(definition([version('v1', GOOD)], { conversion: { webhook: { conversionReviewVersions: versions } } }));
    expect(asking(['v1', 'v9']).requireRecognizedVersion).toBe(true);
    expect(asking(['v9']).requireRecognizedVersion).toBe(false);
  });

  it('is a good bundle once it is established, unless it was bad then', () => {
    const status = { conditions: [{ type: 'Established', status: 'True' }] };
    const bundled = (caBundle: string, of?: object) =>
      options(definition([version('v1', GOOD)], { conversion: { webhook: { clientConfig: { caBundle } } } }, of));
    expect(bundled('').allowInvalidCaBundle).toBe(true);
    expect(bundled('', status).allowInvalidCaBundle).toBe(false);
    expect(bundled('QQ==', status).allowInvalidCaBundle).toBe(true);
  });

  it('spares versions that stay as they are', () => {
    const many = { selectableFields: Array.from({ length: 9 }, (_one, index) => ({ jsonPath: `.f${index}` })) };
    const old = definition([version('v1', GOOD, many), version('v2', GOOD)]);
    const next = definition([
      version('v1', GOOD, many),
      version('v2', object({ type: 'integer' })),
      version('v3', GOOD),
    ]);
    const { unchanged, tooManyFields } = optionsForUpdate(next, old);
    expect([[...unchanged], [...tooManyFields]]).toEqual([['v1'], ['v1']]);
  });
});

describe('a spec as upstream validates it', () => {
  it('says once what all versions say alike, and keeps apart what differs', () => {
    const columns = { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '.a' }] };
    const { spec } = definition([version('v1', GOOD, columns), version('v2', GOOD)]);
    const { shared, versions } = internalSpec(spec);
    expect(shared.schema).toEqual({ openAPIV3Schema: GOOD });
    expect(shared).not.toHaveProperty('additionalPrinterColumns');
    expect(versions.map((one) => Object.keys(one))).toEqual([
      ['name', 'served', 'storage', 'additionalPrinterColumns'],
      ['name', 'served', 'storage'],
    ]);
    expect(spec.versions[0]).toHaveProperty('schema');
  });
});

describe('what a definition gets that says little', () => {
  it('is all that it cannot be without', () => {
    const empty = { metadata: {} } as unknown as CustomResourceDefinition;
    applyDefaults(empty);
    expect(empty.spec).toMatchObject({ group: '', versions: [], conversion: { strategy: 'None' } });
    const service = { namespace: 'n', name: 's' };
    const asked = definition([version('v1', GOOD)], {
      conversion: { strategy: 'Webhook', webhook: { clientConfig: { service } } },
    });
    applyDefaults(asked);
    expect(asked.spec.conversion?.webhook?.clientConfig?.service?.port).toBe(443);
    expect(asked.spec.names).toMatchObject({ singular: 'widget', listKind: 'WidgetList' });
  });

  it('are the versions that were stored, each once', () => {
    const stored = definition([version('v1', GOOD)], {}, { storedVersions: ['v0'] });
    noteStoredVersion(stored);
    noteStoredVersion(stored);
    expect(stored.status?.storedVersions).toEqual(['v0', 'v1']);
  });
});
