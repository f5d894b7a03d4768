const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** An object or list that is open at some place in the text. */
interface Frame {
  /** Keys met so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  /** The key of the member being read. */
  key: string;
  /** The index of the element being read. */
  index: number;
}

const placeOf = ({ keys, key, index }: Frame): string => (keys ? `.${key}` : `[${index}]`);

/** Finds keys given twice. Trusts that the text is JSON, so it looks at nothing but structure. */
class DuplicateFinder {
  readonly duplicates: string[] = [];
  /** The most objects and lists that were open at once. */
  depth = 0;
  private readonly frames: Frame[] = [];
  private awaitsKey = false;

  constructor(private readonly text: string) {}

  run(): this {
    for (let at = 0; at < this.text.length; at += 1) {
      switch (this.text.charCodeAt(at)) {
        case QUOTE:
          at = this.string(at);
          break;
        case 0x7b:
          this.open(new Set());
          break;
        case 0x5b:
          this.open(undefined);
          break;
        case 0x7d:
        case 0x5d:
          this.frames.pop();
          this.awaitsKey = false;
          break;
        case 0x2c:
          this.next();
          break;
      }
    }
    return this;
  }

  private open(keys: Set<string> | undefined): void {
    this.frames.push({ keys, key: '', index: 0 });
    this.depth = Math.max(this.depth, this.frames.length);
    this.awaitsKey = keys !== undefined;
  }

  private next(): void {
    const frame = this.frames.at(-1);
    if (!frame) return;
    if (frame.keys) this.awaitsKey = true;
    else frame.index += 1;
  }

  /** Answers where the string ends. */
  private string(start: number): number {
    let end = this.text.indexOf('"', start + 1);
    while (this.isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (this.awaitsKey) this.key(this.text.slice(start + 1, end));
    return end;
  }

  private isEscaped(quote: number): boolean {
    let slashes = 0;
    while (this.text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    return slashes % 2 === 1;
  }

  private key(raw: string): void {
    const frame = this.frames.at(-1);
    if (!frame?.keys) return;
    frame.key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
    if (frame.keys.has(frame.key)) this.duplicates.push(this.frames.map(placeOf).join('').replace(/^\./, ''));
    frame.keys.add(frame.key);
    this.awaitsKey = false;
  }
}

export interface JsonShape {
  /** Paths of members given more than once, such as `spec.containers[0].image`. */
  readonly duplicates: readonly string[];
  /** How deep objects and lists are nested. */
  readonly depth: number;
}

/** Looks at the structure of text that is known to be JSON. */
export function jsonShape(text: string): JsonShape {
  return new DuplicateFinder(text).run();
}
