import { compilePattern } from '../schema/regex.js';

/**
 * Instructions that the patterns of one object may take at most: about a second of the one thread that serves everybody.
 * Gateway API's and Prometheus' own objects take some ten thousands.
 */
export const MOST_PATTERN_WORK = 10_000_000;

/** What the patterns of one object have taken. */
export class PatternWork {
  private left = MOST_PATTERN_WORK;

  /** Whether the text matches; undefined where finding that out may take more than is left. */
  matches(text: string, pattern: string): boolean | undefined {
    const compiled = compilePattern(pattern);
    const work = (text.length + 1) * compiled.size;
    if (work > this.left) return undefined;
    this.left -= work;
    return compiled.matches(text);
  }
}
