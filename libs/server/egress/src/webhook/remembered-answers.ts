import { createHash } from 'node:crypto';
import type { Clock } from '@binnacle/machinery-context';

interface Remembered<T> {
  readonly value: T;
  readonly until: number;
}

const digestOf = (question: string): string => createHash('sha256').update(question).digest('base64url');

/** What was answered, believed for a while. Questions themselves are not kept: they may hold secrets. The oldest go first. */
export class RememberedAnswers<T> {
  private readonly known = new Map<string, Remembered<T>>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  get(question: string): T | undefined {
    const key = digestOf(question);
    const found = this.known.get(key);
    if (!found) return undefined;
    if (found.until > this.clock.now()) return found.value;
    this.known.delete(key);
    return undefined;
  }

  /** For so many milliseconds; not at all for none. */
  set(question: string, value: T, milliseconds: number): void {
    if (milliseconds <= 0) return;
    const key = digestOf(question);
    this.known.delete(key);
    if (this.known.size >= this.most) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(key, { value, until: this.clock.now() + milliseconds });
  }
}
