import { newBadRequest } from '@binnacle/machinery-meta';
import type { Columns, Values } from './columns.js';
import type { TypedPath } from './field-types.js';
import { compareKeys, type Key, keyOf, operandKey, textOf } from './keys.js';
import { likePattern } from './like.js';
import { shown } from './path.js';

/** One condition or a combination of them, as the `Filter` input of the schema. */
export interface Filter {
  readonly and?: readonly Filter[] | null;
  readonly or?: readonly Filter[] | null;
  readonly not?: Filter | null;
  readonly path?: string | null;
  readonly equals?: unknown;
  readonly notEquals?: unknown;
  readonly in?: readonly unknown[] | null;
  /** `*` stands for any text; upper and lower case are alike. */
  readonly like?: string | null;
  readonly lessThan?: unknown;
  readonly atMost?: unknown;
  readonly greaterThan?: unknown;
  readonly atLeast?: unknown;
  readonly exists?: boolean | null;
}

export type Predicate = (values: Values) => boolean;
type Test = (value: unknown) => boolean;

const MOST_CONDITIONS = 100;
const MOST_OPERANDS = 1_000;

interface Compiling {
  readonly columns: Columns;
  conditions: number;
  operands: number;
}

function keyFor(path: TypedPath, operand: unknown): Key {
  const key = operandKey(path.type, operand);
  if (typeof key === 'string') throw newBadRequest(`the filter on "${shown(path.text)}": ${key}`);
  return key;
}

/** Whether any of the operands is the value: one look, however many there are. */
function isOneOf(path: TypedPath, operands: readonly unknown[]): Test {
  const groups = new Map<number, Set<Key['value']>>();
  for (const operand of operands) {
    const { group, value } = keyFor(path, operand);
    groups.set(group, (groups.get(group) ?? new Set()).add(value));
  }
  return (value) => {
    const key = keyOf(path.type, value);
    return groups.get(key.group)?.has(key.value) ?? false;
  };
}

const isOrdered = ({ type }: TypedPath): boolean => type.kind === 'scalar';

/** Compares by order what is of one kind; a text is neither more nor less than a number. */
function ordering(holds: (order: number) => boolean) {
  return (path: TypedPath, operand: unknown): Test => {
    if (!isOrdered(path)) throw newBadRequest(`the filter on "${shown(path.text)}": lists and objects have no order`);
    const bound = keyFor(path, operand);
    return (value) => {
      const key = keyOf(path.type, value);
      return key.group === bound.group && holds(compareKeys(key, bound));
    };
  };
}

function like(path: TypedPath, pattern: string): Test {
  if (!isOrdered(path)) throw newBadRequest(`the filter on "${shown(path.text)}": like compares single values`);
  const matches = likePattern(pattern);
  if (!matches) throw newBadRequest(`the filter on "${shown(path.text)}": the pattern is longer than 256 characters`);
  return (value) => matches(textOf(value));
}

const OPERATORS: Readonly<Record<string, (path: TypedPath, operand: never) => Test>> = {
  equals: (path, operand: unknown) => isOneOf(path, [operand]),
  in: (path, operands: readonly unknown[]) => isOneOf(path, operands),
  like,
  lessThan: ordering((order) => order < 0),
  atMost: ordering((order) => order <= 0),
  greaterThan: ordering((order) => order > 0),
  atLeast: ordering((order) => order >= 0),
};

const COMPARISONS = [...Object.keys(OPERATORS), 'notEquals', 'exists'] as readonly (keyof Filter)[];

function countOperands({ in: operands }: Filter, path: string, compiling: Compiling): void {
  compiling.operands += operands?.length ?? 0;
  if (compiling.operands > MOST_OPERANDS)
    throw newBadRequest(`the filter on "${shown(path)}": at most ${MOST_OPERANDS} values may be listed`);
  if (operands?.some((operand) => operand == null))
    throw newBadRequest(`the filter on "${shown(path)}": null is no value; say exists: false for what is absent`);
}

function condition(filter: Filter, text: string, compiling: Compiling): Predicate[] {
  countOperands(filter, text, compiling);
  const path = compiling.columns.add(text);
  const present = (values: Values) => values[path.column] ?? [];
  const predicates = Object.entries(OPERATORS)
    .filter(([name]) => filter[name as keyof Filter] != null)
    .map(([name, make]): Predicate => {
      const test = make(path, filter[name as keyof Filter] as never);
      return (values) => present(values).some(test);
    });
  if (filter.notEquals != null) {
    const test = isOneOf(path, [filter.notEquals]);
    predicates.push((values) => !present(values).some(test));
  }
  if (filter.exists != null) predicates.push((values) => present(values).length > 0 === filter.exists);
  if (predicates.length === 0) throw newBadRequest(`the filter on "${shown(text)}" compares it with nothing`);
  return predicates;
}

function compile(filter: Filter, compiling: Compiling): Predicate {
  compiling.conditions += 1;
  if (compiling.conditions > MOST_CONDITIONS)
    throw newBadRequest(`a filter may have at most ${MOST_CONDITIONS} conditions`);
  const { and, or, not, path } = filter;
  if (path == null && COMPARISONS.some((name) => filter[name] != null))
    throw newBadRequest('a filter that compares needs the path of what it compares');
  const all: Predicate[] = path == null ? [] : condition(filter, path, compiling);
  for (const part of and ?? []) all.push(compile(part, compiling));
  if (or) {
    const any = or.map((part) => compile(part, compiling));
    all.push((values) => any.some((predicate) => predicate(values)));
  }
  if (not) {
    const negated = compile(not, compiling);
    all.push((values) => !negated(values));
  }
  return (values) => all.every((predicate) => predicate(values));
}

export interface CompiledFilter {
  readonly matches: Predicate;
  readonly conditions: number;
}

/**
 * Makes a filter into a test of rows. A condition holds when any value its path leads to fulfils it.
 * @throws StatusError BadRequest for paths the kind does not have, operands its fields cannot be compared with, and filters
 * that are too large.
 */
export function compileFilter(filter: Filter, columns: Columns): CompiledFilter {
  const compiling: Compiling = { columns, conditions: 0, operands: 0 };
  const matches = compile(filter, compiling);
  return { matches, conditions: compiling.conditions };
}
