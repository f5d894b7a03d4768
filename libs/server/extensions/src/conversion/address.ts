import type { LookupFunction } from 'node:net';
import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { WebhookClientConfig } from '@binnacle/apis-extensions';
import { wireAddress } from '@binnacle/machinery-wire';
import { parseBody, type StorageReader } from '@binnacle/server-storage';

/** Where a webhook is asked. */
export interface WebhookAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** What its certificate must be for. */
  readonly serverName: string;
}

/** A webhook that cannot be asked there. */
export class NoAddress extends Error {}

/** What is never anybody's webhook: metadata services of clouds, and addresses that are everybody's or nobody's. */
const forbidden = new BlockList();
forbidden.addSubnet('0.0.0.0', 8);
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('224.0.0.0', 3);
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('fd00:ec2::', 32, 'ipv6');
forbidden.addSubnet('ff00::', 8, 'ipv6');

export function isForbiddenAddress(address: string): boolean {
  return forbidden.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Resolves names, and refuses those that lead to an address nobody may be asked at. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const addresses = error ? [] : found.filter(({ address }) => !isForbiddenAddress(address));
    const [first] = addresses;
    if (error || !first) {
      const why = error ?? new NoAddress(`${hostname} leads to no address that may be asked`);
      callback(why, '', 4);
    } else if (options.all) (callback as unknown as (error: null, all: typeof found) => void)(null, addresses);
    else callback(null, first.address, first.family);
  });
};

const HTTPS = 443;

function urlAddress(text: string): WebhookAddress {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isForbiddenAddress(host)) throw new NoAddress(`nobody may be asked at ${host}`);
  return { host, port: Number(url.port || HTTPS), path: url.pathname, serverName: host };
}

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly ports?: readonly { readonly port: number }[];
}

/** Services of a logical cluster, as far as they are known. */
export type Services = Pick<StorageReader, 'peek'>;

function serviceAddress(
  { namespace, name, path = '/', port = HTTPS }: NonNullable<WebhookClientConfig['service']>,
  cluster: string,
  services: Services,
): WebhookAddress {
  const stored = services.peek({ cluster, resource: 'services', namespace, name });
  if (!stored) throw new NoAddress(`service ${JSON.stringify(name)} not found`);
  const { clusterIP = '', ports = [] } = parseBody(stored).spec as ServiceSpec;
  if (isIP(clusterIP) === 0) throw new NoAddress(`service ${JSON.stringify(name)} has no address`);
  if (!ports.some((one) => one.port === port))
    throw new NoAddress(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const isPrivileged = process.getuid?.() === 0;
  return { ...wireAddress(clusterIP, port, isPrivileged), path, serverName: `${name}.${namespace}.svc` };
}

/** @throws NoAddress */
export function webhookAddress(config: WebhookClientConfig, cluster: string, services: Services): WebhookAddress {
  if (config.service) return serviceAddress(config.service, cluster, services);
  if (config.url === undefined) throw new NoAddress('it says neither a URL nor a Service');
  return urlAddress(config.url);
}
