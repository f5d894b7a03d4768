import { mergePlugins } from './default-plugins.js';
import type { RawArgs, RawConfiguration, RawPluginConfig, RawProfile, RawScoringStrategy } from './raw.js';
import type {
  KubeSchedulerConfiguration,
  KubeSchedulerProfile,
  LeaderElection,
  PluginArgs,
  PluginWithArgs,
  ResourceSpec,
  ScoringStrategy,
} from './types.js';

export const DEFAULT_SCHEDULER = 'default-scheduler';

const DEFAULT_RESOURCES: readonly ResourceSpec[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

type RawResources = RawScoringStrategy['resources'];

function resourcesOf(given: RawResources): readonly ResourceSpec[] {
  if (!given?.length) return DEFAULT_RESOURCES;
  return given.map(({ name = '', weight }) => ({ name, weight: weight || 1 }));
}

function strategyOf({ type, resources, requestedToCapacityRatio }: RawScoringStrategy): ScoringStrategy {
  return {
    type: type ?? '',
    resources: resourcesOf(resources),
    ...(requestedToCapacityRatio && { requestedToCapacityRatio: { shape: requestedToCapacityRatio.shape ?? [] } }),
  };
}

/** What each plugin's arguments mean. Behaves as kubernetes pkg/scheduler/apis/config/v1 SetDefaults_*Args. */
const ARGS: { readonly [P in PluginWithArgs]: (given: RawArgs[P]) => PluginArgs[P] } = {
  DefaultPreemption: (given) => ({
    minCandidateNodesPercentage: given.minCandidateNodesPercentage ?? 10,
    minCandidateNodesAbsolute: given.minCandidateNodesAbsolute ?? 100,
  }),
  DynamicResources: (given) => ({
    filterTimeout: given.filterTimeout ?? '10s',
    bindingTimeout: given.bindingTimeout ?? '600s',
  }),
  InterPodAffinity: (given) => ({
    hardPodAffinityWeight: given.hardPodAffinityWeight ?? 1,
    ignorePreferredTermsOfExistingPods: given.ignorePreferredTermsOfExistingPods ?? false,
  }),
  NodeAffinity: ({ addedAffinity }) => (addedAffinity ? { addedAffinity } : {}),
  NodeResourcesBalancedAllocation: ({ resources }) => ({ resources: resourcesOf(resources) }),
  NodeResourcesFit: (given) => ({
    ignoredResources: given.ignoredResources ?? [],
    ignoredResourceGroups: given.ignoredResourceGroups ?? [],
    scoringStrategy: strategyOf(given.scoringStrategy ?? { type: 'LeastAllocated' }),
  }),
  PodTopologySpread: (given) => ({
    defaultConstraints: given.defaultConstraints ?? [],
    defaultingType: given.defaultingType || 'System',
  }),
  VolumeBinding: (given) => ({
    bindTimeoutSeconds: given.bindTimeoutSeconds ?? 600,
    ...(given.shape && { shape: given.shape }),
  }),
};

export const takesArgs = (name: string): name is PluginWithArgs => Object.hasOwn(ARGS, name);

function argsOf(configs: readonly RawPluginConfig[]): PluginArgs {
  // Each function is given what its own shape was checked for.
  const given = (name: string) => (configs.find((one) => one.name === name)?.args ?? {}) as never;
  return Object.fromEntries(
    Object.entries(ARGS).map(([name, complete]) => [name, complete(given(name))]),
  ) as unknown as PluginArgs;
}

function profileOf(raw: RawProfile, alone: boolean): KubeSchedulerProfile {
  const configs = raw.pluginConfig ?? [];
  const foreign = configs.filter(({ name = '' }) => !takesArgs(name));
  const { percentageOfNodesToScore: percentage } = raw;
  return {
    // Of several profiles each must say which it is.
    schedulerName: raw.schedulerName ?? (alone ? DEFAULT_SCHEDULER : ''),
    ...(percentage != null && { percentageOfNodesToScore: percentage }),
    plugins: mergePlugins(raw.plugins ?? {}),
    args: argsOf(configs),
    foreignArgs: new Map(foreign.map(({ name = '', args }) => [name, args])),
    pluginConfig: configs.map(({ name = '' }) => name),
  };
}

function leaderElectionOf(given: NonNullable<RawConfiguration['leaderElection']>): LeaderElection {
  return {
    leaderElect: given.leaderElect ?? true,
    leaseDuration: given.leaseDuration ?? '15s',
    renewDeadline: given.renewDeadline ?? '10s',
    retryPeriod: given.retryPeriod ?? '2s',
    resourceLock: given.resourceLock || 'leases',
    resourceName: given.resourceName || 'kube-scheduler',
    resourceNamespace: given.resourceNamespace || 'kube-system',
  };
}

const connectionOf = (given: RawConfiguration['clientConnection']): KubeSchedulerConfiguration['clientConnection'] => ({
  kubeconfig: given?.kubeconfig ?? '',
  burst: given?.burst ?? 100,
});

const numbersOf = (raw: RawConfiguration) => ({
  parallelism: raw.parallelism ?? 16,
  percentageOfNodesToScore: raw.percentageOfNodesToScore ?? 0,
  podInitialBackoffSeconds: raw.podInitialBackoffSeconds ?? 1,
  podMaxBackoffSeconds: raw.podMaxBackoffSeconds ?? 10,
});

/** Behaves as kubernetes pkg/scheduler/apis/config/v1 SetDefaults_KubeSchedulerConfiguration. */
export function withDefaults(raw: RawConfiguration): KubeSchedulerConfiguration {
  const profiles = raw.profiles?.length ? raw.profiles : [{}];
  return {
    ...numbersOf(raw),
    leaderElection: leaderElectionOf(raw.leaderElection ?? {}),
    clientConnection: connectionOf(raw.clientConnection),
    profiles: profiles.map((profile) => profileOf(profile, profiles.length === 1)),
    extenders: raw.extenders?.length ?? 0,
  };
}

/** What a scheduler does that was told nothing. */
export const DEFAULT_CONFIGURATION: KubeSchedulerConfiguration = withDefaults({});

/** The default profile under another name. */
export const defaultProfile = (schedulerName: string): KubeSchedulerProfile => profileOf({ schedulerName }, true);
