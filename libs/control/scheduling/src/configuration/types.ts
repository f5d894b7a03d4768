import type { NodeAffinity, TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import type { ExtensionPoint } from './extension-points.js';

export const API_VERSION = 'kubescheduler.config.k8s.io/v1';
export const KIND = 'KubeSchedulerConfiguration';

/** A plugin, and at Score how much it counts. */
export interface PluginRef {
  readonly name: string;
  readonly weight?: number;
}

/** `*` among the disabled stands for all that are on by default. */
export interface PluginSet {
  readonly enabled?: readonly PluginRef[];
  readonly disabled?: readonly PluginRef[];
}

/** What a profile turns on and off, by extension point; `multiPoint` is for every point that a plugin has. */
export type ProfilePlugins = Readonly<Partial<Record<ExtensionPoint | 'multiPoint', PluginSet>>>;

/** A resource and how much it counts. */
export interface ResourceSpec {
  readonly name: string;
  readonly weight: number;
}

/** Of a resource used to `utilization` per cent, `score` of 10. */
export interface UtilizationShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export interface ScoringStrategy {
  readonly type: string;
  readonly resources: readonly ResourceSpec[];
  readonly requestedToCapacityRatio?: { readonly shape: readonly UtilizationShapePoint[] };
}

export interface NodeResourcesFitArgs {
  readonly ignoredResources: readonly string[];
  readonly ignoredResourceGroups: readonly string[];
  readonly scoringStrategy: ScoringStrategy;
}

export interface NodeResourcesBalancedAllocationArgs {
  readonly resources: readonly ResourceSpec[];
}

export interface NodeAffinityArgs {
  readonly addedAffinity?: NodeAffinity;
}

export interface PodTopologySpreadArgs {
  readonly defaultConstraints: readonly TopologySpreadConstraint[];
  readonly defaultingType: string;
}

export interface InterPodAffinityArgs {
  readonly hardPodAffinityWeight: number;
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

export interface DefaultPreemptionArgs {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export interface VolumeBindingArgs {
  readonly bindTimeoutSeconds: number;
  /** Of a feature that is off by default: refused. */
  readonly shape?: readonly UtilizationShapePoint[];
}

/** Both as Go prints durations. */
export interface DynamicResourcesArgs {
  readonly filterTimeout: string;
  readonly bindingTimeout: string;
}

/** The arguments of the plugins that take some, by plugin. */
export interface PluginArgs {
  readonly DefaultPreemption: DefaultPreemptionArgs;
  readonly DynamicResources: DynamicResourcesArgs;
  readonly InterPodAffinity: InterPodAffinityArgs;
  readonly NodeAffinity: NodeAffinityArgs;
  readonly NodeResourcesBalancedAllocation: NodeResourcesBalancedAllocationArgs;
  readonly NodeResourcesFit: NodeResourcesFitArgs;
  readonly PodTopologySpread: PodTopologySpreadArgs;
  readonly VolumeBinding: VolumeBindingArgs;
}

export type PluginWithArgs = keyof PluginArgs;

/** How the Pods of one `schedulerName` are scheduled. */
export interface KubeSchedulerProfile {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore?: number;
  /** With what is on by default. */
  readonly plugins: ProfilePlugins;
  /** With defaults; each plugin's once. */
  readonly args: PluginArgs;
  /** Arguments of plugins that are not ours, as they were written. */
  readonly foreignArgs: ReadonlyMap<string, unknown>;
  /** Whose arguments were written, in their order. */
  readonly pluginConfig: readonly string[];
}

export interface LeaderElection {
  readonly leaderElect: boolean;
  readonly leaseDuration: string;
  readonly renewDeadline: string;
  readonly retryPeriod: string;
  readonly resourceLock: string;
  readonly resourceName: string;
  readonly resourceNamespace: string;
}

/** Behaves as kubernetes kube-scheduler/config/v1 KubeSchedulerConfiguration, after defaults. */
export interface KubeSchedulerConfiguration {
  /** Accepted; every Pod is decided on one thread. */
  readonly parallelism: number;
  readonly leaderElection: LeaderElection;
  readonly clientConnection: { readonly kubeconfig: string; readonly burst: number };
  /** Accepted; every node is looked at. */
  readonly percentageOfNodesToScore: number;
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly profiles: readonly KubeSchedulerProfile[];
  /** How many were named: none may be. */
  readonly extenders: number;
}
