import type { CertificateSigningRequestSpec } from '@binnacle/apis-kubernetes/certificates/v1';
import { type KubeletRequest, notKubeletClient } from './kubelet-requests.js';

/** What a request may be approved as, where whoever asks has the right to `create` that subresource of requests. */
export interface Recognized {
  readonly subresource: 'selfnodeclient' | 'nodeclient';
  readonly message: string;
}

const SIGNER = 'kubernetes.io/kube-apiserver-client-kubelet';
const SELF: Recognized = {
  subresource: 'selfnodeclient',
  message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
};
const ANY: Recognized = {
  subresource: 'nodeclient',
  message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
};

/** The narrower right comes first: a kubelet that renews what it has needs no right to ask for others. */
export function recognized(spec: CertificateSigningRequestSpec, asked: KubeletRequest): readonly Recognized[] {
  if (spec.signerName !== SIGNER || notKubeletClient(asked, spec.usages ?? [])) return [];
  return spec.username === asked.commonName ? [SELF, ANY] : [ANY];
}
