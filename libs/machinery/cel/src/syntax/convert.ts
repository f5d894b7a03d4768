import type { ASTNode } from '@marcbachmann/cel-js';
import type { Value } from '../values/index.js';
import { Builder } from './builder.js';
import type { Expr, MapEntry } from './expr.js';
import { readLiteral } from './literals.js';
import { expandMacro } from './macros.js';
import type { Prepared } from './prepare.js';
import { MacroError } from './macro-error.js';
import type { SourceError } from './source.js';
import { firstFrom, type Tokens } from './tokens.js';

const MAX_DEPTH = 250;
const OPERATORS: Readonly<Record<string, string>> = {
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
  in: '@in',
};
const LOGIC: Readonly<Record<string, string>> = { '&&': '_&&_', '||': '_||_' };

type NodeOf<Op extends string> = Extract<ASTNode, { op: Op }>;

/** Thrown where a source nests deeper than cel-go would follow. */
class TooDeep extends Error {}

/** Turns the library's tree into expressions as cel-go has them: macros expanded, with places and what `prepare` left out. */
export class Converter {
  readonly errors: SourceError[] = [];
  private readonly build = new Builder();
  private depth = 0;

  constructor(
    private readonly tokens: Tokens,
    private readonly prepared: Prepared,
  ) {}

  convert(root: ASTNode): Expr {
    try {
      return this.expr(root);
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      this.errors.push({ offset: -1, message: 'max recursion depth exceeded' });
      return this.build.literal(null, 0);
    }
  }

  private expr(node: ASTNode): Expr {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new TooDeep();
    const expr = this.dispatch(node);
    this.depth -= 1;
    return expr;
  }

  private dispatch(node: ASTNode): Expr {
    const convert = this.forms[node.op];
    if (convert) return convert(node as never);
    if (LOGIC[node.op]) return this.logic(node as NodeOf<'&&'>);
    return this.binary(node as NodeOf<'=='>);
  }

  private readonly forms: Readonly<Record<string, (node: never) => Expr>> = {
    value: (node: NodeOf<'value'>) => this.literal(node.start, false),
    id: (node: NodeOf<'id'>) => this.ident(node),
    '.': (node: NodeOf<'.'>) => this.select(node),
    '.?': (node: NodeOf<'.?'>) => this.optionalSelect(node),
    '[]': (node: NodeOf<'[]'>) => this.index(node, '_[_]'),
    '[?]': (node: NodeOf<'[?]'>) => this.index(node, '_[?_]'),
    call: (node: NodeOf<'call'>) => this.globalCall(node),
    rcall: (node: NodeOf<'rcall'>) => this.memberCall(node),
    list: (node: NodeOf<'list'>) => this.list(node),
    map: (node: NodeOf<'map'>) => this.map(node),
    '?:': (node: NodeOf<'?:'>) => this.ternary(node),
    '!_': (node: NodeOf<'!_'>) => this.build.call('!_', node.start, [this.expr(node.args)]),
    '-_': (node: NodeOf<'-_'>) => this.negate(node),
  };

  private literal(start: number, negative: boolean): Expr {
    const token = this.tokens.at(start) ?? this.tokens.numberAt(start);
    const offset = negative ? (this.tokens.before(start)?.start ?? start) : start;
    const result = token ? readLiteral(token, negative) : { value: null as Value };
    if ('value' in result) return this.build.literal(result.value, offset);
    this.errors.push({ offset, message: result.problem });
    return this.build.literal(null, offset);
  }

  private ident({ args, start }: NodeOf<'id'>): Expr {
    return this.build.ident(this.prepared.absolute.has(start) ? `.${args}` : args, start);
  }

  private negate(node: NodeOf<'-_'>): Expr {
    const { op, start } = node.args;
    const number = op === 'value' && this.tokens.at(start)?.kind === 'number';
    if (number && this.tokens.before(start)?.text === '-') return this.literal(start, true);
    return this.build.call('-_', node.start, [this.expr(node.args)]);
  }

  /** Where the dot stands before a field's name, which the library points to. */
  private dot(node: NodeOf<'.'> | NodeOf<'.?'>): number {
    const before = this.tokens.before(node.pos);
    return before?.text === '?' ? (this.tokens.before(before.start)?.start ?? node.pos) : (before?.start ?? node.pos);
  }

