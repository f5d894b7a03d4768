import { EXTENSION_POINTS } from './extension-points.js';
import type { Shape } from './shape.js';
import type { PluginWithArgs } from './types.js';

const strings = { list: 'string' } as const;
const typeMeta = { apiVersion: 'string', kind: 'string' } as const;
const record = (fields: Readonly<Record<string, Shape>>): Shape => ({ fields });

const requirements: Shape = { list: record({ key: 'string', operator: 'string', values: strings }) };
const nodeSelectorTerm = record({ matchExpressions: requirements, matchFields: requirements });
const labelSelector = record({ matchLabels: 'anything', matchExpressions: requirements });

const nodeAffinity = record({
  requiredDuringSchedulingIgnoredDuringExecution: record({ nodeSelectorTerms: { list: nodeSelectorTerm } }),
  preferredDuringSchedulingIgnoredDuringExecution: {
    list: record({ weight: 'integer', preference: nodeSelectorTerm }),
  },
});

const spreadConstraint = record({
  maxSkew: 'integer',
  topologyKey: 'string',
  whenUnsatisfiable: 'string',
  labelSelector,
  minDomains: 'integer',
  nodeAffinityPolicy: 'string',
  nodeTaintsPolicy: 'string',
  matchLabelKeys: strings,
});

const shape: Shape = { list: record({ utilization: 'integer', score: 'integer' }) };
const resources: Shape = { list: record({ name: 'string', weight: 'integer' }) };

const args = (fields: Readonly<Record<string, Shape>>): Shape => record({ ...typeMeta, ...fields });

/** By plugin, what its arguments may say. */
export const ARGS_SHAPES: Readonly<Record<PluginWithArgs, Shape>> = {
  DefaultPreemption: args({ minCandidateNodesPercentage: 'integer', minCandidateNodesAbsolute: 'integer' }),
  DynamicResources: args({ filterTimeout: 'duration', bindingTimeout: 'duration' }),
  InterPodAffinity: args({ hardPodAffinityWeight: 'integer', ignorePreferredTermsOfExistingPods: 'boolean' }),
  NodeAffinity: args({ addedAffinity: nodeAffinity }),
  NodeResourcesBalancedAllocation: args({ resources }),
  NodeResourcesFit: args({
    ignoredResources: strings,
    ignoredResourceGroups: strings,
    scoringStrategy: record({ type: 'string', resources, requestedToCapacityRatio: record({ shape }) }),
  }),
  PodTopologySpread: args({ defaultConstraints: { list: spreadConstraint }, defaultingType: 'string' }),
  VolumeBinding: args({ bindTimeoutSeconds: 'integer', shape }),
};

const pluginRefs: Shape = { list: record({ name: 'string', weight: 'integer' }) };
const pluginSet = record({ enabled: pluginRefs, disabled: pluginRefs });
const plugins = record(Object.fromEntries(['multiPoint', ...EXTENSION_POINTS].map((point) => [point, pluginSet])));

const profile = record({
  schedulerName: 'string',
  percentageOfNodesToScore: 'integer',
  plugins,
  pluginConfig: { list: record({ name: 'string', args: 'anything' }) },
});

const leaderElection = record({
  leaderElect: 'boolean',
  leaseDuration: 'duration',
  renewDeadline: 'duration',
  retryPeriod: 'duration',
  resourceLock: 'string',
  resourceName: 'string',
  resourceNamespace: 'string',
});

const clientConnection = record({
  kubeconfig: 'string',
  acceptContentTypes: 'string',
  contentType: 'string',
  qps: 'number',
  burst: 'integer',
});

/** What the file may say. */
export const CONFIGURATION_SHAPE = record({
  ...typeMeta,
  parallelism: 'integer',
  leaderElection,
  clientConnection,
  enableProfiling: 'boolean',
  enableContentionProfiling: 'boolean',
  percentageOfNodesToScore: 'integer',
  podInitialBackoffSeconds: 'integer',
  podMaxBackoffSeconds: 'integer',
  profiles: { list: profile },
  extenders: { list: 'anything' },
  delayCacheUntilActive: 'boolean',
});
