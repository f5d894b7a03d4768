import {
  duplicate,
  semanticEqual,
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  required,
} from '@binnacle/machinery-validation';
import { durationMilliseconds } from './duration.js';
import { EXTENSION_POINTS } from './extension-points.js';
import {
  API_VERSION,
  type KubeSchedulerConfiguration,
  type KubeSchedulerProfile,
  type LeaderElection,
  type PluginWithArgs,
} from './types.js';
import { takesArgs } from './defaults.js';
import { validateArgs } from './validation-args.js';

/** Plugins of former versions. */
const REMOVED = new Set(['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits']);
const REMOVED_MESSAGE = `was invalid in version "${API_VERSION}" (KubeSchedulerConfiguration is version "${API_VERSION}")`;

function validateDurations(election: LeaderElection, path: FieldPath): FieldError[] {
  const names = ['leaseDuration', 'renewDeadline', 'retryPeriod'] as const;
  const errors = names
    .filter((name) => durationMilliseconds(election[name]) <= 0)
    .map((name) => invalid(path.child(name), election[name], 'must be greater than zero'));
  if (durationMilliseconds(election.leaseDuration) > durationMilliseconds(election.renewDeadline)) return errors;
  const detail = 'must be greater than `RenewDeadline`';
  return [...errors, invalid(path.child('leaseDuration'), election.renewDeadline, detail)];
}

function validateLeaderElection(election: LeaderElection): FieldError[] {
  if (!election.leaderElect) return [];
  const path = fieldPath('leaderElection');
  const errors = validateDurations(election, path);
  if (election.resourceLock === 'leases') return errors;
  return [...errors, invalid(path.child('resourceLock'), election.resourceLock, 'resourceLock value must be "leases"')];
}

function validatePercentage(percentage: number | undefined, path: FieldPath): FieldError[] {
  if (percentage === undefined || (percentage >= 0 && percentage <= 100)) return [];
  return [invalid(path, percentage, 'not in valid range [0-100]')];
}

function validatePlugins({ plugins }: KubeSchedulerProfile, path: FieldPath): FieldError[] {
  return EXTENSION_POINTS.flatMap((point) =>
    (plugins[point]?.enabled ?? []).flatMap(({ name }, index) =>
      REMOVED.has(name) ? [invalid(path.child(point, 'enabled').index(index), name, REMOVED_MESSAGE)] : [],
    ),
  );
}

function validatePluginConfig({ pluginConfig, args }: KubeSchedulerProfile, path: FieldPath): FieldError[] {
  return pluginConfig.flatMap((name, index) => {
    const at = path.index(index);
    const errors = pluginConfig.indexOf(name) < index ? [duplicate(at, name)] : [];
    if (REMOVED.has(name)) return [...errors, invalid(at, name, REMOVED_MESSAGE)];
    return takesArgs(name) ? [...errors, ...validateArgs(name as PluginWithArgs, args, at.child('args'))] : errors;
  });
}

function validateProfile(profile: KubeSchedulerProfile, path: FieldPath): FieldError[] {
  return [
    ...(profile.schedulerName ? [] : [required(path.child('schedulerName'))]),
    ...validatePercentage(profile.percentageOfNodesToScore, path.child('percentageOfNodesToScore')),
    ...validatePlugins(profile, path.child('plugins')),
    ...validatePluginConfig(profile, path.child('pluginConfig')),
  ];
}

/** There is one queue for all profiles, and so one order. */
function validateCommonQueueSort([first, ...others]: readonly KubeSchedulerProfile[], path: FieldPath): FieldError[] {
  const canon = first?.plugins.queueSort;
  const length = canon?.enabled?.length ?? 0;
  const sorts = path.index(0).child('plugins').child('queueSort').child('Enabled');
  const errors = length > 1 ? [invalid(sorts, length, 'only one queue sort plugin can be enabled')] : [];
  const differing = others.flatMap(({ plugins: { queueSort } }, index) =>
    semanticEqual(queueSort, canon)
      ? []
      : [invalid(path.index(index + 1).child('plugins', 'queueSort'), queueSort, 'must be the same for all profiles')],
  );
  return [...errors, ...differing];
}

function validateProfiles(profiles: readonly KubeSchedulerProfile[]): FieldError[] {
  const path = fieldPath('profiles');
  const names = profiles.map(({ schedulerName }) => schedulerName);
  const each = profiles.flatMap((profile, index) => {
    const first = names.indexOf(profile.schedulerName);
    const at = path.index(index);
    const twice =
      first < index ? [duplicate(at.child('schedulerName'), String(path.index(first).child('schedulerName')))] : [];
    return [...validateProfile(profile, at), ...twice];
  });
  return [...each, ...validateCommonQueueSort(profiles, path)];
}

function validateBackoff({ podInitialBackoffSeconds, podMaxBackoffSeconds }: KubeSchedulerConfiguration): FieldError[] {
  const errors: FieldError[] = [];
  if (podInitialBackoffSeconds <= 0) {
    errors.push(invalid(fieldPath('podInitialBackoffSeconds'), podInitialBackoffSeconds, 'must be greater than 0'));
  }
  if (podMaxBackoffSeconds < podInitialBackoffSeconds) {
    const detail = 'must be greater than or equal to PodInitialBackoffSeconds';
    errors.push(invalid(fieldPath('podMaxBackoffSeconds'), podMaxBackoffSeconds, detail));
  }
  return errors;
}

/** Behaves as kubernetes pkg/scheduler/apis/config/validation ValidateKubeSchedulerConfiguration. */
export function validateConfiguration(config: KubeSchedulerConfiguration): FieldError[] {
  const { parallelism, clientConnection, percentageOfNodesToScore, extenders } = config;
  const burst = fieldPath('clientConnection', 'burst');
  return [
    ...(clientConnection.burst < 0 ? [invalid(burst, clientConnection.burst, 'must be non-negative')] : []),
    ...validateLeaderElection(config.leaderElection),
    ...(parallelism > 0
      ? []
      : [invalid(fieldPath('parallelism'), parallelism, 'should be an integer value greater than zero')]),
    ...validateProfiles(config.profiles),
    ...validatePercentage(percentageOfNodesToScore, fieldPath('percentageOfNodesToScore')),
    ...validateBackoff(config),
    ...(extenders > 0 ? [forbidden(fieldPath('extenders'), 'this scheduler calls no extenders')] : []),
  ];
}
