import type { Endpoint } from '@binnacle/apis-kubernetes/discovery/v1';
import type { ZoneShares } from './zone-shares.js';

/** How much more an endpoint may be asked than if all were asked alike. */
const OVERLOAD = 0.2;

interface Allocation {
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
}
type Allocations = ReadonlyMap<string, Allocation>;
type Counts = Map<string, number>;

/** For which zone each endpoint is, or why they are for all alike. */
export type TopologyHints = { readonly zones: ReadonlyMap<Endpoint, string> } | { readonly why: string };

const INSUFFICIENT_NODES = 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';

function allocate(shares: ZoneShares | undefined, total: number): Allocations | string {
  if (!shares) return INSUFFICIENT_NODES;
  const counted = `(${total} endpoints, ${shares.size} zones)`;
  if (shares.size > total) return `Insufficient number of endpoints ${counted}`;
  const least = new Map([...shares].map(([zone, share]) => [zone, Math.ceil((share * total) / (1 + OVERLOAD))]));
  const left = total - [...least.values()].reduce((sum, each) => sum + each, 0);
  if (left < 0)
    return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${counted}`;
  return new Map(
    [...shares].map(([zone, share]) => {
      const minimum = least.get(zone) ?? 0;
      return [zone, { minimum, maximum: minimum + left, desired: Math.max(share * total, minimum) }];
    }),
  );
}

const add = (counts: Counts, zone: string, by = 1): void => void counts.set(zone, (counts.get(zone) ?? 0) + by);

/** The first of the largest. */
function most(amounts: ReadonlyMap<string, number>): readonly [zone: string, amount: number] {
  return [...amounts].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0] as readonly [string, number]);
}

/** How many endpoints zones give to others, and how many they get. Behaves as kubernetes getGivingAndReceivingZones. */
function exchange(allocations: Allocations, counts: Counts): { readonly giving: Counts; readonly receiving: Counts } {
  const off = new Map([...allocations].map(([zone, { desired }]) => [zone, (counts.get(zone) ?? 0) - desired]));
  const surplus = new Map([...off].filter(([, each]) => each > 0));
  const lack = new Map([...off].filter(([, each]) => each < 0).map(([zone, each]) => [zone, -each]));
  const [giving, receiving]: [Counts, Counts] = [new Map(), new Map()];
  for (;;) {
    const [[from, give], [to, get]] = [most(surplus), most(lack)];
    if (!from || !to || (give < 1 && get < 1) || give < 0.5 || get < 0.5) return { giving, receiving };
    add(giving, from);
    add(surplus, from, -1);
    add(receiving, to);
    add(lack, to, -1);
  }
}

/** What is right already stays, so that little is written; a zone keeps no more than it may have. */
function keep(endpoints: readonly Endpoint[], before: HintBefore, allocations: Allocations, counts: Counts) {
  const zones = new Map<Endpoint, string>();
  for (const endpoint of endpoints) {
    const zone = before(endpoint);
    const allocation = zone === undefined ? undefined : allocations.get(zone);
    if (zone === undefined || !allocation || (counts.get(zone) ?? 0) >= allocation.maximum) continue;
    zones.set(endpoint, zone);
    add(counts, zone);
  }
  return zones;
}

/** The zone an endpoint was for until now. */
export type HintBefore = (endpoint: Endpoint) => string | undefined;

/**
 * Shares endpoints among zones by how much of the cluster's processors those have, mostly to their own. `endpoints` are the ready
 * ones. Behaves as kubernetes staging endpointslice/topologycache, but looks at endpoints where that looks at slices.
 */
export function topologyHints(
  endpoints: readonly Endpoint[],
  before: HintBefore,
  shares: ZoneShares | undefined,
): TopologyHints {
  const allocations = allocate(shares, endpoints.length);
  if (typeof allocations === 'string') return { why: allocations };
  if (endpoints.some(({ zone }) => !zone)) return { why: 'One or more endpoints do not have a zone specified' };
  const counts: Counts = new Map();
  const zones = keep(endpoints, before, allocations, counts);
  const others = endpoints.filter((endpoint) => !zones.has(endpoint));
  for (const { zone = '' } of others) add(counts, zone);
  const { giving, receiving } = exchange(allocations, counts);
  for (const endpoint of others) {
    const { zone = '' } = endpoint;
    const [to, left] = most(receiving);
    const gives = (giving.get(zone) ?? 0) > 0 && left > 0;
    zones.set(endpoint, gives ? to : zone);
    if (!gives) continue;
    add(giving, zone, -1);
    add(receiving, to, -1);
  }
  return { zones };
}
