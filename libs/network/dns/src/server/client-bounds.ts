import type { Clock } from '@binnacle/machinery-context';
import { ConnectionRoom } from '@binnacle/process-connections';

export interface ClientBoundsOptions {
  /** Questions a second that one address may ask; a second's worth of them at once. */
  readonly questionsPerSecond: number;
  /** Connections that one address may have. */
  readonly connections: number;
}

/** What one address has left. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Addresses that are remembered; the one that was remembered first gives way. */
const MOST_CLIENTS = 16_384;
const SECOND = 1000;

/** What each client may ask for, so that one cannot take the answers of all others. */
export class ClientBounds {
  private readonly buckets = new Map<string, Bucket>();
  private readonly room: ConnectionRoom;

  constructor(
    private readonly clock: Clock,
    private readonly options: ClientBoundsOptions,
  ) {
    // Each socket bounds all of its own.
    this.room = new ConnectionRoom({ inAll: Number.POSITIVE_INFINITY, each: options.connections });
  }

  /** Whether a question of this address is answered now. */
  admits(address: string): boolean {
    const { questionsPerSecond: most } = this.options;
    const now = this.clock.now();
    const bucket = this.buckets.get(address) ?? this.begin(address, { tokens: most, at: now });
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / SECOND) * most);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Answers how to tell that the connection is over; undefined where the address has too many. */
  connects(address: string): (() => void) | undefined {
    return this.room.enter(address);
  }

  private begin(address: string, bucket: Bucket): Bucket {
    const [oldest] = this.buckets.keys();
    if (this.buckets.size >= MOST_CLIENTS && oldest !== undefined) this.buckets.delete(oldest);
    this.buckets.set(address, bucket);
    return bucket;
  }
}
