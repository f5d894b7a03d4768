import { type ResourceRecord, TYPE } from '../message/types.js';
import { dashedAddress, isReverse, reversedAddress } from './addresses.js';
import type { ServiceEntry } from './service-entry.js';
import { addressRecords, ServiceRecords } from './service-records.js';
import { found, NO_DATA, NO_NAME, type ZoneAnswer } from './zone-answer.js';

/** The version of "Kubernetes DNS-Based Service Discovery" that is answered by. */
const SCHEMA_VERSION = '1.1.0';
const CLUSTER_DOMAIN = 'cluster.local';
const ROOT = '';
const DOMAIN_LABELS = CLUSTER_DOMAIN.split('.');
/** The server itself, as zones have to name one. */
const NAME_SERVER = `ns.dns.${CLUSTER_DOMAIN}`;

/** What is in the cluster. */
export interface ZoneSource {
  service(namespace: string, name: string): ServiceEntry | undefined;
  /** The names of an address, below the cluster's domain. */
  namesAt(address: string): readonly string[];
  hasNamespace(name: string): boolean;
  /** Of the DNS itself. */
  readonly ownAddresses: readonly string[];
}

const isInDomain = (labels: readonly string[]): boolean =>
  labels.length >= DOMAIN_LABELS.length &&
  DOMAIN_LABELS.every((label, at) => label === labels.at(at - DOMAIN_LABELS.length));

/** The names of a cluster: `cluster.local`, and those of its addresses. Labels are in lower case. */
export class ClusterZone {
  /** One of each zone: the cluster's, those of addresses, and the root. */
  private readonly soas = new Map<string, ResourceRecord>();

  constructor(
    private readonly source: ZoneSource,
    /** Seconds. */
    private readonly ttl: number,
  ) {}

  /** Who answers for the zone that a name lies in, as it is told where there is no name or no record. */
  authority(labels: readonly string[]): ResourceRecord {
    const own = isInDomain(labels) ? CLUSTER_DOMAIN : ROOT;
    return this.soaOf(isReverse(labels) ? labels.slice(-2).join('.') : own);
  }

  private soaOf(name: string): ResourceRecord {
    const known = this.soas.get(name);
    if (known) return known;
    const { ttl } = this;
    const data = { mname: NAME_SERVER, rname: `hostmaster.${CLUSTER_DOMAIN}`, serial: 1, minimum: ttl };
    const soa = { name, type: 'SOA', ttl, data: { ...data, refresh: 7200, retry: 1800, expire: 86_400 } } as const;
    this.soas.set(name, soa);
    return soa;
  }

  /** Undefined for names that others may answer for: beside the cluster's domain, and addresses that nobody here has. */
  lookup(labels: readonly string[], type: number): ZoneAnswer | undefined {
    if (isReverse(labels)) return this.pointers(labels, type);
    if (!isInDomain(labels)) return undefined;
    return this.inDomain(labels.slice(0, -DOMAIN_LABELS.length), type);
  }

  private inDomain(labels: readonly string[], type: number): ZoneAnswer {
    const rest = labels.slice(0, -1);
    switch (labels.at(-1)) {
      case undefined:
        return this.apex(type);
      case 'svc':
        return this.services(rest, type);
      case 'pod':
        return this.pods(rest, type);
      case 'dns':
        return this.server(rest, type);
      case 'dns-version':
        return rest.length > 0 ? NO_NAME : this.version(type);
      default:
        return NO_NAME;
    }
  }

  private apex(type: number): ZoneAnswer {
    if (type === TYPE.SOA) return found([this.authority(DOMAIN_LABELS)]);
    if (type === TYPE.NS) return found([{ name: CLUSTER_DOMAIN, type: 'NS', ttl: this.ttl, data: NAME_SERVER }]);
    return NO_DATA;
  }

  private version(type: number): ZoneAnswer {
    const name = `dns-version.${CLUSTER_DOMAIN}`;
    return type === TYPE.TXT ? found([{ name, type: 'TXT', ttl: this.ttl, data: SCHEMA_VERSION }]) : NO_DATA;
  }

  private server(labels: readonly string[], type: number): ZoneAnswer {
    if (labels.length === 0) return NO_DATA;
    if (labels.length > 1 || labels[0] !== 'ns') return NO_NAME;
    return found(addressRecords(NAME_SERVER, this.source.ownAddresses, type, this.ttl));
  }

  /** What is said of namespaces and what they are in; undefined for what stands in one that is there. */
  private around(labels: readonly string[]): ZoneAnswer | undefined {
    const namespace = labels.at(-1);
    if (namespace === undefined) return NO_DATA;
    if (!this.source.hasNamespace(namespace)) return NO_NAME;
    return labels.length === 1 ? NO_DATA : undefined;
  }

  /** Behaves as `pods insecure` of coredns: every address has a name, whoever has the address. */
  private pods(labels: readonly string[], type: number): ZoneAnswer {
    const around = this.around(labels);
    if (around) return around;
    const address = labels.length === 2 ? dashedAddress(labels[0] ?? '') : undefined;
    if (address === undefined) return NO_NAME;
    return found(addressRecords(`${labels.join('.')}.pod.${CLUSTER_DOMAIN}`, [address], type, this.ttl));
  }

  private services(labels: readonly string[], type: number): ZoneAnswer {
    const around = this.around(labels);
    if (around) return around;
    const [name = '', namespace = ''] = labels.slice(-2);
    const entry = this.source.service(namespace, name);
    if (!entry) return NO_NAME;
    const records = new ServiceRecords(entry, `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`, this.ttl);
    return records.lookup(labels.slice(0, -2), type);
  }

  private pointers(labels: readonly string[], type: number): ZoneAnswer | undefined {
    const address = reversedAddress(labels);
    const names = address === undefined ? [] : this.source.namesAt(address);
    if (names.length === 0) return undefined;
    if (type !== TYPE.PTR) return NO_DATA;
    const record = { name: labels.join('.'), type: 'PTR', ttl: this.ttl } as const;
    return found(names.map((name) => ({ ...record, data: `${name}.${CLUSTER_DOMAIN}` })));
  }
}
