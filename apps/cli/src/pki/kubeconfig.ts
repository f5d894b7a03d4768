import { formatYaml } from '@binnacle/machinery-yaml';
import { type KeyPair, readableKey } from './authority.js';

export interface KubeconfigOptions {
  readonly server: string;
  readonly authority: string;
  readonly user: string;
  readonly pair: KeyPair;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A kubeconfig with everything embedded, so that the one file may be copied anywhere. */
export function formatKubeconfig({ server, authority, user, pair }: KubeconfigOptions): string {
  const context = `${user}@binnacle`;
  return formatYaml({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'binnacle', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    contexts: [{ name: context, context: { cluster: 'binnacle', user } }],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(readableKey(pair.key)) },
      },
    ],
  });
}
