import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_HEADLESS_SERVICE } from '@binnacle/apis-kubernetes/well-known';
import { createInformer, type SharedInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';

/** What the Pods of a logical cluster are told of its Services. */
export interface ServiceInformers {
  readonly services: SharedInformer<Service>;
  /** Of headless Services only: the others have an address of their own. */
  readonly slices: SharedInformer<EndpointSlice>;
}

export function serviceInformers(client: KubeClient): ServiceInformers {
  const selection = { labelSelector: LABEL_HEADLESS_SERVICE };
  return {
    services: createInformer(client.resource<Service>(refs.services)),
    slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices), { selection }),
  };
}
