import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { Requester, type RequesterOptions } from './requester.js';
import { METADATA_LIST, METADATA_OBJECT, RestListWatcher, RestResourceClient } from './resource-client.js';
import type { Transport } from './transport.js';
import type { KubeClient, ListWatcher, RawAnswer, ResourceClient, ResourceRef } from './types.js';

class RestKubeClient implements KubeClient {
  constructor(private readonly requester: Requester) {}

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
  return new RestKubeClient(new Requester(transport, options));
}
