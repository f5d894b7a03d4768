import { getMember, isJsonObject } from '@binnacle/machinery-patch';
import { BadPath, type Filter, type Operand, parseJsonPath, type Step } from './parse.js';

/** No more values are followed at a time; a path that finds so many is of no use in a column. */
const MOST_FOUND = 10_000;

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

function everythingIn(value: unknown): unknown[] {
  const found: unknown[] = [];
  const waiting = [value];
  while (waiting.length > 0 && found.length < MOST_FOUND) {
    const next = waiting.pop();
    found.push(next);
    waiting.push(...childrenOf(next).toReversed());
  }
  return found;
}

const from = (position: number, length: number): number => (position < 0 ? position + length : position);

function sliced(list: readonly unknown[], step: Extract<Step, { kind: 'slice' }>): unknown[] {
  const [start, end] = [from(step.from ?? 0, list.length), from(step.to ?? list.length, list.length)];
  if (step.by <= 0) return [];
  return list.slice(Math.max(start, 0), Math.max(end, 0)).filter((_item, index) => index % step.by === 0);
}

function valueOf(operand: Operand, element: unknown): unknown {
  return 'value' in operand ? operand.value : follow([element], operand.path)[0];
}

function compare(left: unknown, operator: Filter['operator'], right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  const [a, b] = [left, right as typeof left];
  const holds = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, exists: false };
  return holds[operator];
}

function passes(element: unknown, { left, operator, right }: Filter): boolean {
  const value = valueOf(left, element);
  if (operator === 'exists' || !right) return value !== undefined;
  const other = valueOf(right, element);
  return value !== undefined && other !== undefined && compare(value, operator, other);
}

function take(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'members':
      return isJsonObject(value) ? step.names.map((name) => getMember(value, name)) : [];
    case 'elements':
      return Array.isArray(value)
        ? step.positions.map((position) => value[from(position, value.length)] as unknown)
        : [];
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    case 'all':
      return childrenOf(value);
    case 'below':
      return everythingIn(value);
    case 'filter':
      return Array.isArray(value) ? value.filter((element) => passes(element, step.filter)) : [];
  }
}

function follow(values: readonly unknown[], steps: readonly Step[]): unknown[] {
  let found = [...values];
  for (const step of steps) {
    found = found.flatMap((value) => take(value, step)).filter((value) => value !== undefined);
    if (found.length > MOST_FOUND) found.length = MOST_FOUND;
  }
  return found;
}

/** Finds values in an object; what is not there is not found. */
export type JsonPath = (object: unknown) => readonly unknown[];

/**
 * Makes a finder of a path in the syntax of definitions.
 * @throws BadPath
 */
export function jsonPath(text: string): JsonPath {
  const steps = parseJsonPath(text);
  return (object) => follow([object], steps);
}

/** The same, undefined where the path cannot be read. */
export function jsonPathOrNone(text: string): JsonPath | undefined {
  try {
    return jsonPath(text);
  } catch (error) {
    if (error instanceof BadPath) return undefined;
    throw error;
  }
}
