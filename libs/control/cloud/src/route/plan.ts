import type { Node, NodeAddress, NodeCondition } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition } from '@binnacle/machinery-meta';
import {
  type AddressBytes,
  type Cidr,
  cidrContains,
  networkOf,
  parseCidr,
  semanticEqual,
} from '@binnacle/machinery-validation';
import type { Route } from '../provider/cloud-provider.js';

/** A route that a node lacks. */
export interface WantedRoute {
  readonly node: Node;
  readonly route: Route;
}

export interface RoutePlan {
  readonly remove: readonly Route[];
  /** What is put right stands here and in `remove`. */
  readonly create: readonly WantedRoute[];
}

const nameOf = ({ metadata }: Node): string => metadata.name ?? '';
const rangesOf = ({ spec }: Node): readonly string[] => spec?.podCIDRs ?? [];

function lastOf({ address, prefix }: Cidr): AddressBytes {
  return address.map((byte, at) => byte | (255 >> Math.min(8, Math.max(0, prefix - at * 8))));
}

/** Whether a route is of the cluster's own range, and so this controller's to remove. Models isResponsibleForRoute. */
function isOurs({ destinationCIDR }: Route, clusterCidrs: readonly string[]): boolean {
  const range = parseCidr(destinationCIDR);
  if (!range) return false;
  const [first, last] = [networkOf(range), lastOf(range)];
  return clusterCidrs.some((text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && (cidrContains(cidr, first) || cidrContains(cidr, last));
  });
}

const sorted = (addresses: readonly NodeAddress[] = []): string[] =>
  addresses.map(({ type, address }) => `${type} ${address}`).sort();

/** A cloud that routes to addresses has to be told of others. */
const leadsTo = ({ targetNodeAddresses }: Route, { status }: Node): boolean =>
  targetNodeAddresses === undefined || semanticEqual(sorted(targetNodeAddresses), sorted(status?.addresses));

const isOf = (route: Route, node: Node, cidr: string): boolean =>
  route.targetNode === nameOf(node) && route.destinationCIDR === cidr;

/** What has to be done so that the ranges of all nodes lead to them. Models controllers/route reconcile. */
export function planRoutes(
  nodes: readonly Node[],
  routes: readonly Route[],
  clusterCidrs: readonly string[],
): RoutePlan {
  const wanted = nodes.flatMap((node) => rangesOf(node).map((cidr) => ({ node, cidr })));
  const isRight = (route: Route) =>
    !route.blackhole && wanted.some(({ node, cidr }) => isOf(route, node, cidr) && leadsTo(route, node));
  const right = routes.filter(isRight);
  const missing = wanted.filter(({ node, cidr }) => !right.some((route) => isOf(route, node, cidr)));
  return {
    remove: routes.filter((route) => isOurs(route, clusterCidrs) && !right.includes(route)),
    create: missing.map(({ node, cidr }) => ({
      node,
      route: { targetNode: nameOf(node), destinationCIDR: cidr, targetNodeAddresses: node.status?.addresses ?? [] },
    })),
  };
}

/** Whether a node is to be told about its routes: one that has ranges, or a route that leads to it. */
export const isRouted = (node: Node, routes: readonly Route[]): boolean =>
  rangesOf(node).length > 0 || routes.some(({ targetNode }) => targetNode === nameOf(node));

const VERDICTS = {
  created: { status: 'False', reason: 'RouteCreated', message: 'RouteController created a route' },
  missing: { status: 'True', reason: 'NoRouteCreated', message: 'RouteController failed to create a route' },
} as const;

/** The condition of a node whose routes are all there, or not; undefined where it says so. Models updateNetworkingCondition. */
export function planCondition(node: Node, areThere: boolean, time: string): NodeCondition | undefined {
  const verdict = VERDICTS[areThere && rangesOf(node).length > 0 ? 'created' : 'missing'];
  const before = findCondition(node.status?.conditions, 'NetworkUnavailable');
  if (before?.status === verdict.status && before.reason === verdict.reason) return undefined;
  return { type: 'NetworkUnavailable', ...verdict, lastHeartbeatTime: time, lastTransitionTime: time };
}
