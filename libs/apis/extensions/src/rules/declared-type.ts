import { type CelType, escapeName, listOf, mapOf, STRING } from '@binnacle/machinery-cel';
import { itemsOf, propertiesOf, propertyOf, valuesOf } from '../schema/children.js';
import { EMBEDDED, INT_OR_STRING, type JsonSchema } from '../schema/types.js';

/** The most bytes a request may have, which bounds what no schema bounds. */
export const MAX_REQUEST_BYTES = 3 * 1024 * 1024;

/** How expressions see the values of a schema, and the fewest bytes such a value is written in. */
export interface DeclaredType {
  readonly type: CelType;
  readonly minSize: number;
}

const LONGEST_TEXT = MAX_REQUEST_BYTES - 2;
const UTF8_MOST = 4;
const NAME: JsonSchema = { type: 'string' };
const METADATA: JsonSchema = { type: 'object', properties: { name: NAME, generateName: NAME } };

/** What expressions may read of every whole object, be it in its schema or not. */
export function withMeta(schema: JsonSchema): JsonSchema {
  const metadata = propertyOf(schema, 'metadata');
  const names = ['name', 'generateName'].every((name) => metadata && propertyOf(metadata, name)?.type === 'string');
  const typed = ['kind', 'apiVersion'].every((name) => propertyOf(schema, name)?.type === 'string');
  if (names && typed && metadata?.type === 'object') return schema;
  return { ...schema, properties: { ...schema.properties, kind: NAME, apiVersion: NAME, metadata: METADATA } };
}

const scalar = (
  kind: 'string' | 'bytes' | 'duration' | 'timestamp' | 'dyn',
  maxElements: number,
  minSize: number,
): DeclaredType => ({
  type: { kind, maxElements },
  minSize,
});

function longestValue(values: readonly unknown[]): number {
  const encoder = new TextEncoder();
  return Math.max(0, ...values.map((value) => (typeof value === 'string' ? encoder.encode(value).length : 0)));
}

const positive = (count: number): number => Math.max(count, 0);

function textType({ format, maxLength, enum: values = [] }: JsonSchema): DeclaredType {
  switch (format) {
    case 'byte':
      return scalar('bytes', maxLength === undefined ? LONGEST_TEXT : positive(maxLength), 2);
    case 'duration':
      return scalar('duration', 32, 3);
    case 'date':
      return scalar('timestamp', 12, 12);
    case 'date-time':
      return scalar('timestamp', 32, 21);
    default:
      if (maxLength !== undefined) return scalar('string', positive(maxLength) * UTF8_MOST, 2);
      return scalar('string', values.length > 0 ? longestValue(values) : LONGEST_TEXT, 2);
  }
}

function listType(schema: JsonSchema): DeclaredType | undefined {
  const items = itemsOf(schema);
  const element = items && declaredType(items, items[EMBEDDED] ?? false);
  if (!element) return undefined;
  const most = schema.maxItems ?? Math.floor((MAX_REQUEST_BYTES - 2) / (element.minSize + 1));
  const list = listOf(element.type, positive(most));
  const kind = schema['x-kubernetes-list-type'];
  if (kind !== 'set' && kind !== 'map') return { type: list, minSize: 2 };
  return { type: { ...list, listType: kind, listMapKeys: schema['x-kubernetes-list-map-keys'] ?? [] }, minSize: 2 };
}

function mapType(schema: JsonSchema, values: JsonSchema): DeclaredType | undefined {
  const value = declaredType(values, values[EMBEDDED] ?? false);
  if (!value) return undefined;
  const most = schema.maxProperties ?? Math.floor((MAX_REQUEST_BYTES - 2) / (value.minSize + 6));
  return { type: mapOf(STRING, value.type, positive(most)), minSize: 2 };
}

function objectType(schema: JsonSchema): DeclaredType {
  const fields = new Map<string, CelType>();
  const required = new Set(schema.required);
  let minSize = 2;
  for (const [name, property] of propertiesOf(schema)) {
    const declared = declaredType(property, property[EMBEDDED] ?? false);
    if (!declared) continue;
    const escaped = escapeName(name);
    if (escaped !== undefined) fields.set(escaped, declared.type);
    const isWritten = required.has(name) && (property.default ?? null) === null;
    if (isWritten) minSize += new TextEncoder().encode(name).length + declared.minSize + 4;
  }
  return { type: { kind: 'object', name: 'object', fields }, minSize };
}

/**
 * How expressions see values of a structural schema; undefined where they may not see them at all, as what is preserved
 * without a type. Behaves as kubernetes apiserver pkg/cel/common SchemaDeclType.
 */
export function declaredType(schema: JsonSchema, isResource: boolean): DeclaredType | undefined {
  if (schema[INT_OR_STRING]) {
    const { maxLength } = schema;
    return scalar('dyn', maxLength === undefined ? LONGEST_TEXT : positive(maxLength) * UTF8_MOST, 1);
  }
  const whole = isResource ? withMeta(schema) : schema;
  const values = valuesOf(whole);
  switch (whole.type) {
    case 'array':
      return listType(whole);
    case 'object':
      return values ? mapType(whole, values) : objectType(whole);
    case 'string':
      return textType(whole);
    case 'boolean':
      return { type: { kind: 'bool' }, minSize: 4 };
    case 'number':
      return { type: { kind: 'double' }, minSize: 1 };
    case 'integer':
      return { type: { kind: 'int' }, minSize: 1 };
    default:
      return undefined;
  }
}
