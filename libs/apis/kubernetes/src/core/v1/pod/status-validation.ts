import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  isIp,
  isQualifiedName,
  nameIsDnsSubdomain,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { each, validateStatusMeta } from '@binnacle/apis-registry';
import type { Container, ContainerStatus, Pod, PodStatus } from '../index.js';
import { validateMirrorChange } from './annotation-validation.js';
import { allContainersCouldRestart, ruleMatches } from './restart-rules.js';

const STATUS = fieldPath('status');
const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized'];

const family = (ip: string): string => (ip.includes(':') ? 'IPv6' : 'IPv4');

/** At most one address of each family, none twice. */
function validateAddresses(addresses: readonly { ip: string }[] | undefined, path: FieldPath): FieldError[] {
  const ips = (addresses ?? []).map(({ ip }) => ip);
  const errors = each(ips, path, (ip, at) => invalidEach(at, ip, isIp(ip)));
  if (new Set(ips.map(family)).size < ips.length)
    errors.push(invalid(path, addresses, 'may specify no more than one IP for each IP family'));
  const seen = new Set<string>();
  for (const [index, ip] of ips.entries()) {
    if (seen.has(ip)) errors.push(duplicate(path.index(index), addresses?.[index]));
    seen.add(ip);
  }
  return errors;
}

function validateHostAddresses({ hostIP = '', hostIPs = [] }: PodStatus): FieldError[] {
  const path = STATUS.child('hostIPs');
  const [first] = hostIPs;
  if (!first) return [];
  const errors = first.ip === hostIP ? [] : [invalid(path.index(0).child('ip'), first.ip, 'must be equal to `hostIP`')];
  return [...errors, ...validateAddresses(hostIPs, path)];
}

type MayRestart = (status: ContainerStatus) => boolean;

/** A container that has ended for good stays ended. */
function validateEnded(
  next: readonly ContainerStatus[] = [],
  old: readonly ContainerStatus[] = [],
  path: FieldPath,
  mayRestart: MayRestart,
): FieldError[] {
  const running = new Set(next.filter(({ state }) => !state?.terminated).map(({ name }) => name));
  return each(old, path, (before, at) => {
    if (!before.state?.terminated || mayRestart(before)) return [];
    return running.has(before.name)
      ? [forbidden(at.child('state'), 'may not be transitioned to non-terminated state')]
      : [];
  });
}

function runsAgain({ restartPolicy, restartPolicyRules = [] }: Partial<Container>, exitCode: number): boolean {
  if (restartPolicyRules.some((rule) => ruleMatches(rule, exitCode))) return true;
  return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
}

function restartRule({ spec }: Pod): MayRestart {
  if (!spec || allContainersCouldRestart(spec)) return () => true;
  const { restartPolicy, containers = [], initContainers = [] } = spec;
  const all = new Map([...initContainers, ...containers].map((one) => [one.name, one]));
  return ({ name, state }) => {
    return runsAgain({ restartPolicy, ...all.get(name) }, state?.terminated?.exitCode ?? 0);
  };
}

function validateTransitions(next: PodStatus, old: PodStatus, mayRestart: MayRestart): FieldError[] {
  const lists = [
    ['containerStatuses', mayRestart],
    ['initContainerStatuses', mayRestart],
    ['ephemeralContainerStatuses', () => false],
  ] as const;
  return lists.flatMap(([list, rule]) => validateEnded(next[list], old[list], STATUS.child(list), rule));
}

function validateNomination(next: PodStatus, old: PodStatus): FieldError[] {
  const name = next.nominatedNodeName;
  if (!name || name === old.nominatedNodeName) return [];
  return invalidEach(STATUS.child('nominatedNodeName'), name, nameIsDnsSubdomain(name, false));
}

/** Behaves as kubernetes ValidatePodStatusUpdate. */
export function validatePodStatusUpdate(next: Pod, old: Pod): FieldError[] {
  const [status, before] = [next.status ?? {}, old.status ?? {}];
  return [
    ...validateStatusMeta(next.metadata),
    ...validateMirrorChange(next.metadata.annotations, old.metadata.annotations, fieldPath('metadata', 'annotations')),
    ...each(status.conditions, fieldPath('metadata', 'conditions'), ({ type }, at) =>
      SYSTEM_CONDITIONS.includes(type) ? [] : invalidEach(at.child('Type'), type, isQualifiedName(type)),
    ),
    ...validateNomination(status, before),
    ...(before.qosClass ? validateImmutable(status.qosClass, before.qosClass, STATUS.child('qosClass')) : []),
    ...validateTransitions(status, before, restartRule(old)),
    ...validateAddresses(status.podIPs, STATUS.child('podIPs')),
    ...validateHostAddresses(status),
  ];
}
