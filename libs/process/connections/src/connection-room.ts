/** Connections that may be open at a time. */
export interface ConnectionLimits {
  readonly inAll: number;
  /** Of one address. */
  readonly each: number;
}

/** Room for connections, of which nobody's can take what others need. */
export class ConnectionRoom {
  private readonly open = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: ConnectionLimits) {}

  get count(): number {
    return this.total;
  }

  /** Answers how to leave, once; undefined where there is no room for one more of this address. */
  enter(address: string): (() => void) | undefined {
    const held = this.open.get(address) ?? 0;
    if (this.total >= this.limits.inAll || held >= this.limits.each) return undefined;
    this.add(address, 1);
    return () => this.add(address, -1);
  }

  private add(address: string, more: number): void {
    const now = (this.open.get(address) ?? 0) + more;
    this.total += more;
    if (now > 0) this.open.set(address, now);
    else this.open.delete(address);
  }
}
