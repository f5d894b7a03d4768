import type { NodeSelector, NodeSelectorRequirement } from '@binnacle/apis-kubernetes/core/v1';
import type {
  AllocationResult,
  Device,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  ResourceClaim,
} from '@binnacle/apis-kubernetes/resource/v1';
import { formatQuantity } from '@binnacle/machinery-quantity';
import type { Choice } from './choices.js';
import { AllocationError, demandName } from './demands.js';
import type { Candidate } from './selection.js';

/** What is taken of a shared device. */
function shareOf({ share }: Choice, newShareId: () => string): Partial<DeviceRequestAllocationResult> {
  if (!share) return {};
  const consumed = Object.fromEntries([...share].map(([name, amount]) => [name, formatQuantity(amount)]));
  return { shareID: newShareId(), ...(share.size > 0 && { consumedCapacity: consumed }) };
}

function bindingOf({ bindingConditions, bindingFailureConditions }: Device) {
  return {
    ...(bindingConditions && { bindingConditions }),
    ...(bindingFailureConditions && { bindingFailureConditions }),
  };
}

function resultOf(choice: Choice, newShareId: () => string): DeviceRequestAllocationResult {
  const { demand, candidate } = choice;
  const { device, pool } = candidate;
  return {
    request: demandName(demand),
    driver: pool.driver,
    pool: pool.name,
    device: device.name,
    ...(demand.adminAccess && { adminAccess: true }),
    ...(demand.tolerations && { tolerations: demand.tolerations }),
    ...shareOf(choice, newShareId),
    ...bindingOf(device),
  };
}

/** What classes say of their devices comes first, once for each class. */
function configsOfClasses(demands: readonly Choice['demand'][]): DeviceAllocationConfiguration[] {
  const names = new Map<string, string[]>();
  for (const demand of demands) {
    const { name = '' } = demand.deviceClass.metadata;
    names.set(name, [...(names.get(name) ?? []), demandName(demand)]);
  }
  const classes = new Map(demands.map(({ deviceClass }) => [deviceClass.metadata.name ?? '', deviceClass]));
  return [...classes].flatMap(([name, { spec }]) =>
    (spec?.config ?? []).map((config) => ({ source: 'FromClass', requests: names.get(name) ?? [], ...config })),
  );
}

/** Those of the claim that speak of something that was chosen. */
function configsOfClaim(
  { spec }: ResourceClaim,
  demands: readonly Choice['demand'][],
): DeviceAllocationConfiguration[] {
  return (spec.devices?.config ?? []).flatMap((config) => {
    const { requests = [] } = config;
    const entry = { source: 'FromClaim', ...config };
    if (requests.length === 0) return [entry];
    return demands.flatMap((demand) =>
      requests.includes(demand.parent ?? demand.name) || requests.includes(demandName(demand)) ? [entry] : [],
    );
  });
}

const sameSet = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
  a.every((value) => b.includes(value)) && b.every((value) => a.includes(value));

function addRequirements(to: NodeSelectorRequirement[], from: readonly NodeSelectorRequirement[] = []): void {
  for (const one of from) {
    const known = to.some(
      ({ key, operator, values }) => key === one.key && operator === one.operator && sameSet(values, one.values),
    );
    if (!known) to.push(one);
  }
}

function selectionOf({ device, slice }: Candidate) {
  const { nodeName, nodeSelector } = slice.spec.perDeviceNodeSelection ? device : slice.spec;
  return { local: Boolean(nodeName) || device.bindsToNode === true, nodeSelector };
}

const onlyOn = (node: string): NodeSelector => ({
  nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
});

/** From which nodes all of the devices can be reached; undefined where from all. */
function nodeSelectorOf(choices: readonly Choice[], node: string): NodeSelector | undefined {
  const selections = choices.map(({ candidate }) => selectionOf(candidate));
  if (selections.some(({ local }) => local)) return onlyOn(node);
  const matchFields: NodeSelectorRequirement[] = [];
  const matchExpressions: NodeSelectorRequirement[] = [];
  for (const { nodeSelector } of selections) {
    const terms = nodeSelector?.nodeSelectorTerms ?? [];
    if (terms.length > 1)
      throw new AllocationError(`unsupported ResourceSlice.NodeSelector with ${terms.length} terms`);
    addRequirements(matchFields, terms[0]?.matchFields);
    addRequirements(matchExpressions, terms[0]?.matchExpressions);
  }
  if (matchFields.length + matchExpressions.length === 0) return undefined;
  const term = {
    ...(matchFields.length > 0 && { matchFields }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
  return { nodeSelectorTerms: [term] };
}

/** What is written into a claim that is given these devices. */
export function allocationOf(
  claim: ResourceClaim,
  choices: readonly Choice[],
  node: string,
  newShareId: () => string,
): AllocationResult {
  const demands = [...new Set(choices.map(({ demand }) => demand))];
  const config = [...configsOfClasses(demands), ...configsOfClaim(claim, demands)];
  const nodeSelector = nodeSelectorOf(choices, node);
  const results = choices.map((choice) => resultOf(choice, newShareId));
  return {
    devices: { ...(results.length > 0 && { results }), ...(config.length > 0 && { config }) },
    ...(nodeSelector && { nodeSelector }),
  };
}
