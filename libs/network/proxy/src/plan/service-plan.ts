import type { BlockList } from 'node:net';
import { isIPv4 } from 'node:net';
import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';
import { type Backend, backendsOf } from './endpoints.js';
import { MACHINE, type NodeMap } from './nodes.js';

export type Protocol = 'TCP' | 'UDP';

/** How connections of one Service port are spread. Listeners of the same scope share turns and affinity. */
export interface BalancerSpec {
  readonly id: string;
  readonly backends: readonly Backend[];
  /** Seconds a client stays with its endpoint, or undefined for no affinity. */
  readonly affinitySeconds: number | undefined;
  /** Only endpoints on the client's own node, where the client's address tells which node that is. */
  readonly clientNodeOnly: boolean;
}

/** One port to hold open. */
export interface ListenerSpec {
  readonly protocol: Protocol;
  /** A Service's address in the cluster, or for a node port one of this machine. */
  readonly host: string;
  readonly port: number;
  /** Id of the balancer that its connections go to. */
  readonly balancer: string;
  readonly purpose: 'ClusterIP' | 'NodePort';
}

export interface ServicePlan {
  readonly balancers: readonly BalancerSpec[];
  readonly listeners: readonly ListenerSpec[];
}

export interface PlanFacts {
  readonly nodes: NodeMap;
  /** Which local addresses carry NodePorts; undefined for all of them. */
  readonly nodePortRanges: BlockList | undefined;
  /** Addresses of this machine beside loopback, as others reach it at. */
  readonly machineAddresses?: readonly string[];
  /** Which addresses of Services are carried; undefined for all of them. */
  readonly serviceRange?: BlockList | undefined;
  /** False where NodePorts are open at the addresses of nodes only, and the machine's are another cluster's. */
  readonly ownsMachine?: boolean;
}

const DEFAULT_AFFINITY_SECONDS = 10_800;
export const nothing: ServicePlan = { balancers: [], listeners: [] };

function clusterIPs(service: Service): string[] {
  const { clusterIP, clusterIPs: all } = service.spec ?? {};
  return (all?.length ? all : clusterIP ? [clusterIP] : []).filter(isIPv4);
}

/** Behaves as kubernetes pkg/proxy/util ShouldSkipService, and leaves Services to another proxy that asks for them. */
function isProxied(service: Service): boolean {
  return (
    service.metadata.labels?.[LABEL_SERVICE_PROXY_NAME] === undefined &&
    service.spec?.type !== 'ExternalName' &&
    clusterIPs(service).length > 0
  );
}

function affinitySeconds(service: Service): number | undefined {
  if (service.spec?.sessionAffinity !== 'ClientIP') return undefined;
  return service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
}

interface Exit {
  readonly host: string;
  /** Whose endpoints count as local to this address. */
  readonly isLocal: (node: string | undefined) => boolean;
  readonly scope: string;
}

/** 127.0.0.1, like the machine's other addresses, stands for the machine with all its nodes; a node's own address stands for that node. */
function nodePortExits({ nodes, nodePortRanges, machineAddresses = [], ownsMachine = true }: PlanFacts): Exit[] {
  const exits = (ownsMachine ? [MACHINE, ...machineAddresses] : []).map(
    (host): Exit => ({ host, isLocal: (node) => nodes.isLocal(node), scope: 'machine' }),
  );
  for (const facts of nodes.local()) {
    for (const host of facts.internalIPs) {
      if (host !== MACHINE) exits.push({ host, isLocal: (node) => node === facts.name, scope: `node ${facts.name}` });
    }
  }
  return exits.filter(({ host }) => nodePortRanges?.check(host, 'ipv4') ?? true);
}

/** Collects what one Service needs. A scope without endpoints gets no listener, so its clients are refused at once. */
class PlanBuilder {
  readonly balancers = new Map<string, BalancerSpec>();
  readonly listeners: ListenerSpec[] = [];

  constructor(
    private readonly service: Service,
    private readonly slices: readonly EndpointSlice[],
    private readonly facts: PlanFacts,
  ) {}

  addClusterIPs(port: ServicePort, protocol: Protocol): void {
    const clientNodeOnly = this.service.spec?.internalTrafficPolicy === 'Local';
    const backends = backendsOf(this.slices, port, this.facts.nodes);
    const balancer = this.balancer(
      port,
      protocol,
      clientNodeOnly ? 'client node' : 'cluster',
      backends,
      clientNodeOnly,
    );
    if (!balancer) return;
    for (const host of clusterIPs(this.service).filter((ip) => this.isCarried(ip))) {
      this.listeners.push({ protocol, host, port: port.port, balancer, purpose: 'ClusterIP' });
    }
  }

  private isCarried(ip: string): boolean {
    return this.facts.serviceRange?.check(ip, 'ipv4') ?? true;
  }

  addNodePorts(port: ServicePort, protocol: Protocol): void {
    if (!port.nodePort) return;
    const local = this.service.spec?.externalTrafficPolicy === 'Local';
    for (const exit of nodePortExits(this.facts)) {
      const backends = backendsOf(this.slices, port, this.facts.nodes, local ? exit.isLocal : undefined);
      const balancer = this.balancer(port, protocol, local ? exit.scope : 'cluster', backends, false);
      if (!balancer) continue;
      this.listeners.push({ protocol, host: exit.host, port: port.nodePort, balancer, purpose: 'NodePort' });
    }
  }

  private balancer(
    port: ServicePort,
    protocol: Protocol,
    scope: string,
    backends: readonly Backend[],
    clientNodeOnly: boolean,
  ): string | undefined {
    if (backends.length === 0) return undefined;
    const id = `${port.name ?? ''}/${protocol}/${port.port}/${scope}`;
    this.balancers.set(id, { id, backends, affinitySeconds: affinitySeconds(this.service), clientNodeOnly });
    return id;
  }
}

/** Which ports a Service wants open, and where each of them leads. */
export function planService(service: Service, slices: readonly EndpointSlice[], facts: PlanFacts): ServicePlan {
  if (!isProxied(service)) return nothing;
  const builder = new PlanBuilder(service, slices, facts);
  for (const port of service.spec?.ports ?? []) {
    const protocol = port.protocol ?? 'TCP';
    // SCTP has no sockets in Node; its addresses stay closed.
    if (protocol !== 'TCP' && protocol !== 'UDP') continue;
    builder.addClusterIPs(port, protocol);
    builder.addNodePorts(port, protocol);
  }
  return { balancers: [...builder.balancers.values()], listeners: builder.listeners };
}
