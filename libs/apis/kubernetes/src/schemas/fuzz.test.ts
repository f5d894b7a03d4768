import { applyConfiguration, checkConfiguration } from '@binnacle/machinery-apply';
import { StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { applyStrategicMergePatch, type JsonObject } from '@binnacle/machinery-patch';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyType,
  conform,
  decodeMessage,
  encodeMessage,
  type FieldType,
  schemaIn,
  strategicSchema,
} from '@binnacle/apis-schema';
import { builtinSchemas, schemaNames } from './builtin-schemas.js';

const DEPLOYMENT = 'io.k8s.api.apps.v1.Deployment';

/** Values a client might send where a field of that type is expected: mostly right, now and then wrong. */
function valueFor(type: FieldType, depth: number): fc.Arbitrary<unknown> {
  const right = rightValueFor(type, depth);
  return fc.oneof({ arbitrary: right, weight: 30 }, fc.constantFrom<unknown>(null, '', 0, -1.5, true, [], {}, 'x y'));
}

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.constantFrom('', 'a', 'b', 'é'),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  bool: fc.boolean(),
  bytes: fc.base64String({ maxLength: 8 }),
  time: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5+02:00', ''),
  microTime: fc.constantFrom('2024-01-01T00:00:00.123456Z', '2024-01-01T00:00:00Z'),
  quantity: fc.constantFrom<unknown>('1', '1500m', '1Gi', '0.5', 3),
  intOrString: fc.constantFrom<unknown>(80, '50%', 'http'),
  any: fc.jsonValue({ maxDepth: 1 }).map((value) => ({ value })),
};

function rightValueFor(type: FieldType, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.scalar] ?? fc.constant('x');
    case 'object':
      return depth > 5 ? fc.constant({}) : objectFor(type.name, depth + 1);
    case 'list':
      return fc.array(valueFor(type.of, depth + 1), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'x/y'), valueFor(type.of, depth + 1), { maxKeys: 3 });
  }
}

/** A few fields of a definition, and now and then one it does not know. */
function objectFor(name: string, depth = 0): fc.Arbitrary<JsonObject> {
  const fields = [...schemaIn(builtinSchemas, name).fields.values()];
  if (fields.length === 0) return fc.constant({ free: 1 });
  return fc
    .shuffledSubarray(fields, { maxLength: Math.min(6, fields.length) })
    .chain((chosen) =>
      fc.tuple(...chosen.map((field) => fc.tuple(fc.constant(field.name), valueFor(field.type, depth)))),
    )
    .chain((entries) =>
      fc.boolean().map((odd) => Object.fromEntries(odd ? entries : [...entries, ['oddField', 1]]) as JsonObject),
    );
}

const attempt = <T>(action: () => T): T | Error => {
  try {
    return action();
  } catch (error) {
    return error as Error;
  }
};

describe('any object of any kind', () => {
  const kinds = schemaNames().filter(
    (name) => schemaIn(builtinSchemas, name).gvk !== undefined && /^io\.k8s\.api\.\w+\.v1\./.test(name),
  );
  const sample = fc.constantFrom(...kinds).chain((name) => objectFor(name).map((value) => ({ name, value })));

  test('is conformed, or refused in words; conforming again changes nothing; protobuf carries all of it', () => {
    fc.assert(
      fc.property(sample, ({ name, value }) => {
        const result = attempt(() => conform(builtinSchemas, name, value));
        const inPlace = attempt(() => conform(builtinSchemas, name, structuredClone(value), true));
        expect(inPlace).toEqual(result);
        if (result instanceof Error) {
          expect(result.message).toMatch(
            /^json: cannot unmarshal|^quantities must|^unable to parse|^parsing time|^illegal base64/,
          );
          return;
        }
        expect(conform(builtinSchemas, name, result.object)).toEqual({ object: result.object, unknownFields: [] });
        const decoded = decodeMessage(builtinSchemas, name, encodeMessage(builtinSchemas, name, result.object));
        expect(conform(builtinSchemas, name, decoded).unknownFields).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

const DIRECTIVES = fc.constantFrom<[string, unknown]>(
  ['$patch', 'delete'],
  ['$patch', 'replace'],
  ['$patch', 'boil'],
  ['$retainKeys', ['name', 'image']],
  ['$setElementOrder/containers', [{ name: 'a' }, { name: 'b' }]],
  ['$deleteFromPrimitiveList/finalizers', ['a']],
);

/** Puts a directive into some object of a value. */
function withDirective(value: unknown, at: number, [key, directive]: [string, unknown]): unknown {
  let left = at;
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    const here = left === 0;
    left -= 1;
    const copy = Object.fromEntries(Object.entries(node).map(([name, member]) => [name, visit(member)]));
    return here ? { ...copy, [key]: directive } : copy;
  };
  return visit(value);
}

const deployments = objectFor(DEPLOYMENT)
  .map((value) => attempt(() => conform(builtinSchemas, DEPLOYMENT, value).object))
  .filter((value) => !(value instanceof Error)) as fc.Arbitrary<JsonObject>;

test('a strategic merge patch is applied or refused in words of ours, and never touches the document', () => {
  fc.assert(
    fc.property(deployments, objectFor(DEPLOYMENT), fc.nat(8), DIRECTIVES, (document, change, at, directive) => {
      const before = structuredClone(document);
      const patch = withDirective(change, at, directive);
      const result = attempt(() =>
        applyStrategicMergePatch(document, patch, strategicSchema(builtinSchemas, DEPLOYMENT)),
      );
      if (result instanceof Error) expect(result).toBeInstanceOf(StatusError);
      else expect(JSON.stringify(result)).not.toMatch(/"\$(retainKeys|setElementOrder|deleteFrom)/);
      expect(document).toEqual(before);
    }),
    { numRuns: 1000 },
  );
});

test('a server-side apply leaves all it says, and saying it again changes nothing', () => {
  const write = {
    type: applyType(builtinSchemas, DEPLOYMENT),
    manager: 'm',
    apiVersion: 'apps/v1',
    force: true,
    now: '2024-01-01T00:00:00Z',
  };
  const withMeta = (value: JsonObject) =>
    ({ ...value, metadata: { name: 'a', uid: 'u' } }) as unknown as UnstructuredObject;
  // What is stored has passed validation: its elements have their keys.
  const isTyped = (value: JsonObject) => attempt(() => checkConfiguration(withMeta(value), write)) === undefined;
  fc.assert(
    fc.property(deployments.filter(isTyped), deployments, (live, wanted) => {
      const config = withMeta(wanted);
      const once = attempt(() => {
        checkConfiguration(config, write);
        return applyConfiguration({ object: withMeta(live), owners: '' }, config, write);
      });
      if (once instanceof Error) {
        const isTypedPatch = once.message.startsWith('failed to create typed patch object (/a; ');
        expect(once).toHaveProperty('reason', isTypedPatch ? '' : 'BadRequest');
        return;
      }
      expect(applyConfiguration(once, config, write)).toEqual(once);
      expect(Object.keys(once.object)).toEqual(expect.arrayContaining(Object.keys(wanted)));
    }),
    { numRuns: 500 },
  );
});
