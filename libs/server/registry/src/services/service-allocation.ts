import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { parseBody } from '@binnacle/server-storage';
import { type RequestContext, systemContext, unhurried } from '../request-context.js';
import type { Release, ResourceHooks, ResourceStorage } from '../resource-core.js';
import { Allocator } from './allocator.js';
import { Claims, type Claimant } from './claims.js';
import { claimClusterIps, clusterIpsOf } from './cluster-ips.js';
import { checkFamilies } from './ip-families.js';
import { claimNodePorts, nodePortsOf } from './node-ports.js';
import { addressRange, portRange } from './ranges.js';

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

function claimantOf({ metadata }: UnstructuredObject): Claimant {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

/** The range of a logical cluster's Services; undefined for the one that is configured. */
export type ServiceRangeOf = (ctx: Context, cluster: string) => Promise<string | undefined>;

const configured: ServiceRangeOf = () => Promise.resolve(undefined);

/** Gives Services their cluster addresses and node ports, and takes them back. */
export class ServiceAllocation implements ResourceHooks {
  private readonly addressClaims: Claims;
  private readonly addresses: Allocator;
  private readonly ports: Allocator;

  constructor(
    private readonly storage: ResourceStorage,
    ranges: ServiceRanges,
    private readonly rangeOf: ServiceRangeOf = configured,
  ) {
    this.addressClaims = new Claims(storage, 'binnacle.dev/serviceaddresses');
    this.addresses = new Allocator(addressRange(ranges.clusterIps), this.addressClaims);
    this.ports = new Allocator(portRange(ranges.nodePorts), new Claims(storage, 'binnacle.dev/servicenodeports'));
  }

  /** The first address of a cluster's range: that of the API server's own Service. */
  async kubernetesAddress(ctx: Context, cluster: string): Promise<string> {
    return (await this.addressesOf(ctx, cluster)).range.valueAt(0);
  }

  private async addressesOf(ctx: Context, cluster: string): Promise<Allocator> {
    const range = await this.rangeOf(ctx, cluster);
    return range === undefined ? this.addresses : new Allocator(addressRange(range), this.addressClaims);
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

  /** Gives back what no Service holds, left over by a server that died between two writes. */
  async repair(ctx: Context, cluster: string): Promise<void> {
    const system = systemContext(ctx, cluster);
    const scope = { cluster, resource: 'services' };
    const claims = [await this.addressClaims.list(system), await this.ports.claims.list(system)] as const;
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'latest' } });
    const services = items.map((item) => asService(parseBody(item)));
    const held = [new Set(services.flatMap(clusterIpsOf)), new Set(services.flatMap(nodePortsOf))] as const;
    const before = ctx.clock.now() - GRACE_MILLISECONDS;
    const lost = claims.map((list, at) =>
      list.filter(({ value, madeAt }) => !held[at]?.has(value) && madeAt < before).map(({ value }) => value),
    );
    await this.release(system, lost[0] ?? [], lost[1] ?? []);
  }

  private async claim(
    ctx: RequestContext,
    object: UnstructuredObject,
    old: UnstructuredObject | undefined,
    dryRun: boolean,
  ): Promise<Release> {
    const service = asService(object);
    const addresses = await this.addressesOf(ctx, ctx.cluster);
    if (!addresses.range.valueAt(0).includes(':')) checkFamilies(service, old && asService(old));
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
