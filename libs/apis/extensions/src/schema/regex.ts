import { RE2JS } from 're2js';

/** Patterns longer than this are refused: what a program of RE2 costs grows with its text. */
export const MAX_PATTERN_LENGTH = 10_000;

/** A compiled pattern of Go's syntax, matched in time linear to the text. */
export interface Pattern {
  /** How many instructions each character may take. */
  readonly size: number;
  /** Whether the pattern is found anywhere in the text. */
  matches(text: string): boolean;
}

/** Compiled patterns by text; the most recently asked for are kept. */
const compiled = new Map<string, Pattern>();
const MOST_KEPT = 2000;

/**
 * Compiles a pattern in the syntax of Go's regexp.
 * @throws Error with Go's words where it is malformed.
 */
export function compilePattern(text: string): Pattern {
  const known = compiled.get(text);
  if (known) {
    compiled.delete(text);
    compiled.set(text, known);
    return known;
  }
  if (text.length > MAX_PATTERN_LENGTH) throw new Error('error parsing regexp: expression too large');
  const program = RE2JS.compile(text);
  const pattern: Pattern = { size: program.programSize(), matches: (value) => program.matcher(value).find() };
  const [oldest] = compiled.size >= MOST_KEPT ? compiled.keys() : [];
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(text, pattern);
  return pattern;
}

/** Why a pattern does not compile; undefined where it does. */
export function patternProblem(text: string): string | undefined {
  try {
    compilePattern(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
