import type { Clock } from '@binnacle/machinery-context';
import { chance } from '../random.js';
import type { LinkShape } from './link-shape.js';

/** As the systems that people know: the first answer is waited for a second, data for a fifth of one, and longer each time. */
const FIRST_TRY = { handshake: 1000, data: 200 };
/** Milliseconds: as long as the queue in front of a narrow link is. */
const LONGEST_QUEUE = 10_000;
/** Then a system gives up; here it comes at last, and whoever dials has given up before. */
const MOST_TRIES = 6;

/** One way of a link. */
export class Lane {
  private sent = 0;
  /** When all that was sent before is on its way. */
  private freeAt = 0;

  constructor(
    private readonly shape: LinkShape,
    private readonly way: 'out' | 'in',
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Whether a datagram finds no room any more. Who has a connection waits instead. */
  get isFull(): boolean {
    return this.freeAt - this.clock.now() > LONGEST_QUEUE;
  }

  /** Milliseconds until it arrives; undefined where it is lost. */
  send(bytes: number): number | undefined {
    const { delay, jitter, loss, rate, seed } = this.shape;
    const now = this.clock.now();
    const index = this.sent++;
    this.freeAt = Math.max(this.freeAt, now) + (bytes / rate) * 1000;
    if (chance(seed, this.way, index, 'loss') < loss) return undefined;
    return this.freeAt - now + delay + jitter * (2 * chance(seed, this.way, index, 'jitter') - 1);
  }

  /** The same of what is sent again until it arrives. */
  deliver(bytes: number, kind: keyof typeof FIRST_TRY): number {
    let waited = 0;
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      const took = this.send(bytes);
      if (took !== undefined) return waited + took;
      waited += FIRST_TRY[kind] * 2 ** tried;
    }
    return waited;
  }
}

/** What leads to a Pod: all of its connections share it. */
export class Link {
  readonly out: Lane;
  readonly in: Lane;

  constructor(
    shape: LinkShape,
    readonly clock: Clock,
  ) {
    this.out = new Lane(shape, 'out', clock);
    this.in = new Lane(shape, 'in', clock);
  }
}
