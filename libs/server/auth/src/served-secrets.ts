import type { Gateway, GatewayClass, Listener, ReferenceGrant } from '@binnacle/apis-gateway';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { ANNOTATION_INGRESS_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { Context } from '@binnacle/machinery-context';
import { parseBody, type Scope, type StorageReader, type StoredObject } from '@binnacle/server-storage';

/** Controllers whose names begin like this are ours: of their classes alone the Secrets are read. */
const OUR_CONTROLLERS = 'binnacle.dev/';
const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** A Secret of one logical cluster. */
export interface WantedSecret {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

const decode = <T>(stored: StoredObject): T => parseBody(stored) as unknown as T;
const isOurs = (controller: string | undefined): boolean => controller?.startsWith(OUR_CONTROLLERS) ?? false;

type Test = (stored: StoredObject) => Promise<boolean>;

/** Whether a listener of a Gateway of some namespace means a Secret. */
function means({ tls }: Listener, from: string, wanted: WantedSecret): boolean {
  return (tls?.certificateRefs ?? []).some(
    ({ group = '', kind = 'Secret', name, namespace = from }) =>
      group === '' && kind === 'Secret' && name === wanted.name && namespace === wanted.namespace,
  );
}

function grants({ spec }: ReferenceGrant, from: string, { name }: WantedSecret): boolean {
  return (
    spec.from.some((one) => one.group === GATEWAY_GROUP && one.kind === 'Gateway' && one.namespace === from) &&
    spec.to.some((one) => one.group === '' && one.kind === 'Secret' && (!one.name || one.name === name))
  );
}

/**
 * Which Secrets hold the certificates of what our controllers serve, read from the cache whenever it is asked: nothing is kept that
 * could be stale. What the cache does not know is looked up once more before it is refused.
 */
export class ServedSecrets {
  constructor(private readonly storage: StorageReader) {}

  /** Whether an Ingress of one of our classes in the same namespace names a Secret, or a Gateway that it is granted to. */
  async isNamed(ctx: Context, wanted: WantedSecret): Promise<boolean> {
    const { cluster, namespace } = wanted;
    const ingresses = { cluster, resource: 'networking.k8s.io/ingresses', namespace };
    const gateways = { cluster, resource: `${GATEWAY_GROUP}/gateways` };
    return (
      (await this.any(ctx, ingresses, wanted.name, (stored) => this.byIngress(ctx, stored, wanted))) ||
      (await this.any(ctx, gateways, wanted.name, (stored) => this.byGateway(ctx, stored, wanted)))
    );
  }

  private async byIngress(ctx: Context, stored: StoredObject, { cluster, name }: WantedSecret): Promise<boolean> {
    const { metadata, spec } = decode<Ingress>(stored);
    if (!spec?.tls?.some(({ secretName }) => secretName === name)) return false;
    const named = spec.ingressClassName ?? metadata.annotations?.[ANNOTATION_INGRESS_CLASS] ?? '';
    const ofClass = await this.find(ctx, cluster, 'networking.k8s.io/ingressclasses', named);
    return ofClass !== undefined && isOurs(decode<IngressClass>(ofClass).spec?.controller);
  }

  private async byGateway(ctx: Context, stored: StoredObject, wanted: WantedSecret): Promise<boolean> {
    const { metadata, spec } = decode<Gateway>(stored);
    const from = metadata.namespace ?? '';
    if (!spec.listeners.some((listener) => means(listener, from, wanted))) return false;
    const ofClass = await this.find(ctx, wanted.cluster, `${GATEWAY_GROUP}/gatewayclasses`, spec.gatewayClassName);
    if (!ofClass || !isOurs(decode<GatewayClass>(ofClass).spec.controllerName)) return false;
    return from === wanted.namespace || (await this.isGranted(ctx, from, wanted));
  }

  private isGranted(ctx: Context, from: string, wanted: WantedSecret): Promise<boolean> {
    const { cluster, namespace } = wanted;
    const scope = { cluster, resource: `${GATEWAY_GROUP}/referencegrants`, namespace };
    return this.any(ctx, scope, from, async (stored) => grants(decode<ReferenceGrant>(stored), from, wanted));
  }

  /** Whether any object of a scope passes, as the cache knows them or as they are. */
  private async any(ctx: Context, scope: Scope, word: string, test: Test): Promise<boolean> {
    if (await anyOf(this.storage.peekAll(scope) ?? [], word, test)) return true;
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'latest' } });
    return await anyOf(items, word, test);
  }

  private async find(ctx: Context, cluster: string, resource: string, name: string): Promise<StoredObject | undefined> {
    if (name === '') return undefined;
    const key = { cluster, resource, namespace: '', name };
    return this.storage.peek(key) ?? (await this.storage.get(ctx, key, { at: 'latest' }));
  }
}

/** Words are plain in a body: most objects need not be parsed to know that they do not have it. */
async function anyOf(objects: readonly StoredObject[], word: string, test: Test): Promise<boolean> {
  for (const stored of objects) if (stored.body.includes(`"${word}"`) && (await test(stored))) return true;
  return false;
}
