import type { AskedCertificate } from './certificate-request.js';
import { notKubeletClient, notKubeletServing } from './kubelet-requests.js';

type Asked = Pick<AskedCertificate, 'commonName' | 'organizations' | 'names'>;

/** Says what is wrong with a request, if anything. */
type Refusal = (asked: Asked, usages: readonly string[]) => string | undefined;

const OPTIONAL = ['digital signature', 'key encipherment'];

function notApiServerClient(_asked: Asked, usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => usage !== 'client auth' && !OPTIONAL.includes(usage));
  if (other) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

/** What each of the cluster's own signers signs. The last takes anything: version 1 of the API makes no requests for it. */
const SIGNERS: Readonly<Record<string, Refusal>> = {
  'kubernetes.io/kube-apiserver-client': notApiServerClient,
  'kubernetes.io/kube-apiserver-client-kubelet': notKubeletClient,
  'kubernetes.io/kubelet-serving': notKubeletServing,
  'kubernetes.io/legacy-unknown': () => undefined,
};

/** Undefined for a signer that is none of the cluster's own. */
export function refusalOf(signerName: string): Refusal | undefined {
  return Object.hasOwn(SIGNERS, signerName) ? SIGNERS[signerName] : undefined;
}
