import type { PodSpec, SELinuxOptions } from '../../core/v1/index.js';
import { type Check, type CheckPod, containersOf, counted, distinct, settersOf } from '../check.js';

const TYPES: readonly string[] = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const TYPES_SINCE_31: readonly string[] = [...TYPES, 'container_engine_t'];

function isBad(options: SELinuxOptions | undefined, types: readonly string[]): options is SELinuxOptions {
  if (!options) return false;
  return !types.includes(options.type ?? '') || Boolean(options.user) || Boolean(options.role);
}

function faultsOf(bad: readonly SELinuxOptions[], allowed: readonly string[]): string {
  const types = distinct(bad.map(({ type = '' }) => type).filter((type) => !allowed.includes(type)));
  const faults = types.length > 0 ? [counted('type', types)] : [];
  if (bad.some(({ user }) => user)) faults.push('user may not be set');
  if (bad.some(({ role }) => role)) faults.push('role may not be set');
  return faults.join('; ');
}

const checkOptions =
  (allowed: readonly string[]): CheckPod =>
  (spec: PodSpec) => {
    const ofPod = spec.securityContext?.seLinuxOptions;
    const isPod = isBad(ofPod, allowed);
    const containers = containersOf(spec).flatMap(({ name, securityContext }) => {
      const options = securityContext?.seLinuxOptions;
      return isBad(options, allowed) ? [{ name, options }] : [];
    });
    const setters = settersOf(
      isPod,
      containers.map(({ name }) => name),
    );
    if (setters.length === 0) return undefined;
    const bad = [...(isPod ? [ofPod] : []), ...containers.map(({ options }) => options)];
    const what = 'set forbidden securityContext.seLinuxOptions';
    return { reason: 'seLinuxOptions', detail: `${setters.join(' and ')} ${what}: ${faultsOf(bad, allowed)}` };
  };

export const SE_LINUX_CHECKS: readonly Check[] = [
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    versions: [
      { since: 0, check: checkOptions(TYPES) },
      { since: 31, check: checkOptions(TYPES_SINCE_31) },
    ],
  },
];
