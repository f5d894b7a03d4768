import type { NodeFacts } from './node-facts.js';
import { RangeMap, Ranges } from './ranges.js';

/** The machine itself. */
export const MACHINE = '127.0.0.1';

export type IsApiServer = (address: string, port: number) => boolean;

/** What of the addresses endpoints may have the proxy believes. */
export interface EndpointLimits {
  /** Addresses of Pods, with commas between ranges; every node's range is believed without it. */
  readonly clusterCidr?: string;
  /** Ranges of other addresses that Services may lead to. */
  readonly openEndpoints?: readonly string[];
  /** Whether an API server answers there: what its slices say is whatever their last writer put there. */
  readonly isApiServer?: IsApiServer;
  /** Addresses of the nodes of this machine; whatever a node says of itself counts without it. */
  readonly nodeCidr?: string;
}

const API_SERVICE = 'default/kubernetes';

/** Loopback and link-local addresses, whichever machine they are asked on. */
const ofEveryMachine = new Ranges(['127.0.0.0/8', '169.254.0.0/16', '0.0.0.0/8', '::/127', 'fe80::/10']);
/** The same of the family that the wire does not carry. */
const unspoken = new Ranges(['::/127', 'fe80::/10']);

export interface Place {
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

/** Where addresses are: those of nodes one by one, those of Pods by the range they lie in. */
interface AddressIndex {
  readonly nodes: ReadonlyMap<string, string>;
  readonly pods: RangeMap<string>;
}

function indexOf(nodes: Iterable<NodeFacts>): AddressIndex {
  const own = new Map<string, string>();
  const pods = new RangeMap<string>();
  for (const { name, internalIPs, podCIDRs } of nodes) {
    for (const ip of internalIPs) if (!own.has(ip)) own.set(ip, name);
    for (const cidr of podCIDRs) pods.add(cidr, name);
  }
  return { nodes: own, pods };
}

/** The nodes as the proxy sees them: who owns an address, and which addresses endpoints may have. */
export class NodeMap {
  private readonly nodes = new Map<string, NodeFacts>();
  private readonly podRanges: Ranges | undefined;
  private readonly openRanges: Ranges;
  private readonly isApiServer: IsApiServer;
  private readonly nodeRange: Ranges | undefined;
  /** Made when it is asked for: nodes seldom change. */
  private index: AddressIndex | undefined;

  /** `clusterAddress` answers what an address seen on this machine is in the cluster. */
  constructor(
    private readonly clusterAddress: (host: string) => string,
    { clusterCidr, openEndpoints = [], isApiServer = () => false, nodeCidr }: EndpointLimits = {},
  ) {
    this.podRanges = clusterCidr === undefined ? undefined : new Ranges(clusterCidr.split(','));
    this.openRanges = new Ranges(openEndpoints);
    this.isApiServer = isApiServer;
    this.nodeRange = nodeCidr === undefined ? undefined : new Ranges([nodeCidr]);
  }

  /** Answers whether anything changed that plans depend on. */
  set(told: NodeFacts): boolean {
    const facts = told.local ? { ...told, internalIPs: told.internalIPs.filter((ip) => this.mayBeNode(ip)) } : told;
    if (JSON.stringify(this.nodes.get(facts.name)) === JSON.stringify(facts)) return false;
    this.nodes.set(facts.name, facts);
    this.index = undefined;
    return true;
  }

  delete(name: string): boolean {
    this.index = undefined;
    return this.nodes.delete(name);
  }

  private mayBeNode(ip: string): boolean {
    return this.nodeRange?.has(this.clusterAddress(ip)) !== false;
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
    return this.addresses.nodes.get(address) ?? this.addresses.pods.find(this.clusterAddress(address));
  }

  /** Whether an address lies where Pods have theirs, and is no node's own. */
  isPod(address: string): boolean {
    return address !== MACHINE && !this.addresses.nodes.has(address) && this.ownsPods(address);
  }

  private ownsPods(address: string): boolean {
    return this.addresses.pods.find(this.clusterAddress(address)) !== undefined;
  }

  /** Whether an address is a node's, or one that a Pod has or may get. */
  holds(address: string): boolean {
    return this.owner(address) !== undefined || this.isOfPods(address) === true;
  }

  private get addresses(): AddressIndex {
    this.index ??= indexOf(this.nodes.values());
    return this.index;
  }

  /** Whether it is a Pod's on this machine, whichever node's range holds it; undefined where nobody has said. */
  private isOfPods(address: string): boolean | undefined {
    return this.podRanges?.has(this.clusterAddress(address));
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
    if (this.openRanges.has(address)) return true;
    if (service === API_SERVICE && this.isApiServer(address, port)) return true;
    // Nor by the address that would be carried there, whoever says it is a node's.
    if (this.clusterAddress(address) === this.clusterAddress(MACHINE) || unspoken.has(address)) return false;
    const owner = this.nodes.get(this.owner(address) ?? '');
    return owner !== undefined && this.isIn(owner, address);
  }

  private isIn({ internalIPs, local }: NodeFacts, address: string): boolean {
    const isNode = internalIPs.includes(address);
    if (local) return isNode || this.isOfPods(address) !== false;
    return !ofEveryMachine.has(address) && (isNode || !this.isOfPods(address));
  }
}
