import type { Namespace, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { type Informer, type InformerHandler, keyOf } from '@binnacle/client-informers';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { ZoneSource } from '../zone/cluster-zone.js';
import { type ServiceEntry, serviceEntry } from '../zone/service-entry.js';
import { ServiceIndex } from '../zone/service-index.js';
import { DNS_NAME, SYSTEM_NAMESPACE } from './sources.js';

const BY_SERVICE = 'service';

/** What names are made of. A slice may be in both of the two that are followed. */
export interface RecordSources {
  readonly services: Informer<Service>;
  readonly headless: Informer<EndpointSlice>;
  readonly others: Informer<EndpointSlice>;
  readonly namespaces: Informer<Namespace>;
}

function serviceOf({ metadata: { namespace, labels } }: EndpointSlice): string[] {
  const name = labels?.[LABEL_SERVICE_NAME];
  return name ? [`${namespace}/${name}`] : [];
}

/** Follows Services and slices, and keeps a table of what their names lead to. */
export class ClusterRecords implements ZoneSource {
  private readonly index = new ServiceIndex();
  private readonly dirty = new Set<string>();

  constructor(private readonly sources: RecordSources) {
    const { services, headless, others } = sources;
    services.addHandler(this.marking<Service>((service) => [keyOf(service)]));
    for (const slices of [headless, others]) {
      slices.addIndex(BY_SERVICE, serviceOf);
      slices.addHandler(this.marking<EndpointSlice>(serviceOf));
    }
  }

  service(namespace: string, name: string): ServiceEntry | undefined {
    return this.current.get(namespace, name);
  }

  namesAt(address: string): readonly string[] {
    return this.current.namesAt(address);
  }

  hasNamespace(name: string): boolean {
    return this.sources.namespaces.get(name) !== undefined;
  }

  get ownAddresses(): readonly string[] {
    const entry = this.service(SYSTEM_NAMESPACE, DNS_NAME);
    return entry?.kind === 'address' ? entry.addresses : [];
  }

  /** With all changes that have come: many that come together are one for who asks next. */
  private get current(): ServiceIndex {
    if (this.dirty.size > 0) this.flush();
    return this.index;
  }

  private flush(): void {
    for (const key of this.dirty) this.index.set(key, this.entryOf(key));
    this.dirty.clear();
  }

  private entryOf(key: string): ServiceEntry | undefined {
    const { services, headless, others } = this.sources;
    const service = services.get(key);
    const slices = [...headless.byIndex(BY_SERVICE, key), ...others.byIndex(BY_SERVICE, key)];
    const byName = new Map(slices.map((slice) => [slice.metadata.name, slice]));
    return service && serviceEntry(service, [...byName.values()]);
  }

  private marking<T extends KubeObject>(keys: (object: T) => readonly string[]): InformerHandler<T> {
    const mark = (object: T) => {
      for (const key of keys(object)) this.dirty.add(key);
    };
    return {
      added: mark,
      updated: (object, old) => {
        mark(old);
        mark(object);
      },
      deleted: mark,
    };
  }
}
