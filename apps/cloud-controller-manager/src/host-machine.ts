import { availableParallelism, hostname, totalmem } from 'node:os';
import type { HostMachine } from '@binnacle/control-cloud';
import { instanceTypeOf } from './simulated-machines.js';

const GIBIBYTE = 2 ** 30;

/** This machine, as the node of a name. */
export function hostMachine(nodeName: string): HostMachine {
  const instanceType = instanceTypeOf('host', String(availableParallelism()), `${Math.round(totalmem() / GIBIBYTE)}Gi`);
  return { nodeName, providerID: `host://${hostname()}`, ...(instanceType && { instanceType }) };
}
