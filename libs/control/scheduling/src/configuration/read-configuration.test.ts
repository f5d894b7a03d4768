import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIGURATION } from './defaults.js';
import { durationMilliseconds } from './duration.js';
import { ConfigurationError, readConfiguration } from './read-configuration.js';
import type { Shape } from './shape.js';
import { ARGS_SHAPES, CONFIGURATION_SHAPE } from './shapes.js';

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
const read = (body: string) => readConfiguration(`${head}${body}`);
const argsOf = (plugin: string, args: string) =>
  read(`profiles:\n- pluginConfig:\n  - name: ${plugin}\n    args: ${args}\n`).profiles[0]?.args;

test('what says nothing is the default', () => {
  const configuration = read('');
  expect(configuration).toEqual(DEFAULT_CONFIGURATION);
  expect(configuration).toMatchObject({
    parallelism: 16,
    percentageOfNodesToScore: 0,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 10,
    leaderElection: {
      leaderElect: true,
      leaseDuration: '15s',
      renewDeadline: '10s',
      retryPeriod: '2s',
      resourceLock: 'leases',
      resourceName: 'kube-scheduler',
      resourceNamespace: 'kube-system',
    },
  });
  const [profile] = configuration.profiles;
  expect(profile?.schedulerName).toBe('default-scheduler');
  expect(profile?.plugins.multiPoint?.enabled?.slice(0, 5)).toEqual([
    { name: 'SchedulingGates' },
    { name: 'PrioritySort' },
    { name: 'NodeUnschedulable' },
    { name: 'NodeName' },
    { name: 'TaintToleration', weight: 3 },
  ]);
});

test('JSON is YAML, and what is null was not said', () => {
  const text = JSON.stringify({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: null,
    parallelism: null,
    leaderElection: { leaderElect: false },
  });
  expect(readConfiguration(text)).toMatchObject({ parallelism: 16, leaderElection: { leaderElect: false } });
});

describe('the arguments of a plugin are completed', () => {
  test.each<[string, string, object]>([
    [
      'NodeResourcesFit',
      '{scoringStrategy: {type: MostAllocated, resources: [{name: cpu}]}, ignoredResourceGroups: [example.com]}',
      {
        ignoredResources: [],
        ignoredResourceGroups: ['example.com'],
        scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 1 }] },
      },
    ],
    [
      'NodeResourcesFit',
      '{scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 0, score: 10}]}}}',
      {
        scoringStrategy: {
          resources: [
            { name: 'cpu', weight: 1 },
            { name: 'memory', weight: 1 },
          ],
          requestedToCapacityRatio: { shape: [{ utilization: 0, score: 10 }] },
        },
      },
    ],
    ['InterPodAffinity', '{hardPodAffinityWeight: 0}', { hardPodAffinityWeight: 0 }],
    [
      'DefaultPreemption',
      '{apiVersion: kubescheduler.config.k8s.io/v1, kind: DefaultPreemptionArgs, minCandidateNodesAbsolute: 5}',
      { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 5 },
    ],
    ['VolumeBinding', '{bindTimeoutSeconds: 30}', { bindTimeoutSeconds: 30 }],
    ['DynamicResources', '{bindingTimeout: 1m}', { filterTimeout: '10s', bindingTimeout: '1m' }],
    ['PodTopologySpread', '{defaultingType: List}', { defaultingType: 'List', defaultConstraints: [] }],
  ])('%s: %s', (plugin, args, expected) => {
    expect(argsOf(plugin, args)).toMatchObject({ [plugin]: expected });
  });

  test('those of plugins that are not ours are kept as they are', () => {
    const [profile] = read('profiles: [{pluginConfig: [{name: Mine, args: {a: [1]}}]}]').profiles;
    expect(profile?.foreignArgs).toEqual(new Map([['Mine', { a: [1] }]]));
  });
});

