import type { Checked } from '../checker/index.js';
import {
  ACCUMULATOR,
  type Call,
  type Comprehension,
  type Expr,
  type ListLiteral,
  type MapLiteral,
  type Select,
} from '../syntax/index.js';
import { type CelType, unwrapOptional } from '../types/index.js';
import { countCharacters, type Value } from '../values/index.js';
import { type Argument, type CallEstimate, estimateLibraryCall } from './call-estimate.js';
import { LIST_CREATE, MAP_CREATE, REGEX_LENGTH, SELECT, STRING_TRAVERSAL } from './factors.js';
import {
  type EntrySize,
  exactly,
  MOST,
  plus,
  type Range,
  scaled,
  sum,
  times,
  union,
  unionEntries,
  UNKNOWN,
} from './range.js';
import { sizeAtPath } from './type-size.js';

interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entries: EntrySize | undefined;
}

/** A call of one overload and what its arguments cost. */
interface Costed {
  readonly expr: Call;
  readonly overload: string;
  readonly target: Argument | undefined;
  readonly args: readonly Argument[];
  readonly costs: readonly Range[];
}

const SIMPLE = new Set<CelType['kind']>(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
const FREE = exactly(0);
const ONE = exactly(1);

function isScalar(type: CelType): boolean {
  const of = unwrapOptional(type);
  return of ? isScalar(of) : SIMPLE.has(type.kind);
}

function literalLength(value: Value): number {
  if (typeof value === 'string') return countCharacters(value);
  return value instanceof Uint8Array ? value.length : 1;
}

/** The size of what is written out. */
function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === 'literal') return exactly(literalLength(expr.value));
  if (expr.kind === 'list') return exactly(expr.elements.length);
  return expr.kind === 'map' ? exactly(expr.entries.length) : undefined;
}

/** Nothing yet: any range joined to it stays what it is. */
const emptiest = (isEmpty: boolean): Range => ({ min: isEmpty ? 0 : MOST, max: 0 });

/** Bounds what an expression may cost before it runs. Behaves as cel-go checker/cost.go with kubernetes' libraries. */
export class Estimator {
  private readonly paths = new Map<number, readonly string[]>();
  private readonly sizes = new Map<number, Range>();
  private readonly entries = new Map<number, EntrySize>();
  private readonly locals = new Map<string, Local[]>();

