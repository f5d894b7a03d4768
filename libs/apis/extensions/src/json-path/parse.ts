/** What a filter compares: something found from the element on, or a value. */
export type Operand = { readonly path: readonly Step[] } | { readonly value: string | number | boolean };

export interface Filter {
  readonly left: Operand;
  /** `exists` where nothing is compared. */
  readonly operator: 'exists' | '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly right?: Operand;
}

export type Step =
  | { readonly kind: 'members'; readonly names: readonly string[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly by: number }
  | { readonly kind: 'elements'; readonly positions: readonly number[] }
  | { readonly kind: 'all' }
  | { readonly kind: 'below' }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** Longer paths are refused: nobody reads them, and each step multiplies what is found. */
const MAX_LENGTH = 1000;

/** A path that is no JSONPath of Kubernetes. */
export class BadPath extends Error {}

const FIELD = /^(?:\\.|[^\\.,[\]$@{}\s])+/;
const NAMES = /^'[^']*'(?:,'[^']*')*$/;
const POSITIONS = /^-?\d+(?:,-?\d+)*$/;
const SLICE = /^(-?\d*):(-?\d*)(?::(-?\d*))?$/;
const COMPARISON = /^(.+?)(==|!=|<=|>=|<|>)(.+)$/s;

const number = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);

function literal(text: string): Operand | undefined {
  if (/^(['"]).*\1$/s.test(text)) return { value: text.slice(1, -1) };
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return { value: Number(text) };
  return text === 'true' || text === 'false' ? { value: text === 'true' } : undefined;
}

function operand(text: string): Operand {
  const trimmed = text.trim();
  const value = literal(trimmed);
  if (value) return value;
  if (!trimmed.startsWith('@')) throw new BadPath(`unrecognized identifier ${trimmed}`);
  return { path: steps(trimmed.slice(1)) };
}

function filter(text: string): Filter {
  const [, left, operator, right] = COMPARISON.exec(text) ?? [];
  if (left === undefined || right === undefined) return { left: operand(text), operator: 'exists' };
  return { left: operand(left), operator: operator as Filter['operator'], right: operand(right) };
}

function slice(text: string): Step | undefined {
  const match = SLICE.exec(text);
  if (!match) return undefined;
  const [from, to, by] = match.slice(1).map(number);
  return { kind: 'slice', ...(from !== undefined && { from }), ...(to !== undefined && { to }), by: by ?? 1 };
}

/** What stands in brackets. */
function selection(text: string): Step {
  const inner = text.trim();
  if (inner === '*') return { kind: 'all' };
  if (NAMES.test(inner))
    return { kind: 'members', names: [...inner.matchAll(/'([^']*)'/g)].map(([, name = '']) => name) };
  if (POSITIONS.test(inner)) return { kind: 'elements', positions: inner.split(',').map(Number) };
  if (/^\?\(.*\)$/s.test(inner)) return { kind: 'filter', filter: filter(inner.slice(2, -1)) };
  const range = slice(inner);
  if (!range) throw new BadPath(`invalid array index ${inner}`);
  return range;
}

/** The bracket that closes the first one; those in quotes and nested ones do not count. */
function closing(text: string): number {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']' && --depth === 0) return at;
  }
  throw new BadPath('unterminated array');
}

function bracketed(text: string): readonly [Step, rest: string] {
  const end = closing(text);
  return [selection(text.slice(1, end)), text.slice(end + 1)];
}

function field(text: string): readonly [Step[], rest: string] {
  const [name] = FIELD.exec(text) ?? [];
  if (name === undefined) {
    if (text === '' || text.startsWith('[')) return [[], text];
    throw new BadPath(`unrecognized character in action: ${text.charAt(0)}`);
  }
  const step: Step = name === '*' ? { kind: 'all' } : { kind: 'members', names: [name.replaceAll('\\', '')] };
  return [[step], text.slice(name.length)];
}

function steps(text: string): Step[] {
  const found: Step[] = [];
  for (let rest = text.trim(); rest !== ''; ) {
    if (rest.startsWith('[')) {
      const [step, after] = bracketed(rest);
      found.push(step);
      rest = after;
    } else if (rest.startsWith('.')) {
      const isDeep = rest.startsWith('..');
      const [step, after] = field(rest.slice(isDeep ? 2 : 1));
      found.push(...(isDeep ? [{ kind: 'below' } as const] : []), ...step);
      rest = after;
    } else throw new BadPath(`unrecognized character in action: ${rest.charAt(0)}`);
  }
  return found;
}

/**
 * Reads a path such as `.status.conditions[?(@.type=="Ready")].status`.
 * Behaves as kubernetes client-go util/jsonpath, of which this is the part that paths in definitions use.
 * @throws BadPath
 */
export function parseJsonPath(text: string): readonly Step[] {
  if (text.length > MAX_LENGTH) throw new BadPath('path is too long');
  return steps(text.startsWith('$') ? text.slice(1) : text);
}
