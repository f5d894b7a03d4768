import { type Gateway, GATEWAY_GROUP, type ParentReference } from '@binnacle/apis-gateway';
import type { LabelSelector } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { coversHost } from '../table/host-name.js';
import type { ReadListener } from './listeners.js';
import { no, type Said, yes } from './said.js';

/** What of a route says where it belongs. */
export interface RoutePlace {
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  readonly namespace: string;
  /** In lower case; none for those of the listener. */
  readonly hostnames: readonly string[];
}

/** A listener that a route is attached to, and the hosts it has there. */
export interface Attached {
  readonly listener: ReadListener;
  readonly hosts: readonly string[];
}

export interface Attachment {
  readonly accepted: Said;
  readonly attached: readonly Attached[];
}

export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>> | undefined;

/** The Gateway that a parent reference means, as `namespace/name`; undefined for what is no Gateway. */
export function gatewayKey(parent: ParentReference, namespace: string): string | undefined {
  const { group = GATEWAY_GROUP, kind = 'Gateway' } = parent;
  return group === GATEWAY_GROUP && kind === 'Gateway' ? `${parent.namespace ?? namespace}/${parent.name}` : undefined;
}

function isWanted({ sectionName, port }: ParentReference, { listener }: ReadListener): boolean {
  return (sectionName === undefined || sectionName === listener.name) && (port === undefined || port === listener.port);
}

function letsIn(
  gateway: Gateway,
  { listener, kinds }: ReadListener,
  route: RoutePlace,
  labels: NamespaceLabels,
): boolean {
  if (!kinds.some(({ kind }) => kind === route.kind)) return false;
  const { from = 'Same', selector = {} } = listener.allowedRoutes?.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Same') return route.namespace === gateway.metadata.namespace;
  if (from !== 'Selector') return false;
  const own = labels(route.namespace);
  return own !== undefined && selects(selector, own);
}

function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  try {
    return matcherFromLabelSelector(selector).matches(labels);
  } catch {
    // Somebody let a selector in that is none.
    return false;
  }
}

const isWildcard = (host: string): boolean => host.startsWith('*.');

/** The more specific of two hostnames that have hosts in common; undefined where they have none. */
function common(a: string, b: string): string | undefined {
  if (a === b || b === '') return a;
  if (a === '') return b;
  if (isWildcard(a) && coversHost(a, b, 'any')) return b;
  return isWildcard(b) && coversHost(b, a, 'any') ? a : undefined;
}

/** The hosts a route has at a listener. */
export function hostsAt(listener: string, hostnames: readonly string[]): string[] {
  if (hostnames.length === 0) return [listener];
  return hostnames.flatMap((hostname) => common(hostname, listener) ?? []);
}

/** Which listeners of a Gateway a route is attached to by one of its parent references, or why to none. */
export function attach(
  gateway: Gateway,
  listeners: readonly ReadListener[],
  parent: ParentReference,
  route: RoutePlace,
  labels: NamespaceLabels,
): Attachment {
  const refused = (reason: string, message: string): Attachment => ({
    accepted: no('Accepted', reason, message),
    attached: [],
  });
  const wanted = listeners.filter((one) => isWanted(parent, one));
  if (wanted.length === 0) return refused('NoMatchingParent', 'the Gateway has no such listener');
  const open = wanted.filter((one) => letsIn(gateway, one, route, labels));
  if (open.length === 0)
    return refused('NotAllowedByListeners', `no listener takes a ${route.kind} of the namespace ${route.namespace}`);
  const attached = open
    .map((listener) => ({ listener, hosts: hostsAt(listener.hostname, route.hostnames) }))
    .filter(({ hosts }) => hosts.length > 0);
  if (attached.length === 0)
    return refused('NoMatchingListenerHostname', 'no hostname of the route is one of the listener');
  return { accepted: yes('Accepted'), attached };
}
