import type { PodSpec } from '../../core/v1/index.js';
import {
  type Check,
  containersOf,
  counted,
  distinct,
  hasOwnUsers,
  isWindows,
  namesOf,
  quoted,
  unless,
  type Violation,
} from '../check.js';

function checkPrivileged(spec: PodSpec): Violation | undefined {
  const names = namesOf(spec, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  const detail = `${counted('container', names)} must not set securityContext.privileged=true`;
  return { reason: 'privileged', detail };
}

function checkEscalation(spec: PodSpec): Violation | undefined {
  const names = namesOf(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  const detail = `${counted('container', names)} must set securityContext.allowPrivilegeEscalation=false`;
  return { reason: 'allowPrivilegeEscalation != false', detail };
}

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const MAY_ADD: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);

/** Who adds capabilities beyond those, and which. */
function added(spec: PodSpec, allowed: ReadonlySet<string>): string | undefined {
  const all = containersOf(spec).flatMap(({ name, securityContext }) =>
    (securityContext?.capabilities?.add ?? [])
      .filter((capability) => !allowed.has(capability))
      .map((capability) => ({ name, capability })),
  );
  if (all.length === 0) return undefined;
  const names = [...new Set(all.map(({ name }) => name))];
  const which = quoted(distinct(all.map(({ capability }) => capability)));
  return `${counted('container', names)} must not include ${which} in securityContext.capabilities.add`;
}

function checkCapabilities(spec: PodSpec): Violation | undefined {
  const detail = added(spec, DEFAULT_CAPABILITIES);
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
}

function checkDropped(spec: PodSpec): Violation | undefined {
  const keeping = namesOf(spec, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
  const more = added(spec, MAY_ADD);
  const details = more === undefined ? [] : [more];
  if (keeping.length > 0)
    details.unshift(`${counted('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined;
}

function checkProcMount(spec: PodSpec): Violation | undefined {
  const bad = containersOf(spec).flatMap(({ name, securityContext }) => {
    const type = securityContext?.procMount;
    return type === undefined || type === 'Default' ? [] : [{ name, type }];
  });
  if (bad.length === 0) return undefined;
  const names = bad.map(({ name }) => name);
  const types = quoted(distinct(bad.map(({ type }) => type)));
  return {
    reason: 'procMount',
    detail: `${counted('container', names)} must not set securityContext.procMount to ${types}`,
  };
}

const CAPABILITIES = ['capabilities_baseline'];

/** What containers may not be allowed beyond their own walls. Windows knows none of it. */
export const PRIVILEGE_CHECKS: readonly Check[] = [
  { id: 'privileged', level: 'baseline', versions: [{ since: 0, check: checkPrivileged }] },
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    versions: [
      { since: 8, check: checkEscalation },
      { since: 25, check: unless(isWindows, checkEscalation) },
    ],
  },
  { id: 'capabilities_baseline', level: 'baseline', versions: [{ since: 0, check: checkCapabilities }] },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    versions: [
      { since: 22, check: checkDropped, overrides: CAPABILITIES },
      { since: 25, check: unless(isWindows, checkDropped), overrides: CAPABILITIES },
    ],
  },
  {
    id: 'procMount',
    level: 'baseline',
    versions: [
      { since: 0, check: checkProcMount },
      { since: 35, check: unless(hasOwnUsers, checkProcMount) },
    ],
  },
  {
    id: 'procMount_restricted',
    level: 'restricted',
    versions: [{ since: 35, check: checkProcMount, overrides: ['procMount'] }],
  },
];
