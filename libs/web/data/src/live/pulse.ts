import type { Clock } from '@binnacle/machinery-context';

/** The server says something at least every two seconds, if only that it is there. */
const SILENT_MILLISECONDS = 4_000;
/** A line that has been silent for so long is given up for a new one. */
const DEAD_MILLISECONDS = 8_000;
const LOOK_MILLISECONDS = 1_000;

export interface PulseListener {
  /** Nothing has been heard for a while, or something again after that. */
  doubted(silent: boolean): void;
  /** Silent for so long that only a new connection helps. */
  dead(): void;
}

/**
 * Listens for silence on a connected line. A connection that was cut without a word looks open for as long as nobody writes; the
 * only sign is that nothing comes any more.
 */
export class Pulse {
  /** When something last came, in milliseconds since the epoch: everything sent before that is here. */
  heardAt: number;
  private lookedAt = 0;
  private silent = false;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly listener: PulseListener,
  ) {
    this.heardAt = clock.now();
  }

  /** A line is open. */
  start(): void {
    this.stop();
    this.heardAt = this.clock.now();
    this.lookedAt = this.heardAt;
    this.cancel = this.clock.after(LOOK_MILLISECONDS, () => this.tick());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.silent = false;
  }

  heard(): void {
    if (!this.cancel) return;
    this.heardAt = this.clock.now();
    this.settle(false);
  }

  /** The machine says that it has no network, or has slept: silent until something is heard. */
  doubt(): void {
    if (this.cancel) this.settle(true);
  }

  private tick(): void {
    const now = this.clock.now();
    // A page that was busy or asleep has not listened: what came meanwhile is still to be heard, before the next look.
    const late = now - this.lookedAt > 2 * LOOK_MILLISECONDS;
    this.lookedAt = now;
    this.cancel = this.clock.after(LOOK_MILLISECONDS, () => this.tick());
    if (late) return;
    const silence = now - this.heardAt;
    if (silence >= DEAD_MILLISECONDS) return this.listener.dead();
    if (silence >= SILENT_MILLISECONDS) this.settle(true);
  }

  private settle(silent: boolean): void {
    if (this.silent === silent) return;
    this.silent = silent;
    this.listener.doubted(silent);
  }
}
