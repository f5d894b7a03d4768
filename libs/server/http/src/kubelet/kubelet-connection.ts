import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PeerCertificate } from 'node:tls';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { newInternalError, newServiceUnavailable } from '@binnacle/machinery-meta';

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

/** What a kubelet is asked, mostly to become another protocol. */
export interface KubeletRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Buffer | undefined;
}

/** The answer's head, and the connection where it was agreed to. */
export interface UpgradeOutcome {
  readonly head: IncomingMessage;
  readonly socket?: Duplex;
  /** What came with the head. */
  readonly first?: Buffer;
}

const DEFAULT_PORT = 10_250;
const PREFERRED = ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'];
const CONNECT_MILLISECONDS = 10_000;

/** Where a node's kubelet listens; names are passed over, also those that are called addresses: nothing here resolves them. */
export function kubeletAddress({ status }: Node): KubeletAddress | undefined {
  const addresses = (status?.addresses ?? []).filter(({ type, address }) => type.endsWith('IP') && isIP(address) !== 0);
  const [best] = [...addresses].sort((a, b) => PREFERRED.indexOf(a.type) - PREFERRED.indexOf(b.type));
  if (!best) return undefined;
  return { host: best.address, port: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? DEFAULT_PORT };
}

const NODES = 'system:nodes';

/**
 * A kubelet's certificate is issued for its node, which is not how it is dialled: instead of the host, its group is looked at.
 * Whoever may write the addresses of a Node could otherwise have us ask ourselves, or any other server of the authority.
 */
export function whyNoKubelet({ subject }: Pick<PeerCertificate, 'subject'>): Error | undefined {
  const organizations = [subject.O ?? []].flat();
  return organizations.includes(NODES)
    ? undefined
    : new Error(`who answers there is no kubelet (no ${NODES} certificate)`);
}

/** Asks kubelets, or who else `whyNot` takes for who is meant, with the API server's client certificate. */
export class KubeletConnection {
  private readonly agent: Agent;

  constructor({ cert, key, ca }: KubeletClientTls, whyNot = whyNoKubelet) {
    const checkServerIdentity = (_host: string, certificate: PeerCertificate) => whyNot(certificate);
    this.agent = new Agent({ cert, key, ca, keepAlive: true, checkServerIdentity });
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
      signal.throwIfAborted();
      const text = error instanceof Error ? error.message : String(error);
      throw newServiceUnavailable(`error trying to reach service: ${text}`);
    }
  }

  /** Asks whatever is asked, also for another protocol. Rejects with InternalError where nobody answers. */
  async ask(address: KubeletAddress, { body, ...asked }: KubeletRequest, signal: AbortSignal): Promise<UpgradeOutcome> {
    const call = request({ ...address, ...asked, agent: this.agent, signal, timeout: CONNECT_MILLISECONDS });
    call.once('timeout', () => call.destroy(new Error('the kubelet does not answer in time')));
    const upgraded = once(call, 'upgrade').then(([head, socket, first]) => ({ head, socket, first }));
    const refused = once(call, 'response').then(([head]) => ({ head }));
    // The one that does not come rejects with the other's failure.
    for (const outcome of [upgraded, refused]) outcome.catch(() => undefined);
    call.end(body);
    try {
      const outcome = (await Promise.race([upgraded, refused])) as UpgradeOutcome;
      // From now on it may be silent for as long as it likes.
      call.setTimeout(0);
      if (outcome.socket instanceof Socket) outcome.socket.setTimeout(0);
      return outcome;
    } catch (error) {
      signal.throwIfAborted();
      throw newInternalError(
        new Error(`error dialing backend: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  }

  close(): void {
    this.agent.destroy();
  }
}
