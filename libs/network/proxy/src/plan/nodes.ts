import { BlockList, isIPv4 } from 'node:net';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';

/** The machine itself. */
export const MACHINE = '127.0.0.1';

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
  const internal = (status?.addresses ?? []).filter(({ type, address }) => type === 'InternalIP' && isIPv4(address));
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

/** Reads `a.b.c.d/n, …`; anything that is not an IPv4 range is left out. */
export function ipv4Ranges(cidrs: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [network, prefix] = cidr.trim().split('/');
    if (network && isIPv4(network) && prefix) ranges.addSubnet(network, Number(prefix), 'ipv4');
  }
  return ranges;
}

export type IsApiServer = (address: string, port: number) => boolean;

/** What of the addresses endpoints may have the proxy believes. */
export interface EndpointLimits {
  /** Addresses of Pods; every node's range is believed without it. */
  readonly clusterCidr?: string;
  /** Ranges of other addresses that Services may lead to. */
  readonly openEndpoints?: readonly string[];
  /** Whether an API server answers there: what its slices say is whatever their last writer put there. */
  readonly isApiServer?: IsApiServer;
  /** Addresses of the nodes of this machine; whatever a node says of itself counts without it. */
  readonly nodeCidr?: string;
}

const API_SERVICE = 'default/kubernetes';

const isOfMachine = (address: string): boolean =>
  ['127.', '169.254.', '0.'].some((prefix) => address.startsWith(prefix));

export interface Place {
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

interface KnownNode extends NodeFacts {
  readonly podRanges: BlockList;
}

/** The nodes as the proxy sees them: who owns an address, and which addresses endpoints may have. */
export class NodeMap {
  private readonly nodes = new Map<string, KnownNode>();
  private readonly podRanges: BlockList | undefined;
  private readonly openRanges: BlockList;
  private readonly isApiServer: IsApiServer;
  private readonly nodeRange: BlockList | undefined;

  /** `clusterAddress` answers what an address seen on this machine is in the cluster. */
  constructor(
    private readonly clusterAddress: (host: string) => string,
    { clusterCidr, openEndpoints = [], isApiServer = () => false, nodeCidr }: EndpointLimits = {},
  ) {
    this.podRanges = clusterCidr === undefined ? undefined : ipv4Ranges([clusterCidr]);
    this.openRanges = ipv4Ranges(openEndpoints);
    this.isApiServer = isApiServer;
    this.nodeRange = nodeCidr === undefined ? undefined : ipv4Ranges([nodeCidr]);
  }

  /** Answers whether anything changed that plans depend on. */
  set(told: NodeFacts): boolean {
    const facts = told.local ? { ...told, internalIPs: told.internalIPs.filter((ip) => this.mayBeNode(ip)) } : told;
    const known = this.nodes.get(facts.name);
    if (known) {
      const { podRanges: _, ...old } = known;
      if (JSON.stringify(old) === JSON.stringify(facts)) return false;
    }
    this.nodes.set(facts.name, { ...facts, podRanges: ipv4Ranges(facts.podCIDRs) });
    return true;
  }

  delete(name: string): boolean {
    return this.nodes.delete(name);
  }

  private mayBeNode(ip: string): boolean {
    return this.nodeRange?.check(this.clusterAddress(ip), 'ipv4') !== false;
  }

  /** The living nodes whose Pods are on this machine. */
  local(): NodeFacts[] {
    return [...this.nodes.values()].filter((node) => node.local && node.alive);
  }

  isLocal(name: string | undefined): boolean {
    return name !== undefined && this.nodes.get(name)?.local === true;
  }

  /**
   * The node a Pod or node address belongs to; carried addresses count as those of the cluster. The machine's own
   * loopback address is nobody's: clients and Pods of every local node may use that.
   */
  owner(address: string): string | undefined {
    if (address === MACHINE) return undefined;
    const real = this.clusterAddress(address);
    for (const node of this.nodes.values()) {
      if (node.internalIPs.includes(address) || node.podRanges.check(real, 'ipv4')) return node.name;
    }
    return undefined;
  }

  /** Whether it is a Pod's on this machine, whichever node's range holds it; undefined where nobody has said. */
  private isOfWire(address: string): boolean | undefined {
    return this.podRanges?.check(this.clusterAddress(address), 'ipv4');
  }

  /** Where a client is, as far as its address tells. */
  placeOf(client: string): Place {
    const node = this.owner(client);
    return { node, zone: node === undefined ? undefined : this.nodes.get(node)?.zone };
  }

  /** The one name of an address that belongs to `owner`: a Pod's may be written as it is carried. */
  nameOf(address: string, owner: string | undefined): string {
    const node = this.nodes.get(owner ?? '');
    return node?.local && !node.internalIPs.includes(address) ? this.clusterAddress(address) : address;
  }

  /**
   * Whether an endpoint may be carried to. Whoever may write Endpoints says where they lead: only to Pods and nodes there are, to
   * what the operator opened, and for the API server's own Service to where one answers.
   */
  permits(service: string, address: string, port: number): boolean {
    if (this.openRanges.check(address, 'ipv4')) return true;
    if (service === API_SERVICE && this.isApiServer(address, port)) return true;
    // Nor by the address that would be carried there, whoever says it is a node's.
    if (this.clusterAddress(address) === this.clusterAddress(MACHINE)) return false;
    const owner = this.nodes.get(this.owner(address) ?? '');
    if (!owner) return false;
    if (!owner.local) return !isOfMachine(address) && (owner.internalIPs.includes(address) || !this.isOfWire(address));
    return owner.internalIPs.includes(address) || this.isOfWire(address) !== false;
  }
}
