import type { Service, ServicePort, ServiceSpec } from '../index.js';

const AFFINITY_SECONDS = 10800;

function defaultPort(port: ServicePort): void {
  port.protocol ||= 'TCP';
  port.targetPort ||= port.port;
}

function defaultAffinity(spec: ServiceSpec): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity !== 'ClientIP') return;
  const timeoutSeconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS;
  spec.sessionAffinityConfig = { clientIP: { timeoutSeconds } };
}

/** Whether traffic from outside the cluster can reach the Service. */
export function isExternallyAccessible(spec: ServiceSpec): boolean {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') return true;
  return spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0;
}

function defaultPolicies(spec: ServiceSpec): void {
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ||= 'Cluster';
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}

function familyOf(address: string): 'IPv4' | 'IPv6' {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** A headless Service without a selector may have endpoints of any family. */
function isOpen({ clusterIP, selector, ipFamilyPolicy, ipFamilies }: ServiceSpec): boolean {
  const unsaid = !ipFamilyPolicy && !ipFamilies?.length;
  return unsaid && clusterIP === 'None' && Object.keys(selector ?? {}).length === 0;
}

function defaultFamilies(spec: ServiceSpec): void {
  if (spec.type === 'ExternalName') return;
  if (isOpen(spec)) {
    spec.ipFamilyPolicy = 'RequireDualStack';
    spec.ipFamilies = ['IPv4', 'IPv6'];
    return;
  }
  spec.ipFamilyPolicy ??= 'SingleStack';
  if (!spec.ipFamilies?.length) spec.ipFamilies = [familyOf(spec.clusterIP ?? '')];
}

function defaultIngress(service: Service): void {
  for (const ingress of service.status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}

/**
 * What the allocator of a single-stack cluster makes of addresses and families. It comes after the owners of fields are noted:
 * nobody owns what a client has not said here.
 */
export function completeAddresses(spec: ServiceSpec): void {
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  defaultFamilies(spec);
}

/** Behaves as kubernetes pkg/apis/core/v1 SetDefaults_Service. */
export function applyServiceDefaults(service: Service): void {
  service.spec ??= {};
  const { spec } = service;
  defaultAffinity(spec);
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) defaultPort(port);
  defaultPolicies(spec);
  if (spec.type === 'LoadBalancer') defaultIngress(service);
}
