import { RE2JS } from 're2js';
import { ArrayList, CelError, type Meter, type Value } from '../values/index.js';
import { global, method, type Overload } from './overload.js';

const MAX_PATTERNS = 512;
const MAX_KEPT_LENGTH = 4096;
const patterns = new Map<string, RE2JS | CelError>();

function compileNew(pattern: string): RE2JS | CelError {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const full = reason.startsWith('error parsing regexp') ? reason : `error parsing regexp: ${reason}`;
    return new CelError(full.endsWith('trailing backslash at end of expression') ? `${full}: \`\`` : full);
  }
}

/** A pattern of RE2, which takes time in proportion to the text. Expressions use few, so they are kept. */
export function compilePattern(pattern: string): RE2JS | CelError {
  const known = patterns.get(pattern);
  if (known) return known;
  const compiled = compileNew(pattern);
  if (patterns.size >= MAX_PATTERNS) patterns.clear();
  if (pattern.length <= MAX_KEPT_LENGTH) patterns.set(pattern, compiled);
  return compiled;
}

/** What a match may take at most: every instruction of the pattern at every character. */
function charge(compiled: RE2JS, text: string, meter: Meter): void {
  meter.work((text.length + 1) * Math.max(1, compiled.programSize() / 16));
}

function matches(text: string, pattern: string, meter: Meter): Value {
  meter.work(pattern.length);
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) return compiled;
  charge(compiled, text, meter);
  return compiled.matcher(text).find();
}

const illegal = ({ message }: CelError): CelError => new CelError(`Illegal regex: ${message}`);

function find(text: string, pattern: string, meter: Meter): Value {
  meter.work(pattern.length);
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) return illegal(compiled);
  charge(compiled, text, meter);
  const matcher = compiled.matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

/** As Go's FindAllString: below zero all of them. */
function findAll(text: string, pattern: string, limit: bigint, meter: Meter): Value {
  meter.work(pattern.length);
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) return illegal(compiled);
  const matcher = compiled.matcher(text);
  const found: string[] = [];
  let end = -1;
  charge(compiled, text, meter);
  while ((limit < 0n || BigInt(found.length) < limit) && matcher.find()) {
    // An empty match right after another is none.
    const isEmpty = matcher.start() === matcher.end();
    if (!(isEmpty && matcher.start() === end)) found.push(matcher.group() ?? '');
    end = matcher.end();
    meter.work(8);
  }
  return new ArrayList(found);
}

export const REGEX: readonly Overload[] = [
  global('matches', 'matches(string, string) bool', matches),
  method('matches_string', 'matches(string, string) bool', matches),
  method('string_find_string', 'find(string, string) string', find),
  method(
    'string_find_all_string',
    'findAll(string, string) list(string)',
    (text: string, pattern: string, meter: Meter) => findAll(text, pattern, -1n, meter),
  ),
  method('string_find_all_string_int', 'findAll(string, string, int) list(string)', findAll),
];
