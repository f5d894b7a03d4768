import type { Builder } from './builder.js';
import { ACCUMULATOR, type Comprehension, type Expr } from './expr.js';
import { MacroError } from './macro-error.js';

/** A call that may be a macro. Everything a macro makes points to where the call's arguments begin. */
export interface MacroCall {
  readonly name: string;
  readonly offset: number;
  readonly args: readonly Expr[];
  readonly target: Expr | undefined;
}

type Expander = (make: Maker, call: MacroCall & { readonly target: Expr }) => Expr | MacroError;

/** Makes expressions at one place. */
class Maker {
  constructor(
    private readonly build: Builder,
    private readonly offset: number,
  ) {}

  accu = (): Expr => this.build.ident(ACCUMULATOR, this.offset);
  ident = (name: string): Expr => this.build.ident(name, this.offset);
  literal = (value: boolean | bigint): Expr => this.build.literal(value, this.offset);
  call = (name: string, ...args: Expr[]): Expr => this.build.call(name, this.offset, args);
  member = (name: string, target: Expr, ...args: Expr[]): Expr => this.build.call(name, this.offset, args, target);
  list = (...elements: Expr[]): Expr => this.build.list(elements, this.offset);
  map = (): Expr => this.build.map([], this.offset);
  has = (operand: Expr, field: string): Expr => this.build.select(operand, field, this.offset, true);
  copy = (expr: Expr): Expr => this.build.copy(expr);
  fold = (parts: Omit<Comprehension, 'id' | 'kind' | 'offset'>): Expr => this.build.comprehension(parts, this.offset);

  /** `name` stands for `value` in `body`. */
  bind(name: string, value: Expr, body: Expr): Expr {
    const [range, condition, step] = [this.list(), this.literal(false), this.ident(name)];
    return this.fold({ range, iterVar: '#unused', accuVar: name, init: value, condition, step, result: body });
  }
}

const OVERWRITES = 'iteration variable overwrites accumulator variable';

/** The names of a macro's variables, which its first arguments give. */
function namesOf(args: readonly Expr[], complaint: string): string[] | MacroError {
  const names: string[] = [];
  for (const arg of args) {
    if (arg.kind !== 'ident' || arg.name.startsWith('.')) return new MacroError(arg.offset, complaint);
    if (arg.name === '__result__') return new MacroError(arg.offset, OVERWRITES);
    if (names.includes(arg.name)) return new MacroError(arg.offset, `duplicate variable name: ${arg.name}`);
    names.push(arg.name);
  }
  return names;
}

