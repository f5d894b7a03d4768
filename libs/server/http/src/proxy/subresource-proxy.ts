import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { newBadRequest } from '@binnacle/machinery-meta';
import { asServer, type ObjectPlace, type RequestContext, type ResourceStore } from '@binnacle/server-registry';
import type { KubeletConnection, UpgradeOutcome } from '../kubelet/kubelet-connection.js';
import type { NodeAddresses } from '../kubelet/node-addresses.js';
import { OpenConnections } from '../kubelet/open-connections.js';
import type { PodDialer, PodPort } from '../kubelet/pod-dialer.js';
import { passedHeaders, relayUpgrade } from '../kubelet/relay-upgrade.js';
import { type ApiAnswer, type ApiRequest, textAnswer } from '../request/api-request.js';
import { makeRequest } from './make-request.js';
import { proxiedAnswer } from './proxied-answer.js';
import { type ProxiedName, proxiedName } from './proxied-name.js';
import { type ProxiedRequest, proxiedRequest, splitProxyPath } from './proxied-request.js';
import type { ServiceEndpoints } from './service-endpoint.js';

export interface ProxyParts {
  readonly nodes: NodeAddresses;
  readonly kubelets: KubeletConnection;
  readonly pods: PodDialer;
  readonly services: ServiceEndpoints;
}

type Ask = (proxied: ProxiedRequest) => Promise<UpgradeOutcome>;

const READS = ['GET', 'HEAD'];

/** Relative links of a page lead where they should only below its slash. */
function redirect(request: ApiRequest): ApiAnswer | undefined {
  const { before, behind } = splitProxyPath(request);
  if (behind || !READS.includes(request.method)) return undefined;
  const query = request.query.toString();
  return { ...textAnswer('', 301), headers: { location: `${before}/${query && `?${query}`}` } };
}

function portOf({ spec }: Pod, { port }: ProxiedName): number {
  if (port === '') return spec?.containers.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort ?? 80;
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number === 0 || number > 65_535) throw newBadRequest('address not allowed');
  return number;
}

/** Serves the proxies of Pods, Services and Nodes, all by way of kubelets. */
export class SubresourceProxy {
  private readonly open = new OpenConnections('proxied connections');

  constructor(private readonly parts: ProxyParts) {}

  async pod(request: ApiRequest, pods: ResourceStore, { namespace, name: id }: ObjectPlace): Promise<ApiAnswer> {
    const asked = proxiedName('pod', id);
    const { ctx } = request;
    const stored = await pods.get(asServer(ctx), { namespace, name: asked.name }, { at: 'latest' });
    const pod = pods.decode(stored) as unknown as Pod;
    if (!pod.spec?.nodeName || !pod.status?.podIP) throw newBadRequest('address not allowed');
    const place = { namespace, pod: asked.name, nodeName: pod.spec.nodeName, port: portOf(pod, asked) };
    return await this.answer(request, (proxied) => this.askPod(ctx, place, proxied, asked));
  }

  async service(request: ApiRequest, _: ResourceStore, { namespace, name: id }: ObjectPlace): Promise<ApiAnswer> {
    const asked = proxiedName('service', id);
    const place = await this.parts.services.find(request.ctx, namespace, asked);
    return await this.answer(request, (proxied) => this.askPod(request.ctx, place, proxied, asked));
  }

  /** Of a Node only the kubelet is reached. */
  async node(request: ApiRequest, _: ResourceStore, { name: id }: ObjectPlace): Promise<ApiAnswer> {
    const { name, port } = proxiedName('node', id);
    const { ctx } = request;
    const address = await this.parts.nodes.of(ctx, name);
    if (port !== '' && port !== String(address.port)) throw newBadRequest('address not allowed');
    return await this.answer(request, (proxied) => this.parts.kubelets.ask(address, proxied, ctx.signal));
  }

  private async askPod(
    ctx: RequestContext,
    place: PodPort,
    proxied: ProxiedRequest,
    { isTls }: ProxiedName,
  ): Promise<UpgradeOutcome> {
    return await makeRequest(await this.parts.pods.dial(ctx, place), proxied, { isTls, signal: ctx.signal });
  }

  private async answer(request: ApiRequest, ask: Ask): Promise<ApiAnswer> {
    const { connection, headers, ctx } = request;
    // What is done over a connection is no reading, whatever the method that opens it.
    if (connection && request.info.verb !== 'create') await ctx.permit.also(ctx, 'create');
    const redirected = connection ? undefined : redirect(request);
    if (redirected) return redirected;
    const proxied = proxiedRequest(request);
    const leave = this.open.enter(ctx.user.name);
    try {
      const outcome = await ask(
        connection ? { ...proxied, headers: { ...proxied.headers, ...passedHeaders(headers) } } : proxied,
      );
      (outcome.socket ?? outcome.head).once('close', leave);
      if (connection) return await relayUpgrade(connection, outcome);
      return await proxiedAnswer(outcome.head, splitProxyPath(request).before);
    } catch (error) {
      leave();
      throw error;
    }
  }
}
