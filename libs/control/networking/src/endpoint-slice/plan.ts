import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { semanticEqual } from '@binnacle/machinery-validation';
import { portsKey } from '../slices/ports-key.js';
import type { SlicePlan } from '../slices/slice-writer.js';
import { type AddressType, addressTypes, endpointsOf, type Nodes, type PortGroup } from './endpoints-of.js';
import { emptySlice, hasRightMetadata, withRightMetadata } from './slice-metadata.js';
import { topologyHints } from './topology-hints.js';
import { wantsTopologyHints, type ZoneShares } from './zone-shares.js';

export const MOST_ENDPOINTS = 100;

/** A slice while it is being filled. */
interface Draft {
  readonly slice: EndpointSlice;
  endpoints: Endpoint[];
}

const identity = ({ addresses, targetRef }: Endpoint): string => `${addresses[0]}|${targetRef?.uid ?? ''}`;
/** Keeps each endpoint in the slice where it is, so that a change of one Pod changes one slice. Answers what has no place. */
function keepInPlace(drafts: readonly Draft[], wanted: readonly Endpoint[]): Endpoint[] {
  const homeless = new Map(wanted.map((endpoint) => [identity(endpoint), endpoint]));
  for (const draft of drafts) {
    draft.endpoints = (draft.slice.endpoints ?? []).flatMap((endpoint) => {
      const next = homeless.get(identity(endpoint));
      homeless.delete(identity(endpoint));
      return next ? [next] : [];
    });
  }
  return [...homeless.values()];
}

/** Fills slices that change anyway first, the fullest before others, then the rest, then new ones. */
function settle(drafts: readonly Draft[], homeless: readonly Endpoint[]): Endpoint[][] {
  const changed = ({ slice, endpoints }: Draft) => !semanticEqual(slice.endpoints, endpoints);
  const order = [...drafts].sort(
    (a, b) => Number(changed(b)) - Number(changed(a)) || b.endpoints.length - a.endpoints.length,
  );
  let left = [...homeless];
  for (const draft of order) {
    const room = MOST_ENDPOINTS - draft.endpoints.length;
    draft.endpoints = [...draft.endpoints, ...left.slice(0, room)];
    left = left.slice(room);
  }
  const fresh: Endpoint[][] = [];
  for (let start = 0; start < left.length; start += MOST_ENDPOINTS)
    fresh.push(left.slice(start, start + MOST_ENDPOINTS));
  return fresh;
}

function planGroup(
  service: Service,
  type: AddressType,
  group: PortGroup,
  existing: readonly EndpointSlice[],
): SlicePlan {
  const drafts: Draft[] = existing.map((slice) => ({ slice, endpoints: [] }));
  const fresh = settle(drafts, keepInPlace(drafts, group.endpoints));
  const ports = [...group.ports];
  const kept = drafts.filter(({ endpoints }) => endpoints.length > 0);
  return {
    create: fresh.map((endpoints) => ({ ...emptySlice(service, type), endpoints, ports })),
    update: kept
      .filter(({ slice, endpoints }) => !semanticEqual(slice.endpoints, endpoints) || !hasRightMetadata(service, slice))
      .map(({ slice, endpoints }) => ({ ...withRightMetadata(service, slice), endpoints })),
    remove: drafts.filter(({ endpoints }) => endpoints.length === 0).map(({ slice }) => slice),
  };
}

function merge(plans: readonly SlicePlan[]): SlicePlan {
  return {
    create: plans.flatMap(({ create }) => create),
    update: plans.flatMap(({ update }) => update),
    remove: plans.flatMap(({ remove }) => remove),
  };
}

/** One slice stays when there is no endpoint, to say so. */
function withPlaceholder(service: Service, type: AddressType, existing: readonly EndpointSlice[]): SlicePlan {
  const [keep, ...surplus] = existing;
  if (!keep) return { create: [emptySlice(service, type)], update: [], remove: [] };
  const right = !keep.endpoints?.length && !keep.ports?.length && hasRightMetadata(service, keep);
  const emptied = { ...withRightMetadata(service, keep), endpoints: [], ports: [] };
  return { create: [], update: right ? [] : [emptied], remove: surplus };
}

function planType(
  service: Service,
  type: AddressType,
  existing: readonly EndpointSlice[],
  groups: PortGroup[],
): SlicePlan {
  if (groups.length === 0) return withPlaceholder(service, type, existing);
  const ofGroup = (group: PortGroup) => existing.filter(({ ports }) => portsKey(ports) === portsKey(group.ports));
  const known = new Set(groups.map(({ ports }) => portsKey(ports)));
  const stale = existing.filter(({ ports }) => !known.has(portsKey(ports)));
  const plans = groups.map((group) => planGroup(service, type, group, ofGroup(group)));
  return reuse(merge([...plans, { create: [], update: [], remove: stale }]));
}

/** A slice that would be deleted beside one that would be created is changed instead. */
function reuse({ create, update, remove }: SlicePlan): SlicePlan {
  const pairs = Math.min(create.length, remove.length);
  const recycled = create.slice(0, pairs).map((slice, index) => {
    const { labels, ownerReferences } = slice.metadata;
    return { ...slice, metadata: { ...remove[index]?.metadata, labels, ownerReferences } };
  });
  return { create: create.slice(pairs), update: [...update, ...recycled], remove: remove.slice(pairs) };
}

/** For whom endpoints are, where the Service asks that zones share them. */
function hinted(groups: PortGroup[], existing: readonly EndpointSlice[], shares: ZoneShares | undefined) {
  const known = existing.flatMap(({ endpoints = [] }) => endpoints ?? []);
  const before = new Map(known.map((endpoint) => [identity(endpoint), endpoint.hints?.forZones?.[0]?.name]));
  const ready = groups.flatMap(({ endpoints }) => endpoints).filter(({ conditions }) => conditions?.ready);
  const hints = topologyHints(ready, (endpoint) => before.get(identity(endpoint)), shares);
  if ('why' in hints) return { groups, why: hints.why };
  const withHint = (endpoint: Endpoint) => {
    const name = hints.zones.get(endpoint);
    return name === undefined ? endpoint : { ...endpoint, hints: { forZones: [{ name }] } };
  };
  return { groups: groups.map((group) => ({ ...group, endpoints: group.endpoints.map(withHint) })) };
}

/** What became of the zones a Service asked to have shared. */
export interface TopologyOutcome {
  readonly type: AddressType;
  /** Why its traffic is not kept in zones; undefined where it is. */
  readonly why?: string;
}

export type ServicePlan = SlicePlan & { readonly topology: readonly TopologyOutcome[] };

/** The fewest changes that make the slices say where the Service's Pods are. Behaves as kubernetes staging endpointslice. */
export function planSlices(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  nodes: Nodes,
  shares: () => ZoneShares | undefined = () => undefined,
): ServicePlan {
  const types = addressTypes(service);
  const stale = existing.filter(({ addressType }) => !types.includes(addressType as AddressType));
  const topology: TopologyOutcome[] = [];
  const plans = types.map((type) => {
    const ofType = existing.filter(({ addressType }) => addressType === type);
    const groups = endpointsOf(service, type, pods, nodes);
    if (!wantsTopologyHints(service)) return planType(service, type, ofType, groups);
    const { why, groups: near } = hinted(groups, ofType, shares());
    topology.push({ type, ...(why !== undefined && { why }) });
    return planType(service, type, ofType, near);
  });
  return { ...merge([...plans, { create: [], update: [], remove: stale }]), topology };
}
