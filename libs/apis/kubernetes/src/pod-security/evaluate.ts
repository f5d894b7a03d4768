import type { PodSpec } from '../core/v1/index.js';
import type { Check, CheckPod, PodMetadata, VersionedCheck, Violation } from './check.js';
import { HOST_CHECKS } from './checks/host.js';
import { PRIVILEGE_CHECKS } from './checks/privileges.js';
import { PROFILE_CHECKS } from './checks/profiles.js';
import { SE_LINUX_CHECKS } from './checks/se-linux.js';
import { SYSCTL_CHECKS } from './checks/sysctls.js';
import { USER_CHECKS } from './checks/users.js';
import { VOLUME_CHECKS } from './checks/volumes.js';
import type { Level, LevelVersion } from './levels.js';

const orderOf = ({ level, id }: Check): string => `${level} ${id}`;

/** Every rule of the standards, those of `baseline` first, each level sorted: the order in which violations are told. */
export const CHECKS: readonly Check[] = [
  ...HOST_CHECKS,
  ...PRIVILEGE_CHECKS,
  ...PROFILE_CHECKS,
  ...SE_LINUX_CHECKS,
  ...SYSCTL_CHECKS,
  ...USER_CHECKS,
  ...VOLUME_CHECKS,
].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));

/** No rule has changed since. */
const NEWEST = Math.max(...CHECKS.flatMap(({ versions }) => versions.map(({ since }) => since)));

function at({ versions }: Check, version: number): VersionedCheck | undefined {
  return versions.findLast(({ since }) => since <= version);
}

function checksOf(level: Level, version: number): CheckPod[] {
  if (level === 'privileged') return [];
  const made = CHECKS.filter((check) => level === 'restricted' || check.level === 'baseline');
  const overridden = new Set(made.flatMap((check) => at(check, version)?.overrides ?? []));
  return made.filter(({ id }) => !overridden.has(id)).flatMap((check) => at(check, version)?.check ?? []);
}

const known = new Map<string, readonly CheckPod[]>();

function checksFor({ level, version }: LevelVersion): readonly CheckPod[] {
  const minor = Math.min(version, NEWEST);
  const key = `${level} ${minor}`;
  let checks = known.get(key);
  if (!checks) known.set(key, (checks = checksOf(level, minor)));
  return checks;
}

/** What a Pod, or what is made from a template, does that a standard forbids. Pure, and bounded by the Pod's own size. */
export function violationsOf(standard: LevelVersion, spec: PodSpec, metadata: PodMetadata): readonly Violation[] {
  return checksFor(standard).flatMap((check) => check(spec, metadata) ?? []);
}

/** As one is told of one Pod. */
export function detailOf(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');
}

/** As one is told of many Pods. */
export function reasonOf(violations: readonly Violation[]): string {
  return violations.map(({ reason }) => reason).join(', ');
}
