import { FUNCTIONS, type Overload } from '../functions/index.js';
import type {
  Call,
  Comprehension,
  Expr,
  Ident,
  ListLiteral,
  MapLiteral,
  Select,
  SourceError,
} from '../syntax/index.js';
import {
  BOOL,
  type CelType,
  DYN,
  ERROR,
  formatType,
  INT,
  listOf,
  mapOf,
  type ObjectType,
  optionalOf,
  RESERVED_WORDS,
} from '../types/index.js';
import { typeOfLiteral } from './literal-type.js';
import { Checked } from './checked.js';
import { Scope } from './scope.js';
import { maybeUnwrap, mostGeneral, Substitution } from './substitution.js';

const isDynOrError = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'error';

/** `a.b.c` as one name, where it is nothing but names. */
function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.testOnly) return undefined;
  const operand = qualifiedName(expr.operand);
  return operand === undefined ? undefined : `${operand}.${expr.field}`;
}

/** A field by its name; words that CEL keeps for itself may be written as they are. */
function findField({ fields }: ObjectType, name: string): CelType | undefined {
  return fields.get(name) ?? (RESERVED_WORDS.has(name) ? fields.get(`__${name}__`) : undefined);
}

/** Finds the type of every part of an expression. Behaves as cel-go checker. */
export class Checker {
  readonly errors: SourceError[] = [];
  readonly checked = new Checked();
  private readonly substitution = new Substitution();

  constructor(private scope: Scope) {}

  /** Types that are still open in the end are `dyn`. */
  run(expr: Expr): CelType {
    this.check(expr);
    for (const [id, type] of this.checked.types) this.checked.types.set(id, this.substitution.apply(type, true));
    return this.checked.typeOf(expr);
  }

  private report(expr: { offset: number }, message: string): CelType {
    this.errors.push({ offset: expr.offset, message });
    return ERROR;
  }

  private mismatch(expr: Expr, expected: CelType, found: CelType): CelType {
    return this.report(expr, `expected type '${formatType(expected)}' but found '${formatType(found)}'`);
  }

  private undeclared(expr: Expr, name: string): CelType {
    return this.report(expr, `undeclared reference to '${name}' (in container '')`);
  }

  private check(expr: Expr): CelType {
    const type = this.typeOf(expr);
    this.checked.types.set(expr.id, type);
    return type;
  }

