import type { NodeMap } from './nodes.js';
import { MACHINE } from './nodes.js';
import type { Ranges } from './ranges.js';

/** Where traffic from outside of the cluster comes in. */
export interface Exit {
  readonly host: string;
  /** Whose endpoints count as local to this address. */
  readonly isLocal: (node: string | undefined) => boolean;
  readonly scope: string;
}

export interface ExitFacts {
  readonly nodes: NodeMap;
  /** Which local addresses carry NodePorts; undefined for all of them. */
  readonly nodePortRanges: Ranges | undefined;
  /** Addresses of this machine beside loopback, as others reach it at. */
  readonly machineAddresses?: readonly string[];
  /** False where NodePorts are open at the addresses of nodes only, and the machine's are another cluster's. */
  readonly ownsMachine?: boolean;
}

/** An address that stands for the machine with all its nodes. */
export function machineExit(nodes: NodeMap, host: string): Exit {
  return { host, isLocal: (node) => nodes.isLocal(node), scope: 'machine' };
}

/** 127.0.0.1, like the machine's other addresses, stands for the machine with all its nodes; a node's own address stands for that node. */
export function nodePortExits({ nodes, nodePortRanges, machineAddresses = [], ownsMachine = true }: ExitFacts): Exit[] {
  const exits = (ownsMachine ? [MACHINE, ...machineAddresses] : []).map((host) => machineExit(nodes, host));
  for (const facts of nodes.local()) {
    for (const host of facts.internalIPs) {
      if (host !== MACHINE) exits.push({ host, isLocal: (node) => node === facts.name, scope: `node ${facts.name}` });
    }
  }
  return exits.filter(({ host }) => nodePortRanges?.has(host) ?? true);
}
