import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointPort, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME, LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { PolicyPod } from '@binnacle/apis-network-policy';
import type { Informer } from '@binnacle/client-informers';
import type { Target } from '@binnacle/node-runtime-sim';
import type { ServiceFinder } from '../service-addresses.js';

/** Where a connection to a Service may end. */
export interface ServiceTarget {
  readonly ip: string;
  readonly port: number;
  /** A program of the installation that answers for the Service itself, as if it were a Pod with the Service's labels. */
  readonly program?: PolicyPod;
}

/** Services that a program of ours answers at their own addresses, the cluster's DNS for one, carry a name that begins so. */
const PROGRAMS = 'binnacle-';
const BY_SERVICE = 'service';

const isProgram = ({ metadata }: Service): boolean =>
  metadata.labels?.[LABEL_SERVICE_PROXY_NAME]?.startsWith(PROGRAMS) ?? false;

const namedPort = ({ name = '', port, protocol = 'TCP' }: ServicePort) => ({ name, port, protocol });

function programPod({ metadata, spec }: Service): PolicyPod {
  const { namespace = '', name = '', labels } = metadata;
  const ports = (spec?.ports ?? []).map(namedPort);
  return { namespace, name, labels: { ...labels, ...spec?.selector }, node: '', hostNetwork: false, ports };
}

const isOf = ({ name, protocol }: EndpointPort, port: ServicePort): boolean =>
  (name ?? '') === (port.name ?? '') && (protocol ?? 'TCP') === (port.protocol ?? 'TCP');

function targetsIn({ endpoints = [], ports = [] }: EndpointSlice, port: ServicePort): ServiceTarget[] {
  const number = ports?.find((one) => isOf(one, port))?.port;
  if (!number) return [];
  const usable = endpoints.filter(({ conditions }) => conditions?.ready !== false || conditions.serving);
  return usable.flatMap(({ addresses }) => addresses.slice(0, 1).map((ip) => ({ ip, port: number })));
}

/** Where Services lead to, as far as one must know to ask whether any of that may be reached. */
export class ServiceTargets {
  constructor(
    private readonly services: ServiceFinder,
    private readonly slices: Pick<Informer<EndpointSlice>, 'addIndex' | 'byIndex'>,
  ) {
    slices.addIndex(BY_SERVICE, ({ metadata: { namespace, labels } }) => [
      `${namespace}/${labels?.[LABEL_SERVICE_NAME]}`,
    ]);
  }

  /** Undefined where no Service answers. */
  at({ ip, port: number, transport }: Target): readonly ServiceTarget[] | undefined {
    const found = this.services.find(ip, number, transport);
    if (!found) return undefined;
    const { service, port } = found;
    return isProgram(service) ? [{ ip, port: number, program: programPod(service) }] : this.endpoints(service, port);
  }

  /** The program of the installation that speaks from an address of its Service. */
  programAt(ip: string): PolicyPod | undefined {
    const service = this.services.at(ip).find(isProgram);
    return service && programPod(service);
  }

  private endpoints({ metadata: { namespace, name } }: Service, port: ServicePort): ServiceTarget[] {
    return this.slices.byIndex(BY_SERVICE, `${namespace}/${name}`).flatMap((slice) => targetsIn(slice, port));
  }
}
