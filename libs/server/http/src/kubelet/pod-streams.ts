import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { newBadRequest } from '@binnacle/machinery-meta';
import type { ObjectPlace, ResourceStore } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import type { KubeletAddress, KubeletConnection, KubeletRequest, UpgradeOutcome } from './kubelet-connection.js';
import type { NodeAddresses } from './node-addresses.js';
import { OpenConnections } from './open-connections.js';
import { passedHeaders, relayUpgrade } from './relay-upgrade.js';
import { kubeletStreamQuery, streamContainer, type StreamKind } from './stream-options.js';

/** What a kubelet calls them. */
const PATHS = { exec: 'exec', attach: 'attach', portforward: 'portForward' } as const;

/**
 * Serves exec, attach and portforward of Pods: after the door and the rights, what client and kubelet agree to speak goes through
 * here as bytes. Behaves as kubernetes pkg/registry/core/pod/rest with kubelets that declare ExtendWebSocketsToKubelet.
 */
export class PodStreams {
  private readonly open = new OpenConnections('streams');

  constructor(
    private readonly nodes: NodeAddresses,
    private readonly kubelets: KubeletConnection,
  ) {}

  async serve(kind: StreamKind, request: ApiRequest, pods: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const { ctx, query } = request;
    // A browser can open a WebSocket by GET alone, and what it does is no reading.
    if (request.info.verb !== 'create') await ctx.permit.also(ctx, 'create');
    const pod = pods.decode(await pods.get(ctx, place, { at: 'latest' })) as unknown as Pod;
    const container = kind === 'portforward' ? '' : `/${streamContainer(pod, query.get('container') ?? '')}`;
    if (!pod.spec?.nodeName) throw newBadRequest(`pod ${place.name} does not have a host assigned`);
    const address = await this.nodes.of(ctx, pod.spec.nodeName);
    const path = `/${PATHS[kind]}/${place.namespace}/${place.name}${container}?${kubeletStreamQuery(kind, query)}`;
    return await this.connect(request, address, path);
  }

  private async connect(request: ApiRequest, address: KubeletAddress, path: string): Promise<ApiAnswer> {
    const { connection, headers, method, ctx } = request;
    if (!connection) throw newBadRequest('Upgrade request required');
    const asked = { method, path, headers: passedHeaders(headers) };
    return await relayUpgrade(connection, await this.ask(ctx, address, asked));
  }

  private async ask(
    { user, signal }: ApiRequest['ctx'],
    address: KubeletAddress,
    asked: KubeletRequest,
  ): Promise<UpgradeOutcome> {
    const leave = this.open.enter(user.name);
    try {
      const outcome = await this.kubelets.ask(address, asked, signal);
      (outcome.socket ?? outcome.head).once('close', leave);
      return outcome;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
