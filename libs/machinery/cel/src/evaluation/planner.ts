import { type Checked, TYPE_NAMES } from '../checker/index.js';
import { compilePattern, FUNCTIONS } from '../functions/index.js';
import type { Call, Comprehension, Expr, ListLiteral, MapLiteral, Select } from '../syntax/index.js';
import { CelError, isError, Meter, TypeValue } from '../values/index.js';
import { asChain, Conditional, Variable } from './attributes.js';
import { FunctionCall, Logic, NotStrictlyFalse, OptionalOr } from './calls.js';
import { Equality, Membership, membersOf } from './equality.js';
import { Fold } from './fold.js';
import type { Frame } from './frame.js';
import { ListStep, MapStep } from './literals.js';
import { Constant, isAttribute, type Attribute, type Step } from './step.js';

/** A constant of the expression is wrong in itself. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

const CONVERSIONS = new Set('bool bytes double duration dyn int string timestamp uint type'.split(' '));
const PATTERNS = new Set(['matches', 'find', 'findAll']);
/** What making one constant may cost: nobody pays for it at run time. */
const CONSTANT_BUDGET = 10_000;

const nowhere = (): Frame => ({ meter: new Meter(CONSTANT_BUDGET), resolve: () => undefined });
const NONE = new Constant(null);
const isConstant = (step: Step): boolean => step.constant !== undefined;

/** Turns a checked expression into steps, with the constants worked out as cel-go's optimizer does. */
export class Planner {
  constructor(private readonly checked: Checked) {}

  plan(expr: Expr): Step {
    switch (expr.kind) {
      case 'literal':
        return new Constant(expr.value);
      case 'ident':
        return this.name(expr.name, expr.id);
      case 'select':
        return this.select(expr);
      case 'call':
        return this.call(expr);
      case 'list':
        return this.list(expr);
      case 'map':
        return this.map(expr);
      case 'comprehension':
        return this.fold(expr);
    }
  }

  private name(name: string, id: number): Step {
    const plain = name.replace(/^\./, '');
    const isType = this.checked.types.get(id)?.kind === 'type' && TYPE_NAMES.has(plain);
    return isType ? new Constant(new TypeValue(plain)) : new Variable(plain);
  }

  private select(expr: Select): Step {
    const name = this.checked.qualified.get(expr.id);
    if (name !== undefined) return this.name(name, expr.id);
    return this.reach(expr.operand, new Constant(expr.field), false, expr.testOnly);
  }

  private reach(operand: Expr, key: Step, optional: boolean, testOnly = false): Step {
    const chain = asChain(this.plan(operand));
    chain.add({ key, optional, testOnly });
    return chain;
  }

  private list({ elements, optional }: ListLiteral): Step {
    const steps = elements.map((element) => this.plan(element));
    const step = new ListStep(steps, optional);
    return steps.every(isConstant) ? this.constant(step) : step;
  }

  private map({ entries }: MapLiteral): Step {
    const steps = entries.map(({ key, value, optional }) => ({
      key: this.plan(key),
      value: this.plan(value),
      optional,
    }));
    const step = new MapStep(steps);
    return steps.every(({ key, value }) => isConstant(key) && isConstant(value)) ? this.constant(step) : step;
  }

  private constant(step: Step): Constant {
    const value = step.evaluate(nowhere());
    if (isError(value)) throw new ProgramError(value.message);
    return new Constant(value);
  }

  private fold(expr: Comprehension): Step {
    return new Fold({
      range: this.plan(expr.range),
      iterVar: expr.iterVar,
      iterVar2: expr.iterVar2,
      accuVar: expr.accuVar,
      init: this.plan(expr.init),
      condition: this.plan(expr.condition),
      step: this.plan(expr.step),
      result: this.plan(expr.result),
    });
  }

  private call(expr: Call): Step {
    const special = this.forms[expr.name];
    return (special && !expr.target ? special(expr) : undefined) ?? this.functionCall(expr);
  }

  private readonly forms: Readonly<Record<string, (expr: Call) => Step | undefined>> = {
    '_?._': ({ args: [operand, field] }) => this.reach(operand as Expr, this.plan(field as Expr), true),
    '_[_]': ({ args: [operand, key] }) => this.reach(operand as Expr, this.plan(key as Expr), false),
    '_[?_]': ({ args: [operand, key] }) => this.reach(operand as Expr, this.plan(key as Expr), true),
    '_&&_': ({ args }) => new Logic(this.planAll(args), false),
    '_||_': ({ args }) => new Logic(this.planAll(args), true),
    '_==_': ({ args: [left, right] }) => new Equality(this.plan(left as Expr), this.plan(right as Expr), false),
    '_!=_': ({ args: [left, right] }) => new Equality(this.plan(left as Expr), this.plan(right as Expr), true),
    '_?_:_': ({ args: [condition, then, otherwise] }) =>
      new Conditional(this.plan(condition as Expr), this.branch(then as Expr), this.branch(otherwise as Expr)),
    '@not_strictly_false': ({ args: [operand] }) => new NotStrictlyFalse(this.plan(operand as Expr)),
    '@in': (expr) => this.membership(expr),
  };

  private planAll(exprs: readonly Expr[]): Step[] {
    return exprs.map((expr) => this.plan(expr));
  }

  private branch(expr: Expr): Attribute {
    const step = this.plan(expr);
    return isAttribute(step) ? step : asChain(step);
  }

  private membership(expr: Call): Step | undefined {
    const [operand, list] = expr.args;
    if (!operand || !list || this.overloadOf(expr) !== 'in_list') return undefined;
    const members = membersOf(this.plan(list).constant);
    if (!members) return undefined;
    return members.size === 0 ? new Constant(false) : new Membership(this.plan(operand), members);
  }

  /** The overload, where the types left one. */
  private overloadOf({ id }: Call): string {
    const overloads = this.checked.overloads.get(id) ?? [];
    return overloads.length === 1 ? (overloads[0] ?? '') : '';
  }

  private functionCall(expr: Call): Step {
    const namespaced = this.checked.namespaced.get(expr.id);
    const target = namespaced === undefined ? expr.target : undefined;
    const name = namespaced ?? expr.name.replace(/^\./, '');
    const args = this.planAll(target ? [target, ...expr.args] : expr.args);
    if (target && (name === 'or' || name === 'orValue')) return orElse(args, name === 'orValue');
    const overloads = (FUNCTIONS.get(name) ?? []).filter(({ isMember }) => isMember === (target !== undefined));
    const call = new FunctionCall(name, this.overloadOf(expr), overloads, args);
    checkPattern(name, args);
    return !target && isConstantConversion(name, args) ? this.constant(call) : call;
  }
}

const orElse = ([left = NONE, right = NONE]: readonly Step[], unwraps: boolean): Step =>
  new OptionalOr(left, right, unwraps);

const isConstantConversion = (name: string, args: readonly Step[]): boolean =>
  CONVERSIONS.has(name) && args.length === 1 && args.every(isConstant);

/** A pattern that is written out must be one. */
function checkPattern(name: string, args: readonly Step[]): void {
  const pattern = args[1]?.constant;
  const compiled = PATTERNS.has(name) && typeof pattern === 'string' ? compilePattern(pattern) : undefined;
  if (compiled instanceof CelError) throw new ProgramError(compiled.message);
}
