import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { BackendProtocol, BackendSpec } from '../upstream/backend.js';

/** A Service by name and one of its ports, by name or number, as objects refer to it. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: { readonly name?: string; readonly number?: number };
}

/** A backend, or why there is none. */
export type Resolved = { readonly backend: BackendSpec } | { readonly words: string };

/** What a port of a Service speaks. */
export type ProtocolOf = (port: ServicePort) => BackendProtocol;

export type FindService = (namespace: string, name: string) => Service | undefined;

const portText = ({ name, number }: ServiceReference['port']): string => name ?? String(number ?? '');

function portOf({ spec }: Service, { name, number }: ServiceReference['port']): ServicePort | undefined {
  const ports = (spec?.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  return ports.find((port) => (name ? port.name === name : port.port === number));
}

/** Resolves references to Services, and collects the backends they lead to. */
export class Backends {
  private readonly found = new Map<string, BackendSpec>();

  constructor(private readonly findService: FindService) {}

  /** All that were resolved, by id. */
  get all(): ReadonlyMap<string, BackendSpec> {
    return this.found;
  }

  resolve({ namespace, name, port }: ServiceReference, protocolOf: ProtocolOf): Resolved {
    const service = this.findService(namespace, name);
    if (!service) return { words: `there is no Service ${namespace}/${name}` };
    // It would lead to any name whoever may write Services thinks of.
    if (service.spec?.type === 'ExternalName')
      return { words: `the Service ${namespace}/${name} is only another name, and nobody is asked there` };
    const found = portOf(service, port);
    if (!found) return { words: `the Service ${namespace}/${name} has no port ${portText(port)}` };
    const protocol = protocolOf(found);
    const id = `${namespace}/${name}:${found.port} ${protocol}`;
    const backend = this.found.get(id) ?? { id, namespace, service: name, port: found, protocol };
    this.found.set(id, backend);
    return { backend };
  }
}
