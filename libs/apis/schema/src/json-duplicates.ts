const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** No more are told of, as upstream's decoder does. */
const MOST_DUPLICATES = 100;
const MOST_CHARACTERS = 64 * 1024;

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

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
  return slashes % 2 === 1;
}

/** Where the string that begins at a quote ends. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** Goes through keys. Trusts that the text is JSON, so it looks at nothing but structure. */
abstract class KeyWalker {
  protected readonly frames: Frame[] = [];
  private awaitsKey = false;

  constructor(private readonly text: string) {}

  /** A key was read, of which the last frame tells. */
  protected abstract met(again: boolean): void;

  protected path(): string {
    return this.frames.map(placeOf).join('').replace(/^\./, '');
  }

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
    const end = endOfString(this.text, start);
    if (this.awaitsKey) this.key(this.text.slice(start + 1, end));
    return end;
  }

  private key(raw: string): void {
    const frame = this.frames.at(-1);
    if (!frame?.keys) return;
    frame.key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
    this.met(frame.keys.has(frame.key));
    frame.keys.add(frame.key);
    this.awaitsKey = false;
  }
}

/** Finds keys given twice. */
class DuplicateFinder extends KeyWalker {
  readonly duplicates: string[] = [];
  private length = 0;

  /** Each path holds all keys around it: told of one by one, long keys would grow beyond measure. */
  protected met(again: boolean): void {
    if (!again || this.duplicates.length >= MOST_DUPLICATES || this.length > MOST_CHARACTERS) return;
    const path = this.path();
    this.length += path.length;
    this.duplicates.push(path);
  }
}

/** Notes in what order members are first met, and met again. */
class OrderFinder extends KeyWalker {
  readonly first = new Map<string, number>();
  readonly again = new Map<string, number>();
  private count = 0;

  protected met(again: boolean): void {
    const [places, path] = [again ? this.again : this.first, this.path()];
    this.count += 1;
    if (!places.has(path)) places.set(path, this.count);
  }
}

/** Tells where members stand in text that is JSON: when their paths are first met, and when they are given again. */
export interface MemberOrder {
  readonly first: ReadonlyMap<string, number>;
  readonly again: ReadonlyMap<string, number>;
}

/** Undefined for text so long that its paths might not be held. */
export function memberOrder(text: string): MemberOrder | undefined {
  return text.length > MOST_CHARACTERS ? undefined : new OrderFinder(text).run();
}

/** Counts members and depth of text that is JSON, without asking what the members are called. */
function measure(text: string): { members: number; depth: number } {
  let members = 0;
  let depth = 0;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case 0x3a:
        members += 1;
        break;
      case 0x7b:
      case 0x5b:
        open += 1;
        if (open > depth) depth = open;
        break;
      case 0x7d:
      case 0x5d:
        open -= 1;
        break;
    }
  }
  return { members, depth };
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const element of value) members += countMembers(element);
    return members;
  }
  for (const key of Object.keys(value)) members += 1 + countMembers((value as Record<string, unknown>)[key]);
  return members;
}

export interface JsonShape {
  /** Paths of members given more than once, such as `spec.containers[0].image`; the first hundred of them. */
  readonly duplicates: readonly string[];
  /** How deep objects and lists are nested. */
  readonly depth: number;
}

/**
 * Looks at the structure of text that is known to be JSON, and at what it was parsed to: as many members as the text has
 * mean that none was given twice. Objects nested deeper than `deepest` are not looked into.
 */
export function jsonShape(text: string, value: unknown, deepest: number): JsonShape {
  const { members, depth } = measure(text);
  if (depth > deepest || members === countMembers(value)) return { duplicates: [], depth };
  return { duplicates: new DuplicateFinder(text).run().duplicates, depth };
}
