import type { Context } from '@binnacle/machinery-context';
import type { KubeObject, WatchEvent } from '@binnacle/machinery-meta';
import { Requester, type RequesterOptions } from './requester.js';
import { METADATA_LIST, METADATA_OBJECT, RestListWatcher, RestResourceClient } from './resource-client.js';
import type { Transport } from './transport.js';
import type { ClusterObject, KubeClient, ListWatcher, RawAnswer, ResourceClient, ResourceRef } from './types.js';
import { readWatch } from './watch-stream.js';

const CLUSTERS = '/clusters?watch=true';

class RestKubeClient implements KubeClient {
  private readonly requester: Requester;

  constructor(
    private readonly transport: Transport,
    private readonly options: RequesterOptions,
  ) {
    this.requester = new Requester(transport, options);
  }

  async *watchClusters(ctx: Context): AsyncGenerator<WatchEvent<ClusterObject>> {
    const { cluster: _, ...options } = this.options;
    const answer = await new Requester(this.transport, options).send(ctx, 'GET', CLUSTERS, { streaming: true });
    yield* readWatch<ClusterObject>(answer.chunks());
  }

  inCluster(cluster: string): KubeClient {
    const { send } = this.transport;
    // Who closes the whole closes its connections.
    const shared: Transport = {
      send: (ctx, request) => send.call(this.transport, ctx, request),
      close: async () => {},
    };
    return new RestKubeClient(shared, { ...this.options, cluster });
  }

  resource<T extends KubeObject>(ref: ResourceRef): ResourceClient<T> {
    return new RestResourceClient<T>(ref, this.requester);
  }

  metadata(ref: ResourceRef): ListWatcher<KubeObject> {
    return new RestListWatcher(ref, this.requester, { list: METADATA_LIST, watch: METADATA_OBJECT });
  }

  async raw(ctx: Context, method: string, path: string, body?: string): Promise<RawAnswer> {
    const answer = await this.requester.sendRaw(ctx, method, path, { body });
    return { status: answer.status, body: await answer.text() };
  }

  close(): Promise<void> {
    return this.requester.close();
  }
}

/** A client over any transport; `createKubeClient` is the one for Node. */
export function kubeClientOver(transport: Transport, options: RequesterOptions = {}): KubeClient {
  return new RestKubeClient(transport, options);
}
