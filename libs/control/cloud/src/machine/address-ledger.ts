import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { keyOf, type ObjectKey } from '@binnacle/client-informers';
import { wireHost } from '@binnacle/machinery-wire';
import { canonicalIp } from './address-pool.js';

/** A Service and the addresses it says it has. */
interface Holder {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly createdAt: string;
  readonly addresses: readonly string[];
}

/** What came of looking at a Service. */
export interface Seen {
  /** Nobody has these any more. */
  readonly freed: readonly string[];
  /** Services that say an address which another one has. */
  readonly deprived: readonly ObjectKey[];
}

function holderOf(service: Service): Holder {
  const { uid = '', creationTimestamp: createdAt = '' } = service.metadata;
  const ingress = service.spec?.type === 'LoadBalancer' ? service.status?.loadBalancer?.ingress : [];
  const addresses = (ingress ?? []).flatMap(({ ip }) => (ip ? canonicalIp(ip) : []));
  return { key: keyOf(service), uid, createdAt, addresses };
}

/** Two addresses are one where they are one socket of this machine: `10.97.0.1` is carried at `127.97.0.1`. */
const socketOf = (address: string): string => wireHost(canonicalIp(address));

/** Whoever is older has it; two that are of one age are told apart by what never changes. */
const before = (one: Holder, other: Holder): number =>
  one.createdAt < other.createdAt || (one.createdAt === other.createdAt && one.uid < other.uid) ? -1 : 1;

/**
 * Which Service has which address: what Services say, and what was given to some that do not say so yet. It knows nothing that
 * is not said again after a restart, but for what nobody has been told.
 */
export class AddressLedger {
  private readonly holders = new Map<string, Holder>();
  /** By socket: who says an address there, by uid. */
  private readonly sayers = new Map<string, Map<string, Holder>>();
  /** By uid: given, and not said so far. */
  private readonly offers = new Map<string, { readonly key: ObjectKey; readonly addresses: readonly string[] }>();
  /** By socket: the uid it was given to. */
  private readonly offered = new Map<string, string>();
  /** Uids of Services whose load balancers are gone, whatever they still say. */
  private readonly ended = new Set<string>();

  /** How many addresses are somebody's. */
  get size(): number {
    return new Set([...this.sayers.keys(), ...this.offered.keys()]).size;
  }

  see(service: Service): Seen {
    const holder = holderOf(service);
    const { uid, addresses } = holder;
    const old = this.holders.get(uid);
    this.holders.set(uid, holder);
    this.unsay(old);
    for (const address of addresses) this.say(address, holder);
    const isAsOffered = this.offers.get(uid)?.addresses.every((address) => addresses.includes(address));
    const withdrawn = isAsOffered ? this.withdraw(uid) : [];
    if (addresses.length === 0) this.ended.delete(uid);
    return this.came([...(old?.addresses ?? []), ...withdrawn], addresses);
  }

  gone({ metadata: { uid = '' } }: Service): Seen {
    const old = this.holders.get(uid);
    this.holders.delete(uid);
    this.unsay(old);
    this.ended.delete(uid);
    return this.came([...(old?.addresses ?? []), ...this.withdraw(uid)], []);
  }

  /** Whose an address is, when it is not the given Service's. */
  otherHolder(address: string, uid: string): ObjectKey | undefined {
    const owner = this.ownerOf(address);
    return owner && owner.uid !== uid ? owner.key : undefined;
  }

  /** What a Service has that nobody else does; nothing where its load balancer has ended. */
  addressesOf(uid: string): readonly string[] {
    if (this.ended.has(uid)) return [];
    const all = this.offers.get(uid)?.addresses ?? this.holders.get(uid)?.addresses ?? [];
    return all.filter((address) => this.otherHolder(address, uid) === undefined);
  }

  /** Gives a Service addresses, which are its own from now on, besides those it says until it says otherwise. */
  offer(service: Service, addresses: readonly string[]): void {
    const { uid = '' } = service.metadata;
    this.withdraw(uid);
    this.ended.delete(uid);
    const said = this.holders.get(uid)?.addresses ?? [];
    if (addresses.every((address) => said.includes(address))) return;
    this.offers.set(uid, { key: keyOf(service), addresses });
    for (const address of addresses) this.offered.set(socketOf(address), uid);
  }

  /** The load balancer of a Service is gone; what the Service says is its own until it says so no more. */
  end({ metadata: { uid = '' } }: Service): Seen {
    if (this.holders.has(uid)) this.ended.add(uid);
    return this.came(this.withdraw(uid), []);
  }

  private ownerOf(address: string): Pick<Holder, 'key' | 'uid'> | undefined {
    const [oldest] = this.sayersOf(address);
    if (oldest) return oldest;
    const uid = this.offered.get(socketOf(address));
    const offer = uid === undefined ? undefined : this.offers.get(uid);
    return uid !== undefined && offer ? { uid, key: offer.key } : undefined;
  }

  private sayersOf(address: string): readonly Holder[] {
    return [...(this.sayers.get(socketOf(address))?.values() ?? [])].sort(before);
  }

  private say(address: string, holder: Holder): void {
    const socket = socketOf(address);
    this.sayers.set(socket, (this.sayers.get(socket) ?? new Map<string, Holder>()).set(holder.uid, holder));
  }

  private unsay(holder: Holder | undefined): void {
    for (const socket of (holder?.addresses ?? []).map(socketOf)) {
      const sayers = this.sayers.get(socket);
      sayers?.delete(holder?.uid ?? '');
      if (sayers?.size === 0) this.sayers.delete(socket);
    }
  }

  private withdraw(uid: string): readonly string[] {
    const { addresses = [] } = this.offers.get(uid) ?? {};
    this.offers.delete(uid);
    for (const socket of addresses.map(socketOf)) if (this.offered.get(socket) === uid) this.offered.delete(socket);
    return addresses;
  }

  private came(left: readonly string[], taken: readonly string[]): Seen {
    const freed = left.filter((address) => this.ownerOf(address) === undefined);
    const deprived = taken.flatMap((address) =>
      [...(this.sayers.get(address)?.values() ?? [])]
        .sort(before)
        .slice(1)
        .map(({ key }) => key),
    );
    return { freed: [...new Set(freed)], deprived: [...new Set(deprived)] };
  }
}
