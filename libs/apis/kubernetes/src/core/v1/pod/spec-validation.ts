import {
  type FieldError,
  type FieldPath,
  forbidden,
  inclusiveRange,
  invalid,
  invalidEach,
  isDns1123Label,
  isDns1123Subdomain,
  isIp,
  isQualifiedName,
  nameIsDnsSubdomain,
  required,
  tooLong,
  validateLabels,
} from '@binnacle/machinery-validation';
import { each, oneOf, optional, validateSupported } from '@binnacle/apis-registry';
import type { Affinity, PodSpec } from '../index.js';
import {
  type PodSurroundings,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './container-validation.js';
import { validateDnsConfig } from './dns-validation.js';
import { validatePodResourceName, validateResourceRequirements } from './resource-validation.js';
import { validatePodResourceBounds } from './pod-resources.js';
import { validateNodeAffinity, validateSchedulingGates, validateTolerations } from './scheduling-validation.js';
import { validateHostUsers, validatePodSecurityContext } from './security-validation.js';
import { validatePodAffinity, validateTopologySpread } from './spread-validation.js';
import { validateVolumes } from './volume-validation.js';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];
const SYSTEMS = ['linux', 'windows'];
const MAX_INT32 = 2 ** 31 - 1;

export interface PodSpecOptions {
  /** False within a Pod template, whose rules are a little laxer. */
  readonly isPod: boolean;
}

const named = (check: (name: string) => string[]) => (name: string, path: FieldPath) =>
  name ? invalidEach(path, name, check(name)) : [];

const validateLabelText = named(isDns1123Label);
const validateSubdomain = named((name) => nameIsDnsSubdomain(name, false));

/** On the node's network a port of the container is a port of the node. */
function validateHostNetwork({ hostNetwork, containers }: PodSpec, path: FieldPath, isPod: boolean): FieldError[] {
  if (!hostNetwork) return [];
  return each(containers, path.child('containers'), ({ ports }, at) =>
    each(ports, at.child('ports'), ({ hostPort = 0, containerPort }, portAt) => {
      if (hostPort === containerPort || (!isPod && hostPort === 0)) return [];
      return [invalid(portAt.child('hostPort'), hostPort, 'must match `containerPort` when `hostNetwork` is true')];
    }),
  );
}

function validateAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: FieldPath): FieldError[] {
  return [
    ...optional(nodeAffinity, path.child('nodeAffinity'), validateNodeAffinity),
    ...optional(podAffinity, path.child('podAffinity'), validatePodAffinity),
    ...optional(podAntiAffinity, path.child('podAntiAffinity'), validatePodAffinity),
  ];
}

function validateDeadline(seconds: number, path: FieldPath): FieldError[] {
  return seconds >= 1 && seconds <= MAX_INT32 ? [] : [invalid(path, seconds, inclusiveRange(1, MAX_INT32))];
}

function validateSystem({ os }: PodSpec, path: FieldPath): FieldError[] {
  if (!os) return [];
  if (!os.name) return [required(path.child('name'), 'cannot be empty')];
  return validateSupported(os.name, path, SYSTEMS);
}

