import type { Socket } from 'node:net';
import { carriedAddress } from '@binnacle/machinery-wire';

/** This machine and its nodes: nothing of the cluster is carried there. */
const MACHINE = '127.0.0.';

/** Whom a peer's address on this machine stands for, as the cluster names it. */
export const clusterAddress = (host: string): string => (host.startsWith(MACHINE) ? host : carriedAddress(host));

/** Who asked, in the cluster's addresses. */
export const clientOf = ({ remoteAddress = '', remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${clusterAddress(remoteAddress)}:${remotePort}`;
