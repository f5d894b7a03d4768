import { EVERY_NODE, type Flow, type FlowEnd, type Protocol } from '@binnacle/apis-network-policy';
import type { Arrival, Caller, Inhabitant, Target, TrafficRules } from '@binnacle/node-runtime-sim';
import type { ServiceFinder } from '../service-addresses.js';
import type { CarriedPods } from './carried-pods.js';
import type { ClusterPolicies } from './cluster-policies.js';
import { type ServiceTarget, ServiceTargets } from './service-targets.js';

/** The machine that carries everything: its probes, its proxies, whoever uses it. */
const MACHINE = '127.0.0.1';

/** Who and what there is on the wire of a cluster. */
export interface PolicySurroundings {
  readonly services: ServiceFinder;
  readonly pods: CarriedPods;
  /** The simulated Pod that has an address. */
  readonly inhabitant: (ip: string) => Inhabitant | undefined;
}

const protocolOf = (transport: Target['transport']): Protocol => (transport === 'tcp' ? 'TCP' : 'UDP');

/** Applies a cluster's NetworkPolicies to what its simulated Pods say and hear. */
export class PolicyRules implements TrafficRules {
  private readonly targets: ServiceTargets;

  constructor(
    private readonly policies: ClusterPolicies,
    private readonly at: PolicySurroundings,
  ) {
    this.targets = new ServiceTargets(at.services, policies.slices);
  }

  /** A Service is dialled where any of its endpoints may be reached, or where it has none, which others will say. */
  mayDial(self: Inhabitant, target: Target): boolean {
    if (this.policies.isEmpty || self.hostNetwork) return true;
    const from = this.endOf(self);
    const protocol = protocolOf(target.transport);
    const targets = this.targets.at(target) ?? [target];
    const isAllowed = (one: ServiceTarget) => this.decide({ from, to: this.targetEnd(one), port: one.port, protocol });
    return targets.length === 0 || targets.some(isAllowed);
  }

  mayAccept(caller: Caller, self: Inhabitant, { port, transport }: Arrival): boolean {
    if (this.policies.isEmpty) return true;
    return this.decide({ from: this.callerEnd(caller), to: this.endOf(self), port, protocol: protocolOf(transport) });
  }

  onChange(listener: () => void): () => void {
    return this.policies.onChange(listener);
  }

  private decide(flow: Flow): boolean {
    return this.policies.index.decide(flow).allowed;
  }

  private endOf(inhabitant: Inhabitant): FlowEnd {
    return { ip: inhabitant.ip, pod: this.at.pods.of(inhabitant) };
  }

  private targetEnd({ ip, program }: ServiceTarget): FlowEnd {
    if (program) return { ip, pod: program };
    const inhabitant = this.at.inhabitant(ip);
    return inhabitant ? this.endOf(inhabitant) : { ip, node: this.at.services.addresses.nodeAt(ip) };
  }

  private callerEnd({ host, ip, inhabitant }: Caller): FlowEnd {
    if (inhabitant) return this.endOf(inhabitant);
    const node = host === MACHINE ? EVERY_NODE : this.at.services.addresses.nodeAt(host);
    return node ? { ip: host, node } : { ip, pod: this.targets.programAt(ip) };
  }
}
