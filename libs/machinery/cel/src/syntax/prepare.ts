import type { SourceError } from './source.js';
import type { Token } from './scan.js';
import { endsOperand } from './tokens.js';

/** A source in the words of the parsing library, character below character, and what those words leave out. */
export interface Prepared {
  readonly text: string;
  /** Where names start that have a dot before them: `.a` is never a variable of a macro. */
  readonly absolute: ReadonlySet<number>;
  /** Where elements and entries are marked as optional. */
  readonly optional: readonly number[];
  readonly errors: readonly SourceError[];
}

/** Same length, and nothing in it that the library could misread. Literals are read by their own token. */
function plain(token: Token): string {
  const length = token.end - token.start;
  if (token.kind === 'escaped') return '`'.padEnd(length);
  if (token.kind === 'number') return (token.text.startsWith('.') ? ' 1' : '1').padEnd(length);
  return token.kind === 'text' ? `"${'x'.repeat(length - 2)}"` : token.text;
}

class Preparation {
  private readonly parts: string[] = [];
  private readonly absolute = new Set<number>();
  private readonly optional: number[] = [];
  private readonly errors: SourceError[] = [];
  /** The brackets that are open, `(` where an element may not be optional. */
  private readonly open: string[] = [];
  private end = 0;
  /** The run of equal signs that was last looked at. */
  private runStart = -1;
  private runEnd = -1;

  constructor(private readonly tokens: readonly Token[]) {}

  run(length: number): Prepared {
    for (const [index, token] of this.tokens.entries()) this.add(token, index);
    const text = this.parts.join('').padEnd(length);
    return { text, absolute: this.absolute, optional: this.optional, errors: this.errors };
  }

  private add(token: Token, index: number): void {
    const before = this.tokens[index - 1];
    const operator = token.kind === 'operator' ? token.text : '';
    const text = this.leavesOut(operator, before, index) ? ' '.repeat(token.end - token.start) : plain(token);
    this.parts.push(' '.repeat(token.start - this.end), text);
    this.end = token.end;
    if (token.kind === 'escaped' && before?.text === '.') this.refuse(token.start, "unsupported syntax: '`'");
    this.track(operator, before, token.start);
  }

  private leavesOut(operator: string, before: Token | undefined, index: number): boolean {
    if (operator === '.' && !endsOperand(before) && before?.text !== '.') return this.mark(this.absolute, index + 1);
    if (operator === '?' && this.startsElement(before)) return this.optional.push(this.tokens[index]?.start ?? 0) > 0;
    return (operator === '!' || operator === '-') && this.isRepeated(operator, index);
  }

  private mark(marks: Set<number>, index: number): boolean {
    const name = this.tokens[index];
    if (name) marks.add(name.start);
    return true;
  }

  private startsElement(before: Token | undefined): boolean {
    const bracket = this.open.at(-1);
    return (bracket === '[' || bracket === '{') && (before?.text === bracket || before?.text === ',');
  }

  /** `!!a` is `a` and `!!!a` is `!a`: of a run, the first stays where their number is odd. */
  private isRepeated(operator: string, index: number): boolean {
    if (endsOperand(this.tokens[index - 1])) return false;
    if (index >= this.runEnd) this.startRun(operator, index);
    return index > this.runStart || (this.runEnd - this.runStart) % 2 === 0;
  }

  private startRun(operator: string, index: number): void {
    this.runStart = this.runEnd = index;
    while (this.tokens[this.runEnd]?.text === operator) this.runEnd += 1;
  }

  private track(operator: string, before: Token | undefined, start: number): void {
    const call = endsOperand(before);
    if (operator === '[' || operator === '(') this.open.push(operator === '[' && !call ? '[' : '(');
    else if (operator === '{') this.openBrace(before, start);
    else if (operator !== '' && ')]}'.includes(operator)) this.open.pop();
  }

  /** Kubernetes has no messages that an expression could build. */
  private openBrace(before: Token | undefined, offset: number): void {
    this.open.push('{');
    if (before?.kind !== 'name' || !endsOperand(before)) return;
    this.refuse(offset, `undeclared reference to '${before.text}' (in container '')`);
  }

  private refuse(offset: number, message: string): void {
    this.errors.push({ offset, message });
  }
}

export const prepare = (tokens: readonly Token[], length: number): Prepared => new Preparation(tokens).run(length);
