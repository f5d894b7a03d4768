import { describe, expect, test } from 'vitest';
import { WireReader } from '@binnacle/machinery-protobuf';
import { resources } from './index.js';
import { encodeOpenApiV2, openApiV2, openApiV3, openApiV3Index } from '@binnacle/apis-schema';

const core = { group: '', version: 'v1' };

/** Every `$ref` anywhere in a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === '$ref' ? [String(member)] : references(member)));
}

function follow(document: unknown, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}

describe('OpenAPI v3', () => {
  const versions = [...new Map(resources.map((kind) => [`${kind.group}/${kind.version}`, kind])).values()];

  test.each(versions)('every reference in the document of $group/$version leads somewhere', async (served) => {
    const document = await openApiV3(served, resources, 'v1.36.0');
    const dangling = references(document).filter((reference) => follow(document, reference) === undefined);
    expect(dangling).toEqual([]);
    expect(Object.keys(document.paths as object).length).toBeGreaterThan(0);
  });

  test('says what kubectl decides by', async () => {
    const document = await openApiV3(core, resources, 'v1.36.0');
    expect(document).toMatchObject({
      paths: {
        '/api/v1/namespaces/{namespace}/pods/{name}': {
          patch: {
            operationId: 'patchCoreV1NamespacedPod',
            'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'Pod' },
            parameters: expect.arrayContaining([
              expect.objectContaining({ name: 'dryRun', in: 'query' }),
              expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
            ]),
            requestBody: { content: { 'application/strategic-merge-patch+json': {} } },
          },
        },
        '/api/v1/namespaces/{namespace}/pods/{name}/eviction': {
          post: { 'x-kubernetes-group-version-kind': { group: 'policy', version: 'v1', kind: 'Eviction' } },
        },
        '/api/v1/pods': { get: { operationId: 'listCoreV1PodForAllNamespaces' } },
      },
      components: {
        schemas: {
          'io.k8s.api.core.v1.Pod': {
            'x-kubernetes-group-version-kind': [{ group: '', kind: 'Pod', version: 'v1' }],
            properties: {
              metadata: { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] },
            },
          },
          'io.k8s.api.core.v1.PodSpec': {
            required: ['containers'],
            properties: {
              containers: {
                type: 'array',
                items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
                'x-kubernetes-patch-merge-key': 'name',
                'x-kubernetes-patch-strategy': 'merge',
                'x-kubernetes-list-type': 'map',
                'x-kubernetes-list-map-keys': ['name'],
                description: expect.stringContaining('containers'),
              },
            },
          },
        },
      },
    });
  });

  test('says the values a text may have, as kubectl explain shows them', async () => {
    const { components } = (await openApiV3(core, resources, 'v1.36.0')) as {
      components: { schemas: Record<string, { properties: Record<string, object> }> };
    };
    const schemaOf = (name: string) => components.schemas[`io.k8s.api.core.v1.${name}`]?.properties;
    expect(schemaOf('Container')?.imagePullPolicy).toMatchObject({
      type: 'string',
      enum: ['Always', 'IfNotPresent', 'Never'],
    });
    expect(schemaOf('PodSpec')?.nodeName).not.toHaveProperty('enum');
    expect(schemaOf('PersistentVolumeClaimSpec')?.accessModes).toMatchObject({
      items: { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] },
    });
  });

  test('no operation has the name of another', async () => {
    const document = await openApiV3(core, resources, 'v1.36.0');
    const paths = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>);
    const names = paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(names).size).toBe(names.length);
  });

  test('the index says where each document is', () => {
    expect(
      openApiV3Index([
        { ...core, hash: 'A' },
        { group: 'apps', version: 'v1', hash: 'B' },
      ]),
    ).toEqual({
      paths: {
        'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=A' },
        'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=B' },
      },
    });
  });
});

describe('OpenAPI v2', () => {
  test('holds all kinds and nothing dangling', async () => {
    const document = await openApiV2(resources, 'v1.36.0');
    expect(references(document).filter((reference) => follow(document, reference) === undefined)).toEqual([]);
    expect(document).toMatchObject({
      swagger: '2.0',
      paths: { '/apis/apps/v1/namespaces/{namespace}/deployments': { post: { consumes: ['*/*'] } } },
      definitions: { 'io.k8s.api.apps.v1.Deployment': { type: 'object' } },
    });
  });
});

describe('OpenAPI v2 in protobuf', () => {
  /** The fields of a message, by number; text is read as text. */
  const fieldsOf = (reader: WireReader): [number, WireReader][] => {
    const fields: [number, WireReader][] = [];
    while (!reader.done) {
      const { field, layout } = reader.tag();
      if (layout === 2) fields.push([field, reader.message()]);
      else reader.skip(layout);
    }
    return fields;
  };
  const allOf = (message: WireReader, number: number) =>
    fieldsOf(message).flatMap(([field, value]) => (field === number ? [value] : []));
  const textOf = (reader: WireReader) => {
    let text = '';
    while (!reader.done) text += String.fromCharCode(reader.int32());
    return text;
  };

  test('holds every path and every definition under its name', async () => {
    const document = await openApiV2(resources, 'v1.36.0');
    const bytes = encodeOpenApiV2(document);
    const namesIn = (number: number, inner: number) =>
      allOf(new WireReader(bytes), number)
        .flatMap((holder) => allOf(holder, inner))
        .flatMap((entry) => allOf(entry, 1).slice(0, 1).map(textOf));
    expect(namesIn(8, 2)).toEqual(Object.keys(document.paths as object));
    expect(namesIn(9, 1)).toEqual(Object.keys(document.definitions as object));
  });
});
