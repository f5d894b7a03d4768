import type { IncomingMessage } from 'node:http';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { newBadRequest, newInternalError, newNotFound, StatusError } from '@binnacle/machinery-meta';
import type { ObjectPlace, Registry, ResourceStore } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest, StreamAnswer } from '../api-request.js';
import { type KubeletAddress, kubeletAddress, type KubeletConnection } from './kubelet-connection.js';
import { chooseContainer, kubeletLogQuery } from './log-options.js';

const EMPTY: ApiAnswer = { status: 204, contentType: 'text/plain', body: [] };
const LONGEST_ERROR = 64 * 1024;

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message) {
    text += String(chunk);
    if (text.length > LONGEST_ERROR) break;
  }
  return text.trim();
}

/** What a kubelet refused, in the words of the API. */
function refusal(status: number, text: string, pod: string): StatusError {
  if (status === 400) return newBadRequest(text);
  if (status === 404) {
    return new StatusError(404, 'NotFound', `the server could not find the requested resource ( pods/log ${pod})`, {
      name: pod,
      kind: 'pods/log',
      causes: [{ reason: 'UnexpectedServerResponse', message: text }],
    });
  }
  return newInternalError(new Error(text || `the kubelet answered ${status}`));
}

/** Serves `pods/<name>/log` from the kubelet that runs the Pod. */
export class PodLogs {
  constructor(
    private readonly registry: Registry,
    private readonly kubelets: KubeletConnection,
  ) {}

  async serve(request: ApiRequest, pods: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const query = kubeletLogQuery(request.query);
    const pod = pods.decode(await pods.get(request.ctx, place, { at: 'latest' })) as unknown as Pod;
    const container = chooseContainer(pod, request.query.get('container') ?? '');
    if (!pod.spec?.nodeName) return EMPTY;
    const address = await this.addressOf(request, pod.spec.nodeName);
    const path = `/containerLogs/${place.namespace}/${place.name}/${container}?${query}`;
    const ended = new AbortController();
    const answer = await this.kubelets.get(address, path, ended.signal);
    if (answer.statusCode !== 200) throw refusal(answer.statusCode ?? 500, await textOf(answer), place.name);
    return logAnswer(answer, ended);
  }

  private async addressOf(request: ApiRequest, nodeName: string): Promise<KubeletAddress> {
    const nodes = this.registry.get('', 'v1', 'nodes');
    const stored = await nodes.get(request.ctx, { namespace: '', name: nodeName }, { at: 'any' });
    const address = kubeletAddress(nodes.decode(stored) as unknown as Node);
    if (address) return address;
    throw newNotFound({ group: '', resource: 'nodes' }, nodeName);
  }
}

function logAnswer(message: IncomingMessage, ended: AbortController): StreamAnswer {
  return {
    status: 200,
    contentType: 'text/plain',
    async stream(sink, signal) {
      const stop = () => ended.abort(new Error('nobody reads the log any more'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const chunk of message) await sink.write(chunk as Buffer);
      } finally {
        stop();
      }
    },
  };
}