  private select(node: NodeOf<'.'>): Expr {
    return this.build.select(this.expr(node.args[0]), node.args[1], this.dot(node));
  }

  private optionalSelect(node: NodeOf<'.?'>): Expr {
    const operand = this.expr(node.args[0]);
    return this.build.call('_?._', this.dot(node), [operand, this.build.literal(node.args[1], node.pos)]);
  }

  private index(node: NodeOf<'[]'> | NodeOf<'[?]'>, name: string): Expr {
    const [operand, index] = node.args;
    return this.build.call(name, this.tokens.opener(node.end - 1), [this.expr(operand), this.expr(index)]);
  }

  private globalCall(node: NodeOf<'call'>): Expr {
    const [name, args] = node.args;
    const called = this.prepared.absolute.has(node.start) ? `.${name}` : name;
    return this.call(
      called,
      this.tokens.opener(node.end - 1),
      args.map((arg) => this.expr(arg)),
    );
  }

  private memberCall(node: NodeOf<'rcall'>): Expr {
    const [name, receiver, args] = node.args;
    const target = this.expr(receiver);
    return this.call(
      name,
      this.tokens.opener(node.end - 1),
      args.map((arg) => this.expr(arg)),
      target,
    );
  }

  private call(name: string, offset: number, args: readonly Expr[], target?: Expr): Expr {
    const expanded = expandMacro(this.build, { name, offset, args, target });
    if (expanded instanceof MacroError) {
      this.errors.push({ offset: expanded.offset, message: expanded.message });
      return this.build.literal(null, offset);
    }
    return expanded ?? this.build.call(name, offset, args, target);
  }

  /** Whether a `?` was left out between two places. */
  private isOptional(from: number, to: number): boolean {
    const { optional } = this.prepared;
    return (optional[firstFrom(optional.length, (index) => optional[index] ?? 0, from)] ?? to) < to;
  }

  private list(node: NodeOf<'list'>): Expr {
    const optional = new Set<number>();
    let from = node.start;
    for (const [index, element] of node.args.entries()) {
      if (this.isOptional(from, element.start)) optional.add(index);
      from = element.end;
    }
    return this.build.list(
      node.args.map((element) => this.expr(element)),
      node.start,
      optional,
    );
  }

  private map(node: NodeOf<'map'>): Expr {
    let from = node.start;
    const entries: MapEntry[] = [];
    for (const [key, value] of node.args) {
      const optional = this.isOptional(from, key.start);
      entries.push({ key: this.expr(key), value: this.expr(value), optional });
      from = value.end;
    }
    return this.build.map(entries, node.start);
  }

  private ternary(node: NodeOf<'?:'>): Expr {
    const [condition, then, otherwise] = node.args;
    const offset = this.tokens.next('?', condition.end);
    return this.build.call('_?_:_', offset, [this.expr(condition), this.expr(then), this.expr(otherwise)]);
  }

  private binary(node: NodeOf<'=='>): Expr {
    const [left, right] = node.args;
    const offset = this.tokens.next(node.op, left.end);
    return this.build.call(OPERATORS[node.op] ?? node.op, offset, [this.expr(left), this.expr(right)]);
  }

  /** A chain of `&&` or `||`, balanced as cel-go's parser does it, so that long ones are not deep. */
  private logic(node: NodeOf<'&&'>): Expr {
    const terms: ASTNode[] = [];
    const offsets: number[] = [];
    let left: ASTNode = node;
    while (left.op === node.op && (left === node || !this.tokens.isParenthesized(left.start, left.end))) {
      const [next, right]: readonly [ASTNode, ASTNode] = (left as NodeOf<'&&'>).args;
      terms.unshift(right);
      offsets.unshift(this.tokens.next(node.op, next.end));
      left = next;
    }
    const exprs = [left, ...terms].map((term) => this.expr(term));
    return this.balance(LOGIC[node.op] ?? '', exprs, offsets);
  }

  private balance(name: string, terms: readonly Expr[], offsets: readonly number[]): Expr {
    const [first] = terms;
    if (terms.length === 1 && first) return first;
    const middle = Math.floor(offsets.length / 2);
    const left = this.balance(name, terms.slice(0, middle + 1), offsets.slice(0, middle));
    const right = this.balance(name, terms.slice(middle + 1), offsets.slice(middle + 1));
    return this.build.call(name, offsets[middle] ?? 0, [left, right]);
  }
}