describe('it is refused', () => {
  const config = (name: string, args: string) => `profiles: [{pluginConfig: [{name: ${name}, args: ${args}}]}]`;
  const at = 'profiles[0].pluginConfig[0].args';

  test.each<[string, string]>([
    ['paralellism: 1', 'strict decoding error: unknown field "paralellism"'],
    ['profiles: [{plugins: {scoring: {}}}]', 'strict decoding error: unknown field "profiles[0].plugins.scoring"'],
    ['profiles: {}', 'strict decoding error: field "profiles" must be a list'],
    ['profiles: [null]', 'strict decoding error: field "profiles[0]" must not be null'],
    ['parallelism: "4"', 'strict decoding error: field "parallelism" must be an integer'],
    ['leaderElection: {retryPeriod: soon}', 'field "leaderElection.retryPeriod" must be a duration such as "15s"'],
    [config('NodeResourcesFit', '{scoring: {}}'), `strict decoding error: unknown field "${at}.scoring"`],
    [
      config('VolumeBinding', '{kind: NodeAffinityArgs}'),
      'args for plugin VolumeBinding were not of type VolumeBindingArgs, got NodeAffinityArgs',
    ],
    ['parallelism: 1\nparallelism: 2', 'key "parallelism" already set in map'],
    ['parallelism: -1', 'parallelism: Invalid value: -1: should be an integer value greater than zero'],
    ['percentageOfNodesToScore: 101', 'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]'],
    ['podInitialBackoffSeconds: 0', 'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0'],
    [
      'podMaxBackoffSeconds: 1\npodInitialBackoffSeconds: 2',
      'podMaxBackoffSeconds: Invalid value: 1: must be greater than or equal to PodInitialBackoffSeconds',
    ],
    ['clientConnection: {burst: -1}', 'clientConnection.burst: Invalid value: -1: must be non-negative'],
    ['extenders: [{urlPrefix: "http://x"}]', 'extenders: Forbidden: this scheduler calls no extenders'],
    [
      'leaderElection: {resourceLock: endpoints}',
      'leaderElection.resourceLock: Invalid value: "endpoints": resourceLock value must be "leases"',
    ],
    [
      'leaderElection: {leaseDuration: 5s}',
      'leaderElection.leaseDuration: Invalid value: "10s": must be greater than `RenewDeadline`',
    ],
    ['leaderElection: {retryPeriod: 0s}', 'leaderElection.retryPeriod: Invalid value: "0s": must be greater than zero'],
    ['profiles: [{schedulerName: a}, {}]', 'profiles[1].schedulerName: Required value'],
    [
      'profiles: [{schedulerName: a}, {schedulerName: a}]',
      'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
    ],
    [
      'profiles: [{schedulerName: a, plugins: {queueSort: {enabled: [{name: A}]}}}, {schedulerName: b}]',
      'profiles[1].plugins.queueSort: Invalid value: {"enabled":[],"disabled":[]}: must be the same for all profiles',
    ],
    [
      'profiles: [{plugins: {queueSort: {enabled: [{name: A}, {name: B}]}}}]',
      'profiles[0].plugins.queueSort.Enabled: Invalid value: 2: only one queue sort plugin can be enabled',
    ],
    [
      'profiles: [{plugins: {filter: {enabled: [{name: EBSLimits}]}}}]',
      'profiles[0].plugins.filter.enabled[0]: Invalid value: "EBSLimits": was invalid in version',
    ],
    [
      'profiles: [{pluginConfig: [{name: NodeAffinity}, {name: NodeAffinity}]}]',
      'profiles[0].pluginConfig[1]: Duplicate value: "NodeAffinity"',
    ],
    [
      config('DefaultPreemption', '{minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0}'),
      `${at}.minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute`,
    ],
    [
      config('DefaultPreemption', '{minCandidateNodesPercentage: 101}'),
      `${at}.minCandidateNodesPercentage: Invalid value: 101: not in valid range [0, 100]`,
    ],
    [
      config('InterPodAffinity', '{hardPodAffinityWeight: 101}'),
      `${at}.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]`,
    ],
    [
      config('NodeResourcesFit', '{scoringStrategy: {type: Best}}'),
      `${at}.scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`,
    ],
    [
      config('NodeResourcesFit', '{scoringStrategy: {type: RequestedToCapacityRatio}}'),
      `${at}.scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is RequestedToCapacityRatio`,
    ],
    [
      config(
        'NodeResourcesFit',
        '{scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 5, score: 11}, {utilization: 5, score: 1}]}}}',
      ),
      `${at}.scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 5: values must be sorted in increasing order`,
    ],
    [
      config('NodeResourcesFit', '{scoringStrategy: {type: LeastAllocated, resources: [{name: cpu, weight: 101}]}}'),
      `${at}.scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in valid range (0, 100]`,
    ],
    [
      config('NodeResourcesFit', '{ignoredResourceGroups: [a/b]}'),
      `${at}.ignoredResourceGroups[0]: Invalid value: "a/b": resource group name can't contain '/'`,
    ],
    [
      config('NodeResourcesBalancedAllocation', '{resources: [{name: cpu, weight: 2}]}'),
      `${at}.resources[0].weight: Invalid value: 2: must be 1`,
    ],
    [
      config(
        'PodTopologySpread',
        '{defaultConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]}',
      ),
      `${at}.defaultingType: Invalid value: "System": when .defaultConstraints are not empty`,
    ],
    [
      config(
        'PodTopologySpread',
        '{defaultingType: List, defaultConstraints: [{maxSkew: 0, whenUnsatisfiable: Maybe}]}',
      ),
      `${at}.defaultConstraints[0].topologyKey: Required value: can not be empty`,
    ],
    [
      config('VolumeBinding', '{bindTimeoutSeconds: -1}'),
      `${at}.bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value`,
    ],
    [
      config(
        'NodeAffinity',
        '{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Is}]}]}}}',
      ),
      `${at}.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Unsupported value: "Is"`,
    ],
    [
      config('DynamicResources', '{bindingTimeout: 1ms}'),
      `${at}.bindingTimeout: Invalid value: "1ms": must be at least 1 second`,
    ],
  ])('%s', (body, message) => {
    expect(() => read(body)).toThrow(ConfigurationError);
    expect(() => read(body)).toThrow(message);
  });

  test.each<[string, string]>([
    ['', "Object 'Kind' is missing"],
    ['kind: KubeSchedulerConfiguration', "Object 'apiVersion' is missing"],
    [head.replace('/v1', '/v1beta1'), 'no kind "KubeSchedulerConfiguration" is registered for version'],
    ['a: [', 'yaml'],
    ['x'.repeat(2 ** 20 + 1), 'longer than 1048576 characters'],
  ])('as no configuration at all: %.30s', (text, message) => {
    expect(() => readConfiguration(text)).toThrow(message);
  });

  test('with all that is wrong, each with its field', () => {
    expect(() => read('parallelism: 0\npodInitialBackoffSeconds: 0\n')).toThrow(
      '[parallelism: Invalid value: 0: should be an integer value greater than zero, ' +
        'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0]',
    );
  });
});

