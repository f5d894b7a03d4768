import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointPort, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { PolicyPod } from './policy-pod.js';

/** Services that a program of the installation answers at their own addresses, the cluster's DNS for one, name a proxy that begins so. */
const PROGRAMS = 'binnacle-';

const isProgram = ({ metadata }: Service): boolean =>
  metadata.labels?.[LABEL_SERVICE_PROXY_NAME]?.startsWith(PROGRAMS) ?? false;

const namedPort = ({ name = '', port, protocol = 'TCP' }: ServicePort) => ({ name, port, protocol });

/** The program that answers for a Service itself: to policies a Pod with the Service's labels. Undefined where its endpoints do. */
export function programOf(service: Service): PolicyPod | undefined {
  if (!isProgram(service)) return undefined;
  const { namespace = '', name = '', labels } = service.metadata;
  const { ports = [], selector } = service.spec ?? {};
  const own = { ...labels, ...selector };
  return { namespace, name, labels: own, node: '', hostNetwork: false, ports: ports.map(namedPort) };
}

/** Where a connection to a Service may end. */
export interface ServiceEndpoint {
  readonly ip: string;
  readonly port: number;
  /** The Pod in the Service's namespace that it is said to be. */
  readonly pod?: string;
}

const isOf = ({ name, protocol }: EndpointPort, port: ServicePort): boolean =>
  (name ?? '') === (port.name ?? '') && (protocol ?? 'TCP') === (port.protocol ?? 'TCP');

/** The endpoints of a slice that may get connections to a port of its Service: those that are ready, or still serve. */
export function endpointsIn({ endpoints = [], ports }: EndpointSlice, port: ServicePort): ServiceEndpoint[] {
  const number = ports?.find((one) => isOf(one, port))?.port;
  if (!number) return [];
  const usable = endpoints.filter(({ conditions }) => conditions?.ready !== false || conditions.serving);
  return usable.flatMap(({ addresses, targetRef }) =>
    addresses.slice(0, 1).map((ip) => ({
      ip,
      port: number,
      ...(targetRef?.kind === 'Pod' && targetRef.name && { pod: targetRef.name }),
    })),
  );
}
