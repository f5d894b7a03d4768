import type {
  DefaultPreemptionArgs,
  DynamicResourcesArgs,
  InterPodAffinityArgs,
  LeaderElection,
  NodeAffinityArgs,
  PodTopologySpreadArgs,
  ProfilePlugins,
  UtilizationShapePoint,
  VolumeBindingArgs,
} from './types.js';

/** As the file has it: anything may be missing. */
type Given<T> = { readonly [K in keyof T]?: T[K] | null };

interface RawResource {
  readonly name?: string;
  readonly weight?: number;
}

export interface RawScoringStrategy {
  readonly type?: string;
  readonly resources?: readonly RawResource[] | null;
  readonly requestedToCapacityRatio?: { readonly shape?: readonly UtilizationShapePoint[] } | null;
}

/** The arguments of each plugin as the file has them. */
export interface RawArgs {
  readonly DefaultPreemption: Given<DefaultPreemptionArgs>;
  readonly DynamicResources: Given<DynamicResourcesArgs>;
  readonly InterPodAffinity: Given<InterPodAffinityArgs>;
  readonly NodeAffinity: Given<NodeAffinityArgs>;
  readonly NodeResourcesBalancedAllocation: { readonly resources?: readonly RawResource[] | null };
  readonly NodeResourcesFit: {
    readonly ignoredResources?: readonly string[] | null;
    readonly ignoredResourceGroups?: readonly string[] | null;
    readonly scoringStrategy?: RawScoringStrategy | null;
  };
  readonly PodTopologySpread: Given<PodTopologySpreadArgs>;
  readonly VolumeBinding: Given<VolumeBindingArgs>;
}

export interface RawPluginConfig {
  readonly name?: string;
  readonly args?: unknown;
}

export interface RawProfile {
  readonly schedulerName?: string | null;
  readonly percentageOfNodesToScore?: number | null;
  readonly plugins?: ProfilePlugins | null;
  readonly pluginConfig?: readonly RawPluginConfig[] | null;
}

export interface RawConfiguration {
  readonly parallelism?: number | null;
  readonly leaderElection?: Given<LeaderElection> | null;
  readonly clientConnection?: { readonly kubeconfig?: string; readonly burst?: number } | null;
  readonly percentageOfNodesToScore?: number | null;
  readonly podInitialBackoffSeconds?: number | null;
  readonly podMaxBackoffSeconds?: number | null;
  readonly profiles?: readonly RawProfile[] | null;
  readonly extenders?: readonly unknown[] | null;
}
