import type { CancelTimer, Context } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { PortFailure } from '../data-plane.js';
import type { HealthSpec, ListenerSpec } from '../plan/service-plan.js';
import type { Gate } from './gate.js';
import { openHealth } from './health-listener.js';
import type { PortListener, Surroundings } from './port-listener.js';
import { openTcp } from './tcp-listener.js';
import { openUdp } from './udp-listener.js';

/** A socket that somebody wants, where it really is, and what it does with its clients at this moment. */
export type WantedListener = { readonly place: WireAddress } & (
  | { readonly spec: ListenerSpec; readonly gate: Gate }
  | { readonly spec: HealthSpec; readonly gate?: undefined }
);

interface Entry {
  readonly owner: string;
  wanted: WantedListener;
  attempts: number;
  listener?: PortListener;
  cancelRetry?: CancelTimer;
}

const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 30_000;

const keyOf = ({ spec, place }: WantedListener): string => `${spec.protocol} ${place.host}:${place.port}`;
const isOneKind = (a: WantedListener, b: WantedListener): boolean => (a.gate === undefined) === (b.gate === undefined);

/** Whoever has the port later has its listener: what it does is asked for with each client. */
function open(entry: Entry, surroundings: Surroundings): Promise<PortListener> {
  const { place, spec, gate } = entry.wanted;
  if (!gate) {
    const isHealthy = surroundings.isHealthy;
    const checked = () => ({ service: entry.owner, spec: entry.wanted.spec as HealthSpec, isHealthy: isHealthy() });
    return openHealth(place, checked);
  }
  const now = () => entry.wanted.gate ?? gate;
  return spec.protocol === 'TCP' ? openTcp(place, now, surroundings) : openUdp(place, now, surroundings);
}

/** The sockets that are open, kept equal to the sockets that are wanted. */
export class ListenerSet {
  private readonly entries = new Map<string, Entry>();
  /** Wanted by one Service while another still has the address: a node port that moved, for example. */
  private readonly heirs = new Map<string, { owner: string; wanted: WantedListener }>();
  private readonly owned = new Map<string, Set<string>>();
  private readonly closing = new Set<PortListener>();

  constructor(
    private readonly ctx: Context,
    private readonly surroundings: Surroundings,
    private readonly onFailure: (failure: PortFailure) => void,
  ) {}

  /** What is open for somebody, or is about to be. */
  wantedBy(owner: string): readonly WantedListener[] {
    return [...(this.owned.get(owner) ?? [])].flatMap((key) => this.entries.get(key)?.wanted ?? []);
  }

  get size(): number {
    return this.entries.size;
  }

  /** Makes `wanted` all that `owner` has. */
  apply(owner: string, wanted: readonly WantedListener[]): void {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, heir] of this.heirs) if (heir.owner === owner) this.heirs.delete(key);
    for (const key of [...(this.owned.get(owner) ?? [])]) if (!keys.has(key)) this.release(key);
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
    this.owned.clear();
    this.heirs.clear();
  }

  private want(owner: string, wanted: WantedListener): void {
    const key = keyOf(wanted);
    const held = this.entries.get(key);
    if (held?.owner === owner && isOneKind(held.wanted, wanted)) held.wanted = wanted;
    else if (held?.owner === owner) {
      this.release(key);
      this.start(key, owner, wanted);
    } else if (held) this.heirs.set(key, { owner, wanted });
    else this.start(key, owner, wanted);
  }

  private start(key: string, owner: string, wanted: WantedListener): void {
    const entry: Entry = { owner, wanted, attempts: 0 };
    this.entries.set(key, entry);
    this.owned.set(owner, (this.owned.get(owner) ?? new Set()).add(key));
    void this.tryOpen(key, entry);
  }

  private async tryOpen(key: string, entry: Entry): Promise<void> {
    try {
      const listener = await open(entry, this.surroundings);
      if (this.entries.get(key) === entry) entry.listener = listener;
      else listener.shutdown();
    } catch (error) {
      if (this.entries.get(key) === entry) this.failed(key, entry, error as Error);
    }
  }

  private failed(key: string, entry: Entry, error: Error): void {
    const delay = Math.min(FIRST_RETRY_MILLISECONDS * 2 ** entry.attempts, LONGEST_RETRY_MILLISECONDS);
    entry.attempts += 1;
    this.onFailure({ service: entry.owner, spec: entry.wanted.spec, error });
    entry.cancelRetry = this.ctx.clock.after(delay, () => void this.tryOpen(key, entry));
  }

  private release(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.disown(key, entry.owner);
    entry.cancelRetry?.();
    if (entry.listener) this.retire(entry.listener);
    const heir = this.heirs.get(key);
    this.heirs.delete(key);
    if (heir) this.start(key, heir.owner, heir.wanted);
  }

  private disown(key: string, owner: string): void {
    const keys = this.owned.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) this.owned.delete(owner);
  }

  /** A closed TCP port may still carry old connections; they end with the process. */
  private retire(listener: PortListener): void {
    listener.close();
    this.closing.add(listener);
    listener.onDrained(() => this.closing.delete(listener));
  }
}
