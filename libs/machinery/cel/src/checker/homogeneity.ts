import type { Expr, ListLiteral, MapLiteral, SourceError } from '../syntax/index.js';
import { type CelType, formatType, isSameType, unwrapOptional } from '../types/index.js';
import type { Checked } from './checked.js';

interface Typed {
  readonly expr: Expr;
  readonly type: CelType;
}

/** The first whose type is not that of those before it. */
function different(parts: readonly Typed[]): SourceError[] {
  const [first] = parts;
  const other = parts.find(({ type }) => first && !isSameType(first.type, type));
  if (!first || !other) return [];
  const message = `expected type '${formatType(first.type)}' but found '${formatType(other.type)}'`;
  return [{ offset: other.expr.offset, message }];
}

/** Lists and maps that are written out hold values of one type. */
export function checkHomogeneity(expr: ListLiteral | MapLiteral, checked: Checked): SourceError[] {
  const typed = (part: Expr, optional: boolean): Typed => {
    const type = checked.typeOf(part);
    return { expr: part, type: (optional ? unwrapOptional(type) : undefined) ?? type };
  };
  if (expr.kind === 'list')
    return different(expr.elements.map((element, index) => typed(element, expr.optional.has(index))));
  return [
    ...different(expr.entries.map(({ key }) => typed(key, false))),
    ...different(expr.entries.map(({ value, optional }) => typed(value, optional))),
  ];
}
