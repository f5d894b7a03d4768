import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { type Family, familyOf } from './addresses.js';
import { type AddressPurpose, balancerAddresses, clusterAddresses, externalAddresses, portKey } from './claims.js';
import { type Backend, type Candidate, candidatesOf, drainingOf, usableOf } from './endpoints.js';
import { type Exit, type ExitFacts, machineExit, nodePortExits } from './exits.js';
import { MACHINE } from './nodes.js';
import type { Ranges } from './ranges.js';
import type { BalancerSpec, ListenerSpec, Protocol, RefusedAddress } from './service-plan.js';
import { sourceRangesOf } from './source-ranges.js';

/** Why a Service may not answer at an address it says it has; undefined where it may. */
export type Refusal = (address: string, purpose: AddressPurpose, port: string) => string | undefined;

export interface PlanFacts extends ExitFacts {
  /** Which addresses of Services are carried; undefined for all of them. */
  readonly serviceRange?: Ranges | undefined;
}

/** What is planned of a Service is planned from these. */
export interface Subject {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  readonly facts: PlanFacts;
  readonly refusal: Refusal;
}

const DEFAULT_AFFINITY_SECONDS = 10_800;

function affinitySeconds({ spec }: Service): number | undefined {
  if (spec?.sessionAffinity !== 'ClientIP') return undefined;
  return spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
}

export const isLocalInternally = ({ spec }: Service): boolean => spec?.internalTrafficPolicy === 'Local';
export const isLocalExternally = ({ spec }: Service): boolean => spec?.externalTrafficPolicy === 'Local';

type Place = Pick<ListenerSpec, 'host' | 'port' | 'purpose'>;

/** What one port of a Service needs in one family. A scope without endpoints gets no listener, so its clients are refused at once. */
export class PortPlan {
  readonly balancers = new Map<string, BalancerSpec>();
  readonly listeners: ListenerSpec[] = [];
  readonly refused: RefusedAddress[] = [];
  readonly candidates: readonly Candidate[];
  private readonly usable: readonly Backend[];

  constructor(
    private readonly subject: Subject,
    private readonly port: ServicePort,
    private readonly protocol: Protocol,
    private readonly family: Family,
  ) {
    this.candidates = candidatesOf(subject.slices, port, subject.facts.nodes, family);
    this.usable = usableOf(this.candidates);
  }

  build(): this {
    const { service } = this.subject;
    const [own, balanced] = [clusterAddresses(service), balancerAddresses(service)];
    this.addClusterIPs(own);
    this.addNodePorts();
    this.addExternal('ExternalIP', without(externalAddresses(service), [...own, ...balanced]));
    this.addExternal('LoadBalancer', without(balanced, own));
    return this;
  }

  /** It has endpoints, and none of them on this machine. */
  get isElsewhere(): boolean {
    const { nodes } = this.subject.facts;
    return this.usable.length > 0 && usableOf(this.candidates, (node) => nodes.isLocal(node)).length === 0;
  }

  private addClusterIPs(addresses: readonly string[]): void {
    const { service, facts } = this.subject;
    const clientNodeOnly = isLocalInternally(service);
    const balancer = this.balancer(clientNodeOnly ? 'client node' : 'cluster', this.usable, clientNodeOnly);
    if (!balancer) return;
    for (const host of this.ofFamily(addresses)) {
      const isCarried = facts.serviceRange?.has(host) ?? true;
      if (isCarried) this.listen({ purpose: 'ClusterIP', host, port: this.port.port }, { balancer });
    }
  }

  private addNodePorts(): void {
    const { nodePort } = this.port;
    if (!nodePort) return;
    for (const exit of nodePortExits(this.subject.facts)) {
      if (familyOf(exit.host) !== this.family) continue;
      this.listenOutside({ purpose: 'NodePort', host: exit.host, port: nodePort }, exit);
    }
  }

  private addExternal(purpose: 'ExternalIP' | 'LoadBalancer', addresses: readonly string[]): void {
    const { facts, refusal } = this.subject;
    for (const host of this.ofFamily(addresses)) {
      const why = refusal(host, purpose, portKey(this.port));
      if (why !== undefined) this.refused.push({ address: host, purpose, why });
      else this.listenOutside({ purpose, host, port: this.port.port }, machineExit(facts.nodes, host));
    }
  }

  /** Behaves as the external chains of kubernetes pkg/proxy/nftables: what is inside the cluster never meets the policy Local. */
  private listenOutside(place: Place, exit: Exit): void {
    if (!isLocalExternally(this.subject.service)) {
      const balancer = this.balancer('cluster', this.usable);
      const masquerade = exit.scope === 'machine' ? MACHINE : exit.host;
      if (balancer) this.listen(place, { balancer, ...(this.family === 'IPv4' && { masquerade }) });
      return;
    }
    const balancer = this.balancer(exit.scope, usableOf(this.candidates, exit.isLocal));
    const insideBalancer = this.balancer('cluster', this.usable);
    if (balancer && insideBalancer) this.listen(place, { balancer, insideBalancer });
  }

  private listen(place: Place, to: Pick<ListenerSpec, 'balancer' | 'insideBalancer' | 'masquerade'>): void {
    const ranges = place.purpose === 'LoadBalancer' ? sourceRangesOf(this.subject.service, this.family) : [];
    this.listeners.push({
      protocol: this.protocol,
      ...place,
      servicePort: this.port.name || String(this.port.port),
      ...to,
      ...(ranges.length > 0 && { sourceRanges: ranges }),
    });
  }

  private ofFamily(addresses: readonly string[]): string[] {
    return addresses.filter((address) => familyOf(address) === this.family);
  }

  private balancer(scope: string, backends: readonly Backend[], clientNodeOnly = false): string | undefined {
    if (backends.length === 0) return undefined;
    const { service } = this.subject;
    const { name = '', port } = this.port;
    const id = `${name}/${this.protocol}/${port}/${scope}${this.family === 'IPv6' ? '/IPv6' : ''}`;
    const draining = drainingOf(this.candidates, backends);
    const seconds = affinitySeconds(service);
    this.balancers.set(id, {
      id,
      backends,
      ...(draining.length > 0 && { draining }),
      affinitySeconds: seconds,
      clientNodeOnly,
    });
    return id;
  }
}

const without = (list: readonly string[], others: readonly string[]) => list.filter((one) => !others.includes(one));
