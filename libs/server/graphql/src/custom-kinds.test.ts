import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { type ResourceDefinition, type ResourceSet, resourceSet } from '@binnacle/apis-registry';
import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { type DefinitionSchema, type FieldType, schemaTable } from '@binnacle/apis-schema';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { asServer, admitEverything, Registry, type RequestContext, systemContext } from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { POINTS } from './cost/limits.js';
import { GraphqlService } from './index.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const TEXT: FieldType = { kind: 'scalar', scalar: 'string' };

type Fields = Record<string, FieldType>;

const structure = (name: string, fields: Fields): DefinitionSchema => ({
  name,
  freeForm: false,
  fields: new Map(
    Object.entries(fields).map(([field, type]) => [field, { name: field, type, required: false, omitsEmpty: false }]),
  ),
});

/** A kind as a CustomResourceDefinition makes one. */
function custom(group: string, version: string, kind: string, spec: Fields, parts: DefinitionSchema[] = []) {
  const schema = `${group.split('.').reverse().join('.')}.${version}.${kind}`;
  const root = { apiVersion: TEXT, kind: TEXT, metadata: { kind: 'object', name: META } as const };
  const own = [
    structure(schema, { ...root, spec: { kind: 'object', name: `${schema}Spec` } }),
    structure(`${schema}Spec`, spec),
    ...parts,
  ];
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const definition: ResourceDefinition = {
    group,
    version,
    names: { plural, singular, kind, listKind: `${kind}List`, shortNames: [], categories: [] },
    namespaced: true,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: [],
    schema,
    schemas: schemaTable(schema, own, builtinSchemas),
    custom: true,
    strategy: {},
    printer: { columns: [], row: () => [] },
    fields: {},
  };
  return definition;
}

let ctx: RequestContext;
let served: ResourceSet;
let registry: Registry;
let service: GraphqlService;

beforeEach(async () => {
  const signal = new AbortController().signal;
  ctx = systemContext({ signal, clock: new FakeClock(), logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  served = builtinResources;
  const sets = { of: () => Promise.resolve(served), peek: () => served, onChange: () => () => undefined };
  registry = new Registry({ sets, storage, admission: admitEverything });
  service = new GraphqlService({ registry, authorize: (caller) => Promise.resolve(asServer(caller)) });
});

let version = 0;

/** The cluster serves these besides Kubernetes' own kinds from now on. */
function serve(...kinds: ResourceDefinition[]): ResourceSet {
  version += 1;
  served = kinds.length > 0 ? resourceSet(`${version}`, [...builtinResources.all, ...kinds]) : builtinResources;
  return served;
}

interface Answer {
  data?: Record<string, unknown>;
  errors?: { message: string }[];
  extensions?: { cost: { actual: number } };
}

async function execute(query: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ query }));
  const answer = await service.execute(ctx, { method: 'POST', headers, search: '', body });
  return JSON.parse(answer.body.toString());
}

async function ask(query: string): Promise<Omit<Answer, 'extensions'>> {
  const { extensions: _, ...told } = await execute(query);
  return told;
}

async function make(group: string, version: string, plural: string, object: object): Promise<UnstructuredObject> {
  const store = (await registry.of(ctx)).get(group, version, plural);
  const draft = { apiVersion: group ? `${group}/${version}` : version, ...object } as UnstructuredObject;
  return store.decode(await store.create(ctx, { namespace: 'default' }, draft));
}

const widgets = (spec: Fields = { size: TEXT }) => custom('example.io', 'v1', 'Widget', spec);

test('a kind is there when the cluster serves it, and gone when it no longer does', async () => {
  const query = '{ widgets { nodes { metadata { name } spec { size } } } }';
  expect((await ask(query)).errors?.[0]?.message).toContain('Cannot query field "widgets"');
  serve(widgets());
  await make('example.io', 'v1', 'widgets', { kind: 'Widget', metadata: { name: 'w' }, spec: { size: 'big' } });
  expect(await ask(query)).toEqual({
    data: { widgets: { nodes: [{ metadata: { name: 'w' }, spec: { size: 'big' } }] } },
  });
  serve();
  expect((await ask(query)).errors?.[0]?.message).toContain('Cannot query field "widgets"');
});

test('a changed structure is seen by the next operation', async () => {
  serve(widgets());
  expect((await ask('{ widgets { nodes { spec { colour } } } }')).errors?.[0]?.message).toContain('"colour"');
  serve(widgets({ colour: TEXT }));
  expect(await ask('{ widgets { nodes { spec { colour } } } }')).toEqual({ data: { widgets: { nodes: [] } } });
});

test('an operation that was read runs to its end, whatever the cluster serves by then', async () => {
  serve(widgets());
  const operation = await service.operations.read(ctx, { query: '{ widgets { totalCount } }', variables: {} });
  serve();
  expect((await service.operations.run({ ctx }, operation)).join('')).toContain('"totalCount":0');
});

test('sets of kinds share a schema for as long as it is used, and not many are kept', async () => {
  const schema = async () => (await service.schemas.of(ctx)).schema;
  const builtin = await schema();
  const set = serve(widgets());
  const first = await schema();
  expect(await schema()).toBe(first);
  for (let count = 0; count < 16; count += 1) {
    serve(widgets({ [`f${count}`]: TEXT }));
    await schema();
  }
  served = set;
  expect(await schema()).not.toBe(first);
  serve();
  expect(await schema()).toBe(builtin);
});

