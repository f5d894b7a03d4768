import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { endpointsIn, type PolicyPod, programOf } from '@binnacle/apis-network-policy';
import type { Informer } from '@binnacle/client-informers';
import type { Target } from '@binnacle/node-runtime-sim';
import type { ServiceAt, ServiceFinder } from '../service-addresses.js';

/** Where a connection to a Service may end. */
export interface ServiceTarget {
  readonly ip: string;
  readonly port: number;
  /** A program of the installation that answers for the Service itself. */
  readonly program?: PolicyPod;
}

const BY_SERVICE = 'service';

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
  at({ ip, port, transport }: Target): readonly ServiceTarget[] | undefined {
    const found = this.services.find(ip, port, transport);
    const program = found && programOf(found.service);
    return program ? [{ ip, port, program }] : found && this.endpoints(found);
  }

  /** The program of the installation that speaks from an address of its Service. */
  programAt(ip: string): PolicyPod | undefined {
    const [program] = this.services.at(ip).flatMap((service) => programOf(service) ?? []);
    return program;
  }

  private endpoints({ service: { metadata }, port }: ServiceAt): ServiceTarget[] {
    const slices = this.slices.byIndex(BY_SERVICE, `${metadata.namespace}/${metadata.name}`);
    return slices.flatMap((slice) => endpointsIn(slice, port));
  }
}
