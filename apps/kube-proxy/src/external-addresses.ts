import { isOfWire, mayBeExternal } from '@binnacle/machinery-wire';
import { Ranges } from '@binnacle/network-proxy';

/** Whether Services may be given an address, as the cluster writes it. */
export type MayBeExternal = (address: string) => boolean;

export interface MainAddresses {
  /** What the operator lets Services be given. */
  readonly externalCidrs: readonly string[];
  /** Of Pods and Services, which no other Service gets. */
  readonly taken: readonly string[];
  /** Those this machine has at the moment. */
  readonly ofMachine: () => readonly string[];
}

/** In `main`: of what the operator opened, what is on the wire, or held by this machine. */
export function externalInMain({ externalCidrs, taken, ofMachine }: MainAddresses): MayBeExternal {
  const [opened, others] = [new Ranges(externalCidrs), new Ranges(taken)];
  return (address) => {
    if (!opened.has(address) || others.has(address)) return false;
    return isOfWire(address) ? mayBeExternal(address) : ofMachine().includes(address);
  };
}

/** In another cluster: what of its own network is neither of Pods, Services nor nodes. `taken` are the ranges of those. */
export function externalInCluster(serviceCidr: string, taken: readonly string[]): MayBeExternal {
  const others = new Ranges(taken);
  return (address) => mayBeExternal(address, serviceCidr) && !others.has(address);
}
