import type { Node, NodeAddress } from '@binnacle/apis-kubernetes/core/v1';
import { formatIp, parseIp } from '@binnacle/machinery-validation';

/** On a Node: the addresses its kubelet was told to have, with commas between. */
const ANNOTATION_PROVIDED_IP = 'alpha.kubernetes.io/provided-node-ip';

function parsedIps(text: string): string[] {
  return text.split(',').map((each) => {
    const bytes = parseIp(each.trim());
    if (!bytes) throw new Error(`failed to parse node IP "${text}"`);
    return formatIp(bytes);
  });
}

/**
 * What a cloud says of a node that was told its address: that first, as the only one of its type. Throws where the cloud does not
 * have it. Models k8s.io/cloud-provider node/helpers GetNodeAddressesFromNodeIP.
 */
function enforced(provided: string, addresses: readonly NodeAddress[]): NodeAddress[] {
  const first = parsedIps(provided).flatMap((ip) => {
    const matched = addresses.filter(({ address }) => formatIp(parseIp(address) ?? []) === ip);
    if (matched.length === 0) throw new Error(`failed to get node address from cloud provider that matches ip: ${ip}`);
    return matched;
  });
  const types = new Set(first.map(({ type }) => type));
  return [...first, ...addresses.filter(({ type }) => !types.has(type))];
}

const hostnames = (addresses: readonly NodeAddress[] = []): NodeAddress[] =>
  addresses.filter(({ type }) => type === 'Hostname');

/**
 * The addresses of a node, by what its cloud says of it; a hostname that only the node knows stays. Throws where those the node
 * was told to have are not among them. Models CloudNodeController updateNodeAddress.
 */
export function addressesOf({ metadata, status }: Node, told: readonly NodeAddress[]): NodeAddress[] {
  const all = hostnames(told).length > 0 ? told : [...told, ...hostnames(status?.addresses)];
  const provided = metadata.annotations?.[ANNOTATION_PROVIDED_IP];
  return provided === undefined ? [...all] : enforced(provided, all);
}

const textOf = (addresses: readonly NodeAddress[] = []): string =>
  addresses
    .map(({ type, address }) => `${type} ${address}`)
    .sort()
    .join('\n');

/** Undefined where the node says so already, in whatever order, or the cloud says nothing. */
export function planAddresses(node: Node, told: readonly NodeAddress[] = []): NodeAddress[] | undefined {
  if (told.length === 0) return undefined;
  const addresses = addressesOf(node, told);
  return textOf(addresses) === textOf(node.status?.addresses) ? undefined : addresses;
}
