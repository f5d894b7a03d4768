import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServedKind } from '../served-kind.js';
import { schemaTable } from '../table.js';
import { GVK, WIDGET, widgets } from '../testing/widgets.js';
import { openApiV2, openApiV3, openApiV3Index, openApiV3Path } from './document.js';
import { encodeOpenApiV2 } from './gnostic.js';

const names = {
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
  shortNames: [],
  categories: [],
};
const kind: ServedKind = {
  group: GVK.group,
  version: 'v1',
  names,
  namespaced: true,
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
    { name: 'log', verbs: ['get'] },
  ],
  schema: WIDGET,
  schemas: widgets,
};
const cluster: ServedKind = {
  ...kind,
  namespaced: false,
  verbs: ['get', 'list'],
  subresources: [],
  names: { ...names, plural: 'globes', kind: 'Globe' },
};

const at = (document: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), document);

let v3: JsonObject;
let v2: JsonObject;
beforeAll(async () => {
  v3 = await openApiV3(GVK, [kind, cluster], 'v1.36.3');
  v2 = await openApiV2([kind, cluster], 'v1.36.3');
});
const root = '/apis/things.example.io/v1';
const inNamespace = `${root}/namespaces/{namespace}/widgets`;
const watched = (path: string) => `${root}/watch${path}`;

describe('the paths of a document', () => {
  it('are those of collections, objects, subresources and all namespaces, in order', () => {
    expect(Object.keys(at(v3, 'paths') as JsonObject)).toEqual([
      `${root}/globes`,
      `${root}/globes/{name}`,
      inNamespace,
      `${inNamespace}/{name}`,
      `${inNamespace}/{name}/log`,
      `${inNamespace}/{name}/status`,
      watched('/namespaces/{namespace}/widgets'),
      watched('/namespaces/{namespace}/widgets/{name}'),
      watched('/widgets'),
      `${root}/widgets`,
    ]);
    expect(Object.keys(at(v2, 'paths') as JsonObject)).toEqual(Object.keys(at(v3, 'paths') as JsonObject));
  });

  it.each([
    [inNamespace, 'get', 'listThingsExampleIoV1NamespacedWidget', 'list'],
    [inNamespace, 'post', 'createThingsExampleIoV1NamespacedWidget', 'post'],
    [inNamespace, 'delete', 'deleteThingsExampleIoV1CollectionNamespacedWidget', 'deletecollection'],
    [`${inNamespace}/{name}`, 'get', 'readThingsExampleIoV1NamespacedWidget', 'get'],
    [`${inNamespace}/{name}`, 'put', 'replaceThingsExampleIoV1NamespacedWidget', 'put'],
    [`${inNamespace}/{name}`, 'patch', 'patchThingsExampleIoV1NamespacedWidget', 'patch'],
    [`${inNamespace}/{name}`, 'delete', 'deleteThingsExampleIoV1NamespacedWidget', 'delete'],
    [`${inNamespace}/{name}/status`, 'put', 'replaceThingsExampleIoV1NamespacedWidgetStatus', 'put'],
    [`${inNamespace}/{name}/log`, 'get', 'readThingsExampleIoV1NamespacedWidgetLog', 'get'],
    [`${root}/widgets`, 'get', 'listThingsExampleIoV1WidgetForAllNamespaces', 'list'],
    [`${root}/globes/{name}`, 'get', 'readThingsExampleIoV1Globe', 'get'],
    [watched('/namespaces/{namespace}/widgets'), 'get', 'watchThingsExampleIoV1NamespacedWidgetList', 'watchlist'],
    [watched('/namespaces/{namespace}/widgets/{name}'), 'get', 'watchThingsExampleIoV1NamespacedWidget', 'watch'],
    [watched('/widgets'), 'get', 'watchThingsExampleIoV1WidgetListForAllNamespaces', 'watchlist'],
  ])('%s %s is %s', (path, method, operationId, action) => {
    for (const document of [v3, v2]) {
      expect(at(document, 'paths', path, method)).toMatchObject({
        operationId,
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': { group: GVK.group, version: 'v1' },
        tags: ['thingsExampleIo_v1'],
      });
    }
  });

  it('have no methods that the kind does not serve', () => {
    expect(Object.keys(at(v3, 'paths', `${root}/globes`) as JsonObject)).toEqual(['get']);
    expect(at(v3, 'paths', `${root}/globes/{name}`, 'delete')).toBeUndefined();
  });

  it('say what is sent and answered', () => {
    const post = at(v3, 'paths', inNamespace, 'post');
    const widget = { schema: { $ref: `#/components/schemas/${WIDGET}` } };
    expect(at(post, 'requestBody')).toEqual({
      required: true,
      content: {
        'application/json': widget,
        'application/yaml': widget,
        'application/vnd.kubernetes.protobuf': widget,
      },
    });
    expect(Object.keys(at(post, 'responses') as JsonObject)).toEqual(['200', '201', '202', '401']);
    expect(at(post, 'responses', '401')).toEqual({ description: 'Unauthorized' });
    expect(at(v3, 'paths', inNamespace, 'get', 'responses', '200', 'content', 'application/json', 'schema')).toEqual({
      $ref: `#/components/schemas/${WIDGET}List`,
    });
    expect(at(v3, 'paths', `${inNamespace}/{name}/log`, 'get', 'responses', '200', 'content')).toEqual({
      'text/plain': { schema: { type: 'string' } },
    });
  });

  it('name parameters of the path first, and need them', () => {
    const parameters = at(v3, 'paths', `${inNamespace}/{name}`, 'delete', 'parameters') as JsonObject[];
    expect(parameters.map(({ name }) => name)).toEqual([
      'name',
      'namespace',
      'pretty',
      'dryRun',
      'gracePeriodSeconds',
      'orphanDependents',
      'propagationPolicy',
    ]);
    expect(parameters.filter(({ required }) => required).map(({ name }) => name)).toEqual(['name', 'namespace']);
  });

  it('of custom kinds know neither protobuf nor strategic merge patches', async () => {
    const custom = await openApiV3(GVK, [{ ...kind, custom: true }], 'v1.36.3');
    const types = (document: JsonObject): string[] =>
      Object.keys(at(document, 'paths', `${inNamespace}/{name}`, 'patch', 'requestBody', 'content') as JsonObject);
    expect(types(v3)).toContain('application/strategic-merge-patch+json');
    expect(types(custom)).toEqual([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ]);
  });
});

