import { quote } from '@binnacle/machinery-meta';
import type { PodSpec } from '../../core/v1/index.js';
import {
  type Check,
  containersOf,
  counted,
  distinct,
  isWindows,
  namesOf,
  plural,
  type PodMetadata,
  quoted,
  settersOf,
  unless,
  type Violation,
} from '../check.js';

const GOOD_TYPES: readonly string[] = ['RuntimeDefault', 'Localhost'];
const isBadType = (profile: { readonly type: string } | undefined): boolean =>
  profile !== undefined && !GOOD_TYPES.includes(profile.type);

interface BadProfiles {
  readonly setters: readonly string[];
  /** Sorted. */
  readonly values: readonly string[];
}

/** Who sets a profile that may not be, and which. */
function badProfiles(spec: PodSpec, field: 'seccompProfile' | 'appArmorProfile'): BadProfiles {
  const ofPod = spec.securityContext?.[field];
  const bad = containersOf(spec).flatMap(({ name, securityContext }) => {
    const profile = securityContext?.[field];
    return profile && isBadType(profile) ? [{ name, type: profile.type }] : [];
  });
  const names = bad.map(({ name }) => name);
  const types = bad.map(({ type }) => type);
  const isPod = isBadType(ofPod);
  return { setters: settersOf(isPod, names), values: distinct(isPod && ofPod ? [ofPod.type, ...types] : types) };
}

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const isGoodAppArmor = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

function checkAppArmor(spec: PodSpec, { annotations = {} }: PodMetadata): Violation | undefined {
  const { setters, values } = badProfiles(spec, 'appArmorProfile');
  const noted = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(APP_ARMOR) && !isGoodAppArmor(value))
    .map(([key, value]) => `${key}=${quote(value)}`)
    .sort();
  const who = noted.length > 0 ? [...setters, plural('annotation', 'annotations', noted.length)] : setters;
  if (who.length === 0) return undefined;
  const all = [...values, ...noted];
  return {
    reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', all.length),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
  };
}

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const isGoodSeccomp = (value: string): boolean =>
  value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');

/** Before there were fields for it. */
function checkSeccompAnnotations(spec: PodSpec, { annotations = {} }: PodMetadata): Violation | undefined {
  const keys = [SECCOMP_POD, ...containersOf(spec).map(({ name }) => `${SECCOMP_CONTAINER}${name}`)];
  const bad = keys.flatMap((key) => {
    const value = annotations[key];
    return value === undefined || isGoodSeccomp(value) ? [] : [`${key}=${quote(value)}`];
  });
  if (bad.length === 0) return undefined;
  const all = distinct(bad);
  const detail = `forbidden ${plural('annotation', 'annotations', all.length)} ${all.join(', ')}`;
  return { reason: 'seccompProfile', detail };
}

function checkSeccomp(spec: PodSpec): Violation | undefined {
  const { setters, values } = badProfiles(spec, 'seccompProfile');
  if (setters.length === 0) return undefined;
  const detail = `${setters.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(values)}`;
  return { reason: 'seccompProfile', detail };
}

function checkSeccompSet(spec: PodSpec): Violation | undefined {
  const violation = checkSeccomp(spec);
  if (violation || spec.securityContext?.seccompProfile) return violation;
  const silent = namesOf(spec, ({ securityContext }) => !securityContext?.seccompProfile);
  if (silent.length === 0) return undefined;
  const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return { reason: 'seccompProfile', detail: `pod or ${counted('container', silent)} ${must}` };
}

const SECCOMP = ['seccompProfile_baseline'];

/** What the kernel keeps containers from. */
export const PROFILE_CHECKS: readonly Check[] = [
  { id: 'appArmorProfile', level: 'baseline', versions: [{ since: 0, check: checkAppArmor }] },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    versions: [
      { since: 0, check: checkSeccompAnnotations },
      { since: 19, check: checkSeccomp },
    ],
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    versions: [
      { since: 19, check: checkSeccompSet, overrides: SECCOMP },
      { since: 25, check: unless(isWindows, checkSeccompSet), overrides: SECCOMP },
    ],
  },
];
