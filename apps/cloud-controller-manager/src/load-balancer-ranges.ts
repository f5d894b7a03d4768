import type { LogicalCluster } from '@binnacle/client-clusters';
import { AddressPool, type AddressPools } from '@binnacle/control-cloud';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { isQualifiedName } from '@binnacle/machinery-validation';
import { wireHost } from '@binnacle/machinery-wire';
import { ConfigError } from '@binnacle/process-config';

/** Ranges by class; undefined is the class of Services that name none. */
export type LoadBalancerRanges = ReadonlyMap<string | undefined, readonly string[]>;

/** @throws ConfigError */
function requireClass(name: string): void {
  const [complaint] = isQualifiedName(name);
  if (complaint) throw new ConfigError(`--load-balancer-cidr: "${name}" is no class of load balancers: ${complaint}`);
}

/** @throws ConfigError */
function requireRange(range: string): void {
  try {
    new AddressPool([range]);
  } catch (error) {
    throw new ConfigError(`--load-balancer-cidr: ${(error as Error).message}`);
  }
}

/** Reads `--load-balancer-cidr`: `<range>` and `<class>=<range>` with commas between. @throws ConfigError */
export function readLoadBalancerRanges(text: string): LoadBalancerRanges {
  const ranges = new Map<string | undefined, string[]>();
  for (const word of text.split(',').map((each) => each.trim())) {
    if (word === '') continue;
    const [range = '', name] = word.split('=').reverse();
    if (name !== undefined) requireClass(name);
    requireRange(range);
    ranges.set(name, [...(ranges.get(name) ?? []), range]);
  }
  return ranges;
}

/** In `main` what the operator says; in another cluster all classes share its own range, as this machine writes it. */
export function poolsIn({ name, network }: LogicalCluster, ranges: LoadBalancerRanges): AddressPools {
  if (name === DEFAULT_CLUSTER) return new Map([...ranges].map(([of, own]) => [of, new AddressPool(own)]));
  const own = new AddressPool(network.loadBalancerCIDR ? [wireHost(network.loadBalancerCIDR)] : []);
  return new Map([...ranges.keys()].map((of) => [of, own]));
}
