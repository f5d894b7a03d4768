import { patternProblem } from '../schema/regex.js';
import type { JsonSchema } from '../schema/types.js';
import { type Findings, failure } from './findings.js';
import { formatOf, isOfFormat } from './formats.js';
import type { PatternWork } from './pattern-work.js';
import { breach, longerThan, wrongType } from './problem.js';

/** Code points, as Go counts runes. */
function runeCount(text: string): number {
  let count = 0;
  for (const _rune of text) count += 1;
  return count;
}

/** Where upstream would go on for minutes, the text is refused. */
function patternFailure(value: string, pattern: string, at: string, work: PatternWork): Findings | undefined {
  const problem = patternProblem(pattern);
  if (problem) return failure(breach(at, `should match '${pattern}, but pattern is invalid: ${problem}'`, value));
  const isMatch = work.matches(value, pattern);
  if (isMatch === undefined) return failure(breach(at, `is too long to be matched with '${pattern}'`));
  return isMatch ? undefined : failure(breach(at, `should match '${pattern}'`, value));
}

/** Only the first fault of a text is told. */
export function validateString(value: string, schema: JsonSchema, at: string, work: PatternWork): Findings | undefined {
  const { maxLength, minLength, pattern } = schema;
  if (maxLength !== undefined && value.length > maxLength && runeCount(value) > maxLength) {
    return failure(longerThan(at, maxLength));
  }
  if (minLength !== undefined && runeCount(value) < minLength) {
    return failure(breach(at, `should be at least ${minLength} chars long`, value));
  }
  return pattern ? patternFailure(value, pattern, at, work) : undefined;
}

/** One result where the schema says a format of texts, which is undefined where the text is good. */
export function validateFormat(value: string, schema: JsonSchema, at: string): (Findings | undefined)[] {
  const format = formatOf(schema);
  const isGood = isOfFormat(format, value);
  if (isGood === undefined) return [];
  return [isGood ? undefined : failure(wrongType(at, format, value))];
}
