import {
  duplicate,
  type FieldError,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  isIp,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each, validateSupported } from '@binnacle/apis-registry';
import type { Service, ServiceSpec } from '../index.js';

const SPEC = fieldPath('spec');
const CLUSTER_IPS = SPEC.child('clusterIPs');
const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const FIXED = 'may not change once set';

const familyOf = (ip: string): string => (ip.includes(':') ? 'IPv6' : 'IPv4');

/** Old clients know only `clusterIP`; it is always the first of `clusterIPs`. */
function validateAgreement({ clusterIP, clusterIPs = [] }: ServiceSpec): FieldError[] {
  if (!clusterIP) {
    if (clusterIPs.length === 0) return [];
    return [invalid(CLUSTER_IPS, clusterIPs, 'must be empty when `clusterIP` is not specified')];
  }
  if (clusterIPs.length === 0) return [required(CLUSTER_IPS)];
  return clusterIPs[0] === clusterIP ? [] : [invalid(CLUSTER_IPS, clusterIPs, 'first value must match `clusterIP`')];
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldError[] {
  const policy = SPEC.child('ipFamilyPolicy');
  const unknown = ipFamilyPolicy && !FAMILY_POLICIES.includes(ipFamilyPolicy);
  const seen = new Set<string>();
  return [
    ...ipFamilies.flatMap((family, index) => {
      const path = SPEC.child('ipFamilies').index(index);
      const errors = validateSupported(family, path, FAMILIES);
      if (seen.has(family)) return [...errors, duplicate(path, family)];
      seen.add(family);
      return errors;
    }),
    ...(unknown ? [notSupported(policy, ipFamilyPolicy, FAMILY_POLICIES)] : []),
  ];
}

function validateAddresses(clusterIPs: readonly string[]): FieldError[] {
  return each(clusterIPs, CLUSTER_IPS, (ip, path) => invalidEach(path, ip, isIp(ip)));
}

function validateStack({ clusterIPs = [], ipFamilies = [] }: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (clusterIPs.length > 2) errors.push(invalid(CLUSTER_IPS, clusterIPs, 'may only hold up to 2 values'));
  if (new Set(clusterIPs.map(familyOf)).size < clusterIPs.length)
    errors.push(invalid(CLUSTER_IPS, clusterIPs, 'may specify no more than one IP for each IP family'));
  for (const [index, ip] of clusterIPs.entries()) {
    const family = ipFamilies[index];
    if (!family || family === familyOf(ip)) continue;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    errors.push(invalid(CLUSTER_IPS.index(index), ip, why));
  }
  return errors;
}

/** Behaves as kubernetes ValidateServiceClusterIPsRelatedFields. */
export function validateClusterIPs(spec: ServiceSpec): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const { clusterIPs = [] } = spec;
  const errors = [...validateAgreement(spec), ...validateFamilies(spec)];
  if (clusterIPs[0] === 'None') {
    if (clusterIPs.length === 1) return errors;
    return [...errors, invalid(CLUSTER_IPS, clusterIPs, "'None' must be the first and only value")];
  }
  const malformed = validateAddresses(clusterIPs);
  return malformed.length > 0 ? [...errors, ...malformed] : [...errors, ...validateStack(spec)];
}

type ListField = 'clusterIPs' | 'ipFamilies';

/** The first value is for life; a second may come, and go where the policy says SingleStack. */
function validateListChange(next: ServiceSpec, old: ServiceSpec, field: ListField, singular: string): FieldError[] {
  const [after, before] = [next[field] ?? [], old[field] ?? []];
  const path = SPEC.child(field);
  if (before.length > after.length && after.length === 0)
    return [invalid(path.index(0), after, `primary ${singular} can not be unset`)];
  const errors: FieldError[] = [];
  const compared = after.length === before.length ? before.length : Math.min(1, before.length);
  for (let index = 0; index < compared; index += 1)
    if (after[index] !== before[index]) errors.push(invalid(path.index(index), after, FIXED));
  if (before.length > after.length && next.ipFamilyPolicy !== 'SingleStack') {
    const why = `must be set to 'SingleStack' when releasing the secondary ${singular}`;
    errors.push(invalid(SPEC.child('ipFamilyPolicy'), next.ipFamilyPolicy ?? null, why));
  }
  return errors;
}

const isHeadless = ({ clusterIPs = [] }: ServiceSpec): boolean => clusterIPs.length === 1 && clusterIPs[0] === 'None';

function validateAddressChange(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (next.type === 'ExternalName' || old.type === 'ExternalName') return [];
  if (isHeadless(next) && isHeadless(old)) return [];
  const families = isHeadless(next) === isHeadless(old) ? validateListChange(next, old, 'ipFamilies', 'ipFamily') : [];
  return [...validateListChange(next, old, 'clusterIPs', 'clusterIP'), ...families];
}

const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** Behaves as kubernetes ValidateServiceUpdate. */
export function validateServiceUpdate({ spec: next = {} }: Service, { spec: old = {} }: Service): FieldError[] {
  const errors = validateAddressChange(next, old);
  const bothBalanced = next.type === 'LoadBalancer' && old.type === 'LoadBalancer';
  if (bothBalanced && next.loadBalancerClass !== old.loadBalancerClass)
    errors.push(invalid(SPEC.child('loadBalancerClass'), next.loadBalancerClass ?? null, FIXED));
  const bothChecked = needsHealthCheck(next) && needsHealthCheck(old);
  if (bothChecked && old.healthCheckNodePort && next.healthCheckNodePort !== old.healthCheckNodePort)
    errors.push(forbidden(SPEC.child('healthCheckNodePort'), 'field is immutable'));
  return errors;
}
