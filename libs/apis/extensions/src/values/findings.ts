import type { Problem } from './problem.js';

/**
 * What validating a value against a schema found. `matches` counts the checks that were made and passed: of the schemas
 * of an anyOf or oneOf that all fail, the one with the most is taken for the one that was meant.
 */
export class Findings {
  readonly problems: Problem[] = [];
  matches = 0;
  private texts: Set<string> | undefined;

  /** The same text is told only once. */
  add(...problems: readonly (Problem | undefined)[]): this {
    for (const problem of problems) if (problem && this.isNew(problem.text)) this.problems.push(problem);
    return this;
  }

  private isNew(text: string): boolean {
    this.texts ??= new Set();
    if (this.texts.has(text)) return false;
    this.texts.add(text);
    return true;
  }

  merge(other: Findings | undefined): this {
    if (!other) return this;
    this.matches += other.matches;
    return this.add(...other.problems);
  }

  /** One more check was made. */
  count(): this {
    this.matches += 1;
    return this;
  }

  get isValid(): boolean {
    return this.problems.length === 0;
  }

  /** What was found no longer counts against the value. */
  forgiven(): Findings {
    const findings = new Findings();
    findings.matches = this.matches;
    return findings;
  }
}

export function failure(problem: Problem): Findings {
  return new Findings().add(problem);
}
