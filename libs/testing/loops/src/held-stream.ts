import type { Activity } from './activity.js';

/** The answer of a watch on its way to its client: it may be held up, and broken. */
export class HeldStream implements AsyncIterableIterator<Uint8Array> {
  private readonly chunks: Uint8Array[] = [];
  private wake: () => void = () => undefined;
  private ended = false;
  private failure: Error | undefined;
  private held = false;

  constructor(
    private readonly activity: Activity,
    /** Told when nobody reads any more. */
    private readonly left: () => void,
  ) {}

  push(chunk: Buffer | string): undefined {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    this.stir();
  }

  /** Whoever held it up no longer knows of it: what is left goes on its way. */
  end(): void {
    [this.ended, this.held] = [true, false];
    this.stir();
  }

  /** As when a connection breaks: what is on its way is lost. */
  break(error: Error): void {
    this.failure = error;
    this.chunks.length = 0;
    this.stir();
    this.left();
  }

  hold(held: boolean): void {
    this.held = held;
    this.stir();
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      if (this.failure) throw this.failure;
      const chunk = this.held ? undefined : this.chunks.shift();
      if (chunk) {
        this.activity.note();
        return { done: false, value: chunk };
      }
      if (this.ended && !this.held) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.left();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private stir(): void {
    this.activity.note();
    this.wake();
  }
}
