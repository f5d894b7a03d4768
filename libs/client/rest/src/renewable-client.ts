import type { ClientConfig } from './config.js';
import { DEFAULT_USER_AGENT } from './create-kube-client.js';
import { kubeClientOver } from './kube-client.js';
import { type NodeTransport, nodeTransport } from './node-transport.js';
import type { Transport } from './transport.js';
import type { KubeClient } from './types.js';

/** A certificate and its key, PEM. */
export type ClientPair = Required<Pick<ClientConfig, 'cert' | 'key'>>;

/** A client that stays the same while its certificate is replaced. */
export interface RenewableClient {
  readonly client: KubeClient;
  /** What is sent from now on is sent under another certificate; what is under way ends undisturbed. */
  renew(pair: ClientPair): void;
}

class RenewableTransport implements Transport {
  private current: NodeTransport;
  /** Those of earlier certificates, under which something is still under way. */
  private readonly earlier = new Set<NodeTransport>();

  constructor(private readonly config: ClientConfig) {
    this.current = nodeTransport(config);
  }

  readonly send: Transport['send'] = (ctx, request) => this.current.send(ctx, request);

  renew(pair: ClientPair): void {
    const { current } = this;
    // First, as it throws where the pair is none.
    this.current = nodeTransport({ ...this.config, ...pair });
    this.earlier.add(current);
    const gone = () => void this.earlier.delete(current);
    current.retire().then(gone, gone);
  }

  async close(): Promise<void> {
    await Promise.all([this.current, ...this.earlier].map((transport) => transport.close()));
  }
}

/** As `createKubeClient`, for who renews the certificate by which it is known. */
export function createRenewableKubeClient(config: ClientConfig): RenewableClient {
  const { cluster, token, userAgent = DEFAULT_USER_AGENT } = config;
  const transport = new RenewableTransport(config);
  return {
    client: kubeClientOver(transport, { cluster, token, userAgent }),
    renew: (pair) => transport.renew(pair),
  };
}
