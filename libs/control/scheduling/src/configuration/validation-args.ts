import type { TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isQualifiedName,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import type {
  DefaultPreemptionArgs,
  NodeResourcesBalancedAllocationArgs,
  NodeResourcesFitArgs,
  PluginArgs,
  PluginWithArgs,
  PodTopologySpreadArgs,
  ResourceSpec,
  ScoringStrategy,
  UtilizationShapePoint,
  VolumeBindingArgs,
} from './types.js';
import { durationMilliseconds } from './duration.js';
import { validateAddedAffinity } from './validation-affinity.js';

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];
const MOST_SHAPE_SCORE = 10;
const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

function validatePreemption(args: DefaultPreemptionArgs, path: FieldPath): FieldError[] {
  const { minCandidateNodesPercentage: percentage, minCandidateNodesAbsolute: absolute } = args;
  const at = {
    percentage: path.child('minCandidateNodesPercentage'),
    absolute: path.child('minCandidateNodesAbsolute'),
  };
  const errors: FieldError[] = [];
  if (percentage < 0 || percentage > 100) {
    errors.push(invalid(at.percentage, percentage, 'not in valid range [0, 100]'));
  }
  if (absolute < 0) errors.push(invalid(at.absolute, absolute, 'not in valid range [0, inf)'));
  if (percentage !== 0 || absolute !== 0) return errors;
  return [
    ...errors,
    invalid(at.percentage, percentage, 'cannot be zero at the same time as minCandidateNodesAbsolute'),
    invalid(at.absolute, absolute, 'cannot be zero at the same time as minCandidateNodesPercentage'),
  ];
}

function validateTopologyKey(key: string | undefined, path: FieldPath): FieldError[] {
  return key ? invalidEach(path, key, isQualifiedName(key)) : [required(path, 'can not be empty')];
}

function validateAction(action: string | undefined, path: FieldPath): FieldError[] {
  if (!action) return [required(path, 'can not be empty')];
  return ACTIONS.includes(action) ? [] : [notSupported(path, action, ACTIONS)];
}

function validateConstraint(one: TopologySpreadConstraint, path: FieldPath): FieldError[] {
  const { maxSkew = 0, topologyKey, whenUnsatisfiable, labelSelector } = one;
  const selector = 'constraint must not define a selector, as they deduced for each pod';
  return [
    ...(maxSkew > 0 ? [] : [invalid(path.child('maxSkew'), maxSkew, 'not in valid range (0, inf)')]),
    ...validateTopologyKey(topologyKey, path.child('topologyKey')),
    ...validateAction(whenUnsatisfiable, path.child('whenUnsatisfiable')),
    ...(labelSelector ? [forbidden(path.child('labelSelector'), selector)] : []),
  ];
}

function validateDefaulting(args: PodTopologySpreadArgs, path: FieldPath): FieldError[] {
  const { defaultingType: type, defaultConstraints } = args;
  if (type !== 'System' && type !== 'List') return [notSupported(path, type, ['System', 'List'])];
  if (type === 'List' || defaultConstraints.length === 0) return [];
  return [invalid(path, type, 'when .defaultConstraints are not empty')];
}

function validateSpread(args: PodTopologySpreadArgs, path: FieldPath): FieldError[] {
  const constraints = path.child('defaultConstraints');
  const keys = args.defaultConstraints.map((one) => `{${one.topologyKey}, ${one.whenUnsatisfiable}}`);
  const each = args.defaultConstraints.flatMap((one, index) => [
    ...validateConstraint(one, constraints.index(index)),
    ...(keys.indexOf(keys[index] as string) < index ? [duplicate(constraints.index(index), keys[index])] : []),
  ]);
  return [...validateDefaulting(args, path.child('defaultingType')), ...each];
}

/** Upstream's numbers both: what a resource may be used to, and how it may be scored. */
function validatePoint({ utilization, score }: UtilizationShapePoint, path: FieldPath): FieldError[] {
  const within = (value: number, name: string, most: number) =>
    value >= 0 && value <= most ? [] : [invalid(path.child(name), value, `not in valid range [0, ${most}]`)];
  return [...within(utilization, 'utilization', 100), ...within(score, 'score', MOST_SHAPE_SCORE)];
}

function validateFunctionShape(shape: readonly UtilizationShapePoint[], path: FieldPath): FieldError[] {
  if (shape.length === 0) return [required(path, 'at least one point must be specified')];
  const points = shape.flatMap((point, index) => validatePoint(point, path.index(index)));
  const back = shape.findIndex(({ utilization }, index) => {
    const before = shape[index - 1];
    return before !== undefined && before.utilization >= utilization;
  });
  if (back < 0) return points;
  const detail = 'values must be sorted in increasing order';
  return [invalid(path.index(back).child('utilization'), shape[back]?.utilization, detail), ...points];
}

