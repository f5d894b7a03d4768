import { MAX_SOURCE_LENGTH } from '../program.js';
import type { SourceError } from './source.js';

export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'operator' | 'escaped';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const SPACE = /(?:[ \t\r\n\f]|\/\/[^\n]*)+/y;
const ESCAPE = String.raw`\\(?:[abfnrtv"'\`?\\]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const QUOTED = [
  `"""(?:[^\\\\]|${ESCAPE})*?"""`,
  `'''(?:[^\\\\]|${ESCAPE})*?'''`,
  `"(?:[^"\\\\\\n\\r]|${ESCAPE})*"`,
  `'(?:[^'\\\\\\n\\r]|${ESCAPE})*'`,
];
const RAW = [`"""[^]*?"""`, `'''[^]*?'''`, '"[^"\\n\\r]*"', "'[^'\\n\\r]*'"];
const TOKENS: readonly (readonly [kind: Token['kind'], pattern: RegExp])[] = [
  ['text', new RegExp(`[bB]?[rR](?:${RAW.join('|')})`, 'y')],
  ['text', new RegExp(`[bB]?(?:${QUOTED.join('|')})`, 'y')],
  ['number', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|0x[0-9a-fA-F]+[uU]?|\d+[uU]?/y],
  ['escaped', /`[a-zA-Z0-9_.\-/ ]+`/y],
  ['name', /[a-zA-Z_][a-zA-Z0-9_]*/y],
  ['operator', /==|!=|<=|>=|&&|\|\||[[\](){}<>.,\-!?:+*/%]/y],
];
/** Text that ends too early: up to where it goes wrong. */
const BROKEN = new RegExp(`(?:"(?:[^"\\\\\\n\\r]|${ESCAPE})*|'(?:[^'\\\\\\n\\r]|${ESCAPE})*)(?:\\\\?[^])?`, 'y');

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function tokenAt(text: string, start: number): Token | undefined {
  for (const [kind, pattern] of TOKENS) {
    const found = match(pattern, text, start);
    if (found !== undefined) return { kind, start, end: start + found.length, text: found };
  }
  return undefined;
}

const tooLong = (text: string): SourceError => ({
  offset: -1,
  message: `expression code point size exceeds limit: size: ${[...text].length}, limit ${MAX_SOURCE_LENGTH}`,
});

/** What cel-go's lexer would have read until it gave up. */
function unrecognized(text: string, at: number): string {
  const broken = match(BROKEN, text, at);
  if (broken) return broken;
  const length = /[=&|]/.test(text[at] ?? '') ? 2 : 1;
  return [...text.slice(at, at + length * 2)].slice(0, length).join('');
}

const MAX_ERRORS = 10;

const isTooLong = (text: string): boolean =>
  text.length > MAX_SOURCE_LENGTH && (text.length > 2 * MAX_SOURCE_LENGTH || [...text].length > MAX_SOURCE_LENGTH);

/** The tokens of a source in their order, and what stands where no token can. */
export function scan(text: string): { tokens: Token[]; errors: SourceError[] } {
  const tokens: Token[] = [];
  const errors: SourceError[] = [];
  if (isTooLong(text)) return { tokens, errors: [tooLong(text)] };
  for (let at = 0; at < text.length && errors.length < MAX_ERRORS; ) {
    at += match(SPACE, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    const unknown = token ? '' : unrecognized(text, at);
    if (token) tokens.push(token);
    else errors.push({ offset: at, message: `Syntax error: token recognition error at: '${unknown}'` });
    at += token?.text.length ?? unknown.length;
  }
  return { tokens, errors };
}