  private typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal':
        return typeOfLiteral(expr.value);
      case 'ident':
        return this.ident(expr);
      case 'select':
        return this.select(expr);
      case 'call':
        return this.call(expr);
      case 'list':
        return this.list(expr);
      case 'map':
        return this.map(expr);
      case 'comprehension':
        return this.comprehension(expr);
    }
  }

  private lookUp(name: string): CelType | undefined {
    const meaning = this.scope.find(name);
    if (meaning?.origin === 'variable') this.checked.references.add(name.replace(/^\./, ''));
    return meaning?.type;
  }

  private ident(expr: Ident): CelType {
    return this.lookUp(expr.name) ?? this.undeclared(expr, expr.name);
  }

  private select(expr: Select): CelType {
    const name = qualifiedName(expr);
    const named = name === undefined ? undefined : this.lookUp(name);
    if (name !== undefined && named) {
      this.checked.qualified.set(expr.id, name);
      return named;
    }
    const type = this.field(expr, expr.operand, expr.field, false);
    return expr.testOnly ? BOOL : this.substitution.apply(type);
  }

  private field(expr: Expr, operand: Expr, field: string, optional: boolean): CelType {
    const { type: target, optional: unwrapped } = maybeUnwrap(this.substitution.apply(this.check(operand)));
    const type = this.fieldOf(expr, target, field);
    return unwrapped || optional ? optionalOf(type) : type;
  }

  private fieldOf(expr: Expr, target: CelType, field: string): CelType {
    if (target.kind === 'map') return target.value;
    if (target.kind === 'object') return findField(target, field) ?? this.report(expr, `undefined field '${field}'`);
    if (target.kind === 'param') this.substitution.isAssignable(DYN, target);
    else if (!isDynOrError(target)) this.report(expr, `type '${formatType(target)}' does not support field selection`);
    return DYN;
  }

  private call(expr: Call): CelType {
    if (expr.name === '_?._') return this.optionalSelect(expr);
    for (const arg of expr.args) this.check(arg);
    if (!expr.target) return this.globalCall(expr, expr.name.replace(/^\./, ''));
    const prefix = qualifiedName(expr.target)?.replace(/^\./, '');
    const namespaced = prefix === undefined ? undefined : `${prefix}.${expr.name}`;
    if (namespaced !== undefined && FUNCTIONS.has(namespaced)) {
      this.checked.namespaced.set(expr.id, namespaced);
      return this.globalCall(expr, namespaced);
    }
    this.check(expr.target);
    const overloads = FUNCTIONS.get(expr.name);
    return overloads
      ? this.resolve(expr, overloads, [expr.target, ...expr.args], true)
      : this.undeclared(expr, expr.name);
  }

  private globalCall(expr: Call, name: string): CelType {
    const overloads = FUNCTIONS.get(name);
    return overloads ? this.resolve(expr, overloads, expr.args, false) : this.undeclared(expr, expr.name);
  }

  private optionalSelect(expr: Call): CelType {
    const [operand, field] = expr.args;
    if (!operand || field?.kind !== 'literal') return ERROR;
    this.checked.overloads.set(expr.id, ['select_optional_field']);
    return this.substitution.apply(this.field(expr, operand, String(field.value), true));
  }

  private resolve(expr: Call, overloads: readonly Overload[], args: readonly Expr[], isMember: boolean): CelType {
    if (expr.name === '_&&_' || expr.name === '_||_') return this.logic(expr, args);
    const types = args.map((arg) => this.checked.typeOf(arg));
    const found: string[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      const next = overload.isMember === isMember ? this.resultOf(overload, types) : undefined;
      if (!next) continue;
      found.push(overload.id);
      result = result && formatType(result) !== formatType(next) ? DYN : next;
    }
    if (result === undefined) return this.noOverload(expr, types, isMember);
    this.checked.overloads.set(expr.id, found);
    return result;
  }

  /** What a call answers, or undefined where the arguments do not fit it. */
  private resultOf(overload: Overload, types: readonly CelType[]): CelType | undefined {
    const [result = DYN, ...parameters] = this.substitution.instantiate([overload.result, ...overload.parameters]);
    return this.substitution.areAssignable(types, parameters) ? this.substitution.apply(result) : undefined;
  }

  private logic(expr: Call, args: readonly Expr[]): CelType {
    this.checked.overloads.set(expr.id, [expr.name === '_&&_' ? 'logical_and' : 'logical_or']);
    const wrong = args.filter((arg) => !this.substitution.isAssignable(this.checked.typeOf(arg), BOOL));
    for (const arg of wrong) this.mismatch(arg, BOOL, this.checked.typeOf(arg));
    return wrong.length > 0 ? ERROR : BOOL;
  }

  private noOverload(expr: Call, types: readonly CelType[], isMember: boolean): CelType {
    const texts = types.map((type) => formatType(this.substitution.apply(type, true)));
    const target = isMember ? `${texts.shift() ?? ''}.` : '';
    const name = this.checked.namespaced.get(expr.id) ?? expr.name.replace(/^\./, '');
    return this.report(expr, `found no matching overload for '${name}' applied to '${target}(${texts.join(', ')})'`);
  }

  /** The type of an element that is marked with `?`: what its optional holds. */
  private optionalElement(expr: Expr, type: CelType): CelType {
    const unwrapped = maybeUnwrap(type);
    if (!unwrapped.optional && unwrapped.type.kind !== 'dyn') this.mismatch(expr, optionalOf(type), type);
    return unwrapped.type;
  }

  /** Elements of different types make a list of anything; `validate` refuses those that are written out. */
  private join(previous: CelType | undefined, current: CelType): CelType {
    if (!previous) return current;
    return this.substitution.isAssignable(previous, current) ? mostGeneral(previous, current) : DYN;
  }

  private list({ elements, optional }: ListLiteral): CelType {
    let type: CelType | undefined;
    for (const [index, element] of elements.entries()) {
      const own = this.check(element);
      type = this.join(type, optional.has(index) ? this.optionalElement(element, own) : own);
    }
    return listOf(type ?? this.substitution.newVariable());
  }

  private map({ entries }: MapLiteral): CelType {
    let [keys, values]: [CelType | undefined, CelType | undefined] = [undefined, undefined];
    for (const { key, value, optional } of entries) {
      keys = this.join(keys, this.check(key));
      const own = this.check(value);
      values = this.join(values, optional ? this.optionalElement(value, own) : own);
    }
    return mapOf(keys ?? this.substitution.newVariable(), values ?? this.substitution.newVariable());
  }

  /** The types of a comprehension's one or two variables. */
  private iterated({ range }: Comprehension, two: boolean): [CelType, CelType] {
    const type = this.substitution.apply(this.checked.typeOf(range));
    if (type.kind === 'list') return two ? [INT, type.element] : [type.element, ERROR];
    if (type.kind === 'map') return [type.key, type.value];
    if (isDynOrError(type) || type.kind === 'param') {
      this.substitution.isAssignable(DYN, type);
      return [DYN, DYN];
    }
    const rule = 'cannot be range of a comprehension (must be list, map, or dynamic)';
    this.report(range, `expression of type '${formatType(type)}' ${rule}`);
    return [ERROR, ERROR];
  }

  private comprehension(expr: Comprehension): CelType {
    const { scope } = this;
    this.check(expr.range);
    const accuType = this.check(expr.init);
    const inner = scope.with([[expr.accuVar, accuType]]);
    const [first, second] = this.iterated(expr, expr.iterVar2 !== undefined);
    const names: (readonly [string, CelType])[] = [[expr.iterVar, first]];
    if (expr.iterVar2 !== undefined) names.push([expr.iterVar2, second]);
    this.scope = inner.with(names);
    this.expect(expr.condition, BOOL);
    this.expect(expr.step, accuType);
    this.scope = inner;
    const result = this.check(expr.result);
    this.scope = scope;
    return this.substitution.apply(result);
  }

  private expect(expr: Expr, type: CelType): void {
    const found = this.check(expr);
    if (!this.substitution.isAssignable(type, found)) this.mismatch(expr, type, found);
  }
}

/** Checks an expression whose names mean what `variables` says. */
export function check(
  expr: Expr,
  variables: Readonly<Record<string, CelType>>,
): { type: CelType; checked: Checked; errors: readonly SourceError[] } {
  const checker = new Checker(new Scope(new Map(Object.entries(variables))));
  const type = checker.run(expr);
  return { type, checked: checker.checked, errors: checker.errors };
}