  constructor(
    private readonly checked: Checked,
    private readonly variables: Readonly<Record<string, CelType>>,
  ) {}

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'literal':
        return FREE;
      case 'ident':
        return this.identCost(expr.id, expr.name);
      case 'select':
        return this.selectCost(expr);
      case 'call':
        return this.callCost(expr);
      case 'list':
        return this.listCost(expr);
      case 'map':
        return this.mapCost(expr);
      case 'comprehension':
        return this.isBind(expr) ? this.bindCost(expr) : this.foldCost(expr);
    }
  }

  private local(name: string): Local | undefined {
    return this.locals.get(name)?.at(-1);
  }

  private push(name: string, local: Local): void {
    this.locals.set(name, [...(this.locals.get(name) ?? []), local]);
  }

  private pop(name: string): void {
    this.locals.get(name)?.pop();
  }

  private identCost(id: number, name: string): Range {
    this.paths.set(id, this.local(name)?.path ?? [name]);
    return exactly(SELECT);
  }

  private pathOf(expr: Expr): readonly string[] {
    const local = expr.kind === 'ident' ? this.local(expr.name) : undefined;
    return local?.path ?? this.paths.get(expr.id) ?? [];
  }

  private selectCost(expr: Select): Range {
    const name = this.checked.qualified.get(expr.id);
    if (name !== undefined) return this.identCost(expr.id, name);
    const operand = this.cost(expr.operand);
    if (expr.testOnly) return operand;
    this.paths.set(expr.id, [...this.pathOf(expr.operand), expr.field]);
    const { kind } = this.checked.typeOf(expr.operand);
    return kind === 'map' || kind === 'object' || kind === 'param' ? plus(operand, exactly(SELECT)) : operand;
  }

  private listCost(expr: ListLiteral): Range {
    const costs = expr.elements.map((element) => this.cost(element));
    const value = expr.elements
      .map((element) => this.sizeOrUnknown(element))
      .reduce(union, emptiest(costs.length === 0));
    this.entries.set(expr.id, { container: 'list', key: ONE, value });
    return plus(sum(costs), exactly(LIST_CREATE));
  }

  private mapCost(expr: MapLiteral): Range {
    const costs = expr.entries.flatMap((entry) => [this.cost(entry.key), this.cost(entry.value)]);
    const start = emptiest(costs.length === 0);
    const key = expr.entries.map((entry) => this.sizeOrUnknown(entry.key)).reduce(union, start);
    const value = expr.entries.map((entry) => this.sizeOrUnknown(entry.value)).reduce(union, start);
    this.entries.set(expr.id, { container: 'map', key, value });
    return plus(sum(costs), exactly(MAP_CREATE));
  }

  private sizeOf(expr: Expr): Range | undefined {
    const known = this.sizes.get(expr.id) ?? literalSize(expr);
    if (known) return known;
    const bounded = sizeAtPath(this.variables, this.pathOf(expr));
    if (bounded) {
      this.sizes.set(expr.id, bounded);
      return bounded;
    }
    if (isScalar(this.checked.typeOf(expr))) return ONE;
    return expr.kind === 'ident' ? this.local(expr.name)?.size : undefined;
  }

  private sizeOrUnknown(expr: Expr): Range {
    return this.sizeOf(expr) ?? UNKNOWN;
  }

  private entriesOf(expr: Expr): EntrySize | undefined {
    const known = this.entries.get(expr.id);
    return known ?? (expr.kind === 'ident' ? this.local(expr.name)?.entries : undefined);
  }

  private setSize(expr: Expr, size: Range | undefined): void {
    if (size) this.sizes.set(expr.id, size);
  }

  private setEntries(expr: Expr, entries: EntrySize | undefined): void {
    if (entries) this.entries.set(expr.id, entries);
  }

  /** `bind` in all but name: a fold over nothing. */
  private isBind({ range, condition, accuVar }: Comprehension): boolean {
    const nothing = range.kind === 'list' && range.elements.length === 0;
    return nothing && condition.kind === 'literal' && condition.value === false && accuVar !== '__result__';
  }

  private bindCost(expr: Comprehension): Range {
    const start = plus(this.cost(expr.range), this.cost(expr.init));
    this.pushValue(expr.accuVar, expr.init);
    const result = this.cost(expr.result);
    this.pop(expr.accuVar);
    this.setSize(expr, this.sizeOf(expr.result));
    this.setEntries(expr, this.entriesOf(expr.result));
    return plus(start, result);
  }

  private pushValue(name: string, expr: Expr): void {
    this.push(name, { path: this.pathOf(expr), size: this.sizeOf(expr), entries: this.entriesOf(expr) });
  }

  /** What a comprehension's variable stands for: a key (or an index) or a value of its range. */
  private pushPart(name: string, range: Expr, part: 'key' | 'value'): void {
    const entries = this.entriesOf(range);
    const list = (entries?.container ?? this.checked.typeOf(range).kind) === 'list';
    const step = part === 'key' ? (list ? '@indices' : '@keys') : list ? '@items' : '@values';
    this.push(name, { path: [...this.pathOf(range), step], size: entries?.[part], entries: undefined });
  }

  private pushVariables({ iterVar, iterVar2, range }: Comprehension): void {
    if (iterVar2 !== undefined) {
      this.pushPart(iterVar, range, 'key');
      this.pushPart(iterVar2, range, 'value');
      return;
    }
    const list = (this.entriesOf(range)?.container ?? this.checked.typeOf(range).kind) === 'list';
    this.pushPart(iterVar, range, list ? 'value' : 'key');
  }

  private foldCost(expr: Comprehension): Range {
    const start = plus(this.cost(expr.range), this.cost(expr.init));
    this.pushValue(expr.accuVar, expr.init);
    this.pushVariables(expr);
    const loop = plus(this.cost(expr.condition), this.cost(expr.step));
    this.pop(expr.iterVar);
    if (expr.iterVar2 !== undefined) this.pop(expr.iterVar2);
    const result = this.cost(expr.result);
    this.pop(expr.accuVar);
    const count = this.sizeOrUnknown(expr.range);
    this.setFoldSize(expr, count);
    return sum([start, result, times(count, loop)]);
  }

  private setFoldSize(expr: Comprehension, count: Range): void {
    if (expr.init.kind === 'literal') this.setSize(expr, this.sizeOf(expr.init));
    if (expr.init.kind !== 'list' && expr.init.kind !== 'map') return;
    this.setSize(expr, count);
    this.setEntries(expr, this.entriesOf(expr.step));
  }

  private argument(expr: Expr): Argument {
    const path = this.pathOf(expr);
    const isAccumulator = path[0] === ACCUMULATOR || path[0] === '__result__';
    const shown = isAccumulator || path.length === 0 ? undefined : path;
    return { type: this.checked.typeOf(expr), path: shown, expr, size: this.sizeOf(expr) };
  }

  private callCost(expr: Call): Range {
    const costs = expr.args.map((arg) => this.cost(arg));
    const [first] = expr.args;
    if (expr.name === 'dyn' && !expr.target && first) {
      this.setSize(expr, this.sizeOf(first));
      this.setEntries(expr, this.entriesOf(first));
      return plus(costs[0] ?? FREE, ONE);
    }
    const args = expr.args.map((arg) => this.argument(arg));
    const isMember = expr.target !== undefined && !this.checked.namespaced.has(expr.id);
    const targetCost = isMember && expr.target ? this.cost(expr.target) : FREE;
    const target = isMember && expr.target ? this.argument(expr.target) : undefined;
    return plus(targetCost, this.overloadsCost(expr, { target, args, costs }));
  }

  /** Covers every way to call that is left. */
  private overloadsCost(expr: Call, parts: Pick<Costed, 'target' | 'args' | 'costs'>): Range {
    let cost: Range = { min: MOST, max: 0 };
    let size: Range | undefined;
    for (const overload of this.checked.overloads.get(expr.id) ?? []) {
      const estimate = this.estimate({ expr, overload, ...parts });
      cost = union(cost, estimate.cost);
      if (estimate.size) size = size ? union(size, estimate.size) : estimate.size;
      size = this.indexed(expr, overload, size) ?? this.sizeOf(expr);
    }
    this.setSize(expr, size);
    return cost;
  }

  /** An element's path and size come from those of the list or the map. */
  private indexed(expr: Call, overload: string, size: Range | undefined): Range | undefined {
    const step = overload === 'index_list' ? '@items' : overload === 'index_map' ? '@values' : undefined;
    const [container] = expr.args;
    if (!step || !container) return size;
    this.paths.set(expr.id, [...this.pathOf(container), step]);
    return this.entriesOf(container)?.value;
  }

  private estimate(call: Costed): CallEstimate {
    const name = this.checked.namespaced.get(call.expr.id) ?? call.expr.name;
    const sizeAt = (path: readonly string[] | undefined): Range | undefined => path && sizeAtPath(this.variables, path);
    const library = estimateLibraryCall({ ...call, name, sizeAt });
    if (library) return { ...library, cost: plus(library.cost, sum(call.costs)) };
    const language = LANGUAGE[call.overload]?.(this, call);
    return language ?? { cost: plus(ONE, sum(call.costs)) };
  }

  /** Sizes of an argument as the language's own functions see it. */
  static size(argument: Argument | undefined): Range {
    return argument?.size ?? UNKNOWN;
  }

  static conditional(estimator: Estimator, { expr, args, costs }: Costed): CallEstimate {
    const [, then, otherwise] = expr.args;
    if (then && otherwise) {
      estimator.setEntries(expr, unionEntries(estimator.entriesOf(then), estimator.entriesOf(otherwise)));
    }
    const [condition = FREE, ifTrue = FREE, ifFalse = FREE] = costs;
    return {
      cost: plus(condition, union(ifTrue, ifFalse)),
      size: union(Estimator.size(args[1]), Estimator.size(args[2])),
    };
  }

  static addition(estimator: Estimator, { expr, overload, args, costs }: Costed): CallEstimate {
    const [left, right] = expr.args;
    if (left && right) estimator.setEntries(expr, unionEntries(estimator.entriesOf(left), estimator.entriesOf(right)));
    const size = plus(Estimator.size(args[0]), Estimator.size(args[1]));
    const own = overload === 'add_list' ? ONE : scaled(size, STRING_TRAVERSAL);
    return { cost: plus(own, sum(costs)), size };
  }
}

