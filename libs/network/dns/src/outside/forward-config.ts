import type { ConfigMap } from '@binnacle/apis-kubernetes/core/v1';
import { type NameServer, nameServer } from './name-server.js';

/** Whom a cluster asks about names that are not its own. */
export interface ForwardConfig {
  /** For everything that no stub domain is for; nobody is asked where there are none. */
  readonly upstreams: readonly NameServer[];
  /** By domain, in lower case and without a dot at its end. */
  readonly stubDomains: ReadonlyMap<string, readonly NameServer[]>;
}

/** Characters of one value. */
const MOST_TEXT = 65_536;
const MOST_DOMAINS = 256;
/** As the file resolv.conf has them. */
const MOST_SERVERS = 3;
const DOMAIN = /^(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const LONGEST_DOMAIN = 253;
const OWN_DOMAIN = /(^|\.)cluster\.local$/;

/** A value cannot be understood; the message says which and why. */
export class BadConfig extends Error {}

function parsed(key: string, text: string): unknown {
  if (text.length > MOST_TEXT) throw new BadConfig(`${key} is longer than ${MOST_TEXT} characters`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadConfig(`${key} is no JSON`);
  }
}

function serversOf(key: string, value: unknown): NameServer[] {
  if (!Array.isArray(value) || value.length > MOST_SERVERS)
    throw new BadConfig(`${key} must be a list of at most ${MOST_SERVERS} addresses`);
  return value.map((text: unknown) => {
    const server = typeof text === 'string' ? nameServer(text) : undefined;
    if (!server) throw new BadConfig(`${key}: ${JSON.stringify(text)} is no address, with a port or without`);
    return server;
  });
}

function domainOf(text: string): string {
  const domain = text.toLowerCase().replace(/\.$/, '');
  if (domain.length > LONGEST_DOMAIN || !DOMAIN.test(domain))
    throw new BadConfig(`stubDomains: "${text.slice(0, LONGEST_DOMAIN)}" is no domain`);
  if (OWN_DOMAIN.test(domain)) throw new BadConfig(`stubDomains: "${domain}" is the cluster's own`);
  return domain;
}

function stubDomainsOf(value: unknown): Map<string, NameServer[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadConfig('stubDomains must be an object of domains and lists of addresses');
  const entries = Object.entries(value);
  if (entries.length > MOST_DOMAINS) throw new BadConfig(`stubDomains has more than ${MOST_DOMAINS} domains`);
  return new Map(
    entries.map(([domain, servers]) => [domainOf(domain), serversOf(`stubDomains["${domain}"]`, servers)]),
  );
}

/**
 * Reads the ConfigMap `kube-system/kube-dns`: `stubDomains`, JSON of domains and the addresses of their servers, and
 * `upstreamNameservers`, JSON of addresses, each as upstream's kube-dns had them. What it does not say is as `otherwise`.
 * @throws BadConfig
 */
export function forwardConfig(
  config: Pick<ConfigMap, 'data'> | undefined,
  otherwise: readonly NameServer[],
): ForwardConfig {
  const { stubDomains = '', upstreamNameservers = '' } = config?.data ?? {};
  return {
    upstreams: upstreamNameservers.trim()
      ? serversOf('upstreamNameservers', parsed('upstreamNameservers', upstreamNameservers))
      : otherwise,
    stubDomains: stubDomains.trim() ? stubDomainsOf(parsed('stubDomains', stubDomains)) : new Map(),
  };
}
