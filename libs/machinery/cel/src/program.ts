import type { CelType } from './types/index.js';
import type { Value } from './values/index.js';

/** One complaint about an expression. Lines and columns count from one, columns in characters. */
export interface CompileError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Steps of cel-go's and kubernetes' cost model: about 50 ns each. `max` is 2^64 where nothing bounds it. */
export interface CostEstimate {
  readonly min: number;
  readonly max: number;
}

export interface CompileOptions {
  /** What the expression may name. Object types need names of their own (`nameObjects`). */
  readonly variables: Readonly<Record<string, CelType>>;
  /** The type that the expression must have. Absent: any. */
  readonly result?: 'bool' | 'int' | 'string';
}

export interface EvaluateOptions {
  /** What the evaluation may cost. Absent: PER_CALL_LIMIT. */
  readonly budget?: number;
  /** Steps of about 50 ns that it may really take, whatever they cost. Absent: what that budget stands for. */
  readonly work?: number;
}

/** What was spent, also where nothing came of it. */
interface Spent {
  readonly cost: number;
  /** See `EvaluateOptions`. */
  readonly work: number;
}

export type Evaluation =
  | (Spent & { readonly ok: true; readonly value: Value })
  | (Spent & {
      readonly ok: false;
      /** `budget`: it cost more than was allowed. `evaluation`: the expression has no value for these bindings. */
      readonly reason: 'budget' | 'evaluation';
      readonly message: string;
    });

/** A compiled expression. It is immutable; one program serves many evaluations. */
export interface Program {
  readonly source: string;
  readonly type: CelType;
  /** The variables that the expression names. */
  readonly references: ReadonlySet<string>;
  /**
   * Answers at once; nothing in it waits. `bindings` hold plain JSON for each variable, read as the variable's type
   * says and only where the expression looks; absent ones are errors where the expression looks. A variable of an optional
   * type is absent (`optional.none()`) where its binding is undefined.
   */
  evaluate(bindings: Readonly<Record<string, unknown>>, options?: EvaluateOptions): Evaluation;
}

export type Compilation =
  | { readonly ok: true; readonly program: Program; readonly cost: CostEstimate }
  | {
      readonly ok: false;
      /**
       * `compilation`: syntax and types; `result`: it has another type than was asked for; `program`: a constant in it is
       * wrong in itself, as a bad regular expression.
       */
      readonly reason: 'compilation' | 'result' | 'program';
      /** All the errors as cel-go displays them: with the line and a mark below it. */
      readonly message: string;
      readonly errors: readonly CompileError[];
    };

/** What one evaluation may cost, and all the evaluations for one object. As kubernetes apiserver pkg/apis/cel. */
export const PER_CALL_LIMIT = 1_000_000;
export const RUNTIME_COST_BUDGET = 10_000_000;
/** The same of what is really done, which upstream does not count. A call of so much takes some 100 ms. */
export const PER_CALL_WORK = 2_000_000;
export const RUNTIME_WORK_BUDGET = 10_000_000;
/** Expressions longer than this, or nested deeper, are refused before they are read. */
export const MAX_SOURCE_LENGTH = 100_000;
