import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import { compareValues, textOf } from './compare.js';
import { parsePath, valuesAt } from './path.js';

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

export type Predicate = (object: UnstructuredObject) => boolean;
type Test = (value: unknown) => boolean;

const MOST_CONDITIONS = 100;

const isEqual = (left: unknown, right: unknown): boolean =>
  left !== null && typeof left === 'object' ? textOf(left) === textOf(right) : compareValues(left, right) === 0;

/** Matches without a regular expression, so that no pattern can take longer than the text is long times its parts. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

function likePattern(pattern: string): Test {
  const parts = pattern.toLowerCase().split('*');
  return (value) => matchesParts(textOf(value).toLowerCase(), parts);
}

const OPERATORS: Readonly<Record<string, (operand: never) => Test>> = {
  equals: (operand: unknown) => (value) => isEqual(value, operand),
  in: (operand: readonly unknown[]) => (value) => operand.some((candidate) => isEqual(value, candidate)),
  like: (operand: string) => likePattern(operand),
  lessThan: (operand: unknown) => (value) => compareValues(value, operand) < 0,
  atMost: (operand: unknown) => (value) => compareValues(value, operand) <= 0,
  greaterThan: (operand: unknown) => (value) => compareValues(value, operand) > 0,
  atLeast: (operand: unknown) => (value) => compareValues(value, operand) >= 0,
};

const COMPARISONS = [...Object.keys(OPERATORS), 'notEquals', 'exists'] as readonly (keyof Filter)[];

function condition(filter: Filter, path: string): Predicate[] {
  const steps = parsePath(path);
  const present = (object: UnstructuredObject) => valuesAt(object, steps).filter((value) => value != null);
  const predicates = Object.entries(OPERATORS)
    .filter(([name]) => filter[name as keyof Filter] != null)
    .map(([name, make]): Predicate => {
      const test = make(filter[name as keyof Filter] as never);
      return (object) => present(object).some(test);
    });
  if (filter.notEquals != null) {
    predicates.push((object) => !present(object).some((value) => isEqual(value, filter.notEquals)));
  }
  if (filter.exists != null) predicates.push((object) => present(object).length > 0 === filter.exists);
  if (predicates.length === 0) throw newBadRequest(`the filter on "${path}" compares it with nothing`);
  return predicates;
}

function compile(filter: Filter, budget: { left: number }): Predicate {
  budget.left -= 1;
  if (budget.left < 0) throw newBadRequest(`a filter may have at most ${MOST_CONDITIONS} conditions`);
  const { and, or, not, path } = filter;
  if (path == null && COMPARISONS.some((name) => filter[name] != null))
    throw newBadRequest('a filter that compares needs the path of what it compares');
  const all: Predicate[] = path == null ? [] : condition(filter, path);
  for (const part of and ?? []) all.push(compile(part, budget));
  if (or) {
    const any = or.map((part) => compile(part, budget));
    all.push((object) => any.some((predicate) => predicate(object)));
  }
  if (not) {
    const negated = compile(not, budget);
    all.push((object) => !negated(object));
  }
  return (object) => all.every((predicate) => predicate(object));
}

/**
 * Makes a filter into a test of objects. A condition holds when any value its path leads to fulfils it.
 * @throws StatusError BadRequest for paths that cannot be read and filters that are too large.
 */
export function compileFilter(filter: Filter): Predicate {
  return compile(filter, { left: MOST_CONDITIONS });
}
