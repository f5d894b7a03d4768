import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isUserId,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, validateSupported } from '@binnacle/apis-registry';
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from '../index.js';
import { validateDescendingPath } from './path-validation.js';

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const PROC_MOUNTS = ['Default', 'Unmasked'];
const FS_GROUP_CHANGES = ['Always', 'OnRootMismatch'];
const SUPPLEMENTAL_POLICIES = ['Merge', 'Strict'];
const SELINUX_CHANGES = ['MountOption', 'Recursive'];

function validateId(id: number, path: FieldPath): FieldError[] {
  return invalidEach(path, id, isUserId(id));
}

function validateKnown(supported: readonly string[]) {
  return (value: string, path: FieldPath): FieldError[] => validateSupported(value, path, supported);
}

function validateProfileType(type: string, path: FieldPath, field: string): FieldError[] {
  if (!type) return [required(path, `type is required when ${field} is set`)];
  return validateKnown(PROFILE_TYPES)(type, path);
}

function validateSeccomp(profile: SeccompProfile, path: FieldPath): FieldError[] {
  const { type, localhostProfile } = profile;
  const errors = validateProfileType(type, path.child('type'), 'seccompProfile');
  const at = path.child('localhostProfile');
  if (type !== 'Localhost') {
    if (localhostProfile === undefined) return errors;
    return [...errors, invalid(at, profile, 'can only be set when seccomp type is Localhost')];
  }
  if (localhostProfile !== undefined) return [...errors, ...validateDescendingPath(localhostProfile, at)];
  return [...errors, required(at, 'must be set when seccomp type is Localhost')];
}

function validateLocalhostAppArmor(profile: string | undefined, path: FieldPath): FieldError[] {
  if (!profile?.trim()) return [required(path, 'must be set when AppArmor type is Localhost')];
  return profile.trim() === profile ? [] : [invalid(path, profile, 'must not be padded with whitespace')];
}

export function validateAppArmor({ type, localhostProfile }: AppArmorProfile, path: FieldPath): FieldError[] {
  const at = path.child('localhostProfile');
  if (type === 'Localhost') return validateLocalhostAppArmor(localhostProfile, at);
  const errors = validateProfileType(type, path.child('type'), 'appArmorProfile');
  if (localhostProfile === undefined) return errors;
  return [...errors, invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost')];
}

function validatePrivilege(context: SecurityContext, path: FieldPath): FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return [];
  const errors: FieldError[] = [];
  if (context.privileged)
    errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    const why = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
    errors.push(invalid(path, context, why));
  }
  return errors;
}

/** `hostUsers` says whether the Pod shares the node's user namespace. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  path: FieldPath,
  hostUsers: boolean,
): FieldError[] {
  if (!context) return [];
  const { procMount } = context;
  const unmasked = hostUsers && procMount === 'Unmasked';
  return [
    ...optional(context.runAsUser, path.child('runAsUser'), validateId),
    ...optional(context.runAsGroup, path.child('runAsGroup'), validateId),
    ...optional(procMount, path.child('procMount'), validateKnown(PROC_MOUNTS)),
    ...(unmasked ? [invalid(path.child('procMount'), procMount, '`hostUsers` must be false to use `Unmasked`')] : []),
    ...optional(context.seccompProfile, path.child('seccompProfile'), validateSeccomp),
    ...validatePrivilege(context, path),
    ...optional(context.appArmorProfile, path.child('appArmorProfile'), validateAppArmor),
  ];
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_TEXT = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const SYSCTL_MAX = 253;

function validateSysctls(sysctls: readonly Sysctl[] | undefined, path: FieldPath): FieldError[] {
  return each(sysctls, path, ({ name }, at) => {
    if (!name) return [required(at.child('name'))];
    if (name.length <= SYSCTL_MAX && SYSCTL.test(name)) return [];
    const why = `must have at most ${SYSCTL_MAX} characters and match regex ${SYSCTL_TEXT}`;
    return [invalid(at.child('name'), name, why)];
  });
}

function validateSharedProcesses(spec: PodSpec, path: FieldPath): FieldError[] {
  if (!spec.shareProcessNamespace || !spec.hostPID) return [];
  const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
  return [invalid(path.child('shareProcessNamespace'), true, why)];
}

export function validatePodSecurityContext(spec: PodSpec, path: FieldPath): FieldError[] {
  const context: PodSecurityContext = spec.securityContext ?? {};
  return [
    ...optional(context.fsGroup, path.child('fsGroup'), validateId),
    ...optional(context.runAsUser, path.child('runAsUser'), validateId),
    ...optional(context.runAsGroup, path.child('runAsGroup'), validateId),
    ...each(context.supplementalGroups, path.child('supplementalGroups'), validateId),
    ...validateSharedProcesses(spec, path),
    ...validateSysctls(context.sysctls, path.child('sysctls')),
    ...optional(context.fsGroupChangePolicy, path.child('fsGroupChangePolicy'), validateKnown(FS_GROUP_CHANGES)),
    ...optional(context.seccompProfile, path.child('seccompProfile'), validateSeccomp),
    ...optional(context.appArmorProfile, path.child('appArmorProfile'), validateAppArmor),
    ...optional(
      context.supplementalGroupsPolicy,
      path.child('supplementalGroupsPolicy'),
      validateKnown(SUPPLEMENTAL_POLICIES),
    ),
    ...optional(context.seLinuxChangePolicy, path.child('seLinuxChangePolicy'), validateKnown(SELINUX_CHANGES)),
  ];
}

const HOST_NAMESPACES = [
  ['hostNetwork', 'hostNetwork'],
  ['hostPID', 'HostPID'],
  ['hostIPC', 'HostIPC'],
] as const;

/** A user namespace of its own excludes the node's other namespaces. */
export function validateHostUsers(spec: PodSpec, path: FieldPath): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const shared = HOST_NAMESPACES.filter(([field]) => spec[field]).map(([, shown]) => path.child(shown));
  const devices = (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ volumeDevices }, index) =>
      volumeDevices?.length ? [path.child(list).index(index).child('volumeDevices')] : [],
    ),
  );
  return [...shared, ...devices].map((at) => forbidden(at, 'when `hostUsers` is false'));
}