interface Fold {
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** A macro whose first one or two arguments name its variables. */
function folding(
  variables: number,
  complaint: string,
  fold: (make: Maker, args: readonly Expr[], first: string) => Fold,
): Expander {
  return (make, { args, target }) => {
    const names = namesOf(args.slice(0, variables), complaint);
    if (names instanceof MacroError) return names;
    const [iterVar = '', iterVar2] = names;
    const parts = fold(make, args.slice(variables), iterVar);
    return make.fold({
      ...parts,
      range: target,
      iterVar,
      accuVar: ACCUMULATOR,
      ...(iterVar2 !== undefined && { iterVar2 }),
    });
  };
}

const SIMPLE_NAME = 'argument must be a simple name';
const IDENTIFIER = 'argument is not an identifier';

const all = (make: Maker, [predicate]: readonly Expr[]): Fold => ({
  init: make.literal(true),
  condition: make.call('@not_strictly_false', make.accu()),
  step: make.call('_&&_', make.accu(), predicate as Expr),
  result: make.accu(),
});

const exists = (make: Maker, [predicate]: readonly Expr[]): Fold => ({
  init: make.literal(false),
  condition: make.call('@not_strictly_false', make.call('!_', make.accu())),
  step: make.call('_||_', make.accu(), predicate as Expr),
  result: make.accu(),
});

const existsOne = (make: Maker, [predicate]: readonly Expr[]): Fold => ({
  init: make.literal(0n),
  condition: make.literal(true),
  step: make.call('_?_:_', predicate as Expr, make.call('_+_', make.accu(), make.literal(1n)), make.accu()),
  result: make.call('_==_', make.accu(), make.literal(1n)),
});

/** Adds to the accumulator what `add` makes of the last argument; one before it chooses where. */
function gather(make: Maker, init: Expr, args: readonly Expr[], add: (value: Expr) => Expr): Fold {
  const added = add(args.at(-1) as Expr);
  const [filter] = args.length === 2 ? args : [];
  const step = filter ? make.call('_?_:_', filter, added, make.accu()) : added;
  return { init, condition: make.literal(true), step, result: make.accu() };
}

const toList = (make: Maker, args: readonly Expr[]): Fold =>
  gather(make, make.list(), args, (value) => make.call('_+_', make.accu(), make.list(value)));

const toMap = (make: Maker, args: readonly Expr[], key: string): Fold =>
  gather(make, make.map(), args, (value) => make.call('cel.@mapInsert', make.accu(), make.ident(key), value));

const toEntries = (make: Maker, args: readonly Expr[]): Fold =>
  gather(make, make.map(), args, (value) => make.call('cel.@mapInsert', make.accu(), value));

const filter = folding(1, IDENTIFIER, (make, args, name) => toList(make, [...args, make.ident(name)]));

/** `optMap` and `optFlatMap`: what the body makes of the optional's value, where it has one. */
function onOptional(macro: string, wrap: (make: Maker, value: Expr) => Expr): Expander {
  return (make, { args: [name, body], target }) => {
    const names = namesOf([name as Expr], `${macro}() variable name must be a simple identifier`);
    if (names instanceof MacroError) return names;
    const bound = make.bind(names[0] ?? '', make.member('value', make.copy(target)), body as Expr);
    return make.call('_?_:_', make.member('hasValue', target), wrap(make, bound), make.call('optional.none'));
  };
}

const SORTED = '@__sortBy_input__';

const sortBy: Expander = (make, { args, target, ...call }) => {
  if (target.kind === 'literal' || target.kind === 'map') {
    const forms = 'a list, identifier, comprehension, call or select expression';
    return new MacroError(target.offset, `sortBy can only be applied to ${forms}`);
  }
  const keys = folding(1, IDENTIFIER, toList)(make, { ...call, args, target: make.ident(SORTED) });
  if (keys instanceof MacroError) return keys;
  return make.bind(SORTED, target, make.member('@sortByAssociatedKeys', make.ident(SORTED), keys));
};

/** Macros on a target by their name and how many arguments they take. */
const MACROS: Readonly<Record<string, Expander>> = {
  'all/2': folding(1, SIMPLE_NAME, all),
  'exists/2': folding(1, SIMPLE_NAME, exists),
  'exists_one/2': folding(1, SIMPLE_NAME, existsOne),
  'map/2': folding(1, IDENTIFIER, toList),
  'map/3': folding(1, IDENTIFIER, toList),
  'filter/2': filter,
  'all/3': folding(2, SIMPLE_NAME, all),
  'exists/3': folding(2, SIMPLE_NAME, exists),
  'existsOne/3': folding(2, SIMPLE_NAME, existsOne),
  'exists_one/3': folding(2, SIMPLE_NAME, existsOne),
  'transformList/3': folding(2, SIMPLE_NAME, toList),
  'transformList/4': folding(2, SIMPLE_NAME, toList),
  'transformMap/3': folding(2, SIMPLE_NAME, toMap),
  'transformMap/4': folding(2, SIMPLE_NAME, toMap),
  'transformMapEntry/3': folding(2, SIMPLE_NAME, toEntries),
  'transformMapEntry/4': folding(2, SIMPLE_NAME, toEntries),
  'optMap/2': onOptional('optMap', (make, value) => make.call('optional.of', value)),
  'optFlatMap/2': onOptional('optFlatMap', (_make, value) => value),
  'sortBy/2': sortBy,
};

function expandHas(make: Maker, args: readonly Expr[]): Expr | MacroError | undefined {
  const [arg] = args;
  if (args.length !== 1 || !arg) return undefined;
  if (arg.kind !== 'select') return new MacroError(arg.offset, 'invalid argument to has() macro');
  return make.has(arg.operand, arg.field);
}

/** What a macro stands for; undefined where the call is none. */
export function expandMacro(build: Builder, { target, ...call }: MacroCall): Expr | MacroError | undefined {
  const make = new Maker(build, call.offset);
  if (!target) return call.name === 'has' ? expandHas(make, call.args) : undefined;
  const key = `${call.name}/${call.args.length}`;
  return Object.hasOwn(MACROS, key) ? MACROS[key]?.(make, { ...call, target }) : undefined;
}
