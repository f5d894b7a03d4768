import type { Value } from '../values/index.js';
import type { Call, Comprehension, Expr, Ident, ListLiteral, Literal, MapEntry, MapLiteral, Select } from './expr.js';

/** Makes expressions and gives each an id of its own. */
export class Builder {
  private made = 0;

  private next(offset: number): { id: number; offset: number } {
    this.made += 1;
    return { id: this.made, offset };
  }

  literal(value: Value, offset: number): Literal {
    return { ...this.next(offset), kind: 'literal', value };
  }

  ident(name: string, offset: number): Ident {
    return { ...this.next(offset), kind: 'ident', name };
  }

  select(operand: Expr, field: string, offset: number, testOnly = false): Select {
    return { ...this.next(offset), kind: 'select', operand, field, testOnly };
  }

  call(name: string, offset: number, args: readonly Expr[], target?: Expr): Call {
    return { ...this.next(offset), kind: 'call', name, args, ...(target && { target }) };
  }

  list(elements: readonly Expr[], offset: number, optional: ReadonlySet<number> = new Set()): ListLiteral {
    return { ...this.next(offset), kind: 'list', elements, optional };
  }

  map(entries: readonly MapEntry[], offset: number): MapLiteral {
    return { ...this.next(offset), kind: 'map', entries };
  }

  comprehension(parts: Omit<Comprehension, 'id' | 'kind' | 'offset'>, offset: number): Comprehension {
    return { ...this.next(offset), kind: 'comprehension', ...parts };
  }

  /** The same expression again, with ids of its own. */
  copy(expr: Expr): Expr {
    const { offset } = expr;
    switch (expr.kind) {
      case 'literal':
        return this.literal(expr.value, offset);
      case 'ident':
        return this.ident(expr.name, offset);
      case 'select':
        return this.select(this.copy(expr.operand), expr.field, offset, expr.testOnly);
      case 'call':
        return this.call(expr.name, offset, this.copyAll(expr.args), expr.target && this.copy(expr.target));
      case 'list':
        return this.list(this.copyAll(expr.elements), offset, expr.optional);
      case 'map':
        return this.map(
          expr.entries.map((entry) => this.copyEntry(entry)),
          offset,
        );
      case 'comprehension':
        return this.copyComprehension(expr);
    }
  }

  private copyAll(exprs: readonly Expr[]): Expr[] {
    return exprs.map((expr) => this.copy(expr));
  }

  private copyEntry({ key, value, optional }: MapEntry): MapEntry {
    return { key: this.copy(key), value: this.copy(value), optional };
  }

  private copyComprehension(expr: Comprehension): Comprehension {
    const { iterVar, iterVar2, accuVar, offset } = expr;
    const parts = {
      range: this.copy(expr.range),
      init: this.copy(expr.init),
      condition: this.copy(expr.condition),
      step: this.copy(expr.step),
      result: this.copy(expr.result),
    };
    return this.comprehension({ ...parts, iterVar, accuVar, ...(iterVar2 !== undefined && { iterVar2 }) }, offset);
  }
}
