import {
  type CelType,
  type Compilation,
  type CompileOptions,
  nameObjects,
  optionalOf,
  type Program,
} from '@binnacle/machinery-cel';
import type { Steps } from '@binnacle/machinery-context';
import { findField } from '../schema/field-path.js';
import { type JsonSchema, RULES, type ValidationRule } from '../schema/types.js';
import { type DeclaredType, declaredType, MAX_REQUEST_BYTES } from './declared-type.js';

/** Compiles an expression, in steps. */
export type Compile = (source: string, options: CompileOptions) => Steps<Compilation>;

/** A compiled rule, or what is wrong with it. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Undefined where the rule is empty or does not compile. */
  readonly program: Program | undefined;
  readonly problem: string | undefined;
  readonly message: Program | undefined;
  readonly messageProblem: string | undefined;
  readonly usesOldSelf: boolean;
  readonly cost: number;
  readonly messageCost: number;
  /** Where in the value a fault is told, `.spec.x` for example; empty for the value itself. */
  readonly path: string;
}

const PREFIX: Readonly<Record<'compilation' | 'program', string>> = {
  compilation: 'compilation failed: ',
  program: 'program instantiation failed: ',
};
const MESSAGE_PREFIX: Readonly<Record<'compilation' | 'program', string>> = {
  compilation: 'messageExpression compilation failed: ',
  program: 'messageExpression instantiation failed: ',
};

type Failed = Extract<Compilation, { ok: false }>;

function ruleProblem({ reason, message }: Failed): string {
  return reason === 'result' ? 'cel expression must evaluate to a bool' : PREFIX[reason] + message;
}

function messageProblem({ reason, message }: Failed): string {
  return reason === 'result' ? 'messageExpression must evaluate to a string' : MESSAGE_PREFIX[reason] + message;
}

type Message = Pick<CompiledRule, 'message' | 'messageProblem' | 'messageCost'>;

const NO_MESSAGE: Message = { message: undefined, messageProblem: undefined, messageCost: 0 };
const EMPTY: Omit<CompiledRule, 'rule'> = {
  ...NO_MESSAGE,
  program: undefined,
  problem: undefined,
  usesOldSelf: false,
  cost: 0,
  path: '',
};

function pathOf({ fieldPath }: ValidationRule, schema: JsonSchema): string {
  const found = fieldPath ? findField(fieldPath, schema) : undefined;
  return found && 'path' in found ? String(found.path) : '';
}

function* compileMessage(
  { messageExpression }: ValidationRule,
  compile: Compile,
  variables: Variables,
): Steps<Message> {
  if (!messageExpression) return NO_MESSAGE;
  const compiled = yield* compile(messageExpression, { variables, result: 'string' });
  if (!compiled.ok) return { ...NO_MESSAGE, messageProblem: messageProblem(compiled) };
  return { message: compiled.program, messageProblem: undefined, messageCost: compiled.cost.max };
}

type Variables = Readonly<Record<string, CelType>>;

function* compileRule(
  rule: ValidationRule,
  schema: JsonSchema,
  compile: Compile,
  variables: Variables,
): Steps<CompiledRule> {
  if ((rule.rule ?? '').trim() === '') return { ...EMPTY, rule };
  const compiled = yield* compile(rule.rule, { variables, result: 'bool' });
  if (!compiled.ok) return { ...EMPTY, rule, problem: ruleProblem(compiled) };
  return {
    rule,
    program: compiled.program,
    problem: undefined,
    usesOldSelf: compiled.program.references.has('oldSelf'),
    cost: compiled.cost.max,
    ...(yield* compileMessage(rule, compile, variables)),
    path: pathOf(rule, schema),
  };
}

function* compileAll(schema: JsonSchema, declared: DeclaredType, compile: Compile): Steps<CompiledRule[]> {
  const self = nameObjects(declared.type, 'selfType');
  const plain = { self, oldSelf: self };
  const optional = { self, oldSelf: optionalOf(self) };
  const made: CompiledRule[] = [];
  for (const rule of schema[RULES] ?? []) {
    made.push(yield* compileRule(rule, schema, compile, rule.optionalOldSelf ? optional : plain));
    yield;
  }
  return made;
}

const compiled = new WeakMap<JsonSchema, readonly CompiledRule[]>();

/**
 * The rules of one schema, in their order, none where expressions cannot see its values. They are compiled when first asked for,
 * and once, each in some steps; the schema must not change afterwards.
 */
export function* rulesOf(schema: JsonSchema, isResource: boolean, compile: Compile): Steps<readonly CompiledRule[]> {
  const known = compiled.get(schema);
  if (known) return known;
  const declared = (schema[RULES] ?? []).length > 0 ? declaredType(schema, isResource) : undefined;
  const rules = declared ? yield* compileAll(schema, declared, compile) : [];
  compiled.set(schema, rules);
  return rules;
}

/** How often values of at least that size may stand in one request. */
export function mostInOneRequest({ minSize }: DeclaredType): number {
  return Math.floor(MAX_REQUEST_BYTES / (minSize + 1));
}
