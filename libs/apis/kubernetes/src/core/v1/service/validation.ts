import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  isCidr,
  isDns1123Label,
  isDns1123Subdomain,
  isIp,
  isPortNumber,
  isQualifiedName,
  nameIsDnsLabel,
  notSupported,
  required,
  validateLabels,
} from '@binnacle/machinery-validation';
import {
  validateReachableAddress,
  each,
  oneOf,
  optional,
  validateMeta,
  validateStatusMeta,
  validateSupported,
} from '@binnacle/apis-registry';
import type { LoadBalancerIngress, Service, ServicePort, ServiceSpec } from '../index.js';
import { PROTOCOLS } from '../pod/container-validation.js';
import { validatePortNumberOrName } from '../pod/probe-validation.js';
import { validateClusterIPs } from './address-validation.js';
import { isExternallyAccessible } from './defaults.js';

const SPEC = fieldPath('spec');
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];
const POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const MAX_AFFINITY_SECONDS = 86_400;
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

export function isHeadless({ clusterIPs = [] }: ServiceSpec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === 'None';
}

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const notAllowed = (['clusterIPs', 'ipFamilies'] as const).filter((field) => (spec[field]?.length ?? 0) > 0);
  const fields = [...notAllowed, ...(spec.ipFamilyPolicy ? ['ipFamilyPolicy'] : [])];
  const name = spec.externalName?.replace(/\.$/, '');
  const path = SPEC.child('externalName');
  return [
    ...fields.map((field) => forbidden(SPEC.child(field), 'may not be set for ExternalName services')),
    ...(name ? invalidEach(path, name, isDns1123Subdomain(name)) : [required(path)]),
  ];
}

function validateType(spec: ServiceSpec): FieldError[] {
  if (spec.type === 'ExternalName') return validateExternalName(spec);
  const errors = !spec.ports?.length && !isHeadless(spec) ? [required(SPEC.child('ports'))] : [];
  const exposed = spec.type === 'LoadBalancer' || spec.type === 'NodePort';
  if (!exposed || !isHeadless(spec)) return errors;
  const why = `may not be set to 'None' for ${spec.type} services`;
  return [...errors, invalid(SPEC.child('clusterIPs').index(0), 'None', why)];
}

function validatePortName(name: string, path: FieldPath, taken: Set<string>, several: boolean): FieldError[] {
  if (!name) return several ? [required(path)] : [];
  const errors = invalidEach(path, name, isDns1123Label(name));
  if (taken.has(name)) errors.push(duplicate(path, name));
  taken.add(name);
  return errors;
}

function validatePort(port: ServicePort, path: FieldPath): FieldError[] {
  const { port: number, protocol, targetPort, appProtocol } = port;
  return [
    ...invalidEach(path.child('port'), number ?? 0, isPortNumber(number ?? 0)),
    ...oneOf(protocol, path.child('protocol'), PROTOCOLS),
    ...validatePortNumberOrName(targetPort, path.child('targetPort')),
    ...optional(appProtocol, path.child('appProtocol'), (text, at) => invalidEach(at, text, isQualifiedName(text))),
  ];
}

/** Reports the ports whose key an earlier one has. */
function validateDistinct(
  ports: readonly ServicePort[],
  keyOf: (port: ServicePort) => string | undefined,
  report: (port: ServicePort, path: FieldPath) => FieldError,
): FieldError[] {
  const seen = new Set<string>();
  return each(ports, SPEC.child('ports'), (port, path) => {
    const key = keyOf(port);
    if (key === undefined) return [];
    const repeated = seen.has(key);
    seen.add(key);
    return repeated ? [report(port, path)] : [];
  });
}

