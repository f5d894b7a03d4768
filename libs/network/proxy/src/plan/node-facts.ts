import { isIP } from 'node:net';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';

/** What the proxy needs to know of a node. Two equal facts make equal plans. */
export interface NodeFacts {
  readonly name: string;
  /** Its Pods are on this machine. */
  readonly local: boolean;
  /** False once its heartbeats have stopped: a machine without power forwards nothing. */
  readonly alive: boolean;
  readonly internalIPs: readonly string[];
  readonly podCIDRs: readonly string[];
  readonly zone?: string;
}

const isReadyUnknown = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'Unknown') ?? false;

function internalIPs({ status }: Node): string[] {
  const internal = (status?.addresses ?? []).filter(
    ({ type, address }) => type === 'InternalIP' && isIP(address) !== 0,
  );
  return internal.map(({ address }) => address);
}

function podCIDRs({ spec }: Node): readonly string[] {
  if (spec?.podCIDRs?.length) return spec.podCIDRs;
  return spec?.podCIDR ? [spec.podCIDR] : [];
}

export function nodeFacts(node: Node, local: boolean): NodeFacts {
  const zone = node.metadata.labels?.[LABEL_TOPOLOGY_ZONE];
  return {
    name: node.metadata.name ?? '',
    local,
    alive: !isReadyUnknown(node),
    internalIPs: internalIPs(node),
    podCIDRs: podCIDRs(node),
    ...(zone && { zone }),
  };
}
