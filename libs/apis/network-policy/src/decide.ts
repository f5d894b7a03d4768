import type { Labels } from '@binnacle/machinery-selectors';
import type { CompiledPeer, CompiledPolicy, CompiledPort, CompiledRule } from './compiled-policy.js';
import { type Direction, EVERY_NODE, type Flow, type FlowAnswer, type FlowEnd, type SideAnswer } from './flow.js';
import { rangeHolds } from './ip-ranges.js';
import type { PolicyPod } from './policy-pod.js';

/** Where a decision finds what is written down. */
export interface PolicySource {
  /** Those that select a Pod in a direction, by name. */
  policiesOf(pod: PolicyPod, direction: Direction): readonly CompiledPolicy[];
  namespaceLabels(name: string): Labels | undefined;
}

type PodPeer = Extract<CompiledPeer, { kind: 'pods' }>;

const NO_POLICIES: readonly CompiledPolicy[] = [];

const isSame = (one: PolicyPod, other: PolicyPod | undefined): boolean =>
  one.namespace === other?.namespace && one.name === other.name;

/** What shares the node's network is the node. */
const nodeOf = ({ node, pod }: FlowEnd): string | undefined => node ?? (pod?.hostNetwork ? pod.node : undefined);

function isOwnNode(pod: PolicyPod, peer: FlowEnd): boolean {
  const node = nodeOf(peer);
  return node === EVERY_NODE || (node !== undefined && node !== '' && node === pod.node);
}

/** A name is that of a port of the Pod that accepts. */
export function portMatches({ protocol, port, endPort }: CompiledPort, flow: Flow): boolean {
  if (protocol !== flow.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return flow.port >= port && flow.port <= (endPort ?? port);
  const { pod } = flow.to;
  return pod?.ports.some((one) => one.name === port && one.protocol === protocol && one.port === flow.port) ?? false;
}

/** What is not known of a namespace matches nothing. */
function isNamespace({ namespaces }: PodPeer, policy: CompiledPolicy, name: string, source: PolicySource): boolean {
  if (!namespaces) return name === policy.namespace;
  const labels = source.namespaceLabels(name);
  return labels !== undefined && namespaces.matches(labels);
}

/** Pods of a node's network are known by the node's address only. */
function peerMatches(peer: CompiledPeer, policy: CompiledPolicy, { ip, pod }: FlowEnd, source: PolicySource): boolean {
  if (peer.kind === 'range') return rangeHolds(peer.range, ip);
  if (!pod || pod.hostNetwork) return false;
  return isNamespace(peer, policy, pod.namespace, source) && peer.pods.matches(pod.labels);
}

/** Decides one connection by policies that are at hand. */
class Decision {
  constructor(
    private readonly flow: Flow,
    private readonly source: PolicySource,
  ) {}

  side(direction: Direction, { pod }: FlowEnd, peer: FlowEnd): SideAnswer {
    if (!pod) return { allowed: true, because: 'outside', policies: NO_POLICIES };
    if (pod.hostNetwork) return { allowed: true, because: 'hostNetwork', policies: NO_POLICIES };
    const policies = this.source.policiesOf(pod, direction);
    if (policies.length === 0) return { allowed: true, because: 'notIsolated', policies };
    if (isSame(pod, peer.pod)) return { allowed: true, because: 'itself', policies };
    if (isOwnNode(pod, peer)) return { allowed: true, because: 'ownNode', policies };
    const rule = this.rule(direction, policies, peer);
    return rule ? { allowed: true, because: 'rule', policies, rule } : { allowed: false, because: 'noRule', policies };
  }

  private rule(direction: Direction, policies: readonly CompiledPolicy[], peer: FlowEnd): SideAnswer['rule'] {
    for (const policy of policies) {
      const index = policy.rules[direction]?.findIndex((rule) => this.allows(rule, policy, peer)) ?? -1;
      if (index >= 0) return { policy, index };
    }
    return undefined;
  }

  private allows({ peers, ports }: CompiledRule, policy: CompiledPolicy, end: FlowEnd): boolean {
    // There are fewer ports than peers, and they are compared sooner.
    if (ports && !ports.some((port) => portMatches(port, this.flow))) return false;
    return !peers || peers.some((peer) => peerMatches(peer, policy, end, this.source));
  }
}

/** Whether a connection may be made, what each of its ends says to it, and by which rules. */
export function decide(flow: Flow, source: PolicySource): FlowAnswer {
  const { from, to } = flow;
  const decision = new Decision(flow, source);
  const egress = decision.side('egress', from, to);
  const ingress = decision.side('ingress', to, from);
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}
