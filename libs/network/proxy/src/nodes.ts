import { BlockList, isIPv4 } from 'node:net';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { LOOPBACK_WIRE, WIRE_ANNOTATION, type WireAddress, wireAddress } from '@binnacle/machinery-wire';

/** The machine that carries every wire node. */
export const MACHINE = '127.0.0.1';

/** What the proxy needs to know of a node. Two equal facts make equal plans. */
export interface NodeFacts {
  readonly name: string;
  /** Its Pods live on this machine's loopback wire. */
  readonly wire: boolean;
  /** False once its heartbeats have stopped: a machine without power forwards nothing. */
  readonly alive: boolean;
  readonly internalIPs: readonly string[];
  readonly podCIDRs: readonly string[];
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

export function nodeFacts(node: Node): NodeFacts {
  return {
    name: node.metadata.name ?? '',
    wire: node.metadata.annotations?.[WIRE_ANNOTATION] === LOOPBACK_WIRE,
    alive: !isReadyUnknown(node),
    internalIPs: internalIPs(node),
    podCIDRs: podCIDRs(node),
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

interface KnownNode extends NodeFacts {
  readonly podRanges: BlockList;
}

/** The nodes as the proxy sees them: who owns an address, and where an address really is. */
export class NodeMap {
  private readonly nodes = new Map<string, KnownNode>();

  constructor(private readonly privileged: boolean) {}

  /** Answers whether anything changed that plans depend on. */
  set(facts: NodeFacts): boolean {
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

  /** The living nodes whose Pods are on the wire. */
  onWire(): NodeFacts[] {
    return [...this.nodes.values()].filter((node) => node.wire && node.alive);
  }

  isWire(name: string | undefined): boolean {
    return name !== undefined && this.nodes.get(name)?.wire === true;
  }

  /**
   * The node a Pod or node address belongs to; wire addresses count as the addresses they carry. The machine's own
   * loopback address is nobody's: clients and Pods of every wire node on it may use that.
   */
  owner(address: string): string | undefined {
    if (address === MACHINE) return undefined;
    const real = address.startsWith('127.') ? `10.${address.slice(4)}` : address;
    for (const node of this.nodes.values()) {
      if (node.internalIPs.includes(address) || node.podRanges.check(real, 'ipv4')) return node.name;
    }
    return undefined;
  }

  /** Where an endpoint of `node` is really dialled. */
  dialAddress(address: string, port: number, node: string | undefined): WireAddress {
    const onWire = this.isWire(node ?? this.owner(address));
    return onWire ? this.listenAddress(address, port) : { host: address, port };
  }

  /** Where a Service address is really listened on. */
  listenAddress(address: string, port: number): WireAddress {
    return wireAddress(address, port, this.privileged);
  }
}
