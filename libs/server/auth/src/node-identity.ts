import type { UserInfo } from './user-info.js';

export const NODES_GROUP = 'system:nodes';
/** The kubelet that runs the control plane itself may say so by its label. */
export const CONTROL_PLANE_NODES_GROUP = 'binnacle:control-plane-nodes';
const NODE_PREFIX = 'system:node:';
const AGENT_PREFIX = 'system:node-agent:';

/** A kubelet: of one node, or the agent that carries many simulated ones. The name may be empty, which is nobody's. */
export interface NodeIdentity {
  readonly kind: 'node' | 'agent';
  readonly name: string;
}

/** Behaves as kubernetes pkg/auth/nodeidentifier. Undefined for who is no kubelet. */
export function nodeIdentity({ name, groups }: UserInfo): NodeIdentity | undefined {
  if (!groups.includes(NODES_GROUP)) return undefined;
  if (name.startsWith(NODE_PREFIX)) return { kind: 'node', name: name.slice(NODE_PREFIX.length) };
  if (name.startsWith(AGENT_PREFIX)) return { kind: 'agent', name: name.slice(AGENT_PREFIX.length) };
  return undefined;
}

/** As messages name it. */
export const identityText = ({ kind, name }: NodeIdentity): string =>
  `${kind === 'node' ? 'node' : 'node agent'} ${JSON.stringify(name)}`;

/** The `spec.providerID` of a simulated node, which names for ever the agent that carries it. */
export const agentProviderId = (agent: string, node: string): string => `simulated://${agent}/${node}`;

const SIMULATED_RUNTIME = 'simulated://';

/** What of a Node says whose it is. */
export interface NodeClaim {
  readonly name: string;
  readonly providerId: string;
  readonly runtimeVersion: string;
}

/**
 * Whether a Node is one that the caller answers for. A simulated Node without a providerID is from before there were
 * any, and may be claimed.
 */
export function carriesClaim({ kind, name }: NodeIdentity, claim: NodeClaim): boolean {
  if (name === '') return false;
  if (kind === 'node') return claim.name === name;
  if (claim.providerId === '') return claim.runtimeVersion.startsWith(SIMULATED_RUNTIME);
  return claim.providerId === agentProviderId(name, claim.name);
}