const NAMES = ['NodeResourcesFit', 'DefaultPreemption', '*', 'LeastAllocated', 'List', 'default-scheduler'];
const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.oneof(fc.string(), fc.constantFrom(...NAMES)),
  integer: fc.integer({ min: -2, max: 200 }),
  number: fc.double({ noNaN: true }),
  boolean: fc.boolean(),
  duration: fc.constantFrom('15s', '-1s', '1.5h'),
  anything: fc.jsonValue(),
};

/** Mostly what a shape asks for, with something else here and there. */
function nearly(shape: Shape): fc.Arbitrary<unknown> {
  const others = fc.oneof(fc.constant(null), fc.jsonValue({ maxDepth: 1 }));
  return fc.oneof({ weight: 9, arbitrary: exactly(shape) }, { weight: 1, arbitrary: others });
}

function exactly(shape: Shape): fc.Arbitrary<unknown> {
  if (typeof shape === 'string') return SCALARS[shape] ?? fc.constant(null);
  if ('list' in shape) return fc.array(nearly(shape.list), { maxLength: 3 });
  const fields = Object.entries(shape.fields).map(([name, inner]) => [name, nearly(inner)]);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

const typed = (value: unknown) => ({
  ...(value as object),
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
});
const configured = Object.entries(ARGS_SHAPES).map(([name, shape]) =>
  nearly(shape).map((args) => typed({ profiles: [{ pluginConfig: [{ name, args }] }] })),
);

function readOrRefused(value: unknown): void {
  try {
    readConfiguration(JSON.stringify(value));
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
  }
}

test('what is nearly a configuration is read or refused, and never otherwise', () => {
  const configurations = fc.oneof(exactly(CONFIGURATION_SHAPE).map(typed), ...configured);
  fc.assert(fc.property(configurations, readOrRefused), { numRuns: 1000 });
});

test('anything is read or refused, and never otherwise', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('profiles', 'leaderElection', 'extenders', 'x'), (value, field) =>
      readOrRefused(typed({ [field]: value })),
    ),
    { numRuns: 300 },
  );
});

test.each([
  ['15s', 15_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['-2s', -2_000],
  ['0', 0],
])('%s is %i milliseconds', (text, milliseconds) => expect(durationMilliseconds(text)).toBe(milliseconds));
