import { isIPv4 } from 'node:net';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';
import { Backoff, type SharedInformer } from '@binnacle/client-informers';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isAlreadyExists, isInvalid } from '@binnacle/machinery-meta';
import { ranges } from '../outside/name-server.js';
import { DNS_NAME, SYSTEM_NAMESPACE } from './sources.js';

/** Who carries a Service with this label: the DNS, which listens at its address itself. */
const PROXY_NAME = 'binnacle-dns';
export const DNS_PORT = 53;
const KEY = `${SYSTEM_NAMESPACE}/${DNS_NAME}`;
/** Within the range of Services, as everywhere. */
const HOST_PART = 10;
const RETRY = { first: 500, most: 30_000 };

/** What the Service is to be. */
export interface DnsServiceOptions {
  /** The range of the cluster's Services, `a.b.c.d/n`. */
  readonly serviceCidr: string;
  /** Labels of the Pods behind it, where there are any. */
  readonly selector?: Readonly<Record<string, string>>;
}

/** The tenth address of a range whose last byte is zero. */
export const dnsAddress = (serviceCidr: string): string =>
  (serviceCidr.split('/')[0] ?? '').replace(/\d+$/, String(HOST_PART));

function dnsService({ serviceCidr, selector }: DnsServiceOptions): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: DNS_NAME,
      namespace: SYSTEM_NAMESPACE,
      labels: { 'k8s-app': DNS_NAME, 'kubernetes.io/cluster-service': 'true', [LABEL_SERVICE_PROXY_NAME]: PROXY_NAME },
    },
    spec: {
      clusterIP: dnsAddress(serviceCidr),
      ...(selector && { selector }),
      ports: [
        { name: 'dns', port: DNS_PORT, protocol: 'UDP' },
        { name: 'dns-tcp', port: DNS_PORT, protocol: 'TCP' },
      ],
    },
  };
}

type KnownServices = Pick<SharedInformer<Service>, 'get'>;

/** The Service of the cluster's DNS, whoever is behind it. */
export const ownService = (services: KnownServices): Service | undefined => services.get(KEY);

/** Whether the DNS is to answer at a Service; somebody may have made it for a DNS of their own. */
const isOurs = ({ metadata }: Service): boolean => metadata.labels?.[LABEL_SERVICE_PROXY_NAME] === PROXY_NAME;

const isWithin = (serviceCidr: string, address: string): boolean =>
  isIPv4(address) && ranges([serviceCidr]).check(address, 'ipv4');

/**
 * Where the DNS is to listen; undefined while that is nowhere. A cluster that was made from another has its Services at addresses
 * of that one, where only that one answers.
 */
export function ownAddress(services: KnownServices, serviceCidr: string): string | undefined {
  const service = ownService(services);
  const address = service?.spec?.clusterIP ?? '';
  return service && isOurs(service) && isWithin(serviceCidr, address) ? address : undefined;
}

/** It is ours, and at an address that is not the cluster's. */
const isMisplaced = (service: Service, serviceCidr: string): boolean =>
  isOurs(service) && !isWithin(serviceCidr, service.spec?.clusterIP ?? '');

interface Making {
  readonly client: KubeClient;
  readonly known: SharedInformer<Service>;
  readonly options: DnsServiceOptions;
}

/** Another Service may have the address already: the DNS has any other then. */
async function create(ctx: Context, services: ResourceClient<Service>, wanted: Service): Promise<Service> {
  try {
    return await services.create(ctx, wanted);
  } catch (error) {
    if (!isInvalid(error)) throw error;
    const { clusterIP, ...spec } = wanted.spec ?? {};
    ctx.logger.warn('the DNS gets another address than it should have', { address: clusterIP, error });
    return await services.create(ctx, { ...wanted, spec });
  }
}

/** An address cannot be changed: one that is misplaced is deleted first. */
async function make(ctx: Context, { client, known, options }: Making): Promise<Service> {
  const services = client.resource<Service>(refs.services);
  const key = { namespace: SYSTEM_NAMESPACE, name: DNS_NAME };
  if (ownService(known)) await ignoreNotFound(services.delete(ctx, key));
  return await create(ctx, services, dnsService(options));
}

/** Makes the Service of the DNS whenever there is none, until the context aborts. One that has its place is left as it is. */
export async function keepDnsService(
  ctx: Context,
  client: KubeClient,
  known: SharedInformer<Service>,
  options: DnsServiceOptions,
): Promise<void> {
  const backoff = new Backoff(RETRY);
  const { serviceCidr } = options;
  while (!ctx.signal.aborted) {
    try {
      await known.waitForObject(ctx, KEY, (service) => service === undefined || isMisplaced(service, serviceCidr));
      const made = await make(ctx, { client, known, options });
      await known.waitFor(ctx, made.metadata.resourceVersion ?? '');
      backoff.reset();
    } catch (error) {
      if (ctx.signal.aborted) return;
      if (!isAlreadyExists(error)) ctx.logger.warn('the Service of the DNS cannot be made', { error });
      await backoff.wait(ctx).catch(() => undefined);
    }
  }
}
