import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { Lister } from '@binnacle/client-informers';
import type { DnsRecord, RecordResolver, RecordType } from '@binnacle/node-runtime-sim';

const DOMAIN = 'svc.cluster.local';
const SRV_NAME = /^_([^.]+)\._(tcp|udp|sctp)\.(.+)$/;
const REVERSE = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.?$/;

/** A name that stands for a Service or for one Pod of it, taken apart. */
interface Place {
  readonly service: string;
  readonly namespace: string;
  readonly hostname?: string;
}

/** Along the search path of a Pod the nearest first: `a`, `a.ns`, `a.ns.svc` and in full, with a Pod's name before it or not. */
function places(name: string, own: string): Place[] {
  const plain = name.replace(/\.$/, '').replace(/\.svc(\.cluster\.local)?$/, '');
  const isQualified = plain !== name.replace(/\.$/, '');
  const [first = '', second = '', third = '', ...more] = plain.split('.');
  if (more.length > 0) return [];
  if (third) return [{ hostname: first, service: second, namespace: third }];
  if (!second) return isQualified ? [] : [{ service: first, namespace: own }];
  const inNamespace = { service: first, namespace: second };
  return isQualified ? [inNamespace] : [{ hostname: first, service: second, namespace: own }, inNamespace];
}

const dashed = (address: string): string => address.replaceAll('.', '-');
const fullName = (service: string, namespace: string): string => `${service}.${namespace}.${DOMAIN}.`;
const labelOf = ({ hostname, addresses }: Endpoint): string => hostname ?? dashed(addresses[0] ?? '');

/** The names of Services and of the Pods of headless ones, as the cluster's DNS keeps them. Of `slices` those of headless Services are enough. */
export class ServiceRecords {
  constructor(
    private readonly services: Lister<Service>,
    private readonly slices: Lister<EndpointSlice>,
  ) {}

  readonly resolve: RecordResolver = (name, type, namespace) => {
    if (type === 'PTR') return this.pointers(name);
    if (type === 'SRV') return this.ports(name, namespace);
    for (const place of places(name, namespace)) {
      const found = this.addresses(place, type);
      if (found.length > 0) return found;
    }
    return [];
  };

  private addresses(place: Place, type: RecordType): DnsRecord[] {
    const spec = this.services.get(`${place.namespace}/${place.service}`)?.spec;
    const name = `${place.hostname ? `${place.hostname}.` : ''}${fullName(place.service, place.namespace)}`;
    if (spec?.type === 'ExternalName') return [{ name, type: 'CNAME', data: `${spec.externalName}.` }];
    if (!spec || type !== 'A') return [];
    const addresses = this.addressesOf(place, spec.clusterIP);
    return addresses.map((data) => ({ name, type: 'A', data }));
  }

  private addressesOf(place: Place, clusterIP = ''): string[] {
    if (clusterIP !== 'None') return place.hostname || !clusterIP ? [] : [clusterIP];
    const endpoints = this.endpoints(place).filter(
      (endpoint) => !place.hostname || labelOf(endpoint) === place.hostname,
    );
    return endpoints.flatMap(({ addresses }) => addresses);
  }

  private ports(name: string, own: string): DnsRecord[] {
    const [, port, protocol, rest = ''] = SRV_NAME.exec(name) ?? [];
    const [place] = places(rest, own).filter(({ hostname }) => !hostname);
    const spec = place && this.services.get(`${place.namespace}/${place.service}`)?.spec;
    const wanted = spec?.ports?.find(
      (each) => each.name === port && (each.protocol ?? 'TCP').toLowerCase() === protocol,
    );
    if (!place || !wanted) return [];
    const target = fullName(place.service, place.namespace);
    const full = `_${port}._${protocol}.${target}`;
    const record = (data: string): DnsRecord => ({ name: full, type: 'SRV', data });
    if (spec?.clusterIP !== 'None') return [record(`0 100 ${wanted.port} ${target}`)];
    return this.endpoints(place).map((endpoint) => record(`0 100 ${wanted.port} ${labelOf(endpoint)}.${target}`));
  }

  private pointers(name: string): DnsRecord[] {
    const parts = REVERSE.exec(name)?.slice(1);
    if (!parts) return [];
    const address = parts.reverse().join('.');
    const record = (data: string): DnsRecord => ({ name: `${name.replace(/\.$/, '')}.`, type: 'PTR', data });
    const service = this.services.list().find(({ spec }) => spec?.clusterIP === address);
    if (service) return [record(fullName(service.metadata?.name ?? '', service.metadata?.namespace ?? ''))];
    return this.slices.list().flatMap((slice) => {
      const endpoint = slice.endpoints?.find(({ addresses }) => addresses.includes(address));
      const owner = slice.metadata?.labels?.[LABEL_SERVICE_NAME] ?? '';
      return endpoint ? [record(`${labelOf(endpoint)}.${fullName(owner, slice.metadata?.namespace ?? '')}`)] : [];
    });
  }

  private endpoints({ service, namespace }: Place): Endpoint[] {
    return this.slices
      .list(namespace)
      .filter(({ metadata }) => metadata?.labels?.[LABEL_SERVICE_NAME] === service)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false);
  }
}
