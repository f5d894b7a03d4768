import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Informer, InformerHandler } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { PortFailure } from './listener-set.js';
import { ipv4Ranges, NodeMap, nodeFacts } from './nodes.js';
import { ServiceTable } from './service-table.js';

export interface ProxySources {
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
  readonly nodes: Informer<Node>;
}

export interface ProxyOptions {
  /** Whether this process may open ports below 1024. */
  readonly privileged: boolean;
  /** Ranges of local addresses that carry NodePorts; empty for all. */
  readonly nodePortAddresses: readonly string[];
  /** Addresses of this machine that carry NodePorts beside 127.0.0.1 and those of the nodes, where the ranges hold them. */
  readonly machineAddresses?: readonly string[];
}

const SERVICE_NAME = 'kubernetes.io/service-name';
const BY_SERVICE = 'service';

const keyOf = ({ namespace, name }: { namespace?: string; name?: string }) => `${namespace ?? ''}/${name ?? ''}`;

function serviceOf(slice: EndpointSlice): string[] {
  const name = slice.metadata.labels?.[SERVICE_NAME];
  return name ? [keyOf({ ...slice.metadata, name })] : [];
}

/** Follows Services, EndpointSlices and Nodes, and keeps the sockets of this machine as they ask. */
export class Proxier {
  private readonly dirty = new Set<string>();
  private readonly nodes: NodeMap;
  private table: ServiceTable | undefined;
  private scheduled = false;

  constructor(
    private readonly sources: ProxySources,
    private readonly recorder: EventRecorder,
    private readonly options: ProxyOptions,
  ) {
    this.nodes = new NodeMap(options.privileged);
    sources.slices.addIndex(BY_SERVICE, serviceOf);
    sources.services.addHandler(this.marking<Service>((service) => [keyOf(service.metadata)]));
    sources.slices.addHandler(this.marking<EndpointSlice>(serviceOf));
    sources.nodes.addHandler({
      added: (node) => this.nodeChanged(this.nodes.set(nodeFacts(node))),
      updated: (node) => this.nodeChanged(this.nodes.set(nodeFacts(node))),
      deleted: (node) => this.nodeChanged(this.nodes.delete(node.metadata.name ?? '')),
    });
  }

  /** Every known Service has its sockets, or is on its way to them. */
  get synced(): boolean {
    return this.table !== undefined;
  }

  get openPorts(): number {
    return this.table?.openPorts ?? 0;
  }

  /** Runs until the context aborts, then closes every socket. May be run again. */
  async run(ctx: Context): Promise<void> {
    const { services, slices, nodes } = this.sources;
    const running = [services, slices, nodes].map((informer) => informer.run(ctx));
    const stopped = Promise.all(running);
    await Promise.race([Promise.all([services.synced(), slices.synced(), nodes.synced()]), stopped]);
    const { nodePortAddresses, machineAddresses = [] } = this.options;
    const nodePortRanges = nodePortAddresses.length ? ipv4Ranges(nodePortAddresses) : undefined;
    const facts = { nodes: this.nodes, nodePortRanges, machineAddresses };
    this.table = new ServiceTable(ctx, facts, (failure) => this.report(ctx, failure));
    this.markAll();
    this.flush();
    ctx.logger.info('proxying', { services: services.list().length, ports: this.openPorts });
    await stopped.finally(() => this.stop());
  }

  private stop(): void {
    this.table?.shutdown();
    this.table = undefined;
  }

  private marking<T extends KubeObject>(keys: (object: T) => readonly string[]): InformerHandler<T> {
    return {
      added: (object) => this.mark(keys(object)),
      updated: (object, old) => this.mark([...keys(object), ...keys(old)]),
      deleted: (object) => this.mark(keys(object)),
    };
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
    if (this.scheduled || !this.table) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) {
      this.table?.sync(key, this.sources.services.get(key), this.sources.slices.byIndex(BY_SERVICE, key));
    }
  }

  private report(ctx: Context, { owner, spec, error }: PortFailure): void {
    const { protocol, host, port, purpose } = spec;
    ctx.logger.warn('cannot open port', { service: owner, purpose, protocol, host, port, error });
    const service = this.sources.services.get(owner);
    const message = `Cannot open ${purpose} port ${protocol} ${host}:${port}: ${error.message}`;
    if (service) this.recorder.event(service, 'Warning', 'FailedToOpenPort', message);
  }
}
