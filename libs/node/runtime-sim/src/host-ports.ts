/**
 * Whether a host port is opened at the node's own address, whatever address of this machine is asked for. The node's localhost is
 * another address, which nothing leads to here: who asks for that takes nobody's port.
 */
export const isOpenedAtNode = (asked: string | undefined, hostIp: string): boolean =>
  !asked || asked === '0.0.0.0' || asked === hostIp;
