import { isIP } from 'node:net';
import type { WebhookClientConfig } from '@binnacle/apis-extensions';
import { wireAddress } from '@binnacle/machinery-wire';
import { checkLiteral, NoAddress } from '@binnacle/server-egress';
import { parseBody, type StorageReader } from '@binnacle/server-storage';

/** Where a webhook is asked. */
export interface WebhookAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** What its certificate must be for. */
  readonly serverName: string;
}

const HTTPS = 443;

function urlAddress(text: string): WebhookAddress {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  checkLiteral(host);
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
