import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream';
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

/** What of a copy may wait for its reader; who is slower gets none. */
const COPY_BYTES = 1 << 20;

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
  private readonly copies: PassThrough[] = [];

  constructor(
    private readonly bounds: BodyBounds,
    private readonly clock: Clock,
  ) {
    super();
    this.cancel = this.wait();
  }

  /** The same once more, for who asks before any of it has come. Nobody waits for its reader. */
  copy(): Readable {
    const copy = new PassThrough();
    copy.on('error', () => undefined);
    this.copies.push(copy);
    return copy;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.cancel();
    this.bytes += chunk.length;
    const { limit } = this.bounds;
    if (limit > 0 && this.bytes > limit) return done(new BodyTooLarge(limit));
    for (const copy of this.copies) {
      if (copy.writableLength + copy.readableLength > COPY_BYTES) copy.destroy(new Error('the reader is too slow'));
      else if (!copy.destroyed) copy.write(chunk);
    }
    this.cancel = this.wait();
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.cancel();
    for (const copy of this.copies) copy.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.cancel();
    for (const copy of this.copies) if (!copy.writableEnded) copy.destroy(error ?? undefined);
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
