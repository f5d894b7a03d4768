export interface WaitingOptions {
  /** Questions of one address that wait for others to answer. */
  readonly perClient: number;
  /** Of all addresses together. */
  readonly inAll: number;
}

/** How many questions may wait for others: each holds a socket. */
export class WaitingBounds {
  private readonly byClient = new Map<string, number>();
  private waiting = 0;
  /** For who watches. */
  rejected = 0;

  constructor(private readonly options: WaitingOptions) {}

  /** Answers how to leave again; undefined where there are too many. */
  enter(client: string): (() => void) | undefined {
    const own = this.byClient.get(client) ?? 0;
    if (own >= this.options.perClient || this.waiting >= this.options.inAll) {
      this.rejected += 1;
      return undefined;
    }
    this.byClient.set(client, own + 1);
    this.waiting += 1;
    return () => this.leave(client);
  }

  private leave(client: string): void {
    this.waiting -= 1;
    const left = (this.byClient.get(client) ?? 1) - 1;
    if (left > 0) this.byClient.set(client, left);
    else this.byClient.delete(client);
  }
}
