import type { CompileError } from '../program.js';

/** A complaint about a place in a source. An offset below zero is no place. */
export interface SourceError {
  readonly offset: number;
  readonly message: string;
}

const MAX_ERRORS = 100;
const MAX_SNIPPET = 16_384;

/** A source by lines. Behaves as cel-go common Errors. */
export class Source {
  private readonly lines: readonly string[];

  constructor(readonly text: string) {
    this.lines = text.split('\n');
  }

  /** Line and column from one, the column in characters. */
  private locate(offset: number): { line: number; column: number } {
    if (offset < 0) return { line: -1, column: 0 };
    const before = this.text.slice(0, offset).split('\n');
    return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
  }

  /** The first hundred, in the order of their places. */
  toErrors(errors: readonly SourceError[]): CompileError[] {
    const told = errors.slice(0, MAX_ERRORS);
    const located = told.map(({ offset, message }) => ({ message, ...this.locate(offset) }));
    return located.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Each error with its line and a mark below it. */
  display(errors: readonly CompileError[]): string {
    return errors.map((error) => this.displayOne(error)).join('\n');
  }

  private displayOne({ message, line, column }: CompileError): string {
    const head = `ERROR: <input>:${line}:${column}: ${message}`;
    const snippet = line < 1 ? undefined : this.lines[line - 1]?.replaceAll('\t', ' ');
    if (snippet === undefined || snippet.length > MAX_SNIPPET) return head;
    return `${head}\n | ${snippet}\n | ${pointer(snippet, column)}`;
  }
}

const isWide = (character: string | undefined): boolean => (character?.codePointAt(0) ?? 0) >= 0x80;

/** Dots up to the column and a caret; wide ones below wide characters. */
function pointer(snippet: string, column: number): string {
  const characters = [...snippet];
  const dots = characters.slice(0, column - 1).map((character) => (isWide(character) ? '\uff0e' : '.'));
  return dots.join('') + (isWide(characters[column - 1]) ? '\uff3e' : '^');
}
