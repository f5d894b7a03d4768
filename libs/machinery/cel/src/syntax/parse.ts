import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { Converter } from './convert.js';
import type { Expr } from './expr.js';
import { prepare } from './prepare.js';
import { scan } from './scan.js';
import type { SourceError } from './source.js';
import { syntaxMessage } from './syntax-message.js';
import { Tokens } from './tokens.js';

export type Parsed = { readonly expr: Expr } | { readonly errors: readonly SourceError[] };

const LIMITS = {
  maxAstNodes: 100_000,
  maxDepth: 250,
  maxListElements: 100_000,
  maxMapEntries: 100_000,
  maxCallArguments: 100_000,
};
const environment = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true, limits: LIMITS });

const SIMPLE_NAME = /^(all|exists|exists_one)\(/;

/** Reads what `prepare` made of a source. */
function parsePrepared(text: string, tokens: Tokens): { root: ASTNode } | { errors: SourceError[] } {
  try {
    return { root: environment.parse(text).ast };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { errors: [toSourceError(error, tokens, text.length)] };
  }
}

/** A macro's variable that is none. Of a field, cel-go points to the dot. */
function macroError({ summary, node }: ParseError, tokens: Tokens, start: number): SourceError {
  const message = SIMPLE_NAME.test(summary) ? 'argument must be a simple name' : 'argument is not an identifier';
  const dot = node?.op === '.' ? tokens.before(start) : undefined;
  return { offset: dot?.start ?? start, message };
}

function toSourceError(error: ParseError, tokens: Tokens, length: number): SourceError {
  const start = Math.min(error.range?.start ?? length, length);
  if (error.code === 'invalid_macro_argument') return macroError(error, tokens, start);
  const offset = tokens.numberAt(start)?.start ?? start;
  return { offset, message: syntaxMessage(error, tokens, offset) };
}

/** Reads an expression and expands its macros. Size and depth are bounded before the library sees it. */
export function parse(text: string): Parsed {
  const { tokens, errors } = scan(text);
  if (errors[0]?.offset === -1) return { errors };
  const prepared = prepare(tokens, text.length);
  const placed = new Tokens(tokens);
  const parsed = parsePrepared(prepared.text, placed);
  const known = [...errors, ...prepared.errors];
  if ('errors' in parsed) return { errors: prepared.errors.length > 0 ? known : [...known, ...parsed.errors] };
  if (known.length > 0) return { errors: known };
  const converter = new Converter(placed, prepared);
  const expr = converter.convert(parsed.root);
  return converter.errors.length > 0 ? { errors: converter.errors } : { expr };
}
