import type { LoadBalancerIngress, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import { type Fault, fault } from './fault.js';
import type { Stage, Stop } from './lane.js';

const NONE = 'None';
const ZONE = 'svc.cluster.local';

export const serviceName = ({ metadata: { name = '', namespace = '' } }: Service): string =>
  `${name}.${namespace}.${ZONE}`;

export const isHeadless = ({ spec }: Service): boolean => spec?.clusterIP === NONE;

/** IPv6 stands in brackets before a port. */
const at = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function clusterStops(service: Service, { port }: ServicePort): Stop[] {
  const { clusterIP, clusterIPs = clusterIP ? [clusterIP] : [] } = service.spec ?? {};
  return clusterIPs
    .filter((ip) => ip && ip !== NONE)
    .map((ip) => ({ kind: 'clusterIP', text: at(ip, port), more: serviceName(service), faults: [] }));
}

/** Names lead to the Pods themselves: there is nothing in between that could make one port of another. */
function headlessStop(service: Service, { port, targetPort = port }: ServicePort): Stop {
  const other = targetPort !== port && targetPort !== 0;
  return {
    kind: 'name',
    text: serviceName(service),
    faults: other ? [fault('headlessPort', { port, target: targetPort })] : [],
  };
}

/** With the policy `Local` only nodes that have a Pod let anybody in. */
function localFaults({ spec }: Service): Fault[] {
  return spec?.externalTrafficPolicy === 'Local' ? [fault('localNodes')] : [];
}

function nodePortStops(service: Service, { nodePort }: ServicePort): Stop[] {
  return nodePort ? [{ kind: 'nodePort', text: `*:${nodePort}`, faults: localFaults(service) }] : [];
}

function balancerFaults(service: Service, { ports = [] }: LoadBalancerIngress, { port }: ServicePort): Fault[] {
  const ranges = service.spec?.loadBalancerSourceRanges ?? [];
  const error = ports.find((each) => each.port === port)?.error;
  return [
    ...(error ? [fault('loadBalancerError', { error })] : []),
    ...(ranges.length > 0 ? [fault('sourceRanges', { ranges: ranges.join(', ') })] : []),
    ...localFaults(service),
  ];
}

function balancerStops(service: Service, port: ServicePort): Stop[] {
  if (service.spec?.type !== 'LoadBalancer') return [];
  const given = service.status?.loadBalancer?.ingress ?? [];
  if (given.length === 0) {
    const facts = { class: service.spec.loadBalancerClass ?? '' };
    return [{ kind: 'loadBalancer', text: '', faults: [fault('noLoadBalancer', facts)] }];
  }
  return given.map((one) => ({
    kind: 'loadBalancer',
    text: at(one.ip ?? one.hostname ?? '', port.port),
    faults: balancerFaults(service, one, port),
  }));
}

function externalStops({ spec }: Service, { port }: ServicePort): Stop[] {
  return (spec?.externalIPs ?? []).map((ip) => ({ kind: 'externalIP', text: at(ip, port), faults: [] }));
}

/** Everywhere a port of a Service answers. */
export function addressStage(service: Service, port: ServicePort): Stage {
  const stops = [
    ...(isHeadless(service) ? [headlessStop(service, port)] : clusterStops(service, port)),
    ...nodePortStops(service, port),
    ...balancerStops(service, port),
    ...externalStops(service, port),
  ];
  return { kind: 'address', stops, faults: [] };
}
