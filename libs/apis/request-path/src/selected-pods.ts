import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { type Labels, matcherFromSet } from '@binnacle/machinery-selectors';
import { type Fault, fault } from './fault.js';
import { itemsOf, type Known } from './known.js';

const selectorOf = ({ spec }: Service): Labels => spec?.selector ?? {};

export const hasSelector = (service: Service): boolean => Object.keys(selectorOf(service)).length > 0;

export const selectorText = (service: Service): string =>
  Object.entries(selectorOf(service))
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

const byName = (a: Pod, b: Pod): number => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);

/** The Pods of its namespace that a Service leads to, ready or not; none without a selector. */
export function selectedPods(service: Service, pods: Known<Pod>): readonly Pod[] {
  if (!hasSelector(service)) return [];
  const matcher = matcherFromSet(selectorOf(service));
  const { namespace } = service.metadata;
  return itemsOf(pods)
    .filter(({ metadata }) => metadata.namespace === namespace && matcher.matches(metadata.labels))
    .sort(byName);
}

const differing = (selector: Labels, labels: Labels = {}): string[] =>
  Object.keys(selector).filter((key) => labels[key] !== selector[key]);

/** A Pod that only one label keeps from being selected, and that has something in common with the others: its other labels, or the key. */
function almost(selector: Labels, { metadata }: Pod): Fault | undefined {
  const [key, ...more] = differing(selector, metadata.labels);
  const has = key === undefined ? undefined : metadata.labels?.[key];
  const isNear = has !== undefined || Object.keys(selector).length > 1;
  if (key === undefined || more.length > 0 || !isNear) return undefined;
  return fault('selectsAlmost', { pod: metadata.name ?? '', key, wants: selector[key] ?? '', has: has ?? '' });
}

/** Why a Service leads to no Pod, as far as labels tell it. `near` are Pods of its namespace. */
export function nothingSelected(service: Service, near: Known<Pod>): Fault {
  const selector = selectorOf(service);
  const pods = itemsOf(near).filter(({ metadata }) => metadata.namespace === service.metadata.namespace);
  const found = [...pods].sort(byName).map((pod) => almost(selector, pod));
  return found.find((each) => each) ?? fault('selectsNothing', { selector: selectorText(service) });
}