describe('the schemas of a document', () => {
  const schemaOf = (document: JsonObject, name: string): unknown =>
    at(document, 'components', 'schemas', name) ?? at(document, 'definitions', name);
  const property = (document: JsonObject, name: string): unknown => at(schemaOf(document, WIDGET), 'properties', name);

  it.each<[string, object]>([
    ['title', { type: 'string' }],
    ['count', { type: 'integer', format: 'int32' }],
    ['ratio', { type: 'number', format: 'double' }],
    ['blob', { type: 'string', format: 'byte' }],
    [
      'parts',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['id'],
        'x-kubernetes-patch-merge-key': 'id',
        'x-kubernetes-patch-strategy': 'merge,retainKeys',
      },
    ],
    ['tags', { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' }],
    ['labels', { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' }],
    ['extra', { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } }],
  ])('%s is written alike in both forms', (name, expected) => {
    const described = { description: `Text of Widget.${name}.`, ...expected };
    expect(property(v3, name)).toMatchObject(described);
    expect(property(v2, name)).toMatchObject(described);
  });

  it('list the values of a text in the newer form only, as upstream does', () => {
    expect(property(v3, 'tags')).toMatchObject({ items: { enum: ['new', 'old'] } });
    expect(property(v2, 'tags')).not.toHaveProperty('items.enum');
  });

  it('refer to others, which stand beside nothing in the newer form', () => {
    const part = 'io.example.api.things.v1.Part';
    expect(property(v3, 'part')).toEqual({
      description: 'Text of Widget.part.',
      allOf: [{ $ref: `#/components/schemas/${part}` }],
    });
    expect(property(v2, 'part')).toEqual({ description: 'Text of Widget.part.', $ref: `#/definitions/${part}` });
    expect(at(property(v3, 'parts'), 'items')).toEqual({ $ref: `#/components/schemas/${part}` });
  });

  it('are all that can be reached, and carry kinds and what is required', () => {
    expect(Object.keys(at(v3, 'components', 'schemas') as JsonObject)).toEqual([
      'io.example.api.things.v1.Part',
      'io.example.api.things.v1.Raw',
      WIDGET,
      `${WIDGET}List`,
    ]);
    expect(schemaOf(v3, WIDGET)).toMatchObject({
      type: 'object',
      required: ['title'],
      'x-kubernetes-group-version-kind': [GVK],
    });
    expect(schemaOf(v3, 'io.example.api.things.v1.Raw')).toEqual({ description: 'Text of Raw.', type: 'object' });
  });

  it('that stand inline are not told alone, and those with words of their own say them', async () => {
    const shape = { freeForm: false, fields: new Map() };
    const table = schemaTable(
      'own',
      [
        { ...shape, name: 'io.example.Own', jsonSchema: (form) => ({ type: 'object', title: form }) },
        { ...shape, name: 'io.example.Inner', inline: true },
      ],
      widgets,
    );
    const own = { ...kind, schema: 'io.example.Own', schemas: table, subresources: [] };
    expect(at(await openApiV3(GVK, [own], 'v1'), 'components', 'schemas', 'io.example.Own')).toMatchObject({
      title: 'v3',
    });
    expect(at(await openApiV2([own], 'v1'), 'definitions', 'io.example.Own')).toMatchObject({ title: 'v2' });
  });
});

describe('documents', () => {
  it('of a group version have the kinds of no other, and none that no table knows', async () => {
    const other = { ...kind, group: 'other.example.io' };
    const lost = { ...kind, names: { ...names, plural: 'lost' }, schema: 'io.example.Lost' };
    const document = await openApiV3(GVK, [other, lost, cluster], 'v1.36.3');
    expect(Object.keys(at(document, 'paths') as JsonObject)).toEqual([`${root}/globes`, `${root}/globes/{name}`]);
  });

  it('are found by the index', () => {
    expect(openApiV3Path({ group: '', version: 'v1' })).toBe('api/v1');
    expect(openApiV3Index([{ ...GVK, hash: 'ABC' }])).toEqual({
      paths: { 'apis/things.example.io/v1': { serverRelativeURL: '/openapi/v3/apis/things.example.io/v1?hash=ABC' } },
    });
  });

  it('say whose they are, and that a token is needed', () => {
    expect(v3).toMatchObject({ openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.36.3' } });
    expect(v2).toMatchObject({ swagger: '2.0', security: [{ BearerToken: [] }] });
  });

  it('of the older form are written in protobuf with every text they have', () => {
    const text = Buffer.from(encodeOpenApiV2(v2)).toString('latin1');
    for (const part of ['2.0', 'v1.36.3', inNamespace, WIDGET, 'Text of Widget.title.', 'x-kubernetes-action']) {
      expect(text).toContain(part);
    }
    expect(Buffer.from(encodeOpenApiV2({ swagger: '2.0', info: { title: 'K', version: 'v' } })).toString('hex')).toBe(
      '0a03322e3012060a014b120176',
    );
  });
});
