import type {
  CapacityRequirements,
  DeviceClass,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaim,
} from '@binnacle/apis-kubernetes/resource/v1';

/** Something is wrong with a claim or a class, whatever the node: the attempt ends, and is made again later. */
export class AllocationError extends Error {}

/** A request of a claim, or one alternative of it. */
export interface Demand {
  readonly name: string;
  /** The request it is an alternative of. */
  readonly parent: string | undefined;
  readonly deviceClass: DeviceClass;
  readonly all: boolean;
  /** Where not all are meant. */
  readonly count: number;
  readonly adminAccess: boolean;
  readonly selectors: readonly DeviceSelector[];
  readonly tolerations: DeviceToleration[] | undefined;
  readonly capacity: CapacityRequirements | undefined;
}

export type ClassNamed = (name: string) => DeviceClass | undefined;

/** `a`, or `a/b` for an alternative. */
export const demandName = ({ name, parent }: Demand): string => (parent === undefined ? name : `${parent}/${name}`);

export const describeClaim = ({ metadata }: ResourceClaim): string =>
  metadata.namespace ? `${metadata.namespace}/${metadata.name}` : (metadata.name ?? '');

type Asked = ExactDeviceRequest | DeviceSubRequest;

function checkSelectors(selectors: readonly DeviceSelector[], where: string): void {
  const unknown = selectors.findIndex(({ cel }) => !cel);
  if (unknown < 0) return;
  throw new AllocationError(`${where}, selector #${unknown}: CEL expression empty (unsupported selector type?)`);
}

function classOf(name: string, where: string, classNamed: ClassNamed): DeviceClass {
  if (!name) throw new AllocationError(`${where}: missing device class name (unsupported request type?)`);
  const found = classNamed(name);
  if (found) return found;
  const why = `deviceclass.resource.k8s.io "${name}" not found`;
  throw new AllocationError(`${where}: could not retrieve device class ${name}: ${why}`);
}

function demandOf(
  asked: Asked,
  [parent, name]: [string | undefined, string],
  claim: string,
  classNamed: ClassNamed,
): Demand {
  const where = `claim ${claim}, request ${name}`;
  const { allocationMode: mode = '', selectors = [] } = asked;
  checkSelectors(selectors, where);
  const deviceClass = classOf(asked.deviceClassName, where, classNamed);
  if (mode !== 'All' && mode !== 'ExactCount') throw new AllocationError(`${where}: unsupported count mode ${mode}`);
  return {
    name,
    parent,
    deviceClass,
    all: mode === 'All',
    count: asked.count ?? 0,
    adminAccess: 'adminAccess' in asked && asked.adminAccess === true,
    selectors,
    tolerations: asked.tolerations,
    capacity: asked.capacity,
  };
}

function alternativesOf(request: DeviceRequest, claim: string, classNamed: ClassNamed): Demand[] {
  const { name, exactly, firstAvailable = [] } = request;
  if (firstAvailable.length > 0) return firstAvailable.map((one) => demandOf(one, [name, one.name], claim, classNamed));
  if (exactly) return [demandOf(exactly, [undefined, name], claim, classNamed)];
  return [demandOf({ deviceClassName: '' }, [undefined, name], claim, classNamed)];
}

/** What a claim asks for, request by request: any one of the alternatives of each, the best first. */
export function demandsOf(claim: ResourceClaim, classNamed: ClassNamed): Demand[][] {
  const requests = claim.spec.devices?.requests ?? [];
  return requests.map((request) => alternativesOf(request, describeClaim(claim), classNamed));
}
