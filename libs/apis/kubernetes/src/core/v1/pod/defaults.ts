import { canonicalise } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec, PodTemplateSpec, Toleration } from '../index.js';
import { applyContainerDefaults } from './container-defaults.js';
import { defaultPodRequests } from './pod-resources.js';
import { applyVolumeDefaults } from './volume-defaults.js';
import { TAINT_NODE_NOT_READY, TAINT_NODE_UNREACHABLE } from '../../../well-known/index.js';

const GRACE_SECONDS = 30;
const EVICTION_SECONDS = 300;

function requestsFromLimits({ resources }: Container): void {
  if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
}

function hostPorts({ ports = [] }: Container): void {
  for (const port of ports) port.hostPort ||= port.containerPort;
}

/** Old clients read `serviceAccount`, and write it. */
function nameAccountTwice(spec: PodSpec): void {
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (!account) return;
  spec.serviceAccountName = account;
  spec.serviceAccount = account;
}

function containersOf({ initContainers = [], containers = [], ephemeralContainers = [] }: PodSpec) {
  return [...initContainers, ...containers, ...ephemeralContainers];
}

/** What Pods and Pod templates share. Behaves as kubernetes pkg/apis/core/v1 SetDefaults_PodSpec. */
export function applyPodSpecDefaults(spec: PodSpec): void {
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.restartPolicy ||= 'Always';
  spec.schedulerName ||= 'default-scheduler';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= GRACE_SECONDS;
  nameAccountTwice(spec);
  canonicalise(spec.overhead, spec.resources?.limits, spec.resources?.requests);
  for (const container of containersOf(spec)) applyContainerDefaults(container);
  for (const volume of spec.volumes ?? []) applyVolumeDefaults(volume);
}

export function applyPodTemplateDefaults(template: PodTemplateSpec | undefined): void {
  if (!template) return;
  template.metadata ??= {};
  template.spec ??= { containers: [] };
  applyPodSpecDefaults(template.spec);
}

function canonicaliseStatus({ status }: Pod): void {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  for (const { allocatedResources, resources } of statuses)
    canonicalise(allocatedResources, resources?.limits, resources?.requests);
}

/** Behaves as kubernetes pkg/apis/core/v1 SetDefaults_Pod. */
export function applyPodDefaults(pod: Pod): void {
  pod.spec ??= { containers: [] };
  const { spec } = pod;
  applyPodSpecDefaults(spec);
  spec.enableServiceLinks ??= true;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  for (const container of containers) {
    requestsFromLimits(container);
    if (spec.hostNetwork) hostPorts(container);
  }
  defaultPodRequests(spec);
  canonicaliseStatus(pod);
}

const EVICTION_TAINTS = [TAINT_NODE_NOT_READY, TAINT_NODE_UNREACHABLE];

function toleratesNoExecute(tolerations: readonly Toleration[], taint: string): boolean {
  return tolerations.some(({ key, effect }) => (!key || key === taint) && (!effect || effect === 'NoExecute'));
}

/** For admission: Pods outlive a lost node by five minutes. Behaves as the DefaultTolerationSeconds plugin. */
export function addDefaultTolerations(spec: PodSpec): void {
  const tolerations = spec.tolerations ?? [];
  const missing = EVICTION_TAINTS.filter((taint) => !toleratesNoExecute(tolerations, taint)).map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: EVICTION_SECONDS,
  }));
  if (missing.length > 0) spec.tolerations = [...tolerations, ...missing];
}