test('whoever asks first waits for room to make the schema, and those who wait meanwhile make no other', async () => {
  serve(widgets());
  const asked: number[] = [];
  let letIn: () => void = () => undefined;
  const room = new Promise<void>((resolve) => (letIn = resolve));
  const lane = {
    step: (points: number) => {
      asked.push(points);
      return room;
    },
  };
  const waiting = [service.schemas.of(ctx, lane), service.schemas.of(ctx, lane)];
  letIn();
  const [first, second] = await Promise.all(waiting);
  expect(first).toBe(second);
  expect(await service.schemas.of(ctx, lane)).toBe(first);
  expect(asked).toEqual([POINTS.schema, POINTS.schema]);
  serve();
  expect(await service.schemas.of(ctx, lane)).toBe(service.schemas.builtin);
  expect(asked).toHaveLength(2);
});

test("whatever custom kinds are called, Kubernetes' own keep their names", async () => {
  const hostile = ['Pod', 'PodPage', 'PodChange', 'PodSpec', 'Query', 'Object', 'Whoami', 'Filter', 'Foo-bar'];
  const kinds = hostile.flatMap((kind) => [
    custom('evil.example.io', 'v1', kind, { __typename: TEXT, 'not-a-name': TEXT }),
    custom('evil.example.io', 'v1beta1', kind, { raw: TEXT }),
    custom('evil.example.org', 'v1', kind, {}),
  ]);
  serve(...kinds);
  const answer = await ask('{ whoami pods { nodes { ...on Pod { spec { ...on PodSpec { nodeName } } } } } }');
  expect(answer).toEqual({ data: { whoami: 'system:apiserver', pods: { nodes: [] } } });
  const fields = (await service.schemas.of(ctx)).schema.getQueryType()?.getFields() ?? {};
  expect([fields.pod?.type.toString(), fields.evilPod?.type.toString()]).toEqual(['Pod', 'EvilPod']);
  expect(Object.keys(fields)).toEqual(expect.arrayContaining(['evilPod', 'evilV1beta1Pod', 'fooBar', 'evilObject']));
});

test('objects are reached through the fields that name them', async () => {
  const reference = structure('io.example.v1.WidgetIssuerRef', { name: TEXT, kind: TEXT, group: TEXT });
  const local = structure('io.example.v1.WidgetSecretRef', { name: TEXT, key: TEXT });
  const spec: Fields = {
    issuerRef: { kind: 'object', name: reference.name },
    tlsSecretName: TEXT,
    tokenSecretRefs: { kind: 'list', of: { kind: 'object', name: local.name }, wrapped: false },
    displayName: TEXT,
  };
  serve(custom('example.io', 'v1', 'Widget', spec, [reference, local]), custom('example.io', 'v1', 'Issuer', {}));
  await make('example.io', 'v1', 'issuers', { kind: 'Issuer', metadata: { name: 'ca' } });
  for (const name of ['tls', 'token']) await make('', 'v1', 'secrets', { kind: 'Secret', metadata: { name } });
  const named = {
    issuerRef: { name: 'ca', kind: 'Issuer', group: 'example.io' },
    tlsSecretName: 'tls',
    tokenSecretRefs: [{ name: 'token' }, { name: 'missing' }, { name: 'tls' }, {}],
    displayName: 'tls',
  };
  await make('example.io', 'v1', 'widgets', { kind: 'Widget', metadata: { name: 'w' }, spec: named });
  expect(await ask('{ widget(name: "w") { references { kind metadata { name } } } }')).toEqual({
    data: {
      widget: {
        references: [
          { kind: 'Issuer', metadata: { name: 'ca' } },
          { kind: 'Secret', metadata: { name: 'tls' } },
          { kind: 'Secret', metadata: { name: 'token' } },
        ],
      },
    },
  });
});

test('whoever has fields looked through pays for each value, and for no more than are followed', async () => {
  const local = structure('io.example.v1.WidgetSecretRef', { name: TEXT });
  serve(
    custom(
      'example.io',
      'v1',
      'Widget',
      { secretRefs: { kind: 'list', of: { kind: 'object', name: local.name }, wrapped: false } },
      [local],
    ),
  );
  const costOf = async (references: number) => {
    const spec = { secretRefs: Array.from({ length: references }, () => ({})) };
    const name = `w${references}`;
    await make('example.io', 'v1', 'widgets', { kind: 'Widget', metadata: { name }, spec });
    const { extensions } = await execute(`{ widget(name: "${name}") { references { kind } } }`);
    return extensions?.cost.actual ?? 0;
  };
  const [none, most, more] = [await costOf(0), await costOf(100), await costOf(1_000)];
  expect(most - none).toBeGreaterThanOrEqual(100 * POINTS.field);
  // A larger body is still read.
  expect(more - most).toBeLessThan(100 * POINTS.field);
});

test("Kubernetes' own kinds have references too", async () => {
  await make('', 'v1', 'configmaps', { kind: 'ConfigMap', metadata: { name: 'settings' } });
  const spec = {
    containers: [{ name: 'c', image: 'i', envFrom: [{ configMapRef: { name: 'settings' } }] }],
    volumes: [{ name: 'v', configMap: { name: 'settings' } }],
  };
  await make('', 'v1', 'pods', { kind: 'Pod', metadata: { name: 'p' }, spec });
  const { data } = await ask('{ pod(name: "p") { references { kind metadata { name } } } }');
  expect(data).toEqual({ pod: { references: [{ kind: 'ConfigMap', metadata: { name: 'settings' } }] } });
});
