import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { newServiceUnavailable } from '@binnacle/machinery-meta';

/** How the API server shows kubelets who it is. PEM text. */
export interface KubeletClientTls {
  readonly cert: string;
  readonly key: string;
  /** The authority of kubelets' serving certificates. */
  readonly ca: string;
}

export interface KubeletAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 10_250;
const PREFERRED = ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'];
const CONNECT_MILLISECONDS = 10_000;

/** Where a node's kubelet listens; names are passed over, since nothing here resolves them. */
export function kubeletAddress({ status }: Node): KubeletAddress | undefined {
  const addresses = (status?.addresses ?? []).filter(({ type }) => type.endsWith('IP'));
  const [best] = [...addresses].sort((a, b) => PREFERRED.indexOf(a.type) - PREFERRED.indexOf(b.type));
  if (!best) return undefined;
  return { host: best.address, port: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? DEFAULT_PORT };
}

/** Asks kubelets, with the API server's client certificate. */
export class KubeletConnection {
  private readonly agent: Agent;

  constructor({ cert, key, ca }: KubeletClientTls) {
    // A kubelet's certificate is issued for its node's name, which is not how it is dialled.
    this.agent = new Agent({ cert, key, ca, keepAlive: true, checkServerIdentity: () => undefined });
  }

  /** The answer's head; its body is the message itself. Rejects with ServiceUnavailable where nobody answers. */
  async get(address: KubeletAddress, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const call = request({ ...address, path, method: 'GET', agent: this.agent, signal, timeout: CONNECT_MILLISECONDS });
    call.once('timeout', () => call.destroy(new Error('the kubelet does not answer in time')));
    call.end();
    try {
      const [answer] = (await once(call, 'response')) as [IncomingMessage];
      // A followed log may be silent for as long as it likes.
      call.setTimeout(0);
      return answer;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw newServiceUnavailable(`error trying to reach service: ${text}`);
    }
  }

  close(): void {
    this.agent.destroy();
  }
}
