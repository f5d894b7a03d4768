import type { Quantity } from '@binnacle/machinery-meta';
import { addQuantities, compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import { type FieldError, type FieldPath, invalid } from '@binnacle/machinery-validation';
import { type ResourceList, each } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec } from '../index.js';
import { canOvercommit, isHugePage } from '../resource-names.js';

/** Names come from clients, so they are no keys of a plain object. */
type Amounts = ReadonlyMap<string, Quantity>;

const amountsOf = (list: ResourceList = {}): Amounts =>
  new Map(Object.entries(list).filter(([, each]) => isQuantity(each)));

function combine(one: Amounts, other: Amounts, join: (a: Quantity | undefined, b: Quantity) => Quantity): Amounts {
  const joined = new Map(one);
  for (const [name, amount] of other) joined.set(name, join(joined.get(name), amount));
  return joined;
}

const add = (one: Amounts, other: Amounts): Amounts => combine(one, other, addQuantities);
const largest = (one: Amounts, other: Amounts): Amounts =>
  combine(one, other, (a, b) => (a === undefined || compareQuantities(b, a) > 0 ? b : a));
const requestsOf = ({ resources }: Container): Amounts => amountsOf(resources?.requests);

/** What containers come to at the worst moment: all that keep running together, or one init container beside the sidecars before it. */
function aggregate({ containers = [], initContainers = [] }: PodSpec, of: (container: Container) => Amounts): Amounts {
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const container of initContainers) {
    const sidecar = container.restartPolicy === 'Always';
    starting = largest(starting, add(sidecars, of(container)));
    if (sidecar) sidecars = add(sidecars, of(container));
  }
  const running = containers.reduce((sum, container) => add(sum, of(container)), sidecars);
  return largest(running, starting);
}

/** What the containers ask for. Behaves as kubernetes component-helpers/resource AggregateContainerRequests. */
export function containerRequests(spec: PodSpec): Amounts {
  return aggregate(spec, requestsOf);
}

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePage(name);

type Bound = 'requests' | 'limits';
type Sized = Pick<Pod, 'spec' | 'status'>;

/** What a container may be given at present: what it is to have, and what it still has from before a resize. */
function boundOf({ status }: Sized, bound: Bound): (container: Container) => Amounts {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return ({ name, resources }) => {
    const now = statuses.find((each) => each.name === name);
    const asked = amountsOf(resources?.[bound]);
    if (!now) return asked;
    const given = largest(asked, amountsOf(now.resources?.[bound]));
    return bound === 'requests' ? largest(given, amountsOf(now.allocatedResources)) : given;
  };
}

/** Those of the Pod as a whole go before those of its containers. */
function ofPod(pod: Sized, bound: Bound): Amounts {
  if (!pod.spec) return new Map();
  const containers = aggregate(pod.spec, boundOf(pod, bound));
  const own = [...amountsOf(pod.spec.resources?.[bound])].filter(([name]) => isPodLevel(name));
  return new Map([...containers, ...own]);
}

/** What a Pod is to have, whatever it has: of what is said of it as a whole that, else what its containers say together. */
export const podAmounts = (spec: PodSpec, bound: Bound): Amounts => ofPod({ spec }, bound);

/** What a Pod asks of its node, and what it costs besides. Behaves as kubernetes component-helpers/resource PodRequests. */
export const podRequests = (spec: PodSpec): Amounts => add(podAmounts(spec, 'requests'), amountsOf(spec.overhead));

/** What is kept for a Pod at present: what it asks for, what it still has from before a resize, and what it costs besides. */
export function heldRequests(pod: Pod): Amounts {
  return add(ofPod(pod, 'requests'), amountsOf(pod.spec?.overhead));
}

/** What a Pod may use at present; what nothing bounds is not in it. Behaves as kubernetes component-helpers/resource PodLimits. */
export function heldLimits(pod: Pod): Amounts {
  const limits = ofPod(pod, 'limits');
  const overhead = [...amountsOf(pod.spec?.overhead)].filter(([name]) => limits.has(name));
  return add(limits, new Map(overhead));
}

/** A Pod with limits of its own requests what its containers do or, where they say nothing, what it may use. */
export function defaultPodRequests(spec: PodSpec): void {
  const { resources } = spec;
  if (!resources?.limits || Object.keys(resources.limits).length === 0) return;
  const wanted = new Map([
    ...[...amountsOf(resources.limits)].filter(([name]) => isPodLevel(name)),
    ...[...containerRequests(spec)].filter(([name]) => isPodLevel(name) && canOvercommit(name)),
    ...Object.entries(resources.requests ?? {}),
  ]);
  if (wanted.size > 0) resources.requests = Object.fromEntries(wanted);
}

/** Containers together ask for no more than their Pod, and none may use more. */
export function validatePodResourceBounds(spec: PodSpec, path: FieldPath): FieldError[] {
  const { requests, limits } = spec.resources ?? {};
  const [requested, allowed] = [amountsOf(requests), amountsOf(limits)];
  const asked = [...containerRequests(spec)].flatMap(([name, amount]) => {
    const most = requested.get(name);
    if (most === undefined || compareQuantities(amount, most) <= 0) return [];
    const why = `must be greater than or equal to aggregate container requests of ${amount}`;
    return [invalid(path.child('requests').key(name), String(most), why)];
  });
  const used = each(spec.containers, path.child('containers'), ({ resources }, container) =>
    [...amountsOf(resources?.limits)].flatMap(([name, amount]) => {
      const most = allowed.get(name);
      if (most === undefined || compareQuantities(amount, most) <= 0) return [];
      const why = `must be less than or equal to pod limits of ${most}`;
      return [invalid(container.key(name).child('limits'), String(amount), why)];
    }),
  );
  return [...asked, ...used];
}
