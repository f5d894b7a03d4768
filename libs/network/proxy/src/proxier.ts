import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Informer, InformerHandler } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { DataPlane, PortFailure, ProxyMode } from './data-plane.js';
import { AddressClaims } from './plan/claims.js';
import { nodeFacts } from './plan/node-facts.js';
import { type EndpointLimits, NodeMap } from './plan/nodes.js';
import { planService } from './plan/plan-service.js';
import type { PlanFacts, Refusal } from './plan/port-plan.js';
import { Ranges } from './plan/ranges.js';
import { nothing, type RefusedAddress, type ServicePlan } from './plan/service-plan.js';

export interface ProxySources {
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
  readonly nodes: Informer<Node>;
}

export interface ProxyOptions {
  readonly mode: ProxyMode;
  /** Ranges of local addresses that carry NodePorts; empty for all. */
  readonly nodePortAddresses: readonly string[];
  /** Addresses of this machine that carry NodePorts beside 127.0.0.1 and those of the nodes, where the ranges hold them. */
  readonly machineAddresses?: readonly string[];
  /** Where endpoints may lead. */
  readonly limits?: EndpointLimits;
  /** The range of the Services that are carried; all are without it. */
  readonly serviceCidr?: string;
  /** False for a cluster to which only its nodes' addresses belong. */
  readonly ownsMachine?: boolean;
  /**
   * Whether Services may be given an address, as the cluster writes it, beside those of their range; none without it. Addresses of
   * Pods, nodes and other Services are never.
   */
  readonly mayBeExternal?: (address: string) => boolean;
}

const BY_SERVICE = 'service';

const keyOf = ({ namespace, name }: { namespace?: string; name?: string }) => `${namespace ?? ''}/${name ?? ''}`;

function serviceOf(slice: EndpointSlice): string[] {
  const name = slice.metadata.labels?.[LABEL_SERVICE_NAME];
  return name ? [keyOf({ ...slice.metadata, name })] : [];
}

/** Follows Services, EndpointSlices and Nodes, and keeps the data plane of this machine as they ask. */
export class Proxier {
  private readonly dirty = new Set<string>();
  private readonly nodes: NodeMap;
  private readonly facts: PlanFacts;
  private readonly claims: AddressClaims;
  /** What Services were told of addresses they do not get. */
  private readonly told = new Map<string, string>();
  private plane: DataPlane | undefined;
  private scheduled = false;

  constructor(
    private readonly sources: ProxySources,
    private readonly recorder: EventRecorder,
    private readonly options: ProxyOptions,
  ) {
    this.nodes = new NodeMap(options.mode.clusterAddress, options.limits);
    const { nodePortAddresses, machineAddresses = [], ownsMachine, serviceCidr } = options;
    const nodePortRanges = nodePortAddresses.length ? new Ranges(nodePortAddresses) : undefined;
    const serviceRange = serviceCidr === undefined ? undefined : new Ranges([serviceCidr]);
    this.claims = new AddressClaims(options.mode.clusterAddress);
    this.facts = {
      nodes: this.nodes,
      nodePortRanges,
      machineAddresses,
      serviceRange,
      ...(ownsMachine === false && { ownsMachine }),
    };
    sources.slices.addIndex(BY_SERVICE, serviceOf);
    sources.services.addHandler({
      added: (service) => this.serviceSeen(keyOf(service.metadata), service),
      updated: (service) => this.serviceSeen(keyOf(service.metadata), service),
      deleted: ({ metadata }) => this.serviceSeen(keyOf(metadata), undefined),
    });
    sources.slices.addHandler(this.marking<EndpointSlice>(serviceOf));
    sources.nodes.addHandler({
      added: (node) => this.nodeSeen(node),
      updated: (node) => this.nodeSeen(node),
      deleted: ({ metadata }) => this.nodeChanged(this.nodes.delete(metadata.name ?? '')),
    });
  }

  /** Every known Service has its ports, or is on its way to them. */
  get synced(): boolean {
    return this.plane !== undefined;
  }

  get openPorts(): number {
    return this.plane?.openPorts ?? 0;
  }

  /** Runs until the context aborts, then takes the data plane down. May be run again. */
  async run(ctx: Context): Promise<void> {
    await this.follow(ctx, ctx).finally(() => this.shutdown());
  }

