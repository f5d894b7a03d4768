import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { ANNOTATION_INGRESS_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { Context } from '@binnacle/machinery-context';
import { type Key, parseBody, type StorageReader, type StoredObject } from '@binnacle/server-storage';

/** Controllers whose names begin like this are ours: of their classes alone the Secrets are read. */
const OUR_CONTROLLERS = 'binnacle.dev/';

/** A Secret of one logical cluster. */
export interface WantedSecret {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

const decode = <T>(stored: StoredObject): T => parseBody(stored) as unknown as T;
const isOurs = (controller: string | undefined): boolean => controller?.startsWith(OUR_CONTROLLERS) ?? false;

/**
 * Which Secrets hold the certificates of what our controllers serve, read from the cache whenever it is asked: nothing is kept that
 * could be stale. What the cache does not know is looked up once more before it is refused.
 */
export class ServedSecrets {
  constructor(private readonly storage: StorageReader) {}

  /** Whether an Ingress of one of our classes, in the same namespace, names a Secret. */
  async isNamed(ctx: Context, wanted: WantedSecret): Promise<boolean> {
    const scope = { cluster: wanted.cluster, resource: 'networking.k8s.io/ingresses', namespace: wanted.namespace };
    if (await this.anyNames(ctx, wanted, this.storage.peekAll(scope) ?? [])) return true;
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'latest' } });
    return await this.anyNames(ctx, wanted, items);
  }

  private async anyNames(ctx: Context, wanted: WantedSecret, ingresses: readonly StoredObject[]): Promise<boolean> {
    for (const stored of ingresses) {
      // Names are plain in a body: most need not be parsed to know that they do not name it.
      if (!stored.body.includes(`"${wanted.name}"`)) continue;
      const ingress = decode<Ingress>(stored);
      const names = ingress.spec?.tls?.some(({ secretName }) => secretName === wanted.name);
      if (names && (await this.isServed(ctx, wanted.cluster, ingress))) return true;
    }
    return false;
  }

  private async isServed(ctx: Context, cluster: string, { metadata, spec }: Ingress): Promise<boolean> {
    const name = spec?.ingressClassName ?? metadata.annotations?.[ANNOTATION_INGRESS_CLASS] ?? '';
    if (!name) return false;
    const key: Key = { cluster, resource: 'networking.k8s.io/ingressclasses', namespace: '', name };
    const stored = this.storage.peek(key) ?? (await this.storage.get(ctx, key, { at: 'latest' }));
    return stored !== undefined && isOurs(decode<IngressClass>(stored).spec?.controller);
  }
}
