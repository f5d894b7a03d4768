import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '@binnacle/apis-kubernetes/networking/v1';
import type { LabelSelector } from '@binnacle/machinery-meta';
import { LabelMatcher, matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { Direction } from './flow.js';
import { type AddressRange, addressRange } from './ip-ranges.js';

/** Whom a rule is about: a range of addresses, or Pods of some namespaces. */
export type CompiledPeer =
  | { readonly kind: 'range'; readonly range: AddressRange }
  | {
      readonly kind: 'pods';
      /** Without it the policy's own namespace is meant. */
      readonly namespaces?: LabelMatcher;
      readonly pods: LabelMatcher;
    };

/** Ports that a rule is about. */
export interface CompiledPort {
  readonly protocol: string;
  /** A number, a name, or all of them. */
  readonly port?: number | string;
  readonly endPort?: number;
}

/** What a rule lets through: who, where it says whom, at which ports, where it says any. */
export interface CompiledRule {
  readonly peers?: readonly CompiledPeer[];
  readonly ports?: readonly CompiledPort[];
}

/** A policy with everything read that would else be read at each connection. */
export interface CompiledPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly pods: LabelMatcher;
  /** Its rules by the directions in which its Pods are isolated; a direction it is not about is absent. */
  readonly rules: Readonly<Partial<Record<Direction, readonly CompiledRule[]>>>;
}

/** A selector that cannot be read matches nothing; validation lets none be stored. */
function matcher(selector: LabelSelector): LabelMatcher {
  try {
    return matcherFromLabelSelector(selector);
  } catch {
    return LabelMatcher.nothing;
  }
}

function compilePeer({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): CompiledPeer[] {
  if (ipBlock) {
    const range = addressRange(ipBlock);
    return range ? [{ kind: 'range', range }] : [];
  }
  if (!namespaceSelector && !podSelector) return [];
  const namespaces = namespaceSelector && { namespaces: matcher(namespaceSelector) };
  return [{ kind: 'pods', ...namespaces, pods: matcher(podSelector ?? {}) }];
}

const compilePort = ({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): CompiledPort => ({
  protocol,
  ...(port !== undefined && { port }),
  ...(endPort !== undefined && { endPort }),
});

/** A list that is empty restricts nothing, as one that is absent. */
function compileRule(peers: readonly NetworkPolicyPeer[] = [], ports: readonly NetworkPolicyPort[] = []): CompiledRule {
  return {
    ...(peers.length > 0 && { peers: peers.flatMap(compilePeer) }),
    ...(ports.length > 0 && { ports: ports.map(compilePort) }),
  };
}

const incoming = ({ from, ports }: NetworkPolicyIngressRule): CompiledRule => compileRule(from, ports);
const outgoing = ({ to, ports }: NetworkPolicyEgressRule): CompiledRule => compileRule(to, ports);

/** What the API server has written down, or would have: always Ingress, Egress where there are such rules. */
function typesOf({ policyTypes = [], egress = [] }: NetworkPolicySpec): readonly string[] {
  if (policyTypes.length > 0) return policyTypes;
  return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

export function compilePolicy({ metadata, spec = {} }: NetworkPolicy): CompiledPolicy {
  const { podSelector = {}, ingress = [], egress = [] } = spec;
  const types = typesOf(spec);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    pods: matcher(podSelector),
    rules: {
      ...(types.includes('Ingress') && { ingress: ingress.map(incoming) }),
      ...(types.includes('Egress') && { egress: egress.map(outgoing) }),
    },
  };
}
