/** Points a slice may take: a few milliseconds, after which everybody else has a turn. */
export const SLICE = 1_500;

interface Waiting {
  readonly points: number;
  readonly run: () => void;
}

/** Calls back when the event loop has come round. */
export type NextTurn = (run: () => void) => unknown;

/**
 * Shares the event loop: all GraphQL operations of a server together get one slice a turn of it, one after another, and
 * whatever else the server does goes on in between.
 */
export class Pacer {
  private left = SLICE;
  private readonly waiting = new Set<Lane>();
  private turning = false;
  private releasing = false;

  constructor(private readonly nextTurn: NextTurn = setImmediate) {}

  lane(): Lane {
    return new Lane(this);
  }

  /** Takes points that are already used up; they are missing afterwards. */
  spend(points: number): void {
    this.left -= points;
    this.turnLater();
  }

  hasRoom(): boolean {
    return this.left > 0 && this.waiting.size === 0;
  }

  wait(lane: Lane): void {
    this.waiting.add(lane);
    this.turnLater();
  }

  forget(lane: Lane): void {
    this.waiting.delete(lane);
  }

  private turnLater(): void {
    if (this.turning) return;
    this.turning = true;
    this.nextTurn(() => {
      this.turning = false;
      // What was overdrawn is paid back first.
      this.left = Math.min(SLICE, this.left + SLICE);
      if (this.left < SLICE) this.turnLater();
      if (!this.releasing) this.release();
    });
  }

  /** One at a time, so that what each of them costs is known before the next. */
  private release(): void {
    const [lane] = this.waiting;
    this.releasing = lane !== undefined && this.left > 0;
    if (!lane) return;
    if (!this.releasing) return this.turnLater();
    this.waiting.delete(lane);
    const next = lane.take();
    if (lane.isWaiting) this.waiting.add(lane);
    if (next) {
      this.spend(next.points);
      next.run();
    }
    queueMicrotask(() => this.release());
  }
}

/** The part of one operation in the sharing. */
export class Lane {
  private queue: Waiting[] = [];
  private at = 0;
  private closed = false;

  constructor(private readonly pacer: Pacer) {}

  get isWaiting(): boolean {
    return this.at < this.queue.length;
  }

  /** Whether something may be done at once. */
  hasRoom(): boolean {
    return !this.isWaiting && this.pacer.hasRoom();
  }

  spend(points: number): void {
    this.pacer.spend(points);
  }

  /** Nothing where there is room now, else what resolves when there is. Of a closed lane it never does. */
  step(points: number): Promise<void> | undefined {
    if (!this.closed && this.hasRoom()) return void this.spend(points);
    return new Promise((resolve) => this.later(points, resolve));
  }

  /** Runs when there is room, in the order of the calls. */
  later(points: number, run: () => void): void {
    if (this.closed) return;
    this.queue.push({ points, run });
    this.pacer.wait(this);
  }

  take(): Waiting | undefined {
    const next = this.queue[this.at];
    this.at += 1;
    if (!this.isWaiting) [this.queue, this.at] = [[], 0];
    return next;
  }

  /** Drops what waits: the operation has ended, and nobody waits for its parts. */
  close(): void {
    this.closed = true;
    [this.queue, this.at] = [[], 0];
    this.pacer.forget(this);
  }
}
