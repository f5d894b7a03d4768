import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { ProtobufError, WIRE_BYTES, WIRE_VARINT, type WireReader, type WireWriter } from '@binnacle/machinery-protobuf';
import { eachField } from './values.js';

/**
 * Definitions whose JSON is one of several shapes and whose message has a field for each: `schema` in field 1 or 2, and what
 * else it may be in the other. They stand for open values in the tables.
 */
export interface Union {
  /** Of the message that a schema is. */
  readonly schema: number;
  readonly other: 'bool' | 'schemas' | 'strings';
  /** Of the other shape. */
  readonly number: number;
}

const UNIONS: Readonly<Record<string, Union>> = {
  JSONSchemaPropsOrArray: { schema: 1, other: 'schemas', number: 2 },
  JSONSchemaPropsOrBool: { schema: 2, other: 'bool', number: 1 },
  JSONSchemaPropsOrStringArray: { schema: 1, other: 'strings', number: 2 },
};

/** Messages that say by being there all that they say. */
const EMPTY = 'CustomResourceSubresourceStatus';

const shortName = (definition: string): string => definition.slice(definition.lastIndexOf('.') + 1);

export const unionOf = (definition: string): Union | undefined => {
  const name = shortName(definition);
  return Object.hasOwn(UNIONS, name) ? UNIONS[name] : undefined;
};

export const isEmptyMessage = (definition: string): boolean => shortName(definition) === EMPTY;

/** A value of any kind as JSON text, `null` among them. */
export const isJsonMessage = (definition: string): boolean => definition.endsWith('.apiextensions.v1.JSON');

/** The definition of the schemas in a union, which stands beside it. */
export const schemaBeside = (definition: string): string =>
  `${definition.slice(0, definition.lastIndexOf('.'))}.JSONSchemaProps`;

export function readUnion(union: Union, reader: WireReader, readSchema: (reader: WireReader) => JsonObject): unknown {
  let schema: JsonObject | undefined;
  let allowed = false;
  const list: unknown[] = [];
  eachField(reader, (field, layout) => {
    if (field !== union.schema && field !== union.number) return false;
    const isBool = field === union.number && union.other === 'bool';
    reader.expect(layout, isBool ? WIRE_VARINT : WIRE_BYTES, field);
    if (field === union.schema) schema = readSchema(reader.message());
    else if (union.other === 'bool') allowed = reader.bool();
    else list.push(union.other === 'strings' ? reader.text() : readSchema(reader.message()));
    return true;
  });
  return schema ?? (union.other === 'bool' ? allowed : list);
}

type WriteSchema = (writer: WireWriter, field: number, schema: JsonObject) => void;

export function writeUnion(union: Union, writer: WireWriter, value: unknown, writeSchema: WriteSchema): void {
  const isSchema = isJsonObject(value);
  if (union.other === 'bool') writer.bool(union.number, isSchema || value === true);
  if (isSchema) return writeSchema(writer, union.schema, value);
  for (const element of Array.isArray(value) ? (value as unknown[]) : []) {
    if (union.other === 'strings') writer.text(union.number, String(element));
    else if (isJsonObject(element)) writeSchema(writer, union.number, element);
    else throw new ProtobufError('a schema must be an object');
  }
}
