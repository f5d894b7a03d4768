import type { ClientConfig } from './config.js';
import { kubeClientOver } from './kube-client.js';
import { nodeTransport } from './node-transport.js';
import type { KubeClient } from './types.js';

export const DEFAULT_USER_AGENT = 'binnacle';

/** A client of one API server as one user, in one logical cluster, over kept-alive TLS connections. */
export function createKubeClient(config: ClientConfig): KubeClient {
  const { cluster, token, userAgent = DEFAULT_USER_AGENT } = config;
  return kubeClientOver(nodeTransport(config), { cluster, token, userAgent });
}
