import type { CancelTimer, Clock, Context } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import { ExactListeners } from '@binnacle/process-lifecycle';
import type { PortFailure } from '../data-plane.js';
import type { ListenerSpec } from '../plan/service-plan.js';
import type { Balancer } from './balancer.js';
import { openTcp, type PortListener } from './tcp-listener.js';
import { openUdp } from './udp-listener.js';

/** A socket that somebody wants, where it really is, and the balancer its connections go to at this moment. */
export interface WantedListener {
  readonly spec: ListenerSpec;
  readonly place: WireAddress;
  readonly balancer: Balancer;
}

interface Entry extends WantedListener {
  readonly owner: string;
  attempts: number;
  listener?: PortListener;
  cancelRetry?: CancelTimer;
}

const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 30_000;

const keyOf = ({ spec, place }: WantedListener): string => `${spec.protocol} ${place.host}:${place.port}`;

function open(entry: Entry, sockets: ExactListeners, clock: Clock): Promise<PortListener> {
  const { spec, place } = entry;
  const balancer = () => entry.balancer;
  return spec.protocol === 'TCP' ? openTcp(place, balancer, sockets) : openUdp(place, balancer, sockets, clock);
}

/** The sockets that are open, kept equal to the sockets that are wanted. */
export class ListenerSet {
  private readonly entries = new Map<string, Entry>();
  /** Wanted by one Service while another still has the address: a node port that moved, for example. */
  private readonly heirs = new Map<string, { owner: string; wanted: WantedListener }>();
  private readonly closing = new Set<PortListener>();
  private readonly sockets: ExactListeners;

  constructor(
    private readonly ctx: Context,
    private readonly onFailure: (failure: PortFailure) => void,
  ) {
    this.sockets = new ExactListeners(ctx.clock);
  }

  get size(): number {
    return this.entries.size;
  }

  /** Makes `wanted` all that `owner` has. */
  apply(owner: string, wanted: readonly WantedListener[]): void {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, heir] of this.heirs) if (heir.owner === owner) this.heirs.delete(key);
    for (const [key, entry] of this.entries) if (entry.owner === owner && !keys.has(key)) this.release(key, entry);
    for (const one of wanted) this.want(owner, one);
  }

  /** Closes everything, connections too. */
  shutdown(): void {
    for (const entry of this.entries.values()) {
      entry.cancelRetry?.();
      entry.listener?.shutdown();
    }
    for (const listener of this.closing) listener.shutdown();
    this.entries.clear();
    this.heirs.clear();
  }

  private want(owner: string, wanted: WantedListener): void {
    const key = keyOf(wanted);
    const held = this.entries.get(key);
    if (held?.owner === owner) Object.assign(held, wanted);
    else if (held) this.heirs.set(key, { owner, wanted });
    else this.start(key, owner, wanted);
  }

  private start(key: string, owner: string, wanted: WantedListener): void {
    const entry: Entry = { ...wanted, owner, attempts: 0 };
    this.entries.set(key, entry);
    void this.tryOpen(key, entry);
  }

  private async tryOpen(key: string, entry: Entry): Promise<void> {
    try {
      const listener = await open(entry, this.sockets, this.ctx.clock);
      if (this.entries.get(key) === entry) entry.listener = listener;
      else listener.shutdown();
    } catch (error) {
      if (this.entries.get(key) === entry) this.failed(key, entry, error as Error);
    }
  }

  private failed(key: string, entry: Entry, error: Error): void {
    const delay = Math.min(FIRST_RETRY_MILLISECONDS * 2 ** entry.attempts, LONGEST_RETRY_MILLISECONDS);
    entry.attempts += 1;
    this.onFailure({ service: entry.owner, spec: entry.spec, error });
    entry.cancelRetry = this.ctx.clock.after(delay, () => void this.tryOpen(key, entry));
  }

  private release(key: string, entry: Entry): void {
    this.entries.delete(key);
    entry.cancelRetry?.();
    if (entry.listener) this.retire(entry.listener);
    const heir = this.heirs.get(key);
    this.heirs.delete(key);
    if (heir) this.start(key, heir.owner, heir.wanted);
  }

  /** A closed TCP port may still carry old connections; they end with the process. */
  private retire(listener: PortListener): void {
    listener.close();
    this.closing.add(listener);
    listener.onDrained(() => this.closing.delete(listener));
  }
}
