import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';

/** Whether somebody said so, whatever the status of what they said; as upstream, which reads approvals so. */
const has = ({ status }: CertificateSigningRequest, type: string) =>
  status?.conditions?.some((condition) => condition.type === type) ?? false;

const isTrue = ({ status }: CertificateSigningRequest, wanted: string) =>
  status?.conditions?.some(({ type, status: value }) => type === wanted && (!value || value === 'True')) ?? false;

/** Whether nobody has decided yet. */
export function isUndecided(request: CertificateSigningRequest): boolean {
  return !request.status?.certificate && !has(request, 'Approved') && !has(request, 'Denied');
}

/** Whether a certificate is due: it was approved, not denied, and did not fail. */
export function isToBeSigned(request: CertificateSigningRequest): boolean {
  const approved = has(request, 'Approved') && !has(request, 'Denied');
  return approved && !isTrue(request, 'Failed') && !request.status?.certificate;
}
