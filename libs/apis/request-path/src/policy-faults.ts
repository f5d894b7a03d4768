import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import { type Flow, PolicyIndex, policyPod, portMatches, type Protocol } from '@binnacle/apis-network-policy';
import { type Fault, fault } from './fault.js';

export interface AskedPort {
  readonly port: number;
  readonly protocol: string;
}

const protocolOf = (text: string): Protocol => (text === 'UDP' || text === 'SCTP' ? text : 'TCP');

/** What policies say of those who ask at Pods, whoever they are. */
export class PolicyFaults {
  private readonly index = new PolicyIndex();

  constructor(policies: readonly NetworkPolicy[]) {
    for (const policy of policies) this.index.setPolicy(policy);
  }

  /** Nothing where everybody is let in. */
  of(pod: Pod, { port, protocol }: AskedPort): Fault[] {
    const asked = policyPod(pod);
    const policies = asked.hostNetwork ? [] : this.index.policiesOf(asked, 'ingress');
    if (policies.length === 0) return [];
    const flow: Flow = { from: { ip: '' }, to: { ip: '', pod: asked }, port, protocol: protocolOf(protocol) };
    const rules = policies.flatMap(({ rules: { ingress = [] } }) => ingress);
    const about = rules.filter(({ ports }) => !ports || ports.some((each) => portMatches(each, flow)));
    if (about.some(({ peers }) => !peers)) return [];
    const facts = { policies: policies.map(({ name }) => name).join(', '), port: `${port}/${protocol}` };
    return [fault(about.length === 0 ? 'policyRefuses' : 'policyLimits', facts)];
  }
}
