import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import { Lane } from './lane.js';
import type { Path } from './path.js';

/** On their way to and from one socket: as many as a queue of the system's holds. What comes then is lost. */
const MOST_ON_THEIR_WAY = 1_000;
/** Others whose ways are remembered. */
const MOST_PEERS = 1_000;

interface Lanes {
  readonly in: Lane;
  readonly out: Lane;
}

/** The datagrams of one socket, each of which takes its time or is lost. They may overtake each other. */
export class LinkedDatagrams {
  private readonly peers = new Map<string, Lanes>();
  private readonly timers = new Set<CancelTimer>();

  constructor(
    private readonly path: (host: string) => Path | undefined,
    private readonly clock: Clock,
  ) {}

  /** Calls `arrive` when a datagram of so many bytes has got there, at once where nothing is to be noticed of the way. */
  carry(host: string, way: 'in' | 'out', bytes: number, arrive: () => void): void {
    const path = this.path(host);
    if (!path) return arrive();
    const now = this.clock.now();
    const at = this.timers.size < MOST_ON_THEIR_WAY ? this.lanesOf(host)[way].datagram(path, now, bytes) : undefined;
    if (at === undefined) return;
    const cancel = this.clock.after(Math.max(0, Math.ceil(at - now)), () => {
      this.timers.delete(cancel);
      arrive();
    });
    this.timers.add(cancel);
  }

  /** What is on its way arrives nowhere. */
  clear(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private lanesOf(host: string): Lanes {
    const known = this.peers.get(host);
    if (known) return known;
    const [oldest] = this.peers.keys();
    if (oldest !== undefined && this.peers.size >= MOST_PEERS) this.peers.delete(oldest);
    const lanes = { in: new Lane('in', host), out: new Lane('out', host) };
    this.peers.set(host, lanes);
    return lanes;
  }
}
