import type { ParseError } from '@marcbachmann/cel-js';
import type { Token } from './scan.js';
import type { Tokens } from './tokens.js';

const LITERALS = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const OPERAND = `{'[', '{', '(', '.', '-', '!', ${LITERALS}`;
const OPENERS = new Set(['[', '{', '(', '.', '-', '!']);

/** What may stand after an opening bracket. */
const AFTER_BRACKET: Readonly<Record<string, string>> = {
  call: `{'[', '{', '(', ')', '.', '-', '!', ${LITERALS}`,
  index: `{'[', '{', '(', '.', '-', '!', '?', ${LITERALS}`,
  '{': `{'[', '{', '}', '(', '.', ',', '-', '!', '?', ${LITERALS}`,
};

/** Where the library stopped. */
interface Place {
  readonly tokens: Tokens;
  /** Undefined at the end of the source. */
  readonly token: Token | undefined;
  readonly next: Token | undefined;
  readonly before: Token | undefined;
}

const shown = (token: Token | undefined): string => `'${token?.text ?? '<EOF>'}'`;
const startsOperand = (token: Token | undefined): boolean =>
  token !== undefined && (token.kind === 'operator' ? OPENERS.has(token.text) : token.text !== 'in');

/** A token too many, where what follows it would have been right; or simply the wrong one. */
const wrongToken = (token: Token | undefined, followed: boolean, expected: string): string =>
  `Syntax error: ${token && followed ? 'extraneous' : 'mismatched'} input ${shown(token)} expecting ${expected}`;

const missing = (wanted: string, token: Token | undefined): string =>
  `Syntax error: missing '${wanted}' at ${shown(token)}`;

function operandMessage({ tokens, token, next, before }: Place): string {
  if (token || !before) return wrongToken(token, startsOperand(next), OPERAND);
  if (before.text === ',' && tokens.lastOpen()?.text === '[') return missing(']', token);
  const isPostfix = tokens.endsOperand(tokens.before(before.start));
  const after = before.text === '(' && isPostfix ? 'call' : before.text === '[' && isPostfix ? 'index' : before.text;
  return wrongToken(token, false, AFTER_BRACKET[after] ?? OPERAND);
}

function nameMessage({ token }: Place): string {
  const isWord = /^(true|false|null)$/.test(token?.text ?? '');
  if (isWord) return `Syntax error: mismatched input ${shown(token)} expecting IDENTIFIER`;
  return `Syntax error: no viable alternative at input '.${token?.text ?? ''}'`;
}

/** One bracket is easily put in where nothing else is open. */
function closerMessage(closer: string, { tokens, token, next }: Place): string {
  if (!token && tokens.countOpen() === 1) return missing(closer, token);
  return wrongToken(token, next?.text === closer, `'${closer}'`);
}

function listMessage(closer: string, place: Place): string {
  const { tokens, token, next } = place;
  const open = tokens.lastOpen();
  if (closer === ']' && open && tokens.endsOperand(tokens.before(open.start))) return closerMessage(closer, place);
  return wrongToken(token, next?.text === closer || next?.text === ',', `{'${closer}', ','}`);
}

function colonMessage({ token }: Place): string {
  return startsOperand(token) ? missing(':', token) : wrongToken(token, false, "':'");
}

const EXPECTED: Readonly<Record<string, (place: Place) => string>> = {
  IDENTIFIER: nameMessage,
  RPAREN: (place) => closerMessage(')', place),
  RBRACKET: (place) => listMessage(']', place),
  RBRACE: (place) => listMessage('}', place),
  COLON: colonMessage,
};

const expectedName = (summary: string): string => /^Expected (\w+)/.exec(summary)?.[1] ?? '';

function messageAt(code: string, summary: string, place: Place): string {
  if (code === 'unexpected_token') return operandMessage(place);
  const expected = code === 'expected_token' ? EXPECTED[expectedName(summary)] : undefined;
  return expected?.(place) ?? wrongToken(place.token, place.next === undefined, '<EOF>');
}

/** What cel-go would say of the place where the library stopped. */
export function syntaxMessage({ code, summary }: ParseError, tokens: Tokens, offset: number): string {
  const token = tokens.at(offset);
  if (code === 'limit_exceeded') return 'expression recursion limit exceeded: 250';
  if (code === 'reserved_identifier') return `reserved identifier: ${token?.text ?? ''}`;
  const next = token && tokens.after(token.start);
  const before = token ? tokens.before(token.start) : tokens.all.at(-1);
  return messageAt(code, summary, { tokens, token, next, before });
}
