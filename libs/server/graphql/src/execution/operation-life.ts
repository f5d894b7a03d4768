import { setMaxListeners } from 'node:events';
import { type Clock } from '@binnacle/machinery-context';
import { newTimeout } from '@binnacle/machinery-meta';

/** How an operation ends before it is done: with its client, its time, what it may cost, or the server. */
export class OperationLife {
  readonly signal: AbortSignal;
  private readonly abort = new AbortController();
  private readonly cancelDeadline: (() => void) | undefined;
  private readonly outer = () => this.end(this.above.reason);

  /** `milliseconds`: how long it may take; undefined for as long as somebody listens. */
  constructor(
    private readonly above: AbortSignal,
    clock: Clock,
    milliseconds: number | undefined,
  ) {
    this.signal = this.abort.signal;
    // A connection has many operations, and an operation many reads, by design.
    setMaxListeners(0, above, this.signal);
    if (milliseconds !== undefined) {
      const late = () => this.end(newTimeout(`the operation did not end within ${milliseconds / 1000} s`));
      this.cancelDeadline = clock.after(milliseconds, late);
    }
    if (above.aborted) this.outer();
    else above.addEventListener('abort', this.outer, { once: true });
  }

  end(why: unknown): void {
    this.abort.abort(why);
    this.close();
  }

  /** What comes of the work, or why it came to an end before. */
  during<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const ended = () => reject(signal.reason);
      if (signal.aborted) ended();
      signal.addEventListener('abort', ended, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended));
    });
  }

  /** It is done. */
  close(): void {
    this.cancelDeadline?.();
    this.above.removeEventListener('abort', this.outer);
  }
}
