import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { newServiceUnavailable } from '@binnacle/machinery-meta';
import { SpdyConnection } from '@binnacle/process-streams';
import type { RequestContext } from '@binnacle/server-registry';
import type { KubeletConnection, UpgradeOutcome } from './kubelet-connection.js';
import type { NodeAddresses } from './node-addresses.js';

/** Where a Pod is connected to. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly nodeName: string;
  readonly port: number;
}

const HEADERS = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'portforward.k8s.io' };

/** A connection to a port, as the kubelet forwards it: it says what went wrong, or by nothing that it has connected. */
async function forwarded(
  { socket, first }: UpgradeOutcome & { readonly socket: Duplex },
  port: number,
): Promise<Duplex> {
  const connection = new SpdyConnection(socket, { role: 'client', onStream: () => undefined }, first);
  const about = { port: String(port), requestid: '0' };
  const error = connection.open({ streamtype: 'error', ...about });
  const data = connection.open({ streamtype: 'data', ...about });
  error.end();
  data.once('close', () => connection.close());
  const why = await text(error);
  if (why === '') return data;
  data.destroy();
  throw newServiceUnavailable(`error trying to reach service: ${why}`);
}

/**
 * Connects to ports of Pods by way of the kubelet that runs them: this server dials no address that stands in an object, and
 * reaches nothing but what the Pod itself serves.
 */
export class PodDialer {
  constructor(
    private readonly nodes: NodeAddresses,
    private readonly kubelets: KubeletConnection,
  ) {}

  /** Rejects with ServiceUnavailable where the kubelet knows no such Pod. */
  async dial(ctx: RequestContext, { namespace, pod, nodeName, port }: PodPort): Promise<Duplex> {
    const address = await this.nodes.of(ctx, nodeName);
    const asked = { method: 'POST', path: `/portForward/${namespace}/${pod}`, headers: HEADERS };
    const outcome = await this.kubelets.ask(address, asked, ctx.signal);
    if (outcome.socket) return await forwarded({ ...outcome, socket: outcome.socket }, port);
    outcome.head.resume();
    await once(outcome.head, 'close');
    throw newServiceUnavailable(`error trying to reach service: the kubelet answered ${outcome.head.statusCode}`);
  }
}
