import type { Device, DeviceAttribute, DeviceTaint, ResourceSlice } from '../index.js';

const LISTS = ['bools', 'ints', 'strings', 'versions'] as const;

const devicesOf = (slice: ResourceSlice | undefined): Device[] => slice?.spec?.devices ?? [];

const usesMappings = ({ nodeAllocatableResourceMappings: mappings }: Device): boolean =>
  Object.keys(mappings ?? {}).length > 0;

const usesLists = ({ attributes }: Device): boolean =>
  Object.values(attributes ?? {}).some((attribute) => LISTS.some((list) => attribute[list] !== undefined));

function dropLists(attributes: Readonly<Record<string, DeviceAttribute>>): void {
  for (const attribute of Object.values(attributes)) for (const list of LISTS) delete attribute[list];
}

/** DRANodeAllocatableResources and DRAListTypeAttributes are off at 1.36; what is in use already stays. */
export function dropAlphaFields(slice: ResourceSlice, old?: ResourceSlice): void {
  const [mappings, lists] = [devicesOf(old).some(usesMappings), devicesOf(old).some(usesLists)];
  for (const device of devicesOf(slice)) {
    if (!mappings) delete device.nodeAllocatableResourceMappings;
    if (!lists) dropLists(device.attributes ?? {});
  }
}

const sameTaint = (one: DeviceTaint, other: DeviceTaint): boolean =>
  (['key', 'value', 'effect'] as const).every((field) => one[field] === other[field]);

/** Says since when devices are tainted, where nobody does: as it was said before, or from that time on. */
export function dateTaints(slice: ResourceSlice, time: string | undefined, old?: ResourceSlice): void {
  const before = new Map(devicesOf(old).map(({ name, taints = [] }) => [name, taints]));
  for (const { name, taints = [] } of devicesOf(slice)) {
    for (const taint of taints.filter(({ timeAdded }) => !timeAdded)) {
      const said = before.get(name)?.find((known) => sameTaint(known, taint))?.timeAdded ?? time;
      if (said) taint.timeAdded = said;
    }
  }
}