/** Whether a node port is in range and free is for the allocator to say, which knows both. */
function validatePorts({ ports = [], type }: ServiceSpec): FieldError[] {
  const names = new Set<string>();
  return [
    ...each(ports, SPEC.child('ports'), (port, path) => [
      ...validatePortName(port.name ?? '', path.child('name'), names, ports.length > 1),
      ...validatePort(port, path),
      ...(type === 'ClusterIP' && port.nodePort
        ? [forbidden(path.child('nodePort'), "may not be used when `type` is 'ClusterIP'")]
        : []),
    ]),
    ...validateDistinct(
      ports,
      ({ nodePort, protocol }) => (nodePort ? `${protocol}/${nodePort}` : undefined),
      ({ nodePort }, path) => duplicate(path.child('nodePort'), nodePort),
    ),
    ...validateDistinct(
      ports,
      ({ port, protocol }) => `${protocol}/${port}`,
      ({ port, protocol }, path) => duplicate(path, { protocol, port }),
    ),
  ];
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldError[] {
  const errors = oneOf(sessionAffinity, SPEC.child('sessionAffinity'), AFFINITIES);
  const path = SPEC.child('sessionAffinityConfig');
  if (sessionAffinity !== 'ClientIP') {
    const set = sessionAffinity === 'None' && sessionAffinityConfig;
    return set ? [...errors, forbidden(path, 'must not be set when session affinity is None')] : errors;
  }
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 0;
  if (seconds > 0 && seconds <= MAX_AFFINITY_SECONDS) return errors;
  const why = `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`;
  return [...errors, invalid(path.child('clientIP', 'timeoutSeconds'), seconds, why)];
}

function validateExternalIPs({ externalIPs }: ServiceSpec): FieldError[] {
  return each(externalIPs, SPEC.child('externalIPs'), (ip, path) => {
    const complaints = isIp(ip);
    return complaints.length > 0 ? invalidEach(path, ip, complaints) : validateReachableAddress(ip, path);
  });
}

function validateLoadBalancer(spec: ServiceSpec): FieldError[] {
  const { type, loadBalancerClass, allocateLoadBalancerNodePorts, loadBalancerSourceRanges = [] } = spec;
  const ranges = SPEC.child('LoadBalancerSourceRanges');
  const errors = each(loadBalancerSourceRanges, ranges, (range, path) =>
    invalidEach(path, range.trim(), isCidr(range.trim())),
  );
  const classPath = SPEC.child('loadBalancerClass');
  if (type === 'LoadBalancer')
    return [
      ...errors,
      ...optional(loadBalancerClass, classPath, (name, path) => invalidEach(path, name, isQualifiedName(name))),
    ];
  if (loadBalancerSourceRanges.length > 0) errors.unshift(forbidden(ranges, ONLY_LOAD_BALANCER));
  if (allocateLoadBalancerNodePorts !== undefined)
    errors.push(forbidden(SPEC.child('allocateLoadBalancerNodePorts'), ONLY_LOAD_BALANCER));
  if (loadBalancerClass !== undefined) errors.push(forbidden(classPath, ONLY_LOAD_BALANCER));
  return errors;
}

function validateExternalPolicy(spec: ServiceSpec): FieldError[] {
  const { externalTrafficPolicy: policy, healthCheckNodePort: port } = spec;
  const path = SPEC.child('externalTrafficPolicy');
  const checked = spec.type === 'LoadBalancer' && policy === 'Local';
  const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  const health = port && !checked ? [invalid(SPEC.child('healthCheckNodePort'), port, why)] : [];
  if (isExternallyAccessible(spec)) return [...oneOf(policy, path, POLICIES), ...health];
  return policy ? [invalid(path, policy, 'may only be set for externally-accessible services'), ...health] : health;
}

function validateTraffic(spec: ServiceSpec): FieldError[] {
  const { type, internalTrafficPolicy, trafficDistribution } = spec;
  const internal = SPEC.child('internalTrafficPolicy');
  const needless = type === 'ExternalName' && !internalTrafficPolicy;
  return [
    ...validateExternalPolicy(spec),
    ...(needless ? [] : oneOf(internalTrafficPolicy, internal, POLICIES)),
    ...optional(trafficDistribution, SPEC.child('trafficDistribution'), (value, path) =>
      validateSupported(value, path, DISTRIBUTIONS),
    ),
  ];
}

/** Behaves as kubernetes ValidateService. */
export function validateService(service: Service): FieldError[] {
  const spec = service.spec ?? {};
  return [
    ...validateMeta(service, true, nameIsDnsLabel),
    ...validateType(spec),
    ...validatePorts(spec),
    ...validateLabels(spec.selector, SPEC.child('selector')),
    ...validateAffinity(spec),
    ...validateClusterIPs(spec),
    ...validateExternalIPs(spec),
    ...oneOf(spec.type, SPEC.child('type'), TYPES),
    ...validateLoadBalancer(spec),
    ...validateTraffic(spec),
  ];
}

function validateIngress({ ip, ipMode, hostname }: LoadBalancerIngress, path: FieldPath): FieldError[] {
  const errors = ip ? invalidEach(path.child('ip'), ip, isIp(ip)) : [];
  if (ip && !ipMode) errors.push(required(path.child('ipMode'), 'must be specified when `ip` is set'));
  if (!ip && ipMode) errors.push(forbidden(path.child('ipMode'), 'may not be specified when `ip` is not set'));
  if (ip && ipMode && !['Proxy', 'VIP'].includes(ipMode))
    errors.push(notSupported(path.child('ipMode'), ipMode, ['Proxy', 'VIP']));
  if (!hostname) return errors;
  const at = path.child('hostname');
  const isAddress = isIp(hostname).length === 0;
  return [
    ...errors,
    ...invalidEach(at, hostname, isDns1123Subdomain(hostname)),
    ...(isAddress ? [invalid(at, hostname, 'must be a DNS name, not an IP address')] : []),
  ];
}

export function validateServiceStatusUpdate({ metadata, spec, status }: Service): FieldError[] {
  const path = fieldPath('status', 'loadBalancer', 'ingress');
  const ingress = status?.loadBalancer?.ingress ?? [];
  const errors = validateStatusMeta(metadata);
  if (ingress.length > 0 && spec?.type !== 'LoadBalancer')
    return [...errors, forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  return [...errors, ...each(ingress, path, validateIngress)];
}
