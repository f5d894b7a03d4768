import type { Device, ResourceSlice, ResourceSliceSpec } from '@binnacle/apis-kubernetes/resource/v1';
import type { OwnerReference } from '@binnacle/machinery-meta';
import { equalJson } from '@binnacle/machinery-patch';

/** As many as a slice may hold whatever its devices say. */
const DEVICES_OF_SLICE = 64;

export interface Publisher {
  readonly driver: string;
  readonly node: string;
  readonly owner: OwnerReference;
}

export interface SlicePlan {
  readonly create: readonly ResourceSlice[];
  readonly update: readonly ResourceSlice[];
  readonly remove: readonly ResourceSlice[];
}

function chunks(devices: readonly Device[]): Device[][] {
  const count = Math.ceil(devices.length / DEVICES_OF_SLICE);
  return Array.from({ length: count }, (_, at) => devices.slice(at * DEVICES_OF_SLICE, (at + 1) * DEVICES_OF_SLICE));
}

/** Since when a device is tainted is for the server to say. */
const undated = (devices: readonly Device[] = []) =>
  devices.map(({ taints, ...device }) => ({
    ...device,
    taints: (taints ?? []).map(({ timeAdded: _, ...taint }) => taint),
  }));

const isAsWanted = ({ spec }: ResourceSlice, devices: readonly Device[], count: number): boolean =>
  spec.pool.resourceSliceCount === count && equalJson(undated(spec.devices), undated(devices));

function byName(slices: readonly ResourceSlice[]): ResourceSlice[] {
  return [...slices].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
}

/** A pool of one slice changes in one go; one of several changes all of them, under another generation. */
function generationOf(slices: readonly ResourceSlice[], count: number): number {
  const newest = slices.reduce((most, { spec }) => Math.max(most, spec.pool.generation), 0);
  return slices.length === 1 && count === 1 ? newest : newest + 1;
}

/**
 * What has to be written for a node's slices to tell of exactly these devices.
 * Behaves as kubernetes dynamic-resource-allocation/resourceslice.
 */
export function planSlices(
  { driver, node, owner }: Publisher,
  known: readonly ResourceSlice[],
  devices: readonly Device[],
): SlicePlan {
  const wanted = chunks(devices);
  const there = byName(known.filter(({ spec }) => spec.driver === driver));
  const same = there.length === wanted.length;
  if (same && there.every((slice, index) => isAsWanted(slice, wanted[index] ?? [], wanted.length)))
    return { create: [], update: [], remove: [] };
  const pool = { name: node, generation: generationOf(there, wanted.length), resourceSliceCount: wanted.length };
  const specs = wanted.map((part): ResourceSliceSpec => ({ driver, nodeName: node, pool, devices: part }));
  const made = (spec: ResourceSliceSpec): ResourceSlice => ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { generateName: `${node}-${driver}-`, ownerReferences: [owner] },
    spec,
  });
  return {
    create: specs.slice(there.length).map(made),
    update: there.slice(0, specs.length).map((slice, index) => ({ ...slice, spec: specs[index] as ResourceSliceSpec })),
    remove: there.slice(specs.length),
  };
}
