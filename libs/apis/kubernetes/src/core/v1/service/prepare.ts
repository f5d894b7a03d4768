import { semanticEqual } from '@binnacle/machinery-validation';
import { keep } from '@binnacle/apis-registry';
import type { Service, ServiceSpec } from '../index.js';
import { completeAddresses, isExternallyAccessible } from './defaults.js';

type Spec = ServiceSpec;
type Need = (spec: Spec) => boolean;

const needsClusterIP: Need = ({ type }) => type !== 'ExternalName';
const needsNodePort: Need = ({ type, allocateLoadBalancerNodePorts }) =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
const needsHealthPort: Need = ({ type, externalTrafficPolicy }) =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
/** Of these types even those that ask for none may have some. */
const mayHaveNodePort: Need = ({ type }) => type === 'NodePort' || type === 'LoadBalancer';
const isLoadBalancer: Need = ({ type }) => type === 'LoadBalancer';

/** Fields that the server allocates or defaults, and when a Service has use for them. */
const TYPE_DEPENDENT: readonly { readonly needed: Need; readonly fields: readonly (keyof Spec)[] }[] = [
  {
    needed: needsClusterIP,
    fields: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'],
  },
  { needed: needsHealthPort, fields: ['healthCheckNodePort'] },
  { needed: isLoadBalancer, fields: ['allocateLoadBalancerNodePorts', 'loadBalancerClass'] },
  { needed: isExternallyAccessible, fields: ['externalTrafficPolicy'] },
];

function nodePortsOf(spec: Spec): number[] {
  return (spec.ports ?? []).map((port) => port.nodePort ?? 0);
}

/** A client that only changed the type need not know which fields went with the old one. */
function dropUnneeded(next: Spec, old: Spec): void {
  for (const { needed, fields } of TYPE_DEPENDENT) {
    if (!needed(old) || needed(next)) continue;
    for (const field of fields) if (semanticEqual(next[field], old[field])) delete next[field];
  }
  if (mayHaveNodePort(old) && !mayHaveNodePort(next)) dropNodePorts(next, old);
}

function dropNodePorts(next: Spec, old: Spec): void {
  if (!semanticEqual(nodePortsOf(next), nodePortsOf(old))) return;
  for (const port of next.ports ?? []) delete port.nodePort;
}

/** A client that leaves an allocated value out keeps it. Behaves as kubernetes pkg/registry/core/service patchAllocatedValues. */
function keepAllocated(next: Spec, old: Spec): void {
  if (needsClusterIP(next) && needsClusterIP(old)) {
    if (!next.clusterIP) keep(next, old, 'clusterIP');
    if (!next.clusterIPs?.length) keep(next, old, 'clusterIPs');
  }
  if (needsNodePort(next) && needsNodePort(old)) keepNodePorts(next, old);
  if (needsHealthPort(next) && needsHealthPort(old) && !next.healthCheckNodePort)
    keep(next, old, 'healthCheckNodePort');
}

function keepNodePorts(next: Spec, old: Spec): void {
  const used = new Set(nodePortsOf(next));
  const byName = new Map((old.ports ?? []).map((port) => [port.name ?? '', port.nodePort]));
  for (const port of next.ports ?? []) {
    const before = byName.get(port.name ?? '');
    if (port.nodePort || !before || used.has(before)) continue;
    port.nodePort = before;
    used.add(before);
  }
}

/** Old clients write only `clusterIP`, new ones both. */
function alignClusterIPs(next: Spec, old: Spec): void {
  if (next.clusterIP === old.clusterIP || !semanticEqual(next.clusterIPs, old.clusterIPs)) return;
  if (next.clusterIP) next.clusterIPs = [next.clusterIP];
  else delete next.clusterIPs;
}

export function prepareServiceCreate(service: Service): void {
  service.status = { loadBalancer: {} };
  if (service.spec) completeAddresses(service.spec);
}

export function prepareServiceUpdate(next: Service, old: Service): void {
  keep(next, old, 'status');
  if (!next.spec || !old.spec) return;
  completeAddresses(next.spec);
  keepAllocated(next.spec, old.spec);
  alignClusterIPs(next.spec, old.spec);
  dropUnneeded(next.spec, old.spec);
  if (!isLoadBalancer(next.spec)) next.status = { ...next.status, loadBalancer: {} };
}
