import type { ServiceEntry } from './service-entry.js';

/** A name that an address has, and the Service it has it from. */
interface AddressName {
  readonly service: string;
  readonly name: string;
}

const ownName = (service: string): string => {
  const [namespace = '', name = ''] = service.split('/');
  return `${name}.${namespace}.svc`;
};

/** The names of an entry's addresses, below the cluster's domain. */
function namesOf(service: string, entry: ServiceEntry): [address: string, name: string][] {
  const own = ownName(service);
  if (entry.kind === 'external') return [];
  if (entry.kind === 'address') return entry.addresses.map((address) => [address, own]);
  return [...entry.byLabel].flatMap(([label, addresses]) =>
    addresses.map((address): [string, string] => [address, `${label}.${own}`]),
  );
}

/** The Services of a cluster by name, and by the addresses their names lead to. Every question is one look into a table. */
export class ServiceIndex {
  private readonly entries = new Map<string, ServiceEntry>();
  private readonly byAddress = new Map<string, readonly AddressName[]>();

  get size(): number {
    return this.entries.size;
  }

  get(namespace: string, name: string): ServiceEntry | undefined {
    return this.entries.get(`${namespace}/${name}`);
  }

  /** The names of an address, below the cluster's domain. A Service's own address has that name alone. */
  namesAt(address: string): readonly string[] {
    const names = this.byAddress.get(address) ?? [];
    const own = names.find(({ service }) => this.entries.get(service)?.kind === 'address');
    return own ? [own.name] : names.map(({ name }) => name);
  }

  /** Makes `entry` all that there is of a Service, `namespace/name`; undefined where there is nothing. */
  set(service: string, entry: ServiceEntry | undefined): void {
    const old = this.entries.get(service);
    if (old) for (const [address] of namesOf(service, old)) this.forget(address, service);
    if (entry) this.entries.set(service, entry);
    else this.entries.delete(service);
    if (entry) for (const [address, name] of namesOf(service, entry)) this.remember(address, { service, name });
  }

  private remember(address: string, name: AddressName): void {
    this.byAddress.set(address, [...(this.byAddress.get(address) ?? []), name]);
  }

  private forget(address: string, service: string): void {
    const left = (this.byAddress.get(address) ?? []).filter((each) => each.service !== service);
    if (left.length > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }
}
