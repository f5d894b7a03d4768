import type { Expr } from './expr.js';
import { parse } from './parse.js';

/** The expressions that another is made of. */
function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case 'list':
      return expr.elements;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'comprehension':
      return [expr.range, expr.init, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}

const isVariable = (expr: Expr | undefined, name: string): boolean => expr?.kind === 'ident' && expr.name === name;

/** Whether an expression is `variable.field`, `has(variable.field)` or `variable.?field`. */
function isSelect(expr: Expr, variable: string, field: string): boolean {
  if (expr.kind === 'select') return expr.field === field && isVariable(expr.operand, variable);
  if (expr.kind !== 'call' || expr.name !== '_?._') return false;
  const [operand, name] = expr.args;
  return isVariable(operand, variable) && name?.kind === 'literal' && name.value === field;
}

/** Whether a source looks at a field of a variable by its name anywhere; false where it cannot be read. */
export function selectsField(source: string, variable: string, field: string): boolean {
  const parsed = parse(source);
  const waiting = 'errors' in parsed ? [] : [parsed.expr];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isSelect(next, variable, field)) return true;
    waiting.push(...partsOf(next));
  }
  return false;
}
