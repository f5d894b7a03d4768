import type { Token } from './scan.js';

const CLOSERS = new Set([')', ']', '}']);

/** Whether an operand ends with the token, so that an operator may follow. */
export function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  return token.kind === 'operator' ? CLOSERS.has(token.text) : token.text !== 'in';
}

/** Of places in their order, the index of the first that is not before `from`. */
export function firstFrom(length: number, placeAt: (index: number) => number, from: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeAt(middle) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The tokens of a source by their places, and which brackets belong together. */
export class Tokens {
  private readonly openers = new Map<number, number>();
  private readonly indexes: ReadonlyMap<number, number>;
  /** Brackets that nothing closes. */
  private readonly open: Token[] = [];

  constructor(readonly all: readonly Token[]) {
    this.indexes = new Map(all.map((token, index) => [token.start, index]));
    for (const token of all) {
      if (token.kind !== 'operator') continue;
      if ('([{'.includes(token.text)) this.open.push(token);
      else if (CLOSERS.has(token.text)) this.openers.set(token.start, this.open.pop()?.start ?? -1);
    }
  }

  countOpen(): number {
    return this.open.length;
  }

  lastOpen(): Token | undefined {
    return this.open.at(-1);
  }

  endsOperand(token: Token | undefined): boolean {
    return endsOperand(token);
  }

  at(start: number): Token | undefined {
    return this.all[this.indexes.get(start) ?? -1];
  }

  /** A number that begins with its point: it stands one further on in the prepared text. */
  numberAt(start: number): Token | undefined {
    const token = this.at(start - 1);
    return token?.kind === 'number' && token.text.startsWith('.') ? token : undefined;
  }

  before(start: number): Token | undefined {
    return this.all[(this.indexes.get(start) ?? 0) - 1];
  }

  after(start: number): Token | undefined {
    return this.all[(this.indexes.get(start) ?? this.all.length) + 1];
  }

  /** Where the bracket was opened that closes at a place. */
  opener(closer: number): number {
    return this.openers.get(closer) ?? -1;
  }

  private firstFrom(start: number): number {
    return firstFrom(this.all.length, (index) => this.all[index]?.start ?? 0, start);
  }

  /** The first token of that text from a place on. */
  next(text: string, from: number): number {
    for (let index = this.firstFrom(from); index < this.all.length; index += 1) {
      if (this.all[index]?.text === text) return this.all[index]?.start ?? from;
    }
    return from;
  }

  /** Whether an expression from `start` to `end` stands in parentheses of its own. */
  isParenthesized(start: number, end: number): boolean {
    for (let index = this.firstFrom(end); this.all[index]?.text === ')'; index += 1) {
      if (this.opener(this.all[index]?.start ?? -1) < start) return true;
    }
    return false;
  }
}
