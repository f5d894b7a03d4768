import type { TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_HOSTNAME, LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import type { LabelSelector } from '@binnacle/machinery-meta';
import type { PodTopologySpreadArgs } from '../../configuration/types.js';
import type { PodInfo } from '../../pod/pod-info.js';
import type { When } from './constraints.js';

/** Selectors of the Services and workloads that a Pod belongs to, as one; undefined when it belongs to none. */
export type DefaultSelector = (pod: PodInfo) => LabelSelector | undefined;

/** What spreads a Pod: what it says itself, else what the profile or the system says of all. */
export interface SpreadSource {
  readonly constraints: readonly TopologySpreadConstraint[];
  /** Nodes that lack one of the labels do not count; the system's mild defaults let them. */
  readonly needAllLabels: boolean;
}

export type SpreadSources = (pod: PodInfo) => SpreadSource;

const whenUnsatisfiable = 'ScheduleAnyway';
const SYSTEM_DEFAULTS: readonly TopologySpreadConstraint[] = [
  { maxSkew: 3, topologyKey: LABEL_HOSTNAME, whenUnsatisfiable },
  { maxSkew: 5, topologyKey: LABEL_TOPOLOGY_ZONE, whenUnsatisfiable },
];

/** Behaves as kubernetes pkg/scheduler/framework/plugins/podtopologyspread buildDefaultConstraints. */
export function spreadSources(args: PodTopologySpreadArgs, defaults: DefaultSelector): SpreadSources {
  const ofSystem = args.defaultingType === 'System';
  const common = ofSystem ? SYSTEM_DEFAULTS : args.defaultConstraints;
  return (pod) => {
    const own = pod.pod.spec?.topologySpreadConstraints ?? [];
    if (own.length > 0) return { constraints: own, needAllLabels: true };
    const labelSelector = common.length > 0 ? defaults(pod) : undefined;
    const constraints = labelSelector ? common.map((one) => ({ ...one, labelSelector })) : [];
    return { constraints, needAllLabels: !ofSystem };
  };
}

export const ofKind = (constraints: readonly TopologySpreadConstraint[], when: When): TopologySpreadConstraint[] =>
  constraints.filter((one) => one.whenUnsatisfiable === when);
