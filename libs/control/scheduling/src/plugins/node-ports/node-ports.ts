import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { Rejection } from '../../framework/rejection.js';
import { ANY_ADDRESS, type HostPort } from '../../pod/pod-info.js';

const rejection: Rejection = {
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
  unresolvable: false,
};

/** One address of two is every address: then the numbers decide. */
export function portsConflict(a: HostPort, b: HostPort): boolean {
  const sameAddress = a.ip === b.ip || a.ip === ANY_ADDRESS || b.ip === ANY_ADDRESS;
  return a.port === b.port && a.protocol === b.protocol && sameAddress;
}

export const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  lasting: true,
  preFilter({ hostPorts }, { nodes }) {
    if (hostPorts.length === 0) return undefined;
    return (row) => {
      for (const other of nodes.at(row).pods.values()) {
        const taken = other.hostPorts.some((port) => hostPorts.some((wanted) => portsConflict(wanted, port)));
        if (taken) return rejection;
      }
      return undefined;
    };
  },
  eventsToRegister: () => [
    on('Pod', ['Delete'], ({ hostPorts }, { old }) =>
      (old?.hostPorts ?? []).some((port) => hostPorts.some((wanted) => portsConflict(wanted, port))),
    ),
    on('Node', ['Add']),
  ],
};
