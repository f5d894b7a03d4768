import { type CelType, listOf, mapOf, type ScalarType } from '../types/index.js';
import type { Value } from '../values/index.js';

/** Takes the arguments, the target first, and the meter last. */
type Implementation = (...args: never[]) => Value;

/** One way to call a function. */
export interface Overload {
  readonly id: string;
  readonly name: string;
  readonly isMember: boolean;
  /** The target of a member is the first. */
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Absent where the evaluator does it itself, because it may leave arguments alone. */
  readonly invoke?: Implementation;
}

const SCALARS = new Set<string>('bool int uint double null string bytes timestamp duration dyn'.split(' '));
const WORD = /[A-Za-z_][\w.]*|[()]/g;

function toType(name: string, parameters: CelType[]): CelType {
  const [first = { kind: 'dyn' }, second = { kind: 'dyn' }] = parameters;
  if (SCALARS.has(name)) return { kind: name as ScalarType['kind'] };
  if (name === 'list') return listOf(first);
  if (name === 'map') return mapOf(first, second);
  if (name === 'type') return { kind: 'type', of: first };
  return /^[A-Z]$/.test(name) ? { kind: 'param', name } : { kind: 'opaque', name, parameters };
}

function readType(words: string[]): CelType {
  const name = words.shift() ?? '';
  return toType(name, words.at(0) === '(' ? readTypes(words) : []);
}

/** Types between parentheses. */
function readTypes(words: string[]): CelType[] {
  const types: CelType[] = [];
  words.shift();
  while (words.length > 0 && words.at(0) !== ')') types.push(readType(words));
  words.shift();
  return types;
}

/** Reads `indexOf(list(A), A) int`; a single capital stands for any type. */
function overload(isMember: boolean, id: string, signature: string, invoke?: Implementation): Overload {
  const open = signature.indexOf('(');
  const words = signature.slice(open).match(WORD) ?? [];
  const parameters = readTypes(words);
  const result = readType(words);
  return { id, name: signature.slice(0, open), isMember, parameters, result, ...(invoke && { invoke }) };
}

/** A function that is called on its first argument. */
export const method = (id: string, signature: string, invoke?: Implementation): Overload =>
  overload(true, id, signature, invoke);

/** A function that is called by its name alone. */
export const global = (id: string, signature: string, invoke?: Implementation): Overload =>
  overload(false, id, signature, invoke);
