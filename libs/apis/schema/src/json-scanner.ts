import { quote } from '@binnacle/machinery-meta';
import { jsonShape } from './json-duplicates.js';

/** JSON nested deeper than this is refused, so that no recursion over a decoded value runs out of stack. */
export const MAX_JSON_DEPTH = 1_000;

/** What is wrong with JSON text, worded as Go's decoder words it; `offset` counts characters from 0. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\r\n]*/y;
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

const printed = (character: string): string =>
  character === "'" ? `'\\''` : character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;

/** Walks text that is no JSON to say what is wrong and where. */
class JsonScanner {
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  scan(): void {
    this.skipSpace();
    this.value();
    this.skipSpace();
    if (this.position < this.text.length) this.fail('after top-level value');
  }

  private fail(where: string): never {
    const character = this.text[this.position];
    if (character === undefined) throw new JsonSyntaxError('unexpected end of JSON input', this.position);
    throw new JsonSyntaxError(`invalid character ${printed(character)} ${where}`, this.position);
  }

  private advance(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text)?.[0] ?? '';
    this.position += match.length;
    return match;
  }

  private skipSpace(): void {
    const code = this.text.charCodeAt(this.position);
    if (code === 32 || (code >= 9 && code <= 13)) this.advance(SPACE);
  }

  private value(): void {
    const character = this.text[this.position];
    if (character === '"') this.string();
    else if (character === '{') this.nested(() => this.object());
    else if (character === '[') this.nested(() => this.list());
    else if (character !== undefined && character in LITERALS) this.literal(LITERALS[character] ?? '');
    else if (character !== undefined && (character === '-' || (character >= '0' && character <= '9'))) this.number();
    else this.fail('looking for beginning of value');
  }

  private nested(read: () => void): void {
    this.depth += 1;
    if (this.depth > MAX_JSON_DEPTH) throw new JsonSyntaxError('exceeded max depth', this.position);
    this.position += 1;
    this.skipSpace();
    read();
    this.depth -= 1;
  }

  private object(): void {
    if (this.accept('}')) return;
    for (;;) {
      this.member();
      this.skipSpace();
      if (this.accept('}')) return;
      if (!this.accept(',')) this.fail('after object key:value pair');
      this.skipSpace();
    }
  }

  private member(): void {
    if (this.text[this.position] !== '"') this.fail('looking for beginning of object key string');
    this.string();
    this.skipSpace();
    if (!this.accept(':')) this.fail('after object key');
    this.skipSpace();
    this.value();
  }

  private list(): void {
    if (this.accept(']')) return;
    for (;;) {
      this.value();
      this.skipSpace();
      if (this.accept(']')) return;
      if (!this.accept(',')) this.fail('after array element');
      this.skipSpace();
    }
  }

  private accept(character: string): boolean {
    if (this.text[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  private string(): void {
    this.position += 1;
    for (;;) {
      this.advance(PLAIN);
      if (this.accept('"')) return;
      if (this.text[this.position] !== '\\') this.fail('in string literal');
      if (this.advance(ESCAPE) === '') this.failEscape();
    }
  }

  private failEscape(): never {
    this.position += 1;
    if (!this.accept('u')) this.fail('in string escape code');
    this.advance(/[0-9a-fA-F]*/y);
    this.fail('in \\u hexadecimal character escape');
  }

  private literal(word: string): void {
    for (const [index, expected] of [...word].entries()) {
      if (this.text[this.position] !== expected) {
        this.fail(
          index === 0 ? 'looking for beginning of value' : `in literal ${word} (expecting ${printed(expected)})`,
        );
      }
      this.position += 1;
    }
  }

  private number(): void {
    if (this.advance(NUMBER) !== '') return;
    this.position += 1;
    this.fail('in numeric literal');
  }
}

export interface ParsedJson {
  readonly value: unknown;
  /** Paths of members given more than once, such as `spec.containers[0].image`; the last one counts. */
  readonly duplicates: readonly string[];
}

/** The engine parses fast but says little, so what it refuses is walked again for Go's words. */
function parseFast(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    new JsonScanner(text).scan();
    throw error;
  }
}

/**
 * Parses JSON text and tells members given twice.
 * @throws JsonSyntaxError with the words of Go's decoder and a position.
 */
export function parseJson(text: string): ParsedJson {
  const value = parseFast(text);
  const { duplicates, depth } = jsonShape(text, value, MAX_JSON_DEPTH);
  if (depth > MAX_JSON_DEPTH) throw new JsonSyntaxError('exceeded max depth', 0);
  return { value, duplicates };
}
