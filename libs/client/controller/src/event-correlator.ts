import type { EventSubject } from './types.js';

export interface Occurrence {
  readonly about: EventSubject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** An Event that was written before, to be counted up instead of written again. */
export interface KnownEvent {
  name?: string;
  count: number;
  readonly firstTimestamp: number;
  /** Resolves when its last change is written, or is not going to be. */
  written?: Promise<void>;
}

export interface Correlated {
  readonly event: KnownEvent;
  readonly message: string;
}

interface Bucket {
  tokens: number;
  at: number;
}

interface Similar {
  readonly messages: Set<string>;
  at: number;
}

/** client-go's figures: 25 at once about one object and one more every five minutes. */
const BURST = 25;
const REFILL_MILLISECONDS = 300_000;
/** Above so many different messages for one reason within ten minutes, they are written as one. */
const MOST_SIMILAR = 10;
const SIMILAR_WINDOW_MILLISECONDS = 600_000;
const MOST_REMEMBERED = 4096;

function subjectKey({ apiVersion, kind, metadata }: EventSubject): string {
  return [apiVersion, kind, metadata.namespace, metadata.name, metadata.uid].join('/');
}

/** Forgets the oldest entries of a map that grew past its limit. */
function trim(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= MOST_REMEMBERED) return;
    map.delete(key);
  }
}

/** Decides whether an occurrence is dropped, counted on an earlier Event, or new. As client-go tools/record. */
export class EventCorrelator {
  private readonly buckets = new Map<string, Bucket>();
  private readonly similar = new Map<string, Similar>();
  private readonly known = new Map<string, KnownEvent>();

  /** Undefined when the source is spamming. */
  correlate(occurrence: Occurrence, now: number): Correlated | undefined {
    const subject = subjectKey(occurrence.about);
    if (!this.takeToken(subject, now)) return undefined;
    const family = [subject, occurrence.about.fieldPath ?? '', occurrence.type, occurrence.reason].join('|');
    const many = this.isOneOfMany(family, occurrence.message, now);
    const message = many ? `(combined from similar events): ${occurrence.message}` : occurrence.message;
    return { event: this.remember(many ? family : `${family}|${message}`, now), message };
  }

  private remember(key: string, now: number): KnownEvent {
    const event = this.known.get(key) ?? { count: 0, firstTimestamp: now };
    event.count += 1;
    this.known.delete(key);
    this.known.set(key, event);
    trim(this.known);
    return event;
  }

  private isOneOfMany(family: string, message: string, now: number): boolean {
    const known = this.similar.get(family);
    const similar =
      known && now - known.at < SIMILAR_WINDOW_MILLISECONDS ? known : { messages: new Set<string>(), at: now };
    similar.at = now;
    if (similar.messages.size < MOST_SIMILAR) similar.messages.add(message);
    this.similar.set(family, similar);
    trim(this.similar);
    return similar.messages.size >= MOST_SIMILAR && !similar.messages.has(message);
  }

  private takeToken(subject: string, now: number): boolean {
    const bucket = this.buckets.get(subject) ?? { tokens: BURST, at: now };
    // What happened a little earlier may come a little later.
    const at = Math.max(bucket.at, now);
    bucket.tokens = Math.min(BURST, bucket.tokens + (at - bucket.at) / REFILL_MILLISECONDS);
    bucket.at = at;
    this.buckets.set(subject, bucket);
    trim(this.buckets);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
