import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';

/** Says to kube-proxy that somebody else listens at the addresses of a Service. */
export const PROXY_NAME = 'binnacle-ingress';

/** Selects the Services by which addresses are given to us. */
export const PUBLISHED = `${LABEL_SERVICE_PROXY_NAME}=${PROXY_NAME}`;

export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

export interface PublishedPort {
  readonly name: string;
  readonly port: number;
}

const NAME_LABEL = 'app.kubernetes.io/name';

/** The Service by which an entrance is given an address. It has no endpoints: whoever made it listens there. */
export function publishedService({ namespace, name }: ServiceName, ports: readonly PublishedPort[]): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { [NAME_LABEL]: name, [LABEL_SERVICE_PROXY_NAME]: PROXY_NAME } },
    spec: {
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      ports: ports.map((port) => ({ ...port, protocol: 'TCP', targetPort: port.port })),
    },
  };
}

/** The address that a Service was given; undefined as long as it has none. */
export function addressOf(service: Service | undefined): string | undefined {
  if (service?.metadata.labels?.[LABEL_SERVICE_PROXY_NAME] !== PROXY_NAME) return undefined;
  return service.status?.loadBalancer?.ingress?.find(({ ip }) => ip)?.ip;
}
