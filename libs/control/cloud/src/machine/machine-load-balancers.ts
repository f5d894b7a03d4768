import type { LoadBalancerStatus, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { keyOf, type ObjectKey, type SharedInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { LoadBalancers } from '../provider/cloud-provider.js';
import { AddressLedger, type Seen } from './address-ledger.js';
import { type AddressPool, canonicalIp, familyOf, type IpFamily } from './address-pool.js';

/** Addresses by class; undefined is the class of Services that name none. */
export type AddressPools = ReadonlyMap<string | undefined, AddressPool>;

/** A Service that found no address: of those there are, which would do. */
type Waiting = (address: string) => boolean;

const uidOf = ({ metadata }: Service): string => metadata.uid ?? '';
const wishOf = ({ spec }: Service): string | undefined =>
  spec?.loadBalancerIP ? canonicalIp(spec.loadBalancerIP) : undefined;
const familiesOf = ({ spec }: Service): readonly IpFamily[] => (spec?.ipFamilies ?? ['IPv4']) as IpFamily[];

/**
 * Load balancers of this machine: addresses, which kube-proxy carries. What is whose stands in the Services themselves; an
 * address is never of two.
 */
export class MachineLoadBalancers implements LoadBalancers {
  private readonly ledger = new AddressLedger();
  /** By key, the first to wait first. */
  private readonly waiting = new Map<ObjectKey, Waiting>();
  private changed: (service: ObjectKey) => void = () => undefined;

  constructor(
    services: Pick<SharedInformer<Service>, 'addHandler'>,
    private readonly pools: AddressPools,
    private readonly recorder: EventRecorder,
  ) {
    const see = (service: Service) => this.heard(this.ledger.see(service));
    services.addHandler({
      added: see,
      updated: see,
      deleted: (service) => {
        this.waiting.delete(keyOf(service));
        this.heard(this.ledger.gone(service));
      },
    });
  }

  /** How many addresses are somebody's, and how many IPv4 addresses there are. */
  get addresses(): { readonly held: number; readonly all: number } {
    const all = [...this.pools.values()].reduce((sum, pool) => sum + Number(pool.size('IPv4')), 0);
    return { held: this.ledger.size, all };
  }

  follow(changed: (service: ObjectKey) => void): void {
    this.changed = changed;
  }

  async get(_ctx: Context, service: Service): Promise<LoadBalancerStatus | undefined> {
    const addresses = this.ledger.addressesOf(uidOf(service));
    return addresses.length > 0 ? statusOf(addresses) : undefined;
  }

  async ensure(_ctx: Context, service: Service): Promise<LoadBalancerStatus> {
    const pool = this.pools.get(service.spec?.loadBalancerClass);
    if (!pool) throw new Error('no addresses are given out to Services of its class');
    this.tellConflicts(service);
    const addresses = this.addressesFor(service, pool);
    this.ledger.offer(service, addresses);
    this.waiting.delete(keyOf(service));
    return statusOf(addresses);
  }

  /** Who carries the addresses finds the nodes by itself. */
  async update(): Promise<void> {}

  async ensureDeleted(_ctx: Context, service: Service): Promise<void> {
    this.waiting.delete(keyOf(service));
    this.heard(this.ledger.end(service));
  }

  private addressesFor(service: Service, pool: AddressPool): string[] {
    const wish = wishOf(service);
    if (wish !== undefined) this.requireFree(service, pool, wish);
    const families = familiesOf(service).filter((family) => pool.has(family));
    if (families.length === 0)
      throw new Error(`there are no ranges of ${familiesOf(service).join(' or ')} addresses for it`);
    return families.map((family) => {
      if (wish !== undefined && familyOf(wish) === family) return wish;
      return this.kept(service, pool, family) ?? this.next(service, pool, family);
    });
  }

  /** The address it has stays, where it may be given still. */
  private kept(service: Service, pool: AddressPool, family: IpFamily): string | undefined {
    const own = this.ledger.addressesOf(uidOf(service));
    return own.find((address) => familyOf(address) === family && pool.contains(address));
  }

  private next(service: Service, pool: AddressPool, family: IpFamily): string {
    const isFree = (ip: string) => this.ledger.otherHolder(ip, uidOf(service)) === undefined;
    const next = pool.next(family, isFree);
    if (next !== undefined) return next;
    this.waiting.set(keyOf(service), (address) => pool.contains(address) && familyOf(address) === family);
    throw new Error(`all addresses of ${pool.ranges.join(', ')} are taken`);
  }

  private requireFree(service: Service, pool: AddressPool, wish: string): void {
    const family = familyOf(wish);
    if (!pool.contains(wish)) throw new Error(`the address ${wish} is not of ${pool.ranges.join(', ')}`);
    if (!family || !familiesOf(service).includes(family)) throw new Error(`the address ${wish} is of another family`);
    const other = this.ledger.otherHolder(wish, uidOf(service));
    if (other === undefined) return;
    this.waiting.set(keyOf(service), (address) => address === wish);
    throw new Error(`the address ${wish} is that of Service ${other}`);
  }

  private tellConflicts(service: Service): void {
    for (const { ip } of service.status?.loadBalancer?.ingress ?? []) {
      const other = ip && this.ledger.otherHolder(canonicalIp(ip), uidOf(service));
      if (!other) continue;
      const message = `The address ${ip} is that of Service ${other}; another is looked for`;
      this.recorder.event(service, 'Warning', 'LoadBalancerIPAlreadyAllocated', message);
    }
  }

  private heard({ freed, deprived }: Seen): void {
    for (const key of deprived) this.changed(key);
    for (const address of freed) this.wakeFor(address);
  }

  private wakeFor(address: string): void {
    const [key, wants] = [...this.waiting].find(([, would]) => would(address)) ?? [];
    if (!key || !wants) return;
    // The next address that comes back is for the next to wait.
    this.waiting.delete(key);
    this.waiting.set(key, wants);
    this.changed(key);
  }
}

const statusOf = (addresses: readonly string[]): LoadBalancerStatus => ({
  ingress: addresses.map((ip) => ({ ip, ipMode: 'VIP' })),
});
