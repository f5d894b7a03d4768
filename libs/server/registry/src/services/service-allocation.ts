import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { parseBody } from '@binnacle/server-storage';
import { type RequestContext, systemContext, unhurried } from '../request-context.js';
import type { Release, ResourceHooks, ResourceStorage } from '../resource-core.js';
import { Allocator, JoinedAllocator } from './allocator.js';
import { type Claim, Claims, type Claimant, privateForm } from './claims.js';
import { claimClusterIps, clusterIpsOf } from './cluster-ips.js';
import { ipAddressForm } from './ip-address-form.js';
import { checkFamilies } from './ip-families.js';
import { claimNodePorts, nodePortsOf } from './node-ports.js';
import { addressRange, portRange } from './ranges.js';
import { readyNetworks } from './service-cidrs.js';

export interface ServiceRanges {
  /** For example `10.96.0.0/16`. */
  readonly clusterIps: string;
  /** For example `30000-32767`. */
  readonly nodePorts: string;
}

const nothing: Release = () => Promise.resolve();
const asService = (object: UnstructuredObject): Service => object as unknown as Service;
/** A claim younger than this may belong to a Service that is just being written. */
const GRACE_MILLISECONDS = 5 * 60_000;

function claimantOf({ metadata }: Pick<UnstructuredObject, 'metadata'>): Claimant {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

/** The range of a logical cluster's Services; undefined for the one that is configured. */
export type ServiceRangeOf = (ctx: Context, cluster: string) => Promise<string | undefined>;

const configured: ServiceRangeOf = () => Promise.resolve(undefined);

const isIpv6 = (network: string): boolean => network.includes(':');

/** Who has which address, as the Services say. */
const holders = (services: readonly Service[]): Map<string, Claimant> =>
  new Map(services.flatMap((service) => clusterIpsOf(service).map((ip) => [ip, claimantOf(service)] as const)));

const isSame = (a: Claimant, b: Claimant | undefined): boolean => a.namespace === b?.namespace && a.name === b.name;

/** What must be done so that exactly what Services hold is noted, and as theirs. Behaves as kubernetes repairip. */
function planAddresses(held: ReadonlyMap<string, Claimant>, noted: readonly Claim[], before: number) {
  const claims = new Map(noted.map((claim) => [claim.value, claim]));
  const wrong = noted.filter(({ value, claimant }) => held.has(value) && !isSame(claimant, held.get(value)));
  const lost = noted.filter(({ value, madeAt }) => !held.has(value) && madeAt < before);
  const isNoted = (value: string, claimant: Claimant) => isSame(claimant, claims.get(value)?.claimant);
  const missing = [...held].filter(([value, claimant]) => !isNoted(value, claimant));
  return { release: [...wrong, ...lost], take: missing.map(([value, claimant]) => ({ value, claimant })) };
}

/** Gives Services their cluster addresses and node ports, and takes them back. */
export class ServiceAllocation implements ResourceHooks {
  private readonly addressClaims: Claims;
  /** Where an older version noted who has which address. */
  private readonly formerClaims: Claims;
  private readonly adopted = new Set<string>();
  private readonly ports: Allocator;

  constructor(
    private readonly storage: ResourceStorage,
    private readonly ranges: ServiceRanges,
    private readonly rangeOf: ServiceRangeOf = configured,
  ) {
    this.addressClaims = new Claims(storage, ipAddressForm);
    this.formerClaims = new Claims(storage, privateForm('binnacle.dev/serviceaddresses'));
    const ports = new Claims(storage, privateForm('binnacle.dev/servicenodeports'));
    this.ports = new Allocator(portRange(ranges.nodePorts), ports);
    addressRange(ranges.clusterIps);
  }

  /** The network that a cluster's Services have addresses of before anybody gives them others. */
  async defaultNetwork(ctx: Context, cluster: string): Promise<string> {
    return (await this.rangeOf(ctx, cluster)) ?? this.ranges.clusterIps;
  }

  /** The first address of that: of the API server's own Service. */
  async kubernetesAddress(ctx: Context, cluster: string): Promise<string> {
    return addressRange(await this.defaultNetwork(ctx, cluster)).valueAt(0);
  }

  private async addressesOf(ctx: Context, cluster: string): Promise<JoinedAllocator> {
    const own = await this.defaultNetwork(ctx, cluster);
    const networks = (await readyNetworks(ctx, this.storage, cluster)) ?? [own];
    const ofFamily = networks.filter((network) => isIpv6(network) === isIpv6(own));
    const parts = ofFamily.map((network) => new Allocator(addressRange(network), this.addressClaims));
    return new JoinedAllocator(parts, this.addressClaims);
  }

  beforeCreate(ctx: RequestContext, object: UnstructuredObject, dryRun: boolean): Promise<Release> {
    return this.claim(ctx, object, undefined, dryRun);
  }

  beforeUpdate(
    ctx: RequestContext,
    next: UnstructuredObject,
    old: UnstructuredObject,
    dryRun: boolean,
  ): Promise<Release> {
    return this.claim(ctx, next, old, dryRun);
  }

  async afterUpdate(ctx: RequestContext, next: UnstructuredObject, old: UnstructuredObject): Promise<void> {
    const addresses = clusterIpsOf(asService(next));
    const ports = nodePortsOf(asService(next));
    await this.release(
      ctx,
      clusterIpsOf(asService(old)).filter((ip) => !addresses.includes(ip)),
      nodePortsOf(asService(old)).filter((port) => !ports.includes(port)),
    );
  }

  afterDelete(ctx: RequestContext, object: UnstructuredObject): Promise<void> {
    return this.release(ctx, clusterIpsOf(asService(object)), nodePortsOf(asService(object)));
  }

  /** Gives back what no Service holds, left over by a server that died between two writes, and notes what nobody noted. */
  async repair(ctx: Context, cluster: string): Promise<void> {
    const system = systemContext(ctx, cluster);
    const [addresses, ports] = [await this.addressClaims.list(system), await this.ports.claims.list(system)];
    const services = await this.services(system);
    const heldPorts = new Set(services.flatMap(nodePortsOf));
    const before = ctx.clock.now() - GRACE_MILLISECONDS;
    const lost = ports.filter(({ value, madeAt }) => !heldPorts.has(value) && madeAt < before);
    const plan = planAddresses(holders(services), addresses, before);
    const released = plan.release.map(({ value }) => value);
    await this.release(
      system,
      released,
      lost.map(({ value }) => value),
    );
    for (const { value, claimant } of plan.take) await this.addressClaims.take(system, value, claimant);
  }

  private async services(ctx: RequestContext): Promise<Service[]> {
    const scope = { cluster: ctx.cluster, resource: 'services' };
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'latest' } });
    return items.map((item) => asService(parseBody(item)));
  }

  /** Before the first address is given away: those given by an older version become IPAddresses. */
  private async adopt(ctx: RequestContext): Promise<void> {
    if (this.adopted.has(ctx.cluster)) return;
    const system = systemContext(ctx, ctx.cluster);
    const former = await this.formerClaims.list(system);
    if (former.length > 0) {
      const held = holders(await this.services(system));
      for (const [value, claimant] of held) await this.addressClaims.take(system, value, claimant);
      for (const { value } of former) await this.formerClaims.release(system, value);
    }
    this.adopted.add(ctx.cluster);
  }

  private async claim(
    ctx: RequestContext,
    object: UnstructuredObject,
    old: UnstructuredObject | undefined,
    dryRun: boolean,
  ): Promise<Release> {
    const service = asService(object);
    const addresses = await this.addressesOf(ctx, ctx.cluster);
    if (!isIpv6(await this.defaultNetwork(ctx, ctx.cluster))) checkFamilies(service, old && asService(old));
    await this.adopt(ctx);
    const options = { claimant: claimantOf(object), dryRun };
    const heldIps = old ? clusterIpsOf(asService(old)) : [];
    const heldPorts = old ? nodePortsOf(asService(old)) : [];
    const ips = await claimClusterIps(ctx, addresses, service, heldIps, options);
    try {
      const ports = await claimNodePorts(ctx, this.ports, service, heldPorts, options);
      return dryRun ? nothing : (later) => this.release(later, ips, ports);
    } catch (error) {
      if (!dryRun) await this.release(unhurried(ctx), ips, []);
      throw error;
    }
  }

  private async release(ctx: RequestContext, ips: readonly string[], ports: readonly string[]): Promise<void> {
    for (const ip of ips) await this.addressClaims.release(ctx, ip);
    for (const port of ports) await this.ports.claims.release(ctx, port);
  }
}
