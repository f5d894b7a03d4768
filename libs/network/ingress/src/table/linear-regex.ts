import { RE2JS } from 're2js';

/** A pattern that takes time in proportion to its text, whoever wrote it. */
export interface LinearRegex {
  readonly text: string;
  /** Instructions that each character of a text may take. */
  readonly size: number;
  /** The whole match and its groups, where the pattern is found. */
  match(text: string): readonly string[] | undefined;
}

const LONGEST_PATTERN = 1_024;
const LARGEST_PROGRAM = 1_000;

function groupsOf(program: RE2JS, text: string): readonly string[] | undefined {
  const matcher = program.matcher(text);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at) ?? '');
}

/**
 * Compiles a pattern in the syntax of RE2.
 * @throws Error in plain words where it is malformed or larger than we run for strangers.
 */
export function linearRegex(text: string, { ignoreCase = false } = {}): LinearRegex {
  if (text.length > LONGEST_PATTERN) throw new Error(`a pattern of more than ${LONGEST_PATTERN} characters`);
  const program = RE2JS.compile(text, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  const size = program.programSize();
  if (size > LARGEST_PROGRAM) throw new Error('a pattern that needs more steps than are run for a request');
  return { text, size, match: (value) => groupsOf(program, value) };
}
