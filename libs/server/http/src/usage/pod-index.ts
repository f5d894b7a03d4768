import type { LabelSelector } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { ClusterUsage, Series } from './usage-history.js';

const namespaceOf = (key: string): string => key.slice(0, key.indexOf('/'));
const labelKey = (namespace: string, [name, value]: [string, string]): string => `${namespace}/${name}=${value}`;

/** The Pods of a cluster whose hour is kept, by namespace and by label, those that are gone among them. */
export class PodIndex {
  private readonly found = new Map<string, Series[]>();

  constructor(usage: ClusterUsage) {
    for (const [key, series] of usage.pods) this.add(namespaceOf(key), series);
    for (const [key, gone] of usage.replaced) for (const series of gone) this.add(namespaceOf(key), series);
  }

  chosenBy(namespace: string, selector: LabelSelector): Series[] {
    const matcher = matcherFromLabelSelector(selector);
    const [label] = Object.entries(selector.matchLabels ?? {});
    const among = this.found.get(label ? labelKey(namespace, label) : namespace) ?? [];
    return among.filter(({ labels }) => matcher.matches(labels));
  }

  private add(namespace: string, series: Series): void {
    this.put(namespace, series);
    for (const label of Object.entries(series.labels)) this.put(labelKey(namespace, label), series);
  }

  private put(key: string, series: Series): void {
    const known = this.found.get(key);
    if (known) known.push(series);
    else this.found.set(key, [series]);
  }
}

const indexes = new WeakMap<ClusterUsage, { readonly whole: number; readonly index: PodIndex }>();

/** The index of what was measured up to the last slot that is whole, made once for each. */
export function podIndex(usage: ClusterUsage): PodIndex {
  const known = indexes.get(usage);
  if (known?.whole === usage.whole) return known.index;
  const index = new PodIndex(usage);
  indexes.set(usage, { whole: usage.whole, index });
  return index;
}