function validateResources(resources: readonly ResourceSpec[], path: FieldPath): FieldError[] {
  return resources.flatMap(({ name, weight }, index) => {
    if (weight > 0 && weight <= 100) return [];
    const detail = `resource weight of ${name} not in valid range (0, 100]`;
    return [invalid(path.index(index).child('weight'), weight, detail)];
  });
}

function validateRatio({ type, requestedToCapacityRatio: ratio }: ScoringStrategy, path: FieldPath): FieldError[] {
  if (type !== 'RequestedToCapacityRatio') {
    return ratio ? [forbidden(path, 'must be nil when type is not RequestedToCapacityRatio')] : [];
  }
  if (!ratio) return [required(path, 'must be specified when type is RequestedToCapacityRatio')];
  return validateFunctionShape(ratio.shape, path.child('shape'));
}

function validateStrategy(strategy: ScoringStrategy, path: FieldPath): FieldError[] {
  const known = STRATEGIES.includes(strategy.type);
  return [
    ...(known ? [] : [notSupported(path.child('type'), strategy.type, STRATEGIES)]),
    ...validateResources(strategy.resources, path.child('resources')),
    ...validateRatio(strategy, path.child('requestedToCapacityRatio')),
  ];
}

function validateFit(args: NodeResourcesFitArgs, path: FieldPath): FieldError[] {
  const resources = args.ignoredResources.flatMap((name, index) =>
    invalidEach(path.child('ignoredResources').index(index), name, isQualifiedName(name)),
  );
  const groups = args.ignoredResourceGroups.flatMap((group, index) => {
    const at = path.child('ignoredResourceGroups').index(index);
    const slash = group.includes('/') ? [invalid(at, group, "resource group name can't contain '/'")] : [];
    return [...slash, ...invalidEach(at, group, isQualifiedName(group))];
  });
  return [...resources, ...groups, ...validateStrategy(args.scoringStrategy, path.child('scoringStrategy'))];
}

function validateBalanced({ resources }: NodeResourcesBalancedAllocationArgs, path: FieldPath): FieldError[] {
  const names = resources.map(({ name }) => name);
  return resources.flatMap(({ name, weight }, index) => {
    const at = path.child('resources').index(index);
    return [
      ...(names.indexOf(name) < index ? [duplicate(at.child('name'), name)] : []),
      ...(weight === 1 ? [] : [invalid(at.child('weight'), weight, 'must be 1')]),
    ];
  });
}

function validateVolumeBinding({ bindTimeoutSeconds, shape }: VolumeBindingArgs, path: FieldPath): FieldError[] {
  const negative = 'invalid BindTimeoutSeconds, should not be a negative value';
  const unexpected = 'unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring';
  return [
    ...(bindTimeoutSeconds < 0 ? [invalid(path.child('bindTimeoutSeconds'), bindTimeoutSeconds, negative)] : []),
    ...(shape ? [invalid(path.child('shape'), shape, unexpected)] : []),
  ];
}

type Validators = { readonly [P in PluginWithArgs]: (args: PluginArgs[P], path: FieldPath) => FieldError[] };

/** Behaves as kubernetes pkg/scheduler/apis/config/validation validation_pluginargs.go. */
const VALIDATORS: Validators = {
  DefaultPreemption: validatePreemption,
  DynamicResources: ({ filterTimeout, bindingTimeout }, path) => [
    ...(durationMilliseconds(filterTimeout) < 0
      ? [invalid(path.child('filterTimeout'), filterTimeout, 'must be zero or positive')]
      : []),
    ...(durationMilliseconds(bindingTimeout) < 1000
      ? [invalid(path.child('bindingTimeout'), bindingTimeout, 'must be at least 1 second')]
      : []),
  ],
  InterPodAffinity: ({ hardPodAffinityWeight: weight }, path) =>
    weight >= 0 && weight <= 100
      ? []
      : [invalid(path.child('hardPodAffinityWeight'), weight, 'not in valid range [0, 100]')],
  NodeAffinity: ({ addedAffinity }, path) => validateAddedAffinity(addedAffinity, path.child('addedAffinity')),
  NodeResourcesBalancedAllocation: validateBalanced,
  NodeResourcesFit: validateFit,
  PodTopologySpread: validateSpread,
  VolumeBinding: validateVolumeBinding,
};

export function validateArgs<P extends PluginWithArgs>(plugin: P, args: PluginArgs, path: FieldPath): FieldError[] {
  return VALIDATORS[plugin](args[plugin], path);
}
