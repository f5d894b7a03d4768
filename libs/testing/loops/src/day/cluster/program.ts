import { type Context, withSignal } from '@binnacle/machinery-context';

/** One program of the control plane, which may be ended at any moment and started again: all it knew is lost. */
export class Program {
  private life: AbortController | undefined;
  private ended: Promise<void> = Promise.resolve();
  /** What it ended with although nobody ended it. */
  failure: unknown;

  constructor(
    private readonly ctx: Context,
    readonly name: string,
    private readonly run: (ctx: Context) => Promise<void>,
  ) {}

  get isRunning(): boolean {
    return this.life !== undefined;
  }

  start(): void {
    if (this.life) return;
    const life = new AbortController();
    this.life = life;
    this.ended = this.run(withSignal(this.ctx, life.signal)).catch((error: unknown) => {
      if (!life.signal.aborted) this.failure = error;
    });
  }

  async stop(): Promise<void> {
    this.life?.abort(new Error(`${this.name} has ended`));
    this.life = undefined;
    await this.ended;
  }
}
