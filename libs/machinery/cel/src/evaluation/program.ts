import type { Checked } from '../checker/index.js';
import { type EvaluateOptions, type Evaluation, PER_CALL_LIMIT, type Program } from '../program.js';
import type { Expr } from '../syntax/index.js';
import { type CelType, unwrapOptional } from '../types/index.js';
import { BudgetExceeded, isError, Meter, Optional, toValue, type Value } from '../values/index.js';
import type { Frame } from './frame.js';
import { Planner } from './planner.js';
import type { Step } from './step.js';

/** The caller's variables, read when they are first looked at. */
class Bindings implements Frame {
  private readonly read = new Map<string, Value>();

  constructor(
    readonly meter: Meter,
    private readonly variables: Readonly<Record<string, CelType>>,
    private readonly bindings: Readonly<Record<string, unknown>>,
  ) {}

  resolve(name: string): Value | undefined {
    const known = this.read.get(name);
    if (known !== undefined) return known;
    const type = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
    const value = type && bind(this.bindings, name, type, this.meter);
    if (value !== undefined) this.read.set(name, value);
    return value;
  }
}

function bind(
  bindings: Readonly<Record<string, unknown>>,
  name: string,
  type: CelType,
  meter: Meter,
): Value | undefined {
  const raw = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  const of = unwrapOptional(type);
  if (of) return raw === undefined ? Optional.none : Optional.of(toValue(raw, of, meter));
  return raw === undefined ? undefined : toValue(raw, type, meter);
}

export class PlannedProgram implements Program {
  readonly references: ReadonlySet<string>;
  private readonly step: Step;

  /** @throws ProgramError where a constant in the expression is wrong in itself. */
  constructor(
    readonly source: string,
    readonly type: CelType,
    private readonly variables: Readonly<Record<string, CelType>>,
    { expr, checked }: { readonly expr: Expr; readonly checked: Checked },
  ) {
    this.references = checked.references;
    this.step = new Planner(checked).plan(expr);
  }

  evaluate(
    bindings: Readonly<Record<string, unknown>>,
    { budget = PER_CALL_LIMIT, work }: EvaluateOptions = {},
  ): Evaluation {
    const meter = new Meter(budget, work);
    try {
      const value = this.step.evaluate(new Bindings(meter, this.variables, bindings));
      if (!isError(value)) return { ok: true, value, ...meter.spent };
      return { ok: false, reason: 'evaluation', message: value.message, ...meter.spent };
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
      return { ok: false, reason: 'budget', message: error.message, ...meter.spent };
    }
  }
}
