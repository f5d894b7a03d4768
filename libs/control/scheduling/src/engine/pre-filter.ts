import type { ClusterView } from '../cache/cluster-cache.js';
import type { FilterPlugin, NodeFilter, PreFilterResult } from '../framework/plugin.js';
import { type NodeRejection, unresolvable } from '../framework/rejection.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { Stopwatch } from './stopwatch.js';

/** A plugin that has something to say about some node. */
export interface ActiveFilter {
  readonly plugin: string;
  readonly filter: NodeFilter;
}

export interface PreFilterOutcome {
  /** No node can take the Pod: whose word that is. */
  readonly rejection?: NodeRejection;
  /** The only nodes that come into question, and the plugins that say so. */
  readonly nodes?: { readonly names: ReadonlySet<string>; readonly plugins: readonly string[] };
  readonly filters: readonly ActiveFilter[];
}

type Answer = ReturnType<FilterPlugin['preFilter']>;

function statusOf(answer: Answer) {
  if (answer === undefined) return 'Skip';
  if (typeof answer === 'function' || !answer.rejection) return 'Success';
  return answer.rejection.unresolvable ? 'UnschedulableAndUnresolvable' : 'Unschedulable';
}

function both(names: ReadonlySet<string>, others: ReadonlySet<string> | undefined): ReadonlySet<string> {
  return others ? new Set([...names].filter((name) => others.has(name))) : names;
}

/** None is left: each plugin alone may have left some. */
function conflict(plugins: readonly string[]): NodeRejection {
  const sorted = [...plugins].sort();
  const text = plugins.length === 1 ? `plugin ${sorted[0]}` : `plugin(s) [${sorted.join(' ')}] simultaneously`;
  return { ...unresolvable(`node(s) didn't satisfy ${text}`), plugin: plugins[0] ?? '' };
}

/** What the plugins have said so far. */
class Heard {
  private readonly filters: ActiveFilter[] = [];
  private readonly narrowing: string[] = [];
  private names: ReadonlySet<string> | undefined;
  private rejection: NodeRejection | undefined;

  /** Answers false where nobody else need be heard. */
  add(plugin: string, { rejection, nodes, filter }: PreFilterResult): boolean {
    if (rejection) this.rejection = { ...rejection, plugin };
    if (filter) this.filters.push({ plugin, filter });
    if (rejection?.unresolvable) return false;
    return !nodes || this.narrow(plugin, nodes);
  }

  get outcome(): PreFilterOutcome {
    if (this.rejection) return { rejection: this.rejection, filters: [] };
    const { names, narrowing, filters } = this;
    return { filters, ...(names && { nodes: { names, plugins: narrowing.sort() } }) };
  }

  private narrow(plugin: string, nodes: ReadonlySet<string>): boolean {
    this.narrowing.push(plugin);
    this.names = both(nodes, this.names);
    if (this.names.size === 0) this.rejection = conflict(this.narrowing);
    return this.names.size > 0;
  }
}

/**
 * Lets every plugin look at the Pod once. What no eviction mends ends it at once; for all else the others are heard too.
 * Behaves as kubernetes pkg/scheduler/framework/runtime RunPreFilterPlugins.
 */
export function runPreFilters(
  pod: PodInfo,
  cluster: ClusterView,
  plugins: readonly FilterPlugin[],
  stopwatch?: Stopwatch,
): PreFilterOutcome {
  const heard = new Heard();
  for (const plugin of plugins) {
    const ask = () => plugin.preFilter(pod, cluster);
    const answer = stopwatch ? stopwatch.time(plugin.name, 'PreFilter', ask, statusOf) : ask();
    if (answer === undefined) continue;
    if (!heard.add(plugin.name, typeof answer === 'function' ? { filter: answer } : answer)) break;
  }
  return heard.outcome;
}
