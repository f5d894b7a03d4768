import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { canonicalAddress } from './addresses.js';

/** What an address is to a Service, the strongest last: who may write Services may write any external address into one. */
const RANKS = ['ExternalIP', 'LoadBalancer', 'ClusterIP'] as const;
export type AddressPurpose = (typeof RANKS)[number];

/** What one Service says it has. */
interface Claim {
  readonly service: string;
  readonly since: string;
  /** By their form in the cluster. */
  readonly addresses: ReadonlyMap<string, AddressPurpose>;
  /** As `TCP 80`. */
  readonly ports: ReadonlySet<string>;
}

export const portKey = ({ protocol = 'TCP', port }: { readonly protocol?: string; readonly port: number }): string =>
  `${protocol} ${port}`;

/** The addresses of a load balancer that the proxy is to answer at: not those where a proxy of its own stands before the nodes. */
export function balancerAddresses({ spec, status }: Service): string[] {
  if (spec?.type !== 'LoadBalancer') return [];
  const ingress = (status?.loadBalancer?.ingress ?? []).filter(({ ipMode }) => (ipMode ?? 'VIP') === 'VIP');
  return ingress.flatMap(({ ip }) => canonicalAddress(ip ?? '') ?? []);
}

export function externalAddresses({ spec }: Service): string[] {
  return (spec?.externalIPs ?? []).flatMap((ip) => canonicalAddress(ip) ?? []);
}

export function clusterAddresses({ spec }: Service): string[] {
  const { clusterIP, clusterIPs: all } = spec ?? {};
  if (spec?.type === 'ExternalName') return [];
  return (all?.length ? all : [clusterIP ?? '']).flatMap((ip) => canonicalAddress(ip) ?? []);
}

const isOlder = (a: Claim, b: Claim): boolean => (a.since === b.since ? a.service < b.service : a.since < b.since);

/**
 * Who has which address. A Service's own address is its alone; one given to it as a load balancer's is kept from those who write it
 * into `externalIPs`; of those who say the same the oldest has a port.
 */
export class AddressClaims {
  private readonly claims = new Map<string, Claim>();
  private readonly holders = new Map<string, Set<string>>();

  constructor(private readonly clusterForm: (address: string) => string) {}

  /** What a Service says it has now; nothing where it has gone. Answers the others to whom that makes a difference. */
  set(key: string, service: Service | undefined): string[] {
    const old = this.claims.get(key);
    const next = service && this.claimOf(key, service);
    const touched = new Set([...(old?.addresses.keys() ?? []), ...(next?.addresses.keys() ?? [])]);
    const others = [...touched].flatMap((address) => [...(this.holders.get(address) ?? [])]);
    for (const address of old?.addresses.keys() ?? []) this.drop(address, key);
    if (next) this.add(next);
    else this.claims.delete(key);
    return [...new Set(others)].filter((other) => other !== key);
  }

  /** Why a Service may not answer at an address and port it says it has; undefined where it may. */
  refusal(key: string, address: string, purpose: AddressPurpose, port: string): string | undefined {
    const own = this.claims.get(key);
    const others = [...(this.holders.get(this.clusterForm(address)) ?? [])].filter((other) => other !== key);
    for (const other of others) {
      const why = own && this.objection(own, this.claims.get(other), address, purpose, port);
      if (why) return why;
    }
    return undefined;
  }

  private objection(
    own: Claim,
    other: Claim | undefined,
    address: string,
    purpose: AddressPurpose,
    port: string,
  ): string | undefined {
    const theirs = other?.addresses.get(this.clusterForm(address));
    if (!other || !theirs) return undefined;
    const difference = RANKS.indexOf(theirs) - RANKS.indexOf(purpose);
    if (difference > 0) return 'it is the address of another Service';
    return difference === 0 && other.ports.has(port) && isOlder(other, own)
      ? `an older Service has ${port} there`
      : undefined;
  }

  private claimOf(key: string, service: Service): Claim {
    const addresses = new Map<string, AddressPurpose>();
    const lists = [externalAddresses(service), balancerAddresses(service), clusterAddresses(service)];
    for (const [rank, list] of lists.entries())
      for (const address of list) addresses.set(this.clusterForm(address), RANKS[rank] as AddressPurpose);
    const ports = new Set((service.spec?.ports ?? []).map(portKey));
    return { service: key, since: service.metadata.creationTimestamp ?? '', addresses, ports };
  }

  private add(claim: Claim): void {
    this.claims.set(claim.service, claim);
    for (const address of claim.addresses.keys()) {
      const holders = this.holders.get(address) ?? new Set();
      this.holders.set(address, holders.add(claim.service));
    }
  }

  private drop(address: string, key: string): void {
    const holders = this.holders.get(address);
    holders?.delete(key);
    if (holders?.size === 0) this.holders.delete(address);
  }
}
