import type { ClientConfig } from '@binnacle/client-rest';

const NAME = 'default';

/** A kubeconfig whose user is a file with certificate and key, as upstream's kubelet writes it. */
export function kubeconfigOf(
  { server, cluster, ca, serverName, insecureSkipTlsVerify }: ClientConfig,
  pair: string,
): string {
  const entry = {
    server: cluster ? `${server}/clusters/${cluster}` : server,
    ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(serverName && { 'tls-server-name': serverName }),
    ...(insecureSkipTlsVerify && { 'insecure-skip-tls-verify': true }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster: entry }],
    users: [{ name: NAME, user: { 'client-certificate': pair, 'client-key': pair } }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME } }],
    'current-context': NAME,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
