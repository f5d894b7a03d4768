import { BlockList, isIP, isIPv6 } from 'node:net';
import { type WireAddress, wireAddress } from '@binnacle/machinery-wire';

const DNS_PORT = 53;

/** A server of names as somebody wrote it: an address, and a port where that is not 53. */
export interface NameServer {
  readonly ip: string;
  readonly port: number;
}

/** Reads `1.2.3.4`, `1.2.3.4:5353`, `::1` or `[::1]:5353`; undefined for anything else. */
export function nameServer(text: string): NameServer | undefined {
  if (isIP(text)) return { ip: text, port: DNS_PORT };
  const [, ip = '', port = ''] = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  const isWhole = isIP(ip) !== 0 && text.startsWith('[') === isIPv6(ip);
  const number = Number(port);
  return isWhole && number > 0 && number < 0x10000 ? { ip, port: number } : undefined;
}

export const textOf = ({ ip, port }: NameServer): string => (isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`);

/** Ranges `a.b.c.d/n` or `a::/n`. @throws Error for what is none */
export function ranges(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix = ''] = cidr.split('/');
    if (isIP(network) === 0 || !/^\d+$/.test(prefix)) throw new Error(`"${cidr}" is no range of addresses`);
    list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}

const holds = (list: BlockList, ip: string): boolean => list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');

export interface ReachOptions {
  /** The cluster's own networks, of Pods and Services: what is there is reached on the wire. */
  readonly cluster: readonly string[];
  /** Servers that the operator named. */
  readonly named: readonly NameServer[];
  /** Ranges beyond that, which the operator opened. */
  readonly opened: readonly string[];
  /** Whether ports below 1024 may be opened on the wire. */
  readonly privileged: boolean;
  /** Whether somebody holds a socket at exactly an address of this machine. */
  readonly isHeld: (place: WireAddress) => Promise<boolean>;
}

/**
 * Where servers are asked that a ConfigMap of a cluster names. Whoever may write it could have this program send messages
 * anywhere: it sends them to the cluster's own addresses, and to those that the operator allows.
 */
export class Reach {
  private readonly cluster: BlockList;
  private readonly opened: BlockList;

  constructor(private readonly options: ReachOptions) {
    this.cluster = ranges(options.cluster);
    this.opened = ranges(options.opened);
  }

  /** Whether a server may be asked. */
  permits(server: NameServer): boolean {
    return this.isInCluster(server) || this.isOpened(server);
  }

  /** Where it is asked. Rejects where it may not be, or where nobody is there. */
  async place(server: NameServer): Promise<WireAddress> {
    const { ip, port } = server;
    if (!this.isInCluster(server)) {
      if (!this.isOpened(server)) throw new Error(`${textOf(server)} is not opened`);
      return { host: ip, port };
    }
    const place = wireAddress(ip, port, this.options.privileged);
    // A program that listens at all addresses of this machine is nobody in the cluster.
    if (!(await this.options.isHeld(place))) throw new Error(`nobody is at ${textOf(server)}`);
    return place;
  }

  private isInCluster({ ip }: NameServer): boolean {
    return holds(this.cluster, ip);
  }

  private isOpened({ ip, port }: NameServer): boolean {
    return holds(this.opened, ip) || this.options.named.some((named) => named.ip === ip && named.port === port);
  }
}
