import { type Context, sleep } from '@binnacle/machinery-context';

export interface BackoffOptions {
  readonly first: number;
  readonly most: number;
}

/** Waits that double up to a limit, each shortened by a random part so that clients do not come back in step. */
export class Backoff {
  private next: number;

  constructor(private readonly options: BackoffOptions) {
    this.next = options.first;
  }

  reset(): void {
    this.next = this.options.first;
  }

  async wait(ctx: Context): Promise<void> {
    const delay = this.next * (0.5 + Math.random() / 2);
    this.next = Math.min(this.next * 2, this.options.most);
    await sleep(ctx, delay);
  }
}
