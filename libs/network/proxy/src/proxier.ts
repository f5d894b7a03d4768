import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Informer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { DataPlane, PortFailure, ProxyMode } from './data-plane.js';
import { AddressClaims } from './plan/claims.js';
import { nodeFacts } from './plan/node-facts.js';
import { type EndpointLimits, NodeMap } from './plan/nodes.js';
import { planService } from './plan/plan-service.js';
import type { PlanFacts, Refusal } from './plan/port-plan.js';
import { Ranges } from './plan/ranges.js';
import { nothing, type ServicePlan } from './plan/service-plan.js';
import { ServiceEvents } from './service-events.js';
import { SyncQueue } from './sync/sync-queue.js';
import type { TrialReport, TrialRequest } from './trial-report.js';
import { ProxierTelemetry, type ProxyTelemetry } from './sync/telemetry.js';

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
  /** What this and others report to. */
  readonly telemetry?: ProxyTelemetry;
}

const BY_SERVICE = 'service';

const keyOf = ({ namespace, name }: { namespace?: string; name?: string }) => `${namespace ?? ''}/${name ?? ''}`;

function serviceOf(slice: EndpointSlice): string[] {
  const name = slice.metadata.labels?.[LABEL_SERVICE_NAME];
  return name ? [keyOf({ ...slice.metadata, name })] : [];
}

/** Follows Services, EndpointSlices and Nodes, and keeps the data plane of this machine as they ask. */
export class Proxier {
  private readonly nodes: NodeMap;
  private readonly facts: PlanFacts;
  private readonly claims: AddressClaims;
  private readonly events: ServiceEvents;
  private plane: DataPlane | undefined;
  private readonly telemetry: ProxierTelemetry;
  private readonly queue: SyncQueue;

  constructor(
    private readonly sources: ProxySources,
    recorder: EventRecorder,
    private readonly options: ProxyOptions,
  ) {
    this.events = new ServiceEvents((key) => sources.services.get(key), recorder);
    this.nodes = new NodeMap(options.mode.clusterAddress, options.limits);
    this.telemetry = new ProxierTelemetry(options.telemetry ?? {});
    this.queue = new SyncQueue((key) => this.carryOut(key), this.telemetry);
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
    const serviceSeen = ({ metadata }: Service, now?: Service) => this.serviceSeen(keyOf(metadata), now);
    sources.services.addHandler({
      added: (service) => serviceSeen(service, service),
      updated: (service) => serviceSeen(service, service),
      deleted: (service) => serviceSeen(service),
    });
    sources.slices.addHandler({
      added: (slice) => this.sliceSeen(slice),
      updated: (slice, old) => this.sliceSeen(slice, serviceOf(old)),
      deleted: (slice) => this.sliceGone(slice),
    });
    sources.nodes.addHandler({
      added: (node) => this.nodeSeen(node),
      updated: (node) => this.nodeSeen(node),
      deleted: ({ metadata }) => this.nodeChanged(this.nodes.delete(metadata.name ?? '')),
    });
  }

  /** Every known Service has its ports, or is on its way to them. */
  get synced(): boolean {
    return this.plane !== undefined && this.queue.size === 0;
  }

  get openPorts(): number {
    return this.plane?.openPorts ?? 0;
  }

  /** What stands at the moment, and what was carried; undefined where nobody carries anything. */
  get connections(): DataPlane['connections'] {
    return this.plane?.connections;
  }

  /** Asks a Service itself. Nothing is open where nobody carries anything. */
  async tryOut(ctx: Context, request: TrialRequest): Promise<TrialReport> {
    return (await this.plane?.tryOut?.(ctx, request)) ?? { failure: 'NoAddress' };
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
    this.queue.stop();
    this.telemetry.stop();
    this.plane?.shutdown();
    this.plane = undefined;
  }

  private open(ctx: Context): void {
    const { clock } = ctx;
    this.plane = this.options.mode.open(ctx, this.nodes, {
      onFailure: (failure) => this.report(ctx, failure),
      isHealthy: () => this.telemetry.isHealthy(clock.now()),
    });
    this.telemetry.start(clock.now());
    this.markAll();
    this.queue.start(ctx);
    ctx.logger.info('proxying', { services: this.sources.services.list().length, ports: this.openPorts });
  }

  /** What one has, others may not have. */
  private serviceSeen(key: string, service: Service | undefined): void {
    this.telemetry.changed('service');
    this.queue.mark([key, ...this.claims.set(key, service)]);
  }

  private sliceSeen(slice: EndpointSlice, before: readonly string[] = []): void {
    this.telemetry.sliceSeen(slice);
    this.queue.mark([...serviceOf(slice), ...before]);
  }

  private sliceGone(slice: EndpointSlice): void {
    this.telemetry.changed('endpoint');
    this.queue.mark(serviceOf(slice));
  }

  private nodeSeen(node: Node): void {
    this.nodeChanged(this.nodes.set(nodeFacts(node, this.options.mode.carries(node))));
  }

  private nodeChanged(changed: boolean): void {
    if (changed) this.markAll();
  }

  private markAll(): void {
    this.queue.mark(this.sources.services.list().map((service) => keyOf(service.metadata)));
  }

  private carryOut(key: string): void {
    const plan = this.plan(key);
    this.plane?.apply(key, plan);
    this.telemetry.setWithoutLocal(key, plan.withoutLocal);
    this.events.refused(key, plan.refused);
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

  private report(ctx: Context, failure: PortFailure): void {
    const { service, spec, error } = failure;
    const { protocol, host, port, purpose } = spec;
    ctx.logger.warn('cannot open port', { service, purpose, protocol, host, port, error });
    this.events.failed(failure);
  }
}