type LanguageEstimator = (estimator: Estimator, call: Costed) => CallEstimate | undefined;

const size = Estimator.size;

/** Looks at one argument or at the target as a whole. */
const traversal =
  (
    argument: (call: Costed) => Argument | undefined,
    factor: number,
    resize?: (size: Range) => Range,
  ): LanguageEstimator =>
  (_estimator, call) => {
    const found = argument(call);
    if (!found) return undefined;
    const cost = plus(scaled(size(found), factor), sum(call.costs));
    return { cost, ...(resize && { size: resize(size(found)) }) };
  };

const argument =
  (index: number) =>
  ({ args }: Costed): Argument | undefined =>
    args[index];

const product =
  (estimate: (call: Costed) => readonly [Range, Range]): LanguageEstimator =>
  (_estimator, call) => {
    if (!call.target || call.args.length !== 1) return undefined;
    const [left, right] = estimate(call);
    return { cost: plus(times(left, right), sum(call.costs)) };
  };

const comparison: LanguageEstimator = (_estimator, { args, costs }) => {
  const smallest = Math.min(size(args[0]).max, size(args[1]).max);
  const compared = scaled({ min: smallest > 0 ? 1 : 0, max: smallest }, STRING_TRAVERSAL);
  return { cost: plus(compared, sum(costs)) };
};

