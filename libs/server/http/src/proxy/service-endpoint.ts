import type { Endpoints, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { ignoreNotFound, newServiceUnavailable } from '@binnacle/machinery-meta';
import { asServer, type Registry, type RequestContext } from '@binnacle/server-registry';
import type { PodPort } from '../kubelet/pod-dialer.js';
import type { ProxiedName } from './proxied-name.js';

interface Address {
  readonly pod: string;
  readonly ip: string;
  readonly port: number;
}

function portName(service: Service, { name, port }: ProxiedName): string {
  if (!/^-?\d+$/.test(port)) return port;
  const found = service.spec?.ports?.find((each) => each.port === Number(port));
  if (!found) throw newServiceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return found.name ?? '';
}

/** The addresses that are ready and a Pod's, with the port of that name. */
function addressesOf({ subsets = [] }: Endpoints, name: string): Address[] {
  return subsets.flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find((each) => (each.name ?? '') === name)?.port;
    if (port === undefined) return [];
    return addresses.flatMap(({ ip, targetRef }) =>
      targetRef?.kind === 'Pod' && targetRef.name ? [{ pod: targetRef.name, ip, port }] : [],
    );
  });
}

/** Finds a Pod behind a Service. Behaves as kubernetes pkg/registry/core/service ResourceLocation, taking turns. */
export class ServiceEndpoints {
  private turn = 0;

  constructor(private readonly registry: Registry) {}

  /** Rejects with NotFound, or ServiceUnavailable where no Pod serves. */
  async find(ctx: RequestContext, namespace: string, asked: ProxiedName): Promise<PodPort> {
    const { name } = asked;
    const port = portName(await this.read<Service>(ctx, 'services', namespace, name), asked);
    const all = addressesOf(await this.read<Endpoints>(ctx, 'endpoints', namespace, name), port);
    this.turn += 1;
    for (let index = 0; index < all.length; index += 1) {
      const address = all[(this.turn + index) % all.length];
      const found = address && (await this.podAt(ctx, namespace, address));
      if (found) return found;
    }
    throw newServiceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  }

  /** Whoever may write Endpoints must not lead others to a Pod they say nothing of. */
  private async podAt(
    ctx: RequestContext,
    namespace: string,
    { pod: name, ip, port }: Address,
  ): Promise<PodPort | undefined> {
    const pod = await ignoreNotFound(this.read<Pod>(ctx, 'pods', namespace, name));
    const isThere = pod?.status?.podIPs?.some((each) => each.ip === ip) ?? false;
    return isThere && pod?.spec?.nodeName ? { namespace, pod: name, nodeName: pod.spec.nodeName, port } : undefined;
  }

  private async read<T>(ctx: RequestContext, resource: string, namespace: string, name: string): Promise<T> {
    const store = this.registry.get('', 'v1', resource);
    return store.decode(await store.get(asServer(ctx), { namespace, name }, { at: 'any' })) as unknown as T;
  }
}
