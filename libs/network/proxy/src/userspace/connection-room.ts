import type { ConnectionLimits } from '@binnacle/process-connections';

/** Room for the connections that one process carries, of all Services of all clusters: nobody's can take what others need. */
export class ConnectionRoom {
  private readonly open = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: ConnectionLimits) {}

  /** Answers how to leave; undefined where there is no room for one more of this address. */
  enter(address: string): (() => void) | undefined {
    const held = this.open.get(address) ?? 0;
    if (this.total >= this.limits.inAll || held >= this.limits.each) return undefined;
    this.set(address, held + 1);
    this.total += 1;
    return () => this.leave(address);
  }

  private leave(address: string): void {
    this.total -= 1;
    this.set(address, (this.open.get(address) ?? 1) - 1);
  }

  private set(address: string, count: number): void {
    if (count > 0) this.open.set(address, count);
    else this.open.delete(address);
  }
}