const logic: LanguageEstimator = (_estimator, { costs: [left = FREE, right = FREE] }) => ({
  cost: { min: left.min, max: plus(left, right).max },
});

const COMPARISONS = ['less', 'greater', 'less_equals', 'greater_equals'].flatMap((word) => [
  `${word}_string`,
  `${word}_bytes`,
]);

/** Every character may be escaped. What has no bound wraps around upstream, to nothing. */
const quoted = ({ min, max }: Range): Range => ({ min: min + 2, max: max >= MOST ? 0 : max * 2 + 2 });

const LANGUAGE: Readonly<Record<string, LanguageEstimator>> = {
  string_format: traversal(({ target }) => target, STRING_TRAVERSAL),
  string_to_bytes: traversal(argument(0), STRING_TRAVERSAL, ({ min, max }) => ({ min, max: Math.min(max * 4, MOST) })),
  bytes_to_string: traversal(argument(0), STRING_TRAVERSAL, ({ min, max }) => ({ min: Math.floor(min / 4), max })),
  strings_quote: traversal(argument(0), STRING_TRAVERSAL, quoted),
  starts_with_string: traversal(argument(0), STRING_TRAVERSAL),
  ends_with_string: traversal(argument(0), STRING_TRAVERSAL),
  in_list: traversal(argument(1), 1),
  matches_string: product(({ target, args }) => [
    scaled(plus(size(target), ONE), STRING_TRAVERSAL),
    scaled(size(args[0]), REGEX_LENGTH),
  ]),
  contains_string: product(({ target, args }) => [
    scaled(size(target), STRING_TRAVERSAL),
    scaled(size(args[0]), STRING_TRAVERSAL),
  ]),
  logical_or: logic,
  logical_and: logic,
  conditional: Estimator.conditional,
  add_string: Estimator.addition,
  add_bytes: Estimator.addition,
  add_list: Estimator.addition,
  equals: comparison,
  not_equals: comparison,
  ...Object.fromEntries(COMPARISONS.map((overload) => [overload, comparison])),
};
