import { createHash } from 'node:crypto';
import type { Gateway } from '@binnacle/apis-gateway';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { publishedService, type ServiceName } from '../controller/published-service.js';

const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';
const PREFIX = 'gateway-';
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DIGEST_LENGTH = 10;

/** The Service by which a Gateway is given its address: named as it is, or by a digest where that is no name of a Service. */
export function gatewayServiceName({ metadata }: Gateway): ServiceName {
  const name = `${PREFIX}${metadata.name ?? ''}`;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  return { namespace: metadata.namespace ?? '', name: LABEL.test(name) ? name : PREFIX + digest };
}

/** As it is to be: with the Gateway it goes. */
export function gatewayService(gateway: Gateway): Service {
  const { metadata, spec } = gateway;
  const ports = [...new Set(spec.listeners.map(({ port }) => port))];
  const service = publishedService(
    gatewayServiceName(gateway),
    ports.map((port) => ({ name: `port-${port}`, port })),
  );
  const { labels = {}, annotations = {} } = spec.infrastructure ?? {};
  const owner = { apiVersion: gateway.apiVersion, kind: 'Gateway', name: metadata.name ?? '', uid: metadata.uid ?? '' };
  return {
    ...service,
    metadata: {
      ...service.metadata,
      labels: { ...labels, ...service.metadata.labels, [GATEWAY_NAME_LABEL]: metadata.name ?? '' },
      annotations,
      ownerReferences: [{ ...owner, controller: true }],
    },
  };
}

/** Whether a Service is that of a Gateway, and not of one before it or of somebody else. */
export function isServiceOf(gateway: Gateway, service: Service | undefined): service is Service {
  return service?.metadata.ownerReferences?.some(({ uid }) => uid === gateway.metadata.uid) ?? false;
}

const factsOf = ({ metadata, spec }: Service) => ({
  ports: (spec?.ports ?? []).map(({ name, port }) => [name, port]),
  labels: metadata.labels,
  annotations: metadata.annotations ?? {},
});

/** What of a Service is not as it is to be, as a merge patch; undefined where all is. What others put there stays. */
export function servicePatch(service: Service, wanted: Service): object | undefined {
  const [now, next] = [factsOf(service), factsOf(wanted)];
  const isSame = JSON.stringify(now.ports) === JSON.stringify(next.ports);
  const missing = (have: object | undefined, want: object | undefined) =>
    Object.entries(want ?? {}).some(([key, value]) => (have as Record<string, unknown> | undefined)?.[key] !== value);
  if (isSame && !missing(now.labels, next.labels) && !missing(now.annotations, next.annotations)) return undefined;
  return {
    metadata: { labels: next.labels, annotations: next.annotations },
    ...(!isSame && { spec: { ports: wanted.spec?.ports } }),
  };
}
