import type { Node, NodeSelector } from '@binnacle/apis-kubernetes/core/v1';
import type { Device, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { nodeMatcher } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { type Counters, counterSets, wrongCounters } from './counters.js';

/** Devices of one driver that are managed together, as one node sees them. */
export interface Pool {
  readonly driver: string;
  readonly name: string;
  /** `incomplete`: its driver is just changing it. `invalid`: it contradicts itself. Nothing is taken from either. */
  readonly state: 'usable' | 'incomplete' | 'invalid';
  /** Slices with devices that can be reached from the node, by name. */
  readonly slices: readonly ResourceSlice[];
  /** Those that cannot, if they matter: their devices may use what is counted together. */
  readonly others: readonly ResourceSlice[];
  readonly counters: Counters;
}

interface NodeSelection {
  readonly nodeName?: string;
  readonly allNodes?: boolean;
  readonly nodeSelector?: NodeSelector;
}

/** Behaves as kubernetes dynamic-resource-allocation/structured NodeMatches. */
export function reaches(node: Node, { nodeName, allNodes, nodeSelector }: NodeSelection): boolean {
  if (nodeName) return node.metadata.name === nodeName;
  if (allNodes) return true;
  return nodeSelector ? nodeMatcher(nodeSelector.nodeSelectorTerms)(node) : false;
}

const hasCounters = ({ spec }: ResourceSlice): boolean => (spec.sharedCounters?.length ?? 0) > 0;

/** Counters are needed wherever devices of the pool are. */
function concerns(node: Node, slice: ResourceSlice): boolean {
  const { spec } = slice;
  if (hasCounters(slice)) return true;
  if (spec.nodeName || spec.allNodes || spec.nodeSelector) return reaches(node, spec);
  return spec.perDeviceNodeSelection === true && (spec.devices ?? []).some((device) => reaches(node, device));
}

const devicesOf = (slices: readonly ResourceSlice[]): Device[] => slices.flatMap(({ spec }) => spec.devices ?? []);

function isRepeated(slices: readonly ResourceSlice[]): boolean {
  const names = devicesOf(slices).map(({ name }) => name);
  return new Set(names).size < names.length;
}

const byName = (a: ResourceSlice, b: ResourceSlice): number =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;

const poolId = ({ spec }: ResourceSlice): string => `${spec.driver}/${spec.pool.name}`;

function broken({ spec }: ResourceSlice, state: 'incomplete' | 'invalid'): Pool {
  return { driver: spec.driver, name: spec.pool.name, state, slices: [], others: [], counters: new Map() };
}

/** A pool of which everything is known. `all`: its slices, whatever node they are for. */
function wholePool(near: readonly ResourceSlice[], all: readonly ResourceSlice[]): Pool {
  const [first] = near as [ResourceSlice];
  const slices = near.filter((slice) => !hasCounters(slice)).sort(byName);
  const counters = counterSets(near.filter(hasCounters));
  const others = all.filter((slice) => !near.includes(slice));
  const wrong = !counters || isRepeated(slices) || wrongCounters(devicesOf([...slices, ...others]), counters);
  if (wrong || !counters) return broken(first, 'invalid');
  return { driver: first.spec.driver, name: first.spec.pool.name, state: 'usable', slices, others, counters };
}

const generationOf = ({ spec }: ResourceSlice): number => spec.pool.generation;

/** Undefined where the slices are of the past: their driver has told of newer ones. */
function poolOf(near: readonly ResourceSlice[], everywhere: readonly ResourceSlice[]): Pool | undefined {
  const newest = Math.max(...near.map(generationOf));
  const current = near.filter((slice) => generationOf(slice) === newest);
  const [first] = current as [ResourceSlice];
  const count = first.spec.pool.resourceSliceCount;
  if (current.length === count) return wholePool(current, current);
  if (everywhere.some((slice) => generationOf(slice) > newest)) return undefined;
  const all = everywhere.filter((slice) => generationOf(slice) === newest);
  return all.length === count ? wholePool(current, all) : broken(first, 'incomplete');
}

const waits = ({ slices }: Pool): boolean => devicesOf(slices).some(({ bindingConditions }) => bindingConditions);

/** By driver, then by name; pools with devices that have to be waited for come last. */
function inOrder(a: Pool, b: Pool): number {
  if (waits(a) !== waits(b)) return waits(a) ? 1 : -1;
  if (a.driver !== b.driver) return a.driver < b.driver ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

function grouped(slices: readonly ResourceSlice[]): Map<string, ResourceSlice[]> {
  const groups = new Map<string, ResourceSlice[]>();
  for (const slice of slices) {
    const group = groups.get(poolId(slice));
    if (group) group.push(slice);
    else groups.set(poolId(slice), [slice]);
  }
  return groups;
}

/**
 * The slices of a moment, and the pools each node has in them. Behaves as kubernetes dynamic-resource-allocation/structured
 * GatherPools.
 */
export class DevicePools {
  private readonly everywhere: ReadonlyMap<string, readonly ResourceSlice[]>;
  private readonly local = new Map<string, ResourceSlice[]>();
  private readonly shared: ResourceSlice[] = [];
  private readonly known = new Map<string, { readonly node: Node; readonly pools: readonly Pool[] }>();

  constructor(slices: readonly ResourceSlice[]) {
    this.everywhere = grouped(slices);
    for (const slice of slices) {
      const { nodeName } = slice.spec;
      if (!nodeName || hasCounters(slice)) this.shared.push(slice);
      else this.local.set(nodeName, [...(this.local.get(nodeName) ?? []), slice]);
    }
  }

  of(node: Node): readonly Pool[] {
    const name = node.metadata.name ?? '';
    const known = this.known.get(name);
    if (known?.node === node) return known.pools;
    const pools = this.gather(node, [...(this.local.get(name) ?? []), ...this.shared]);
    this.known.set(name, { node, pools });
    return pools;
  }

  private gather(node: Node, slices: readonly ResourceSlice[]): Pool[] {
    const near = grouped(slices.filter((slice) => concerns(node, slice)));
    const pools = [...near].flatMap(([id, group]) => poolOf(group, this.everywhere.get(id) ?? []) ?? []);
    return pools.sort(inOrder);
  }
}
