import { readFileSync } from 'node:fs';
import { ProtobufError } from '@binnacle/machinery-protobuf';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtinSchemas, schemaNames } from './builtin-schemas.js';
import { closeEnvelope, conform, decodeMessage, encodeMessage, openEnvelope } from '@binnacle/apis-schema';

interface Fixture {
  readonly name: string;
  readonly protobuf: string;
  readonly json: { readonly apiVersion: string; readonly kind: string };
}

/** Every field of each kind filled in, in both encodings, as kube-apiserver 1.36 writes them. */
const fixtures: Fixture[] = readFileSync(new URL('fixtures/kinds.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Fixture);

const schemaOf = (fixture: Fixture): string => {
  const [version = '', group = ''] = fixture.json.apiVersion.split('/').reverse();
  return builtinSchemas.findKind({ group, version, kind: fixture.json.kind }) ?? '';
};
const bytesOf = (fixture: Fixture) => Uint8Array.from(atob(fixture.protobuf), (character) => character.charCodeAt(0));

describe.each(fixtures)('$name', (fixture) => {
  const schema = schemaOf(fixture);
  const { object, unknownFields } = conform(builtinSchemas, schema, fixture.json);

  test('protobuf decodes to the same object as JSON', () => {
    const { raw, apiVersion, kind } = openEnvelope(bytesOf(fixture));
    expect({ ...decodeMessage(builtinSchemas, schema, raw), apiVersion, kind }).toEqual(object);
    expect(unknownFields).toEqual([]);
  });

  test('what is encoded is decoded again', () => {
    const body = closeEnvelope({ ...fixture.json, raw: encodeMessage(builtinSchemas, schema, object) });
    const { raw, apiVersion, kind } = openEnvelope(body);
    expect({ ...decodeMessage(builtinSchemas, schema, raw), apiVersion, kind }).toEqual(object);
  });

  test('no damage makes the decoder fail but with an error it names', () => {
    const body = bytesOf(fixture);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), fc.nat(body.length), (at, byte, length) => {
        const damaged = body.slice(0, Math.max(length, at + 1));
        damaged[at] = byte;
        try {
          decodeMessage(builtinSchemas, schema, openEnvelope(damaged).raw);
        } catch (error) {
          expect(['ProtobufError', 'QuantityError']).toContain((error as Error).name);
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('random bytes are refused or read, never worse', () => {
  const names = schemaNames();
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 100 }), (name, bytes) => {
      try {
        decodeMessage(builtinSchemas, name, bytes);
      } catch (error) {
        expect(['ProtobufError', 'QuantityError']).toContain((error as Error).name);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a body without the prefix is refused', () => {
  expect(() => openEnvelope(new Uint8Array([1, 2, 3, 4]))).toThrow(ProtobufError);
  expect(() => openEnvelope(new Uint8Array())).toThrow('empty data');
});
