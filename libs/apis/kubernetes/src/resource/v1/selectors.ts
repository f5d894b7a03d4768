import { type CelType, type Compilation, formatType } from '@binnacle/machinery-cel';
import { finished, type Steps } from '@binnacle/machinery-context';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  internalError,
  invalid,
  required,
  tooLong,
} from '@binnacle/machinery-validation';
import { compilingSelector, MAX_SELECTOR_COST } from './device-environment.js';
import type { DeviceSelector } from './index.js';
import { validateList } from './lists.js';

const MOST_SELECTORS = 32;
const MAX_EXPRESSION = 10 * 1024;
/** Expressions whose verdict is remembered. */
const MOST_KNOWN = 1_000;

type Verdict =
  | { readonly type: CelType; readonly cost: number }
  | { readonly reason: string; readonly message: string };

const known = new Map<string, Verdict>();

const verdictOf = (compiled: Compilation): Verdict =>
  compiled.ok
    ? { type: compiled.program.type, cost: compiled.cost.max }
    : { reason: compiled.reason, message: compiled.message };

function* judged(text: string): Steps<Verdict> {
  const before = known.get(text);
  if (before) return before;
  const verdict = verdictOf(yield* compilingSelector(text));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, verdict);
  return verdict;
}

function* expressionsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'expression' && typeof member === 'string') yield member;
    else yield* expressionsIn(member);
  }
}

/** Compiles the expressions of selectors in steps: hundreds of ten kilobytes fit into one object. Then they can be judged at once. */
export function* readSelectors(requests: unknown): Steps<void> {
  for (const text of expressionsIn(requests)) {
    if (text.length <= MAX_EXPRESSION) yield* judged(text);
    yield;
  }
}

/** What is wrong with an expression. Behaves as kubernetes pkg/apis/resource/validation validateCELSelector. */
function validateExpression(text: string, path: FieldPath): FieldError[] {
  if (text.length > MAX_EXPRESSION) return [tooLong(path, MAX_EXPRESSION)];
  const verdict = finished(judged(text));
  if ('reason' in verdict) {
    const { reason, message } = verdict;
    return reason === 'program'
      ? [internalError(path, message)]
      : [invalid(path, text, `compilation failed: ${message}`)];
  }
  const { type, cost } = verdict;
  if (type.kind === 'bool' || type.kind === 'dyn')
    return cost > MAX_SELECTOR_COST ? [forbidden(path, 'too complex, exceeds cost limit')] : [];
  return [invalid(path, text, `must evaluate to bool or the unknown type, not ${formatType(type)}`)];
}

/** Which devices are meant: all of the selectors have to agree. */
export function validateSelectors(selectors: readonly DeviceSelector[] | undefined, path: FieldPath): FieldError[] {
  return validateList(selectors, path, MOST_SELECTORS, ({ cel }, at) => {
    const where = at.child('cel');
    return cel ? validateExpression(cel.expression ?? '', where.child('expression')) : [required(where)];
  });
}