function validatePodResources(spec: PodSpec, path: FieldPath): FieldError[] {
  const { resources } = spec;
  if (!resources) return [];
  const claims = resources.claims
    ? [forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level')]
    : [];
  return [
    ...claims,
    ...validateResourceRequirements(resources, path, validatePodResourceName),
    ...validatePodResourceBounds(spec, path),
  ];
}

function validateContainerLists(spec: PodSpec, path: FieldPath, isPod: boolean): FieldError[] {
  const { byName: volumes, errors } = validateVolumes(spec.volumes, path.child('volumes'), isPod);
  const surroundings: PodSurroundings = { spec, volumes, isPod };
  return [
    ...errors,
    ...validateContainers(surroundings, path.child('containers')),
    ...validateInitContainers(surroundings, path.child('initContainers')),
    ...validateEphemeralContainers(surroundings, path.child('ephemeralContainers')),
    ...validatePodResources(spec, path.child('resources')),
  ];
}

function validatePolicies(spec: PodSpec, path: FieldPath): FieldError[] {
  const { preemptionPolicy } = spec;
  return [
    ...oneOf(spec.restartPolicy, path.child('restartPolicy'), RESTART_POLICIES),
    ...oneOf(spec.dnsPolicy, path.child('dnsPolicy'), DNS_POLICIES),
    ...optional(preemptionPolicy, path.child('preemptionPolicy'), (policy, at) =>
      oneOf(policy, at, PREEMPTION_POLICIES),
    ),
    ...optional(spec.activeDeadlineSeconds, path.child('activeDeadlineSeconds'), validateDeadline),
    ...validateSystem(spec, path.child('os')),
  ];
}

function validatePlacement(spec: PodSpec, path: FieldPath): FieldError[] {
  return [
    ...validateLabels(spec.nodeSelector, path.child('nodeSelector')),
    ...optional(spec.affinity, path.child('affinity'), validateAffinity),
    ...each(spec.readinessGates, path.child('readinessGates'), ({ conditionType }, at) =>
      invalidEach(at.child('conditionType'), conditionType, isQualifiedName(conditionType)),
    ),
    ...validateSchedulingGates(spec.schedulingGates, path.child('schedulingGates')),
    ...validateTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints')),
    ...validateTolerations(spec.tolerations, path.child('tolerations')),
    ...(spec.overhead ? validateResourceRequirements({ limits: spec.overhead }, path.child('overhead')) : []),
  ];
}

const MAX_HOSTNAME = 64;

/** A name that wins over all others, where there is one to give. Behaves as kubernetes validatePodHostName. */
function validateHostnameOverride({ hostnameOverride, setHostnameAsFQDN, hostNetwork }: PodSpec, path: FieldPath) {
  return optional(hostnameOverride, path.child('hostnameOverride'), (name, at) => [
    ...(setHostnameAsFQDN ? [forbidden(at, 'may not be specified when setHostnameAsFQDN is true')] : []),
    ...(hostNetwork ? [forbidden(at, 'may not be specified when hostNetwork is true')] : []),
    ...(name.length > MAX_HOSTNAME ? [tooLong(at, MAX_HOSTNAME)] : []),
    ...invalidEach(at, name, isDns1123Subdomain(name)),
  ]);
}

function validateNames(spec: PodSpec, path: FieldPath): FieldError[] {
  return [
    ...optional(spec.serviceAccountName, path.child('serviceAccountName'), validateSubdomain),
    ...optional(spec.nodeName, path.child('nodeName'), validateSubdomain),
    ...optional(spec.hostname, path.child('hostname'), validateLabelText),
    ...optional(spec.subdomain, path.child('subdomain'), validateLabelText),
    ...optional(spec.priorityClassName, path.child('priorityClassName'), validateSubdomain),
    ...optional(spec.runtimeClassName, path.child('runtimeClassName'), (name, at) =>
      invalidEach(at, name, nameIsDnsSubdomain(name, false)),
    ),
    ...each(spec.hostAliases, path.child('hostAliases'), ({ ip, hostnames }, at) => [
      ...invalidEach(at.child('ip'), ip, isIp(ip)),
      ...each(hostnames, at.child('hostnames'), (name, nameAt) => invalidEach(nameAt, name, isDns1123Subdomain(name))),
    ]),
  ];
}

/** Behaves as kubernetes ValidatePodSpec. Defaults must have been applied. */
export function validatePodSpec(spec: PodSpec, path: FieldPath, { isPod }: PodSpecOptions): FieldError[] {
  const grace = spec.terminationGracePeriodSeconds;
  return [
    ...(grace === undefined ? [required(path.child('terminationGracePeriodSeconds'))] : []),
    ...validateContainerLists(spec, path, isPod),
    ...validateHostNetwork(spec, path, isPod),
    ...validatePolicies(spec, path),
    ...validatePodSecurityContext(spec, path.child('securityContext')),
    ...validateDnsConfig(spec, path.child('dnsConfig')),
    ...validateHostUsers(spec, path),
    ...validateHostnameOverride(spec, path),
    ...validatePlacement(spec, path),
    ...validateNames(spec, path),
  ];
}
