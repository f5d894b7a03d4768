import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import type { Informer } from '@binnacle/client-informers';
import { isOurs, type OurClass } from './ingress-classes.js';
import { addressOf, type ServiceName } from './published-service.js';

export interface IngressObjects {
  readonly ingresses: Informer<Ingress>;
  readonly classes: Informer<IngressClass>;
  /** The Services by which addresses are given to us, and no others. */
  readonly published: Informer<Service>;
}

/** The Ingresses that a controller serves in a logical cluster, and where. */
export class OurIngresses {
  constructor(
    readonly objects: IngressObjects,
    private readonly ours: OurClass,
    /** The Service that gives the entrance its address. */
    readonly service: ServiceName,
  ) {}

  list(): Ingress[] {
    return this.objects.ingresses.list().filter((ingress) => this.has(ingress));
  }

  has(ingress: Ingress): boolean {
    return isOurs(ingress, this.ours, (name) => this.objects.classes.get(name));
  }

  /** The Service; undefined as long as there is none. */
  get published(): Service | undefined {
    return this.objects.published.get(`${this.service.namespace}/${this.service.name}`);
  }

  /** The address at which they are served; undefined as long as there is none. */
  get address(): string | undefined {
    return addressOf(this.published);
  }
}
