import { type BackendObjectReference, GATEWAY_GROUP } from '@binnacle/apis-gateway';
import type { ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Backends } from '../plan/backends.js';
import type { BackendProtocol } from '../upstream/backend.js';
import type { RoutePlace } from './attach.js';
import type { Grants } from './grants.js';
import { no, type Said, yes } from './said.js';

const H2C = 'kubernetes.io/h2c';

/** The id of a backend, or why there is none. */
export type Referred = { readonly id: string } | { readonly refused: Said };

/** Resolves what a route refers to, and remembers the first that cannot be. */
export class References {
  private refused: Said | undefined;

  constructor(
    private readonly route: Pick<RoutePlace, 'kind' | 'namespace'>,
    private readonly backends: Backends,
    private readonly grants: Grants,
  ) {}

  /** Whether everything there was to resolve could be. */
  get said(): Said {
    return this.refused ?? yes('ResolvedRefs');
  }

  backend(reference: BackendObjectReference): Referred {
    const referred = this.resolve(reference);
    if ('refused' in referred) this.refused ??= referred.refused;
    return referred;
  }

  private resolve({
    group = '',
    kind = 'Service',
    name,
    namespace = this.route.namespace,
    port,
  }: BackendObjectReference): Referred {
    const refuse = (reason: string, message: string): Referred => ({ refused: no('ResolvedRefs', reason, message) });
    if (group !== '' || kind !== 'Service')
      return refuse('InvalidKind', `a ${kind} cannot be asked: only Services are`);
    const from = { group: GATEWAY_GROUP, kind: this.route.kind, namespace: this.route.namespace };
    if (!this.grants.permit({ from, to: { group, kind, namespace, name } }))
      return refuse(
        'RefNotPermitted',
        `nothing in ${namespace} grants the Service ${name} to ${from.kind}s of ${from.namespace}`,
      );
    const wanted = { namespace, name, port: port === undefined ? {} : { number: port } };
    const resolved = this.backends.resolve(wanted, (found) => this.protocolOf(found));
    return 'words' in resolved ? refuse('BackendNotFound', resolved.words) : { id: resolved.backend.id };
  }

  private protocolOf({ appProtocol }: ServicePort): BackendProtocol {
    return this.route.kind === 'GRPCRoute' || appProtocol === H2C ? 'GRPC' : 'HTTP';
  }
}
