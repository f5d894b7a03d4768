import type { Inhabitant } from './inhabitant.js';

interface Entry {
  readonly inhabitant: Inhabitant;
  readonly wire: object;
}

/** Which Pod has an address, of all wires of this process: those of two logical clusters never lead to each other. */
export class Inhabitants {
  private readonly entries = new Map<string, Entry>();

  /** Answers how to take that back. One that is of its node's network has no address of its own. */
  settle(wire: object, inhabitant: Inhabitant): () => void {
    const { ip, hostNetwork } = inhabitant;
    if (hostNetwork) return () => undefined;
    const entry = { wire, inhabitant };
    this.entries.set(ip, entry);
    return () => {
      if (this.entries.get(ip) === entry) this.entries.delete(ip);
    };
  }

  /** Undefined where nobody of this wire has that address. */
  at(wire: object, ip: string): Inhabitant | undefined {
    const entry = this.entries.get(ip);
    return entry?.wire === wire ? entry.inhabitant : undefined;
  }

  /** Whether the address is that of a Pod of another wire. */
  isElsewhere(wire: object, ip: string): boolean {
    const entry = this.entries.get(ip);
    return entry !== undefined && entry.wire !== wire;
  }
}
