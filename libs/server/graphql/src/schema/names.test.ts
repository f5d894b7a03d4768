import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import fc from 'fast-check';
import { assertName, type GraphQLScalarType, isObjectType, parseValue } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { startService, type TestService } from '../testing/service.js';
import { buildGraphqlSchema } from './build-schema.js';
import { fieldNames } from './field-names.js';
import { referenceFields } from './references.js';
import { EVERY } from '../rows/path.js';
import { IntOrStringScalar, JsonScalar, LongScalar } from './scalars.js';
import { TypeNames } from './type-names.js';

let bench: TestService;
beforeAll(async () => {
  bench = await startService();
});
const stores = () => bench.registry.builtin;

describe('fields of kinds', () => {
  test.each([
    ['', 'v1', 'pods', 'pod', 'pods'],
    ['', 'v1', 'endpoints', 'endpoints', 'endpointsList'],
    ['discovery.k8s.io', 'v1', 'endpointslices', 'endpointSlice', 'endpointSlices'],
    ['scheduling.k8s.io', 'v1', 'priorityclasses', 'priorityClass', 'priorityClasses'],
    ['apps', 'v1', 'replicasets', 'replicaSet', 'replicaSets'],
    ['coordination.k8s.io', 'v1', 'leases', 'lease', 'leases'],
    ['events.k8s.io', 'v1', 'events', 'eventsEvent', 'eventsEvents'],
    ['apiregistration.k8s.io', 'v1', 'apiservices', 'apiService', 'apiServices'],
    ['networking.k8s.io', 'v1', 'ipaddresses', 'ipAddress', 'ipAddresses'],
    ['networking.k8s.io', 'v1', 'servicecidrs', 'serviceCIDR', 'serviceCIDRs'],
    ['storage.k8s.io', 'v1', 'csistoragecapacities', 'csiStorageCapacity', 'csiStorageCapacities'],
  ])('of %s %s %s are %s and %s', (group, version, plural, one, many) => {
    expect(fieldNames(stores()).get(stores().get(group, version, plural))).toEqual({ one, many });
  });

  test('are of all kinds, and each of one alone', () => {
    const names = [...fieldNames(stores()).values()].flatMap(({ one, many }) => [one, many]);
    expect(names).toHaveLength(2 * builtinResources.all.length);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(assertName(name)).toBe(name);
  });
});

describe('the schema', () => {
  test('has one type for each kind, its page and its change', () => {
    const schema = buildGraphqlSchema(stores());
    for (const [store, { one, many }] of fieldNames(stores())) {
      const { kind } = store.definition.names;
      const query = schema.getQueryType()?.getFields() ?? {};
      const type = String(query[one]?.type);
      expect([type.toLowerCase().endsWith(kind.toLowerCase()), String(query[many]?.type)]).toEqual([
        true,
        `${type}Page`,
      ]);
      expect(String(schema.getSubscriptionType()?.getFields()[many]?.type)).toBe(`${type}Change!`);
      const names = query[one]?.args.map(({ name }) => name);
      expect(names).toEqual(store.definition.namespaced ? ['name', 'namespace'] : ['name']);
    }
  });

  test('tells everything an object of a kind has', () => {
    const schema = buildGraphqlSchema(stores());
    for (const [store, { one }] of fieldNames(stores())) {
      const { schema: name } = store.definition;
      const type = schema.getQueryType()?.getFields()[one]?.type;
      if (!isObjectType(type)) throw new Error(`${one} is no object`);
      const fields = Object.keys(type.getFields());
      const own = [...(builtinSchemas.find(name)?.fields.keys() ?? [])].filter((field) => /^[A-Za-z]\w*$/.test(field));
      expect(fields).toEqual(expect.arrayContaining([...own, 'raw', 'events', 'owners', 'owned']));
    }
  });
});

