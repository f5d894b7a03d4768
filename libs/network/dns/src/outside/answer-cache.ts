import type { Clock } from '@binnacle/machinery-context';
import type { RawAnswer } from './raw-answer.js';

export interface CacheOptions {
  /** Of all answers together. */
  readonly mostBytes: number;
  /** However long a server says that its answer holds, it is asked again after so many seconds. */
  readonly longestSeconds: number;
}

interface Entry {
  readonly answer: RawAnswer;
  readonly at: number;
  readonly until: number;
  readonly bytes: number;
}

/** Of an entry besides its message and its key. */
const ENTRY_BYTES = 256;
const SECOND = 1000;

/** Answers of others, of all clusters together, those that were used last. */
export class AnswerCache {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;
  /** For who watches. */
  hits = 0;
  misses = 0;

  constructor(
    private readonly clock: Clock,
    private readonly options: CacheOptions,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** An answer that still holds, and how many seconds ago it came. */
  get(key: string): { readonly answer: RawAnswer; readonly age: number } | undefined {
    const entry = this.entries.get(key);
    const now = this.clock.now();
    if (!entry || entry.until <= now) {
      this.misses += 1;
      if (entry) this.remove(key, entry);
      return undefined;
    }
    this.hits += 1;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return { answer: entry.answer, age: Math.floor((now - entry.at) / SECOND) };
  }

  /** Keeps what holds for a second or longer. */
  set(key: string, answer: RawAnswer): void {
    const seconds = Math.min(answer.ttl, this.options.longestSeconds);
    if (seconds < 1 || answer.isCut) return;
    const old = this.entries.get(key);
    if (old) this.remove(key, old);
    const at = this.clock.now();
    const bytes = answer.bytes.length + key.length + ENTRY_BYTES;
    this.entries.set(key, { answer, at, until: at + seconds * SECOND, bytes });
    this.bytes += bytes;
    this.makeRoom();
  }

  private makeRoom(): void {
    for (const [key, entry] of this.entries) {
      if (this.bytes <= this.options.mostBytes) return;
      this.remove(key, entry);
    }
  }

  private remove(key: string, { bytes }: Entry): void {
    this.entries.delete(key);
    this.bytes -= bytes;
  }
}
