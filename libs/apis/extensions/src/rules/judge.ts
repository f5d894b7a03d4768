import {
  type Evaluation,
  PER_CALL_LIMIT,
  PER_CALL_WORK,
  type Program,
  RUNTIME_COST_BUDGET,
  RUNTIME_WORK_BUDGET,
} from '@binnacle/machinery-cel';
import { finished, type Steps } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';
import { getMember, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import type { FieldError, FieldPath } from '@binnacle/machinery-validation';
import { itemsOf, propertyOf, somewhere, valuesOf } from '../schema/children.js';
import { EMBEDDED, type JsonSchema, RULES } from '../schema/types.js';
import { type Correlation, elementsByKey, oldElementOf } from '../values/correlation.js';
import { type Compile, type CompiledRule, rulesOf } from './compile.js';
import { defaultMessage, ruleFault, ruleTrouble, shownRule } from './faults.js';

const MAX_MESSAGE_BYTES = 5 * 1024;
const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** What is known of the state before: of the value itself, or else of the nearest one above it. */
interface Before {
  readonly here?: Correlation | undefined;
  readonly above?: Correlation | undefined;
}

/** Faults of what did not change are forgiven. */
const isUnchanged = ({ here, above }: Before): boolean => (here ?? above)?.isUnchanged ?? false;

function step(before: Before, find: (here: Correlation) => Correlation | undefined): Before {
  return before.here ? { here: find(before.here), above: before.here } : before;
}

/** A value, what it was before, and how much of the two can be compared. */
interface Node {
  readonly value: unknown;
  readonly old: unknown;
  readonly path: FieldPath;
  readonly schema: JsonSchema;
  readonly before: Before;
  readonly isRoot: boolean;
}

/** Whether there are rules in a schema or below it. */
export const hasRules = somewhere((schema) => (schema[RULES] ?? []).length > 0);

/** Judging stops as a whole. */
class Stopped extends Error {}

class Judge {
  readonly errors: FieldError[] = [];
  readonly warnings: FieldError[] = [];
  private budget = RUNTIME_COST_BUDGET;
  private work = RUNTIME_WORK_BUDGET;

  constructor(private readonly compile: Compile) {}

  /** Each rule is a step. */
  *judge(node: Node): Steps<void> {
    if (isAbsent(node.value) || !hasRules(node.schema)) return;
    const isResource = node.isRoot || node.schema[EMBEDDED] === true;
    for (const rule of yield* rulesOf(node.schema, isResource, this.compile)) {
      this.judgeRule(rule, node);
      yield;
    }
    if (Array.isArray(node.value)) yield* this.judgeItems(node, node.value);
    else if (isJsonObject(node.value)) yield* this.judgeMembers(node, node.value);
  }

  private *judgeItems(node: Node, list: readonly unknown[]): Steps<void> {
    const items = itemsOf(node.schema);
    if (!items || !hasRules(items)) return;
    const elements = elementsByKey(node.old, node.schema);
    for (const [index, value] of list.entries()) {
      const old = oldElementOf(value, elements, node.schema);
      const before = step(node.before, (here) => here.index(index));
      yield* this.judge({ value, old, path: node.path.index(index), schema: items, before, isRoot: false });
    }
  }

  private *judgeMembers(node: Node, object: JsonObject): Steps<void> {
    const values = valuesOf(node.schema);
    const old = isJsonObject(node.old) ? node.old : {};
    for (const [name, value] of Object.entries(object)) {
      const property = propertyOf(node.schema, name);
      const schema = property ?? values;
      if (!schema || !hasRules(schema)) continue;
      const path = property ? node.path.child(name) : node.path.key(name);
      const before = beforeMember(node, name);
      yield* this.judge({ value, old: getMember(old, name), path, schema, before, isRoot: false });
    }
  }

  private stop(error: FieldError): never {
    this.errors.push(error);
    throw new Stopped();
  }

  private evaluate(program: Program, node: Node): Evaluation {
    const work = Math.min(this.work, PER_CALL_WORK);
    const outcome = program.evaluate(bindingsOf(node), { budget: PER_CALL_LIMIT, work });
    this.work -= outcome.work;
    return outcome;
  }

  private judgeRule(compiledRule: CompiledRule, node: Node): void {
    const { rule, program, problem, usesOldSelf } = compiledRule;
    const { schema, path } = node;
    if (problem) this.errors.push(ruleTrouble(schema, path, `rule compile error: ${problem}`));
    if (!program || (usesOldSelf && isAbsent(node.old) && !rule.optionalOldSelf)) return;
    if (this.budget <= 0 || this.work <= 0) this.stop(ruleTrouble(schema, path, OUT_OF_BUDGET));
    const outcome = this.evaluate(program, node);
    if (outcome.cost > this.budget) this.stop(ruleTrouble(schema, path, OUT_OF_BUDGET));
    this.budget -= outcome.cost;
    if (!outcome.ok) this.noteTrouble(outcome, compiledRule, node);
    else if (outcome.value !== true) this.noteFault(compiledRule, node);
  }

  private noteTrouble(
    { reason, message }: { readonly reason: string; readonly message: string },
    { rule }: CompiledRule,
    { schema, path }: Node,
  ): void {
    if (reason === 'budget') {
      const why = 'no further validation rules will be run due to call cost exceeds limit for rule';
      this.stop(ruleTrouble(schema, path, `'${message}': ${why}: ${shownRule(rule)}`));
    }
    const overload = 'call arguments did not match a supported operator, function or macro signature for rule';
    const text = message.startsWith('no such overload')
      ? `'${message}': ${overload}: ${shownRule(rule)}`
      : `${message} evaluating rule: ${shownRule(rule)}`;
    this.errors.push(ruleTrouble(schema, path, text));
  }

  private noteFault(compiledRule: CompiledRule, node: Node): void {
    const { rule, message, path, usesOldSelf } = compiledRule;
    const at = path ? node.path.child(path) : node.path;
    const detail = (message && this.messageOf(message, node, at)) ?? defaultMessage(rule);
    const fault = ruleFault(rule, node.schema, node.value, at, detail);
    const isForgiven = !usesOldSelf && isUnchanged(node.before);
    (isForgiven ? this.warnings : this.errors).push(fault);
  }

  /** What a messageExpression says; undefined where it comes to nothing that can be shown. */
  private messageOf(program: Program, node: Node, at: FieldPath): string | undefined {
    const outcome = this.evaluate(program, node);
    const trouble = 'no further validation rules will be run';
    if (outcome.cost > this.budget) {
      const why = `messageExpression evaluation failed due to running out of cost budget, ${trouble}`;
      this.stop(ruleTrouble(node.schema, at, why));
    }
    if (!outcome.ok && outcome.reason === 'budget') {
      const why = `${trouble} due to call cost exceeds limit for messageExpression: ${quote(program.source)}`;
      this.stop(ruleTrouble(node.schema, at, why));
    }
    this.budget -= outcome.cost;
    const text = outcome.ok && typeof outcome.value === 'string' ? outcome.value.trim() : '';
    const isShown = text !== '' && !text.includes('\n') && new TextEncoder().encode(text).length <= MAX_MESSAGE_BYTES;
    return isShown ? text : undefined;
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const bindingsOf = ({ value, old }: Node): Record<string, unknown> =>
  isAbsent(old) ? { self: value } : { self: value, oldSelf: old };

/** The root's apiVersion and kind never count as unchanged: both states are shown in the same version. */
function beforeMember({ before, isRoot }: Node, name: string): Before {
  if (isRoot && (name === 'apiVersion' || name === 'kind')) return {};
  return step(before, (here) => here.key(name));
}

export interface Judgement {
  readonly errors: readonly FieldError[];
  /** Faults that were there before and are forgiven. */
  readonly warnings: readonly FieldError[];
}

/** What is judged, and by what. */
export interface JudgeOptions {
  readonly schema: JsonSchema;
  readonly compile: Compile;
  readonly path: FieldPath;
  readonly isResource: boolean;
}

/**
 * Judges a value by the validation rules in its schema. `before` is the state that it replaces, where there is one.
 * Behaves as kubernetes apiextensions-apiserver pkg/apiserver/schema/cel Validator.
 */
export function* judging(
  value: unknown,
  old: unknown,
  before: Correlation | undefined,
  { schema, compile, path, isResource }: JudgeOptions,
): Steps<Judgement> {
  const judge = new Judge(compile);
  try {
    yield* judge.judge({ value, old, path, schema, before: { here: before }, isRoot: isResource });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return judge;
}

/** The same at once. */
export function judgeValue(
  value: unknown,
  old: unknown,
  before: Correlation | undefined,
  options: JudgeOptions,
): Judgement {
  return finished(judging(value, old, before, options));
}
