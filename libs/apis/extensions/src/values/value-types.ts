import { INT_OR_STRING, type JsonSchema } from '../schema/types.js';
import { Findings, failure } from './findings.js';
import { formatOf } from './formats.js';
import { isInt64, isJsonInteger } from './numbers.js';
import { wrongType } from './problem.js';

const INT_OR_STRING_TYPES = ['integer', 'string'];

/** The types a schema allows; none where it says none. */
export function typesOf(schema: JsonSchema): readonly string[] {
  if (schema[INT_OR_STRING]) return INT_OR_STRING_TYPES;
  return schema.type ? [schema.type] : [];
}

function typeOfValue(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}

/** The format upstream sees in a number. */
const formatOfType = (type: string): string => ({ integer: 'int64', number: 'float64' })[type] ?? '';

function accepts(types: readonly string[], value: unknown, type: string): boolean {
  if (types.includes(type)) return true;
  if (type === 'integer') return types.includes('number');
  return typeof value === 'number' && types.includes('integer') && isJsonInteger(value);
}

const isNumeric = (types: readonly string[]): boolean => types.includes('number') || types.includes('integer');

const good = (): Findings => new Findings().count();

function validateNull(schema: JsonSchema, types: readonly string[], at: string): Findings {
  return types.length === 0 || schema.nullable ? good() : failure(wrongType(at, types.join(','), 'null'));
}

/** Texts of a format, and lists, pass whatever the type is: upstream leaves them to the format. */
function isLeftToFormat(type: string, types: readonly string[], format: string): boolean {
  return format !== '' && !isNumeric(types) && (type === 'string' || type === 'array');
}

/** What is wrong with the type of a value; undefined where the schema says neither type nor format. */
export function validateType(value: unknown, schema: JsonSchema, at: string): Findings | undefined {
  const types = typesOf(schema);
  const format = formatOf(schema);
  if (types.length === 0 && format === '') return undefined;
  if (value === null) return validateNull(schema, types, at);
  const type = typeOfValue(value);
  if (isLeftToFormat(type, types, format) || accepts(types, value, type)) return good();
  const isTextual = type === 'string' || type === 'array';
  if (!isTextual && format !== '' && formatOfType(type) !== format) {
    return failure(wrongType(at, format, formatOfType(type)));
  }
  return failure(wrongType(at, types.join(','), type));
}