  /**
   * Follows what there is until the context aborts. The data plane stays as it is then, and is its own context's to end: who
   * calls this again goes on from there.
   */
  async follow(ctx: Context, plane: Context): Promise<void> {
    const { services, slices, nodes } = this.sources;
    const running = [services, slices, nodes].map((informer) => informer.run(ctx));
    const stopped = Promise.all(running);
    await Promise.race([Promise.all([services.synced(), slices.synced(), nodes.synced()]), stopped]);
    if (!this.plane && !ctx.signal.aborted) this.open(plane);
    await stopped;
  }

  /** Takes the data plane down. */
  shutdown(): void {
    this.plane?.shutdown();
    this.plane = undefined;
  }

  private open(ctx: Context): void {
    this.plane = this.options.mode.open(ctx, this.nodes, {
      onFailure: (failure) => this.report(ctx, failure),
      isHealthy: () => true,
    });
    this.markAll();
    this.flush();
    ctx.logger.info('proxying', { services: this.sources.services.list().length, ports: this.openPorts });
  }

  private marking<T extends KubeObject>(keys: (object: T) => readonly string[]): InformerHandler<T> {
    return {
      added: (object) => this.mark(keys(object)),
      updated: (object, old) => this.mark([...keys(object), ...keys(old)]),
      deleted: (object) => this.mark(keys(object)),
    };
  }

  /** What one has, others may not have. */
  private serviceSeen(key: string, service: Service | undefined): void {
    this.mark([key, ...this.claims.set(key, service)]);
  }

  private nodeSeen(node: Node): void {
    this.nodeChanged(this.nodes.set(nodeFacts(node, this.options.mode.carries(node))));
  }

  private nodeChanged(changed: boolean): void {
    if (changed) this.markAll();
  }

  private markAll(): void {
    this.mark(this.sources.services.list().map((service) => keyOf(service.metadata)));
  }

  /** Changes that arrive together are planned together, before the loop turns to other work. */
  private mark(keys: readonly string[]): void {
    for (const key of keys) this.dirty.add(key);
    if (this.scheduled || !this.plane) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) this.apply(key);
  }

  private apply(key: string): void {
    const plan = this.plan(key);
    this.plane?.apply(key, plan);
    this.tell(key, plan.refused);
  }

  /** A Service that has gone wants nothing. */
  private plan(key: string): ServicePlan {
    const service = this.sources.services.get(key);
    const slices = this.sources.slices.byIndex(BY_SERVICE, key);
    return service ? planService(service, slices, this.facts, this.refusalFor(key)) : nothing;
  }

  private refusalFor(key: string): Refusal {
    const { mode, mayBeExternal } = this.options;
    return (address, purpose, port) => {
      const own = mode.clusterAddress(address);
      if (!mayBeExternal?.(own)) return 'it is not one that Services of this cluster may be given on this machine';
      if (this.nodes.holds(address) || this.facts.serviceRange?.has(own)) return 'it is of Pods, Services or a node';
      return this.claims.refusal(key, address, purpose, port);
    };
  }

  /** Once for each thing there is to say. */
  private tell(key: string, refused: readonly RefusedAddress[]): void {
    const lines = refused.map(({ purpose, address, why }) => `${purpose} ${address}: ${why}`);
    const message = [...new Set(lines)].join('; ');
    const service = this.sources.services.get(key);
    if (message === (this.told.get(key) ?? '')) return;
    if (message && service) {
      this.told.set(key, message);
      this.recorder.event(service, 'Warning', 'AddressNotCarried', message);
    } else this.told.delete(key);
  }

  private report(ctx: Context, { service: key, spec, error }: PortFailure): void {
    const { protocol, host, port, purpose } = spec;
    ctx.logger.warn('cannot open port', { service: key, purpose, protocol, host, port, error });
    const service = this.sources.services.get(key);
    if (!service) return;
    const reason = purpose === 'HealthCheck' ? 'FailedToStartServiceHealthcheck' : 'FailedToOpenPort';
    const message = `Cannot open ${purpose} port ${protocol} ${host}:${port}: ${error.message}`;
    this.recorder.event(service, 'Warning', reason, message);
  }
}
