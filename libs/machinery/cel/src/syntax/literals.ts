import { encodeUtf8, Uint, type Value } from '../values/index.js';
import type { Token } from './scan.js';

/** The value of a literal, or why it has none. */
export type LiteralResult = { readonly value: Value } | { readonly problem: string };

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
};
const PART =
  /\\(?:([abfnrtv\\'"`?])|[xX]([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[^]|$)|[^\\]+/g;
const BAD_ESCAPE = 'unable to unescape string';

const isCharacter = (code: number): boolean => code <= 0x10ffff && (code & 0xfffff800) !== 0xd800;

/** A byte or text that an escape stands for; undefined where it stands for nothing. */
function readEscape(match: RegExpMatchArray, isBytes: boolean): string | number | undefined {
  const [, simple, hex, octal, short, long] = match;
  if (simple !== undefined) return SIMPLE[simple];
  const unicode = short ?? long;
  const code = octal === undefined ? Number.parseInt(unicode ?? hex ?? '', 16) : Number.parseInt(octal, 8);
  if (isBytes) return unicode === undefined ? code : undefined;
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

function unescape(raw: string, isBytes: boolean): (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  for (const match of raw.matchAll(PART)) {
    const part = match[0].startsWith('\\') ? readEscape(match, isBytes) : match[0];
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

const toBytes = (parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...encodeUtf8(part)])));

function readText(token: string): LiteralResult {
  const prefix = /^[bBrR]*/.exec(token)?.[0].toLowerCase() ?? '';
  const quoted = token.slice(prefix.length);
  const quote = /^(?:"""|\'\'\')/.test(quoted) && quoted.length >= 6 ? 3 : 1;
  const raw = quoted.slice(quote, -quote).replace(/\r\n?/g, '\n');
  const isBytes = prefix.includes('b');
  const parts = prefix.includes('r') ? [raw] : unescape(raw, isBytes);
  if (parts === undefined) return { problem: BAD_ESCAPE };
  return { value: isBytes ? toBytes(parts) : parts.join('') };
}

const MAX_INT = 2n ** 63n;
const MAX_UINT = 2n ** 64n;

function readNumber(token: string, negative: boolean): LiteralResult {
  const hex = token.startsWith('0x');
  if (!hex && /[.eE]/.test(token)) {
    const value = Number(token) * (negative ? -1 : 1);
    return Number.isFinite(value) ? { value } : { problem: 'invalid double literal' };
  }
  if (/[uU]$/.test(token)) {
    const value = BigInt(token.slice(0, -1));
    return value < MAX_UINT ? { value: new Uint(value) } : { problem: 'invalid uint literal' };
  }
  const value = BigInt(token) * (negative ? -1n : 1n);
  return value < MAX_INT && value >= -MAX_INT ? { value } : { problem: 'invalid int literal' };
}

/** Reads a literal; `negative` where a minus stands right before a number. */
export function readLiteral({ kind, text }: Token, negative: boolean): LiteralResult {
  if (kind === 'text') return readText(text);
  if (kind === 'number') return readNumber(text, negative);
  return { value: text === 'null' ? null : text === 'true' };
}
