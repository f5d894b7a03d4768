import { addQuantities, compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import { type FieldError, type FieldPath, invalid } from '@binnacle/machinery-validation';
import type { ResourceList } from '../../../registry/quantities.js';
import { each, eachEntry } from '../../../registry/rules.js';
import type { Container, PodSpec } from '../index.js';
import { canOvercommit, isHugePage } from './resource-names.js';

function add(total: ResourceList, more: ResourceList = {}): ResourceList {
  const sum = { ...total };
  for (const [name, amount] of Object.entries(more))
    if (isQuantity(amount)) sum[name] = addQuantities(sum[name], amount);
  return sum;
}

function largest(one: ResourceList, other: ResourceList): ResourceList {
  const most = { ...one };
  for (const [name, amount] of Object.entries(other))
    if (compareQuantities(amount, most[name]) > 0) most[name] = amount;
  return most;
}

const requestsOf = ({ resources }: Container): ResourceList => resources?.requests ?? {};

/**
 * What the containers ask for at the worst moment: either all that keep running together, or one init container with
 * the sidecars started before it. Behaves as kubernetes component-helpers/resource AggregateContainerRequests.
 */
export function containerRequests({ containers = [], initContainers = [] }: PodSpec): ResourceList {
  let sidecars: ResourceList = {};
  let starting: ResourceList = {};
  for (const container of initContainers) {
    const sidecar = container.restartPolicy === 'Always';
    starting = largest(starting, add(sidecars, requestsOf(container)));
    if (sidecar) sidecars = add(sidecars, requestsOf(container));
  }
  const running = containers.reduce((sum, container) => add(sum, requestsOf(container)), sidecars);
  return largest(running, starting);
}

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePage(name);

/** A Pod with limits of its own requests what its containers do or, where they say nothing, what it may use. */
export function defaultPodRequests(spec: PodSpec): void {
  const { resources } = spec;
  if (!resources?.limits || Object.keys(resources.limits).length === 0) return;
  const pick = (list: ResourceList, wanted: (name: string) => boolean): ResourceList =>
    Object.fromEntries(Object.entries(list).filter(([name]) => wanted(name)));
  const asked = pick(containerRequests(spec), (name) => isPodLevel(name) && canOvercommit(name));
  const requests = { ...pick(resources.limits, isPodLevel), ...asked, ...resources.requests };
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

/** Containers together ask for no more than their Pod, and none may use more. */
export function validatePodResourceBounds(spec: PodSpec, path: FieldPath): FieldError[] {
  const { requests = {}, limits = {} } = spec.resources ?? {};
  const asked = eachEntry(containerRequests(spec), path.child('requests'), (name, amount, at) => {
    if (compareQuantities(amount, requests[name]) <= 0) return [];
    const why = `must be greater than or equal to aggregate container requests of ${amount}`;
    return [invalid(at, String(requests[name] ?? '0'), why)];
  });
  const used = each(spec.containers, path.child('containers'), ({ resources }, container) =>
    Object.entries(resources?.limits ?? {}).flatMap(([name, amount]) => {
      const most = limits[name];
      if (!isQuantity(amount) || !isQuantity(most) || compareQuantities(amount, most) <= 0) return [];
      const why = `must be less than or equal to pod limits of ${most}`;
      return [invalid(container.key(name).child('limits'), String(amount), why)];
    }),
  );
  return [...asked, ...used];
}
