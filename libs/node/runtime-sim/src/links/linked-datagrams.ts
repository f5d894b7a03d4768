import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import { Lane } from './lane.js';
import type { Path } from './path.js';

/** On their way to and from one socket: as many as a queue of the system's holds. What comes then is lost. */
const MOST_ON_THEIR_WAY = 1_000;
/** Others whose ways are remembered. */
const MOST_PEERS = 1_000;

interface Lanes {
  readonly path: Path;
  readonly in: Lane;
  readonly out: Lane;
}

const isSame = (one: Path, other: Path): boolean =>
  (Object.keys(one) as Array<keyof Path>).every((key) => one[key] === other[key]);

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
    const at = this.timers.size < MOST_ON_THEIR_WAY ? this.lanesOf(host, path)[way].datagram(now, bytes) : undefined;
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

  private lanesOf(host: string, path: Path): Lanes {
    const known = this.peers.get(host);
    if (known && isSame(known.path, path)) return known;
    const [oldest] = this.peers.keys();
    if (oldest !== undefined && this.peers.size >= MOST_PEERS) this.peers.delete(oldest);
    const lanes = { path, in: new Lane(path, path.inRate, `${host}>`), out: new Lane(path, path.outRate, `${host}<`) };
    this.peers.set(host, lanes);
    return lanes;
  }
}
