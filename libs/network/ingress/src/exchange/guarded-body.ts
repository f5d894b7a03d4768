import { Transform, type TransformCallback } from 'node:stream';
import type { CancelTimer, Clock } from '@binnacle/machinery-context';

/** A body that is larger than its route takes. */
export class BodyTooLarge extends Error {
  constructor(limit: number) {
    super(`the body is larger than ${limit} bytes`);
  }
}

/** A client that has not sent anything of its body for too long. */
export class BodyTooSlow extends Error {
  constructor() {
    super('the body did not arrive in time');
  }
}

export interface BodyBounds {
  /** Bytes; 0 for any. */
  readonly limit: number;
  /** Milliseconds between two pieces. */
  readonly patience: number;
}

/** Passes the body of a request on, no more of it than is allowed, and not from who dawdles. */
export class GuardedBody extends Transform {
  bytes = 0;
  private cancel: CancelTimer;

  constructor(
    private readonly bounds: BodyBounds,
    private readonly clock: Clock,
  ) {
    super();
    this.cancel = this.wait();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.cancel();
    this.bytes += chunk.length;
    const { limit } = this.bounds;
    if (limit > 0 && this.bytes > limit) return done(new BodyTooLarge(limit));
    this.cancel = this.wait();
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.cancel();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.cancel();
    done(error);
  }

  /** Who is not read from cannot send: that is not their fault. */
  private wait(): CancelTimer {
    return this.clock.after(this.bounds.patience, () => {
      if (this.readableLength > 0) this.cancel = this.wait();
      else this.destroy(new BodyTooSlow());
    });
  }
}