describe('names of types', () => {
  test.each<[string[], string[]]>([
    [['io.k8s.api.core.v1.Pod'], ['Pod']],
    [
      ['io.example.v1.Widget', 'io.other.v1.Widget', 'io.other.v2.Widget'],
      ['Widget', 'OtherWidget', 'OtherV2Widget'],
    ],
    [['io.example.v1.Pod'], ['ExamplePod']],
    [
      ['io.example.v1.Query', 'io.example.v1.JSON'],
      ['ExampleQuery', 'ExampleJSON'],
    ],
    [['io.cert-manager.v1.my_kind'], ['MyKind']],
    [['io.example.v1.3d'], ['Kind3d']],
    [
      ['X.v1.A', 'X.v1.A', 'X.v1.A', 'X.v1.A'],
      ['A', 'XA', 'XV1A', 'XV1A2'],
    ],
  ])('of %j are %j', (schemas, expected) => {
    const names = new TypeNames();
    expect(schemas.map((schema) => names.ofStructure(schema))).toEqual(expected);
  });

  test('of a kind leave room for its page and change', () => {
    const names = new TypeNames();
    expect(names.ofStructure('io.example.v1.WidgetPage')).toBe('WidgetPage');
    expect(names.ofKind('io.example.v1.Widget')).toBe('ExampleWidget');
    expect(names.ofStructure('io.example.v1.ExampleWidgetChange')).not.toBe('ExampleWidgetChange');
  });

  test('are never given twice, and are names to GraphQL', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'B', '1', '-', '_', '$'), minLength: 1, maxLength: 3 });
    const schema = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.array(fc.tuple(schema, fc.boolean()), { maxLength: 12 }), (asked) => {
        const names = new TypeNames();
        const given = asked.map(([one, isKind]) => (isKind ? names.ofKind(one) : names.ofStructure(one)));
        expect(new Set(given).size).toBe(given.length);
        for (const name of given) expect(assertName(name)).toBe(name);
      }),
    );
  });
});

describe('scalars', () => {
  const literal = (scalar: GraphQLScalarType, text: string): unknown =>
    scalar.parseLiteral(parseValue(text), { a: 'of a variable' });

  test.each<[string, unknown]>([
    ['1', 1],
    ['-1.5', -1.5],
    ['"x"', 'x'],
    ['true', true],
    ['null', null],
    ['NAME', 'NAME'],
    ['[1, [null]]', [1, [null]]],
    ['{ a: 1, b: { c: $a } }', { a: 1, b: { c: 'of a variable' } }],
    ['$b', undefined],
  ])('JSON %s is %j', (text, value) => expect(literal(JsonScalar, text)).toEqual(value));

  test('JSON takes members of any name', () => {
    const value = literal(JsonScalar, '{ __proto__: { x: 1 }, constructor: 2 }') as object;
    expect(Object.entries(value)).toEqual([
      ['__proto__', { x: 1 }],
      ['constructor', 2],
    ]);
  });

  test('Long takes whole numbers of up to 53 bits', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(LongScalar.parseValue(value)).toBe(value);
        expect(LongScalar.serialize(value)).toBe(value);
        expect(literal(LongScalar, String(value))).toBe(value);
      }),
    );
    for (const value of [2 ** 53, 1.5, '1', null, Number.NaN])
      expect(() => LongScalar.parseValue(value)).toThrow('not a whole number');
    expect(() => literal(LongScalar, '"1"')).toThrow('not a whole number');
  });

  test('IntOrString takes either and nothing else', () => {
    expect([IntOrStringScalar.serialize('25%'), IntOrStringScalar.parseValue(80)]).toEqual(['25%', 80]);
    expect([literal(IntOrStringScalar, '"http"'), literal(IntOrStringScalar, '80')]).toEqual(['http', 80]);
    for (const value of [true, null, [], {}])
      expect(() => IntOrStringScalar.parseValue(value)).toThrow('neither a number nor');
  });
});

describe('reference fields', () => {
  const found = (group: string, version: string, plural: string) =>
    referenceFields(stores(), stores().get(group, version, plural).definition).map(({ path, store }) => {
      const text = path.map((step) => (step === EVERY ? '[*]' : String(step))).join('.');
      return `${text} ${store?.definition.names.kind ?? '?'}`;
    });

  test('are found by what they are called and what they hold', () => {
    expect(found('', 'v1', 'pods')).toEqual(
      expect.arrayContaining([
        'spec.containers.[*].envFrom.[*].secretRef Secret',
        'spec.containers.[*].envFrom.[*].configMapRef ConfigMap',
        'spec.containers.[*].env.[*].valueFrom.secretKeyRef Secret',
        'spec.imagePullSecrets.[*] Secret',
        'spec.serviceAccountName ServiceAccount',
        'spec.nodeName Node',
      ]),
    );
    expect(found('', 'v1', 'events')).toEqual(expect.arrayContaining(['involvedObject ?']));
  });

  test('are none of metadata, nor the own name of an object', () => {
    for (const { definition } of stores().all()) {
      const { group, version, names } = definition;
      expect(found(group, version, names.plural).filter((text) => /^(metadata|kind|apiVersion)\b/.test(text))).toEqual(
        [],
      );
    }
  });
});
