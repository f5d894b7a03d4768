import type { IncomingMessage } from 'node:http';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { newBadRequest, newInternalError, StatusError } from '@binnacle/machinery-meta';
import type { ObjectPlace, ResourceStore } from '@binnacle/server-registry';
import { valueEncodingOf } from '../answer/object-answer.js';
import type { ApiAnswer, ApiRequest, StreamAnswer } from '../request/api-request.js';
import type { KubeletAddress, KubeletConnection } from './kubelet-connection.js';
import type { NodeAddresses } from './node-addresses.js';
import { OpenConnections } from './open-connections.js';
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
  private readonly open = new OpenConnections('logs');

  constructor(
    private readonly nodes: NodeAddresses,
    private readonly kubelets: KubeletConnection,
  ) {}

  async serve(request: ApiRequest, pods: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    valueEncodingOf(request);
    const query = kubeletLogQuery(request.query, place.name);
    const pod = pods.decode(await pods.get(request.ctx, place, { at: 'latest' })) as unknown as Pod;
    const container = chooseContainer(pod, request.query.get('container') ?? '');
    if (!pod.spec?.nodeName) return EMPTY;
    const address = await this.nodes.of(request.ctx, pod.spec.nodeName);
    const path = `/containerLogs/${place.namespace}/${place.name}/${container}?${query}`;
    const answer = await this.ask(request, address, path);
    if (answer.statusCode !== 200) throw refusal(answer.statusCode ?? 500, await textOf(answer), place.name);
    return logAnswer(answer);
  }

  private async ask({ ctx }: ApiRequest, address: KubeletAddress, path: string): Promise<IncomingMessage> {
    const leave = this.open.enter(ctx.user.name);
    try {
      return (await this.kubelets.get(address, path, ctx.signal)).once('close', leave);
    } catch (error) {
      leave();
      throw error;
    }
  }
}

/** The message is cut off with the request; here it has only to be read. */
function logAnswer(message: IncomingMessage): StreamAnswer {
  return {
    status: 200,
    contentType: 'text/plain',
    async stream(sink, signal) {
      try {
        if (signal.aborted) return;
        for await (const chunk of message) await sink.write(chunk as Buffer);
      } finally {
        message.destroy();
      }
    },
  };
}
