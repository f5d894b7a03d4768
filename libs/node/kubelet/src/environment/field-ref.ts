import type { Container, Pod, ResourceFieldSelector } from '@binnacle/apis-kubernetes/core/v1';
import { own } from '@binnacle/machinery-meta';
import { toMillis, toUnits } from '@binnacle/machinery-quantity';
import { findContainer, podName, podNamespace, podUid } from '../pod/identity.js';

/** What of a Pod is known only on its node. */
export interface PodPlace {
  readonly podIp: string;
  readonly hostIp: string;
  readonly nodeName: string;
  readonly allocatable: Readonly<Record<string, string>>;
}

const SUBSCRIPT = /^metadata\.(labels|annotations)\['(.+)'\]$/;

const mapText = (map: Record<string, string> | undefined) =>
  Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');

/** The value of a downward API field. Throws for a path there is none of. */
export function fieldValue(pod: Pod, path: string, place: PodPlace): string {
  const subscript = SUBSCRIPT.exec(path);
  if (subscript) return own(pod.metadata?.[subscript[1] as 'labels' | 'annotations'], subscript[2] ?? '') ?? '';
  const fields: Record<string, () => string> = {
    'metadata.name': () => podName(pod),
    'metadata.namespace': () => podNamespace(pod),
    'metadata.uid': () => podUid(pod),
    'metadata.labels': () => mapText(pod.metadata?.labels),
    'metadata.annotations': () => mapText(pod.metadata?.annotations),
    'spec.nodeName': () => place.nodeName,
    'spec.serviceAccountName': () => pod.spec?.serviceAccountName ?? '',
    'status.hostIP': () => place.hostIp,
    'status.hostIPs': () => place.hostIp,
    'status.podIP': () => place.podIp,
    'status.podIPs': () => place.podIp,
  };
  const field = own(fields, path);
  if (!field) throw new Error(`unsupported fieldPath: ${path}`);
  return field();
}

function divide(resource: string, quantity: string | number, divisor: string | number): string {
  const isCpu = resource.endsWith('.cpu');
  const amount = isCpu ? toMillis(quantity) : toUnits(quantity);
  const by = isCpu ? toMillis(divisor) : toUnits(divisor);
  // A divisor of zero is one that was not given.
  return String(Math.ceil(amount / (by || (isCpu ? 1000 : 1))));
}

/** A container's own limit or request, rounded up to whole divisors; an absent limit is all the node can give. */
export function resourceValue(pod: Pod, self: Container, selector: ResourceFieldSelector, place: PodPlace): string {
  const container = selector.containerName ? findContainer(pod, selector.containerName) : self;
  if (!container) throw new Error(`container ${selector.containerName} not found`);
  const [kind, ...rest] = selector.resource.split('.');
  const name = rest.join('.');
  if (kind !== 'limits' && kind !== 'requests') throw new Error(`unsupported container resource: ${selector.resource}`);
  const { limits, requests } = container.resources ?? {};
  const given = kind === 'limits' ? { ...place.allocatable, ...limits } : { ...limits, ...requests };
  return divide(selector.resource, own(given, name) ?? '0', selector.divisor ?? '0');
}
