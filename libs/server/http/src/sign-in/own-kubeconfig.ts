import { clusterPrefix } from '@binnacle/machinery-meta';

/** Where a kubeconfig leads, and as whom. */
export interface KubeconfigParts {
  /** `https://host:port` */
  readonly server: string;
  /** PEM of the authority that the server's certificate is of. */
  readonly authority: string;
  readonly cluster: string;
  readonly user: string;
  readonly token: string;
}

/** A kubeconfig of one context, as JSON, which every client reads as YAML. */
export function kubeconfigOf({ server, authority, cluster, user, token }: KubeconfigParts): string {
  const certificate = Buffer.from(authority).toString('base64');
  const endpoint = { server: `${server}${clusterPrefix(cluster)}`, 'certificate-authority-data': certificate };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': cluster,
    clusters: [{ name: cluster, cluster: endpoint }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
